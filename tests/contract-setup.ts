/** Once for all black-box tests: the widget and the Worker's bundle, built as they are deployed. */
import { buildWidget } from "../worker/local/runtime.ts";
import { workerBundle } from "./harness.ts";

export default async function setup(): Promise<void> {
  await buildWidget();
  process.env.CASEWIRE_BUNDLE = await workerBundle();
}
