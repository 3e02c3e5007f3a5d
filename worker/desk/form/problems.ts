/** What stands between a case and its publication, field by field, in the page's language. */
import * as v from "valibot";
import { Case, inconsistencies } from "../../../shared/case/schema.ts";
import type { UnfinishedCase } from "../../editorial/desk.ts";
import { futureDateIssues, issueMessage } from "../../editorial/publication.ts";
import { sayIfKnown } from "../words.ts";
import { pointerOf, valueAt } from "./path.ts";

export interface FieldProblem {
  /** JSON Pointer into the case. */
  pointer: string;
  text: string;
  /** Nothing is there yet; otherwise what is there is wrong. */
  empty: boolean;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.values(value).every(isEmpty));

const isNumbered = ({ number }: UnfinishedCase) =>
  number?.series !== undefined && number.number !== undefined && number.year !== undefined;

/** Rules that span fields, as far as the fields are there. */
export function brokenRules(unfinished: UnfinishedCase): ReturnType<typeof inconsistencies> {
  const numbered = isNumbered(unfinished);
  const fields = {
    language: "en",
    translations: {},
    people: [],
    documents: [],
    action: {},
    ...unfinished,
    number: numbered ? unfinished.number : { series: "UA", number: 1, year: 2000 },
  };
  return inconsistencies(fields as unknown as Case).filter(({ path }) => numbered || path[0] !== "id");
}

/** @param message in the schema's own English */
export function problemText(message: string, empty: boolean): string {
  if (empty && !/own language|document|asked to do/.test(message)) return sayIfKnown("problem.empty") ?? message;
  return sayIfKnown(`problem.${message}`) ?? message.replace(/^must/, "Must");
}

/** @param now milliseconds since the epoch, by the editor's clock; the server judges by its own */
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
  // The id follows from the number.
  if (!isNumbered(unfinished)) found.delete("/id");
  return [...found.values()];
}
