import { Fragment, h, render } from "preact";
import { CaseStatus } from "./element.tsx";
import { scriptUrl } from "./script-url.ts";

// Some pages load the script twice, and a server has no custom elements; in both cases there is nothing to do.
if (globalThis.customElements && !customElements.get("case-status")) {
  // Cases come from where the script came from.
  if (scriptUrl) CaseStatus.origin = new URL(scriptUrl).origin;
  CaseStatus.preact = [h, Fragment, render];
  customElements.define("case-status", CaseStatus);
}
