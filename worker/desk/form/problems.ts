/** The problems that prevent the publication of a case, field by field, in the page's language. */
import * as v from "valibot";
import { Case, inconsistencies } from "../../../shared/case/schema.ts";
import type { UnfinishedCase } from "../../editorial/desk.ts";
import { futureDateIssues, issueMessage } from "../../editorial/publication.ts";
import { sayIfKnown } from "../words.ts";
import { completeNumber } from "./case-fields.ts";
import { pointerOf, valueAt } from "./path.ts";

export interface FieldProblem {
  /** JSON Pointer into the case. */
  pointer: string;
  text: string;
  /** True for a missing value, false for an invalid one. */
  empty: boolean;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.values(value).every(isEmpty));

/** The broken rules that span several fields. Rules about missing fields are skipped. */
function brokenRules(unfinished: UnfinishedCase): ReturnType<typeof inconsistencies> {
  const number = completeNumber(unfinished);
  const fields = {
    language: "en",
    people: [],
    documents: [],
    action: {},
    ...unfinished,
    number: number ?? { series: "UA", number: 1, year: 2000 },
  };
  return inconsistencies(fields as unknown as Case).filter(({ path }) => number !== null || path[0] !== "id");
}

/** @param message the schema's English message */
export function problemText(message: string, empty: boolean): string {
  if (empty && !/own language|document|asked to do/.test(message)) return sayIfKnown("problem.empty") ?? message;
  return sayIfKnown(`problem.${message}`) ?? message.replace(/^must/, "Must");
}

/** @param now the editor's clock, in milliseconds since the epoch; the server uses its own */
export function problemsOf(unfinished: UnfinishedCase, now = Date.now()): FieldProblem[] {
  const found = new Map<string, FieldProblem>();
  const add = (path: (string | number)[], message: string) => {
    const pointer = pointerOf(path);
    const empty = isEmpty(valueAt(unfinished, path));
    if (!found.has(pointer)) found.set(pointer, { pointer, text: problemText(message, empty), empty });
  };
  for (const issue of v.safeParse(Case, unfinished).issues ?? [])
    add(
      (issue.path ?? []).map(({ key }) => key as string | number),
      issueMessage(issue),
    );
  for (const { path, message } of brokenRules(unfinished)) add(path, message);
  for (const { pointer, message } of futureDateIssues(unfinished, now, ""))
    if (!found.has(pointer)) found.set(pointer, { pointer, text: problemText(message, false), empty: false });
  // The id is made from the number.
  if (!completeNumber(unfinished)) found.delete("/id");
  return [...found.values()];
}
