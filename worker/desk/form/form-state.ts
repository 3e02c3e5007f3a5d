/**
 * The names of fields and entries in words, and what all parts of the form
 * know.
 */
import {
  type Case,
  codedFields,
  type Text,
} from "../../../shared/case/schema.ts";
import { plainTexts, textsIn } from "../../../shared/case/text.ts";
import { hasYear } from "../../../shared/profile/numbers.ts";
import type { Label, Profile } from "../../../shared/profile/schema.ts";
import type { ApiError } from "../../editing/contract/client.ts";
import type { Question } from "../../editing/rules/answers.ts";
import type {
  DeskDraft,
  DraftSource,
  UnfinishedCase,
} from "../../editing/rules/desk.ts";
import { statementsIn } from "../../editing/rules/statements.ts";
import {
  language,
  languageName,
  printDate,
  say,
  sayIfKnown,
} from "../words.ts";
import { type FieldPath, isWithin, pointerOf, valueAt } from "./path.ts";

/**
 * A part of the editor: the form, or a panel in its place. A person is named by
 * the id.
 */
export type Task =
  | { is: "form" }
  | { is: "status"; person?: string | undefined }
  | { is: "questions" }
  | { is: "translations" };

/** What is known of a draft's questions. */
export interface DraftQuestions {
  questions: readonly Question[];
  /**
   * `asking`: they are those of an earlier state of the draft, and the answer for this one is on its way.
   * `unknown`: nobody can tell now, as for a case with invalid fields. The server asks them when the draft is published.
   */
  is: "asking" | "known" | "unknown";
  /** Why the draft can't go live at its moment. */
  moment?: ApiError | null;
}

export type SourceWarning = DraftSource["warnings"][number];

const MAX_WARNING_KEY_LENGTH = 300;
const MAX_NAME_LENGTH = 70;
const MAX_AUTHORS = 4;

/** Identifies a warning in the list of resolved ones. */
export const warningKey = ({
  tag,
  line,
  pointer,
  found,
}: SourceWarning): string =>
  [tag, line ?? "", pointer ?? "", found]
    .join("|")
    .slice(0, MAX_WARNING_KEY_LENGTH);

/** The importer's warnings that the editor has not resolved. */
export const openDoubts = ({
  source,
  resolved,
}: Pick<DeskDraft, "source" | "resolved">): SourceWarning[] =>
  (source?.warnings ?? []).filter(
    (warning) => !resolved.includes(warningKey(warning)),
  );

export const warningText = ({ tag, found }: SourceWarning): string =>
  say(`warning.${tag}`, { found });

/** The id of a field's element. */
export const fieldId = (pointer: string): string => `field${pointer}`;

const withoutIndexes = (path: FieldPath): string[] =>
  path.filter((key) => typeof key === "string").map(String);

/** The catalogue's text of the first key that has one. */
const firstKnown = (keys: string[]): string | undefined =>
  keys.flatMap((key) => sayIfKnown(key) ?? [])[0];

/**
 * The label of a field: the catalogue's text for the longest suffix of its path
 * that has one.
 */
export function labelOf(path: FieldPath, profile: Profile): string {
  const keys = withoutIndexes(path);
  if (keys.at(-1) === "value" && keys.at(-2) !== "names") keys.pop();
  const { reference } = profile.documents;
  if (reference && keys.join(".") === "documents.reference")
    return profileText(reference.label, profile);
  return (
    firstKnown(keys.map((_, from) => `field.${keys.slice(from).join(".")}`)) ??
    keys.at(-1) ??
    ""
  );
}

/** A label of the profile in the page's language, else in the newsroom's. */
const profileText = (label: Label, { defaultLanguage }: Profile): string =>
  label[language()] ?? label[defaultLanguage] ?? "";

/**
 * The profile's label of a code; undefined for a code that the catalogue may
 * have.
 */
function profileChoice(
  keys: string[],
  option: string,
  profile: Profile,
): string | undefined {
  const [last] = keys.slice(-1);
  if (last === "series") return option;
  const words = keys.join(".").endsWith("documents.kind")
    ? profile.documents.kinds
    : codedFields.flatMap((field) => (field === last ? profile[field] : []));
  const word = words.find(({ value }) => value === option);
  return word && profileText(word.label, profile);
}

export function choiceOf(
  path: FieldPath,
  option: string,
  profile: Profile,
): string {
  const keys = withoutIndexes(path);
  if (keys.at(-1) === "value") keys.pop();
  const known = keys.map(
    (_, from) => `choice.${keys.slice(from).join(".")}.${option}`,
  );
  return profileChoice(keys, option, profile) ?? firstKnown(known) ?? option;
}

/**
 * The authors named in a case, its issuer and the profile's. They are only
 * suggested.
 */
export function authorsIn(fields: UnfinishedCase, profile: Profile): string[] {
  const names = statementsIn(fields).map(({ name }) => name);
  const all = [fields.issuer ?? "", ...names, profile.defaultIssuer ?? ""];
  return [...new Set(all.map((name) => name.trim()).filter(Boolean))].slice(
    0,
    MAX_AUTHORS,
  );
}

const firstText = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null
    ? Object.values(plainTexts(value as Text))[0]
    : undefined;

/**
 * The name of an entry of a list, such as a person's name or an event's text;
 * its position when it has neither.
 */
export function entryName(
  fields: UnfinishedCase,
  path: FieldPath,
  profile: Profile,
): string {
  const entry = valueAt(fields, path) as
    | Record<string, unknown>
    | string
    | undefined;
  const position = Number(path.at(-1)) + 1;
  if (typeof entry !== "object" || entry === null)
    return typeof entry === "string" ? entry : String(position);
  const names = entry.names as { value?: string; form?: string }[] | undefined;
  const name =
    names?.find(({ form }) => form === "preferred")?.value || names?.[0]?.value;
  const kind =
    path[0] === "documents" && typeof entry.kind === "string"
      ? choiceOf(["documents", "kind"], entry.kind, profile)
      : "";
  const text =
    name ||
    kind ||
    (entry.reference as string) ||
    (typeof entry.name === "string" ? entry.name : firstText(entry.name)) ||
    (typeof entry.text === "string" ? entry.text : firstText(entry.text)) ||
    firstText(entry.subject) ||
    ("statedBy" in entry && typeof entry.value === "string"
      ? choiceOf(path, entry.value, profile)
      : "") ||
    printDate((entry.date as { date?: string } | undefined)?.date ?? "");
  return (
    shortened(text, MAX_NAME_LENGTH) || say("form.entry", { number: position })
  );
}

/** The location of a field in words: "People › Demo Person One › Custody". */
export function wordsFor(
  fields: UnfinishedCase,
  path: FieldPath,
  profile: Profile,
): string {
  const words: string[] = [];
  for (const [index, key] of path.entries()) {
    const here = path.slice(0, index + 1);
    if (typeof key === "number") words.push(entryName(fields, here, profile));
    else if (hasLabel(here, profile)) words.push(labelOf(here, profile));
    else if (isTag(key) && key !== fields.language)
      words.push(languageName(key));
  }
  return words.join(" › ");
}

/**
 * The location of every text in words, by its pointer. Texts that have the same
 * words there are numbered, with their entry's date.
 */
export function textPlaces(
  fields: UnfinishedCase,
  profile: Profile,
): Map<string, string> {
  const places = textsIn(fields).map(({ path }) => ({
    path,
    words: wordsFor(fields, path, profile),
  }));
  const numbered = (
    { path, words }: (typeof places)[number],
    index: number,
  ) => {
    const entry = valueAt(fields, path.slice(0, 2)) as
      | { date?: { date?: string } }
      | undefined;
    return `${words} (${[index + 1, printDate(entry?.date?.date ?? "")].filter(Boolean).join(" · ")})`;
  };
  return new Map(
    [...Map.groupBy(places, ({ words }) => words).values()].flatMap((alike) =>
      alike.map((place, index) => [
        pointerOf(place.path),
        alike.length > 1 ? numbered(place, index) : place.words,
      ]),
    ),
  );
}

const isTag = (key: string) => /^[a-z]{2,3}(-|$)/.test(key);

/**
 * A status's `value`, a date's `date` and a translation's `text` need no label
 * of their own.
 */
const hasLabel = (path: FieldPath, profile: Profile): boolean => {
  const last = String(path.at(-1));
  if (last === "text" && isTag(String(path.at(-2)))) return false;
  return last !== "value" && last !== "date" && labelOf(path, profile) !== last;
};

export interface FieldProblem {
  /** JSON Pointer into the case. */
  pointer: string;
  text: string;
  /** True for a missing value, false for an invalid one. */
  empty: boolean;
}

export const hasProblem = (
  problems: FieldProblem[],
  path: FieldPath,
): boolean => {
  const pointer = pointerOf(path);
  return problems.some((problem) => isWithin(problem.pointer, pointer));
};

/** The case's number; null while a part of it is missing. */
export function completeNumber(
  { number }: UnfinishedCase,
  profile: Profile,
): Case["number"] | null {
  const series = profile.series.find(({ code }) => code === number?.series);
  const isComplete =
    series &&
    number?.number !== undefined &&
    (number.year !== undefined || !hasYear(series));
  return isComplete ? (number as Case["number"]) : null;
}

/** A text of at most `most` characters, with an ellipsis when it was cut. */
export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 2)}…` : text;
