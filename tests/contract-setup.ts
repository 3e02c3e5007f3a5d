/** Global setup of the black-box tests: a browser, and the widget and the Worker's bundle, built as they are deployed. */
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { shareBrowser } from "./browser.ts";
import { workerBundle } from "./harness.ts";
import buildScripts from "./scripts-setup.ts";

/** @returns a function that stops everything */
export default async function setup(): Promise<() => Promise<void>> {
  // Two projects run this setup.
  if (process.env.CASEWIRE_BUNDLE) return async () => {};
  await buildScripts();
  const [closeBrowser, bundle] = await Promise.all([shareBrowser(), workerBundle()]);
  process.env.CASEWIRE_BUNDLE = bundle;
  return async () => {
    await Promise.all([closeBrowser(), rm(dirname(bundle), { recursive: true, force: true })]);
  };
}
