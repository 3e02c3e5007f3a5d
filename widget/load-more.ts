/**
 * Loads the second script: the place to act, timelines, and mirrors. It is
 * beside the first and is part of the same release: the first holds its hash.
 */
import { scriptUrl } from "./script-url.ts";

export type More = typeof import("./more.tsx");

/** Its file's name and Subresource Integrity hash; the build fills them in. */
declare const MORE_FILE: string;
declare const MORE_INTEGRITY: string;

/**
 * @param origin of the deployment, which has the script too: a module doesn't
 * know its own address
 * @param use not called when the page's policy doesn't allow the script, or it
 * isn't there
 */
export function loadMore(origin: string, use: (more: More) => void): void {
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = new URL(MORE_FILE, scriptUrl ?? `${origin}/`).href;
  link.integrity = MORE_INTEGRITY;
  // `import()` takes no hash, but it finds the module that the link has loaded
  // and checked.
  link.onload = () => import(/* @vite-ignore */ link.href).then(use);
  document.head.append(link);
}
