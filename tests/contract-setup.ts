/** Once for all black-box tests: a browser, the widget and the Worker's bundle, built as they are deployed. */
import { buildWidget } from "../worker/local/runtime.ts";
import { unpackBrowser } from "./browser.ts";
import { workerBundle } from "./harness.ts";

export default async function setup(): Promise<void> {
  await unpackBrowser();
  await buildWidget();
  process.env.CASEWIRE_BUNDLE = await workerBundle();
}
