/** Checked by the compiler only: the element's types for a page in TypeScript. */
import type { CaseStatusElement } from "../../../widget/case-status.d.ts";
import type { CaseStatus } from "../../../widget/element.tsx";

export function use(page: Document): void {
  const element = page.createElement("case-status");
  element.case = "ua-0-00";
  element.headingLevel = 3;
  element.variant = null;
  // @ts-expect-error: no such variant
  element.variant = "wide";
  element.addEventListener("casestatus:change", ({ detail }) => {
    const revision: number | undefined = detail.revision;
    // @ts-expect-error: an instant is text
    const instant: number = detail.liveAt;
    return [revision, instant];
  });
}

/** Checks the published types against the element. */
export const same = (element: CaseStatus): CaseStatusElement => element;
