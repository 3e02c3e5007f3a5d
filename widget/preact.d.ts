/** Adds `<case-status>` to Preact's JSX. */
import type { HTMLAttributes } from "preact";
import type { CaseStatusAttributes } from "./case-status.d.ts";

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "case-status": HTMLAttributes<HTMLElement> & CaseStatusAttributes;
    }
  }
}
