/** @jsxImportSource react */
import type {} from "../../../widget/react.d.ts";

export const right = (
  <case-status case="ua-0-00" lang="uk" variant="compact" theme="dark" heading-level={3}>
    <a href="https://example.org/cases/ua-0-00">The case</a>
  </case-status>
);

// @ts-expect-error: a case is needed
export const without = <case-status lang="uk" />;
// @ts-expect-error: no such theme
export const wrong = <case-status case="ua-0-00" theme="sepia" />;
