/**
 * The problems that prevent the publication of a case, field by field, in the
 * page's language.
 */
import * as v from "valibot";
import { Case, inconsistencies } from "../../../shared/case/schema.ts";
import { profileFaults } from "../../../shared/profile/faults.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { dateIssues, issueMessage } from "../../editing/rules/publication.ts";
import { sayIfKnown } from "../words.ts";
import { completeNumber, type FieldProblem } from "./form-state.ts";
import { pointerOf, valueAt } from "./path.ts";

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.values(value).every(isEmpty));

/**
 * The broken rules that span several fields. Rules about missing fields are
 * skipped.
 */
function brokenRules(
  unfinished: UnfinishedCase,
  profile: Profile,
): ReturnType<typeof inconsistencies> {
  const fields = {
    language: profile.defaultLanguage,
    people: [],
    documents: [],
    action: {},
    ...unfinished,
    number: unfinished.number ?? {},
  } as unknown as Case;
  return [
    ...inconsistencies(fields),
    ...profileFaults(unfinished as Partial<Case>, profile),
  ];
}

/**
 * The words around the value in messages that have one. The texts' keys have
 * `{value}` in its place.
 */
const valued = [
  ["must be one of ", ""],
  ["must be a reference such as ", ""],
  ["must be the id of one of the documents: ", ""],
  ["must be at most ", " characters"],
  ["must have at most ", " entries"],
  ["must be ", ", as the number says"],
  ["must be ", ", the id that this person was published with"],
] as const;

/** @param message the schema's or the profile's English message */
function problemText(message: string, empty: boolean): string {
  if (
    empty &&
    !/own language|document|asked to do|name the proceeding/.test(message)
  )
    return sayIfKnown("problem.empty") ?? message;
  const [before, after] =
    valued.find(
      ([start, end]) => message.startsWith(start) && message.endsWith(end),
    ) ?? [];
  const known =
    before === undefined
      ? sayIfKnown(`problem.${message}`)
      : sayIfKnown(`problem.${before}{value}${after}`, {
          value: message.slice(
            before.length,
            message.length - (after?.length ?? 0),
          ),
        });
  return known ?? message.replace(/^must/, "Must");
}

export function problemsOf(
  unfinished: UnfinishedCase,
  profile: Profile,
): FieldProblem[] {
  const found = new Map<string, FieldProblem>();
  const add = (path: (string | number)[], message: string) => {
    const pointer = pointerOf(path);
    const empty = isEmpty(valueAt(unfinished, path));
    if (!found.has(pointer))
      found.set(pointer, { pointer, text: problemText(message, empty), empty });
  };
  for (const issue of v.safeParse(Case, unfinished).issues ?? [])
    add(
      (issue.path ?? []).map(({ key }) => key as string | number),
      issueMessage(issue),
    );
  for (const { path, message } of brokenRules(unfinished, profile))
    add(path, message);
  for (const { pointer, message } of dateIssues(unfinished, Date.now(), ""))
    if (!found.has(pointer))
      found.set(pointer, {
        pointer,
        text: problemText(message, false),
        empty: false,
      });
  // The suggested rights follow from the issuer, and the id from the number.
  if (!unfinished.issuer)
    for (const { pointer, empty } of found.values())
      if (empty && /^\/rights\/(text|quotations)/.test(pointer))
        found.delete(pointer);
  if (!completeNumber(unfinished, profile)) found.delete("/id");
  return [...found.values()];
}
