/** The Worker carries the widget's script, so it must be there before the Worker runs. */
export { buildScripts as default } from "../worker/local/runtime.ts";
