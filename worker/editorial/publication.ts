/** Parses the body of a publish, and names every field that prevents it. */
import * as v from "valibot";
import { firstDay } from "../../shared/case/partial-date.ts";
import { Case, type PartialDate } from "../../shared/case/schema.ts";
import type { FieldIssue } from "../../shared/failure.ts";
import { PublishFields } from "../../shared/revision.ts";

/** The body of a publish. */
export const Publish = v.pipe(
  v.strictObject({ case: Case, ...PublishFields }),
  v.forward(
    v.check(
      ({ case: fields, note }) => note[fields.language] !== undefined,
      "must have a text in the case's own language",
    ),
    ["note"],
  ),
);
export type Publish = v.InferOutput<typeof Publish>;

/** A JSON Pointer (RFC 6901). */
export const pointerTo = (keys: readonly unknown[]): string =>
  keys.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

const MAX_ISSUES = 50;

const sentence = (issue: v.BaseIssue<unknown>): string => {
  if (issue.type === "strict_object" && issue.expected === "never") return "is not a known field";
  if (issue.type.endsWith("object") && issue.received === "undefined") return "is required";
  return /^(must|is) /.test(issue.message)
    ? issue.message
    : `must be ${issue.expected ?? "valid"}, not ${issue.received}`;
};

/** At most `MAX_ISSUES`, each with the field's pointer and what the field must be. */
export const fieldIssues = (issues: readonly v.BaseIssue<unknown>[]): FieldIssue[] =>
  issues
    .slice(0, MAX_ISSUES)
    .map((issue) => ({ pointer: pointerTo((issue.path ?? []).map(({ key }) => key)), message: sentence(issue) }));

const DAY_MS = 86_400_000;

/** An issue for each fact dated later than today, where today is the latest day that has begun anywhere on Earth. */
export function futureDateIssues(value: unknown, now: number, pointer = "/case"): FieldIssue[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const at = `${pointer}${pointerTo([key])}`;
    if (key !== "asOf") return futureDateIssues(child, now, at);
    const first = firstDay((child as Partial<PartialDate> | null)?.date ?? "");
    const late = first !== null && Date.parse(first) > now + DAY_MS;
    return late ? [{ pointer: `${at}/date`, message: "must not be later than today" }] : [];
  });
}

/**
 * @param now milliseconds since the epoch
 * @returns the publication, or the fields to fix, as pointers into the body
 */
export function parsePublication(body: unknown, now: number): { publication: Publish } | { issues: FieldIssue[] } {
  const parsed = v.safeParse(Publish, body);
  if (!parsed.success) return { issues: fieldIssues(parsed.issues) };
  const issues = futureDateIssues(parsed.output.case, now);
  return issues.length > 0 ? { issues } : { publication: parsed.output };
}
