/** Adds `<case-status>` to React 19's JSX. */
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { CaseStatusAttributes } from "./case-status.d.ts";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "case-status": DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & CaseStatusAttributes;
    }
  }
}
