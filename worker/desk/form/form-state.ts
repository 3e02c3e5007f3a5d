/** What every field of the form works with. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import type { DraftSource, UnfinishedCase } from "../../editorial/desk.ts";
import { languageName, printDate, say, sayIfKnown } from "../words.ts";
import { type Path, pointerOf, valueAt } from "./path.ts";
import type { FieldProblem } from "./problems.ts";

export interface FormState {
  fields: UnfinishedCase;
  /** The revision the draft began from. */
  base: Case | null;
  source: DraftSource | null;
  /** The case's own language first, then its translations. */
  languages: string[];
  /** Languages a translation can be added in. */
  offered: string[];
  /** The language that all texts show now. */
  writing: string;
  write(lang: string): void;
  problems: FieldProblem[];
  resolved: string[];
  resolve(key: string, done: boolean): void;
  /** `undefined` takes the field away. */
  edit(path: Path, value: unknown): void;
  /** Takes an entry out of a list; it can be put back. */
  remove(list: Path, index: number, label: string): void;
  /** Takes a translation out of all texts; it can be put back. */
  removeLanguage(lang: string): void;
  /** Shows a line of the document. */
  showLine(line: number): void;
}

export const FormContext = createContext<FormState | null>(null);
export const useFormState = (): FormState => useContext(FormContext) as FormState;

export type SourceWarning = DraftSource["warnings"][number];

/** What a warning is ticked off by. */
export const warningKey = ({ tag, line, pointer, message }: SourceWarning): string =>
  [tag, line ?? "", pointer ?? "", message].join("|").slice(0, 300);

/** Doubts about the document that nobody has ticked off. */
export const openDoubts = ({ source, resolved }: Pick<FormState, "source" | "resolved">): SourceWarning[] =>
  (source?.warnings ?? []).filter((warning) => !resolved.includes(warningKey(warning)));

/** A warning in the page's language; in the importer's own English when the catalogue does not know it. */
export const warningText = ({ tag, found, message }: SourceWarning): string =>
  sayIfKnown(`warning.${tag}`, { found: found ?? "" }) ?? message;

/** The element of a field, by its pointer. */
export const fieldId = (pointer: string): string => `field${pointer}`;

export const withoutIndexes = (path: Path): string[] => path.filter((key) => typeof key === "string").map(String);

/** The catalogue's word for a field: the longest end of its path that has one. */
export function labelOf(path: Path): string {
  const keys = withoutIndexes(path);
  if (keys.at(-1) === "value" && keys.at(-2) !== "names") keys.pop();
  for (let from = 0; from < keys.length; from++) {
    const word = sayIfKnown(`field.${keys.slice(from).join(".")}`);
    if (word !== undefined) return word;
  }
  return keys.at(-1) ?? "";
}

export function choiceOf(path: Path, option: string): string {
  const keys = withoutIndexes(path);
  if (keys.at(-1) === "value") keys.pop();
  for (let from = 0; from < keys.length; from++) {
    const word = sayIfKnown(`choice.${keys.slice(from).join(".")}.${option}`);
    if (word !== undefined) return word;
  }
  return option;
}

const firstText = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null ? (Object.values(value)[0] as string | undefined) : undefined;

/** How an entry of a list is called: a person by name, an event by its words, others by their place. */
export function entryName(fields: UnfinishedCase, path: Path): string {
  const entry = valueAt(fields, path) as Record<string, unknown> | string | undefined;
  const position = Number(path.at(-1)) + 1;
  if (typeof entry !== "object" || entry === null) return typeof entry === "string" ? entry : String(position);
  const names = entry.names as { value?: string; form?: string }[] | undefined;
  const name = names?.find(({ form }) => form === "preferred")?.value || names?.[0]?.value;
  const kind =
    path[0] === "documents" && typeof entry.kind === "string" ? choiceOf(["documents", "kind"], entry.kind) : "";
  const text =
    name ||
    kind ||
    (entry.aiIndex as string) ||
    (typeof entry.name === "string" ? entry.name : firstText(entry.name)) ||
    (typeof entry.text === "string" ? entry.text : firstText(entry.text)) ||
    printDate((entry.date as { date?: string } | undefined)?.date ?? "");
  return text.length > 70 ? `${text.slice(0, 68)}…` : text || say("form.entry", { number: position });
}

/** In words where a field is: "People › Demo Person One › Custody". */
export function wordsFor(fields: UnfinishedCase, path: Path): string {
  const words: string[] = [];
  for (const [index, key] of path.entries()) {
    const here = path.slice(0, index + 1);
    if (typeof key === "number") words.push(entryName(fields, here));
    else if (labelled(here)) words.push(labelOf(here));
    else if (isTag(key) && key !== fields.language) words.push(languageName(key));
  }
  return words.join(" › ");
}

const isTag = (key: string) => /^[a-z]{2,3}(-|$)/.test(key);

/** The case's own language within a text, and the value within a status, go without saying. */
const labelled = (path: Path): boolean => {
  const last = String(path.at(-1));
  return last !== "value" && last !== "date" && labelOf(path) !== last;
};

export const hasProblem = (problems: FieldProblem[], path: Path): boolean => {
  const pointer = pointerOf(path);
  return problems.some((problem) => `${problem.pointer}/`.startsWith(`${pointer}/`));
};
