import { CaseStatus } from "./element.tsx";

// `currentScript` is set only while the script first runs. Its address is where the cases come from.
const script = globalThis.document?.currentScript as HTMLScriptElement | null | undefined;

// Some pages load the script twice, and a server has no custom elements; in both cases there is nothing to do.
if (globalThis.customElements && !customElements.get("case-status")) {
  if (script?.src) CaseStatus.origin = new URL(script.src).origin;
  customElements.define("case-status", CaseStatus);
}
