import { CaseStatus } from "./element.tsx";

// Only while the script runs first does the page say which one it is; its own address tells where the cases are.
const script = globalThis.document?.currentScript as HTMLScriptElement | null | undefined;

// Real pages load the script twice; the second must find nothing to do. Nor is there anything to do on a server.
if (globalThis.customElements && !customElements.get("case-status")) {
  if (script?.src) CaseStatus.origin = new URL(script.src).origin;
  customElements.define("case-status", CaseStatus);
}
