/** Parses the body of a publish, and names every field that prevents it. */
import * as v from "valibot";
import { firstDay, lastDay } from "../../../shared/case/partial-date.ts";
import {
  Case,
  type eventKinds,
  type PartialDate,
} from "../../../shared/case/schema.ts";
import { described } from "../../../shared/described.ts";
import { profileFaults } from "../../../shared/profile/faults.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { FieldIssue } from "../../../shared/refusals/refusals.ts";
import { PublishFields } from "../../../shared/revision.ts";
import { QuestionAnswer } from "./answers.ts";
import { pointerTo } from "./pointers.ts";
import { ReadSentences } from "./reading.ts";

export const Expected = described(
  v.exactOptional(
    v.picklist(["committed", "proposed"], "must be committed or proposed"),
  ),
  "What the editor was told that happens; another outcome is refused",
);

/** The body of a publish. */
export const Publish = v.pipe(
  v.strictObject({
    case: Case,
    ...PublishFields,
    answers: described(
      v.optional(
        v.pipe(
          v.array(QuestionAnswer),
          v.maxLength(2_000, "must have at most 2000 entries"),
        ),
        [],
      ),
      "Answers to the revision's questions, as `POST /v1/cases/{id}/questions` lists them",
    ),
    reading: described(
      v.exactOptional(ReadSentences),
      "The sentences of the document it was made from; one with null for a verdict is asked about",
    ),
    expect: Expected,
  }),
  v.forward(
    v.check(
      ({ case: fields, note }) => note[fields.language] !== undefined,
      "must have a text in the case's own language",
    ),
    ["note"],
  ),
);
export type Publish = v.InferOutput<typeof Publish>;

const MAX_ISSUES = 50;

/** Types of JSON, in words. */
const typeNames: Record<string, string> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  record: "an object",
  strict_object: "an object",
  object: "an object",
};

/** A sentence about the field, without its subject: "must be a number". */
export function issueMessage(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "strict_object" && issue.expected === "never")
    return "is not a known field";
  if (issue.kind === "schema" && issue.received === "undefined")
    return "is required";
  if (/^(must|is) /.test(issue.message)) return issue.message;
  const type = typeNames[issue.type];
  if (type) return `must be ${type}`;
  if (issue.type === "picklist")
    return `must be one of ${issue.expected?.replace(/[()"]/g, "").replaceAll(" | ", ", ")}`;
  return `must be ${issue.expected ?? "valid"}, not ${issue.received}`;
}

/**
 * At most `MAX_ISSUES`, each with the field's pointer and what the field must
 * be.
 */
export const fieldIssues = (
  issues: readonly v.BaseIssue<unknown>[],
): FieldIssue[] =>
  issues.slice(0, MAX_ISSUES).map((issue) => ({
    pointer: pointerTo((issue.path ?? []).map(({ key }) => key)),
    message: issueMessage(issue),
  }));

const DAY_MS = 86_400_000;

/** The first places where a day begins are this far ahead of UTC. */
const EARLIEST_ZONE_MS = 14 * 3_600_000;

/**
 * Kinds of events that may be announced: hearings, and what editors describe in
 * words. The others have happened.
 */
const announced: readonly string[] = [
  "trial",
  "appeal",
  "other",
] satisfies (typeof eventKinds)[number][];

/**
 * True when the whole date is later than today, where today is the latest day
 * that has begun anywhere on Earth.
 */
function isAhead(date: unknown, now: number): boolean {
  const { date: edtf } = (date ?? {}) as Partial<PartialDate>;
  const first = typeof edtf === "string" ? firstDay(edtf) : null;
  return first !== null && Date.parse(first) > now + EARLIEST_ZONE_MS;
}

/** Earlier years are slips of the keyboard, such as 0000 or 0202. */
const FIRST_YEAR = "1000";

/**
 * An issue for each fact or past event dated later than today, and for each
 * date in a year that is a slip.
 */
export function dateIssues(
  value: unknown,
  now: number,
  pointer = "/case",
): FieldIssue[] {
  if (typeof value !== "object" || value === null) return [];
  const { kind, text } = value as { kind?: unknown; text?: unknown };
  const isPast =
    typeof kind === "string" && text !== undefined && !announced.includes(kind);
  return Object.entries(value).flatMap(([key, child]) => {
    const at = `${pointer}${pointerTo([key])}`;
    if ((key === "date" || key === "until") && isSlip(child))
      return [
        { pointer: at, message: `must not be before the year ${FIRST_YEAR}` },
      ];
    if (isFact(key) || (key === "date" && isPast))
      if (isAhead(child, now))
        return [
          { pointer: `${at}/date`, message: "must not be later than today" },
        ];
    return dateIssues(child, now, at);
  });
}

const isFact = (key: string) =>
  key === "asOf" || key === "imposedOn" || key === "changedOn";

/** Compares years as text: they have four digits. */
function isSlip(date: unknown): boolean {
  const day =
    typeof date === "string" ? (firstDay(date) ?? lastDay(date)) : null;
  return day !== null && day < FIRST_YEAR;
}

/** The longest embargo. A later moment is more likely a slip. */
export const MAX_LEAD_MS = 2 * 366 * DAY_MS;

/** An issue for a moment that is too far ahead. */
export const momentIssues = (
  liveAt: string | undefined,
  now: number,
): FieldIssue[] =>
  liveAt !== undefined && Date.parse(liveAt) > now + MAX_LEAD_MS
    ? [{ pointer: "/liveAt", message: "must be at most two years ahead" }]
    : [];

/** What the deployment's profile forbids in the case of a body. */
export const profileIssues = (fields: Case, profile: Profile): FieldIssue[] =>
  profileFaults(fields, profile).map(({ path, message }) => ({
    pointer: pointerTo(["case", ...path]),
    message,
  }));

/**
 * @param now milliseconds since the epoch
 * @returns the publication, or the fields to fix, as pointers into the body
 */
export function parsePublication(
  body: unknown,
  now: number,
  profile: Profile,
): { publication: Publish } | { issues: FieldIssue[] } {
  const parsed = v.safeParse(Publish, body);
  if (!parsed.success) return { issues: fieldIssues(parsed.issues) };
  const { case: fields, liveAt } = parsed.output;
  const issues = [
    ...profileIssues(fields, profile),
    ...dateIssues(fields, now),
    ...momentIssues(liveAt, now),
  ];
  return issues.length > 0 ? { issues } : { publication: parsed.output };
}
