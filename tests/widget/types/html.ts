/** Checked by the compiler only: the element's types for a page in TypeScript. */
import type {} from "../../../widget/case-status.d.ts";

export function use(page: Document): void {
  page.createElement("case-status").addEventListener("casestatus:change", ({ detail }) => {
    const revision: number | undefined = detail.revision;
    // @ts-expect-error: an instant is text
    const instant: number = detail.liveAt;
    return [revision, instant];
  });
}
