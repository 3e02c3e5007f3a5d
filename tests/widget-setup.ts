/** The Worker carries the widget's script, so it must be there before the Worker runs. */
export { buildWidget as default } from "../worker/local/runtime.ts";
