import { CaseStatus } from "./element.tsx";

// Only while the script runs first does the page say which one it is; its own address tells where the cases are.
const script = document.currentScript as HTMLScriptElement | null;

// Real pages load the script twice; the second must find nothing to do.
if (!customElements.get("case-status")) {
  if (script?.src) CaseStatus.origin = new URL(script.src).origin;
  customElements.define("case-status", CaseStatus);
}
