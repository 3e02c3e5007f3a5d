/** Modules that the rules in wrangler.toml bundle as text or as bytes. */

/** A built script. Packages have types of their own, which go first. */
declare module "*.js" {
  const text: string;
  export default text;
}

/** Only for `profiles/files.ts`, which runs in Node. */
declare module "node:fs" {
  export function readdirSync(path: URL): string[];
  export function readFileSync(path: URL, encoding: "utf8"): string;
}
interface ImportMeta {
  url: string;
}

declare module "*/dist/widget-release.json" {
  const release: { version: string; integrity: string; moreVersion: string };
  export default release;
}

declare module "*.css" {
  const text: string;
  export default text;
}

/**
 * Texts that cost nothing until they are decoded. In `desk-words.txt`,
 * `bot-words.txt` and `words.txt` there is one line of JSON for each language,
 * in the order of `localeTags`.
 */
declare module "*.txt" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*.png" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*.ico" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*.ttf" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
