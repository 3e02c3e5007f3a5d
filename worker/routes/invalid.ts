import type * as v from "valibot";
import { type FieldIssue, Refusal } from "../../shared/failure.ts";

/** A JSON Pointer (RFC 6901) to the field an issue is about. */
const pointerOf = (issue: v.BaseIssue<unknown>) =>
  (issue.path ?? []).map(({ key }) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

const sentence = (issue: v.BaseIssue<unknown>): string => {
  if (issue.type === "strict_object" && issue.expected === "never") return "is not a known field";
  if (issue.type === "strict_object" && issue.received === "undefined") return "is required";
  return /^(must|is) /.test(issue.message)
    ? issue.message
    : `must be ${issue.expected ?? "valid"}, not ${issue.received}`;
};

/** At most fifty, each with the field's path and what it must be. */
export const fieldIssues = (issues: v.BaseIssue<unknown>[]): FieldIssue[] =>
  issues.slice(0, 50).map((issue) => ({ pointer: pointerOf(issue), message: sentence(issue) }));

export const invalidQuery = (issues: v.BaseIssue<unknown>[]): Refusal =>
  new Refusal({ tag: "invalid-query", issues: fieldIssues(issues) });
