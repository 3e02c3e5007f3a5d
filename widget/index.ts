import { Fragment, h, render } from "preact";
import { CaseStatus } from "./element.tsx";
import { scriptUrl } from "./script-url.ts";

const origin = scriptUrl ? new URL(scriptUrl).origin : "";
// Some pages load the script twice.
const defined = customElements.get("case-status") as
  | typeof CaseStatus
  | undefined;
if (defined) {
  // One newsroom's script shows the cases of all, each from the newsroom that
  // its element names.
  if (origin !== defined.origin)
    console.warn("<case-status> needs an endpoint for", defined.origin, origin);
} else {
  CaseStatus.origin = origin;
  CaseStatus.preact = [h, Fragment, render];
  customElements.define("case-status", CaseStatus);
}
