/** `check` and `import`: by the same code as the desk, on this machine. */
import { printNumber } from "../../../shared/case/id.ts";
import { localeTags } from "../../../shared/locale.ts";
import type { Missing, UnfinishedCase } from "../../editorial/desk.ts";
import { gapsIn } from "../../editorial/gaps.ts";
import { type Difference, differencesBetween } from "../../editorial/merge.ts";
import { parsePublication } from "../../editorial/publication.ts";
import type { Draft } from "../../importer/importer.ts";
import { intoCase, peopleQuestions } from "../../importer/into-case.ts";
import { configuredDeployment } from "./deployment.ts";
import { found, type Publication, writeNew } from "./files.ts";
import { count, type Outcome, Stop } from "./outcome.ts";

const where = (line: number | null) => (line === null ? "whole text" : `line ${line}`);

/** Who and what a draft or a case is about, in a line. */
function aboutOf({ number, people }: UnfinishedCase): string {
  const named = number?.series && Number.isInteger(number.number) && Number.isInteger(number.year);
  const known = named ? printNumber(number as never) : "a case without a number";
  return `${known}, ${count(Array.isArray(people) ? people.length : 0, "person", "people")}`;
}

const warningLines = ({ warnings }: Draft) =>
  warnings.map(({ line, pointer, message }) => `  ${where(line)}${pointer ? ` ${pointer}` : ""}: ${message}`);

const missingLines = ({ translations, sources, undated }: Missing) => [
  ...translations
    .filter(({ pointers, of }) => pointers.length === of)
    .map(({ lang }) => `  ${lang}: nothing is translated`),
  ...translations
    .filter(({ pointers, of }) => pointers.length > 0 && pointers.length < of)
    .flatMap(({ lang, pointers, of }) => [
      `  ${lang}: ${pointers.length} of ${count(of, "text")} not translated`,
      ...pointers.slice(0, 5).map((pointer) => `    ${pointer}`),
      ...(pointers.length > 5 ? [`    and ${pointers.length - 5} more`] : []),
    ]),
  ...sources.map((pointer) => `  ${pointer} names no document`),
  ...undated.map((pointer) => `  ${pointer} has no date`),
];

export async function check(outcome: Outcome, file: string): Promise<void> {
  const read = await found(file);
  if (read.what === "document") {
    const { draft } = read;
    outcome.say(
      `Read: ${aboutOf(draft.case)}; ${count(draft.provenance.length, "field")} filled.`,
      ...(draft.warnings.length > 0 ? [`To be looked at (${draft.warnings.length}):`] : ["Nothing was in doubt."]),
      ...warningLines(draft),
      `To be put in your own words: ${count(draft.toRestate.length, "passage")}.`,
    );
    outcome.result(draft);
    return;
  }
  const { publication, bare } = read;
  const { basedOn: _, ...body } = publication;
  const { language } = publication.case;
  // A case by itself is not published yet: what is said of it when it is comes later.
  const asked = bare ? { ...body, note: { [language ?? "en"]: "-" }, kind: "update" } : { kind: "update", ...body };
  const judged = parsePublication(asked, Date.now());
  const missing = gapsIn(publication.case, publication.note ?? {}, localeTags);
  if ("issues" in judged)
    throw new Stop("refused", {
      title: `${file} can't be published`,
      detail: `${count(judged.issues.length, "field")} to mend in ${aboutOf(publication.case)}.`,
      remedy: "Mend the fields named, and check it again.",
      issues: judged.issues,
      missing,
    });
  const gaps = missingLines(missing);
  outcome.say(
    `${file} can be published: ${aboutOf(publication.case)}.`,
    ...(gaps.length > 0 ? ["Missing, though it may be published without:", ...gaps] : []),
  );
  outcome.result({ valid: true, missing });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A difference in a line; of two objects only what differs in them. */
export function differenceLine({ at, before, after }: Difference): string {
  const short = (value: unknown, other: unknown) => {
    if (value === undefined) return "nothing";
    const own =
      isObject(value) && isObject(other)
        ? Object.fromEntries(
            Object.entries(value).filter(([key, part]) => JSON.stringify(part) !== JSON.stringify(other[key])),
          )
        : value;
    const text = JSON.stringify(own);
    return text.length > 90 ? `${text.slice(0, 89)}…` : text;
  };
  return `  ${at}: ${short(before, after)} → ${short(after, before)}`;
}

export async function importDocument(
  outcome: Outcome,
  file: string,
  { output, offline = false }: { output?: string; offline?: boolean },
): Promise<void> {
  const read = await found(file);
  if (read.what !== "document")
    throw new Stop("refused", {
      title: "This is a case already",
      detail: `${file} is JSON.`,
      remedy: "Publish it with `publish`.",
    });
  const { draft } = read;
  const { id } = draft.case;
  const current = offline || id === undefined ? null : await (await configuredDeployment()).newest(id);
  const fields = current?.case ? intoCase(current.case, draft.case) : draft.case;
  if (current?.case) draft.warnings.push(...peopleQuestions(current.case, draft.case));
  const differences = current?.case ? differencesBetween(current.case, fields) : [];
  const publication: Publication = { basedOn: current?.revision.number ?? 0, case: fields, note: {}, kind: "update" };
  outcome.note(
    `Read: ${aboutOf(draft.case)}; ${count(draft.provenance.length, "field")} filled.`,
    ...(current?.case
      ? [
          `It goes into revision ${current.revision.number} of ${id}: ${count(differences.length, "field")} would change.`,
          ...differences.map(differenceLine),
        ]
      : []),
    ...(draft.warnings.length > 0 ? [`To be looked at (${draft.warnings.length}):`, ...warningLines(draft)] : []),
    ...(draft.toRestate.length > 0 ? ["To be put in your own words:"] : []),
    ...draft.toRestate.map(({ pointer, line, text }) => `  line ${line} ${pointer}: ${text.slice(0, 100)}`),
  );
  const text = `${JSON.stringify(publication, null, 2)}\n`;
  if (output) await writeNew(output, text);
  else if (!outcome.json) process.stdout.write(text);
  if (output) outcome.note(`Written to ${output}. Mend it, \`check ${output}\`, then \`publish ${output}\`.`);
  outcome.result({ publication, differences, ...draft, case: undefined });
}
