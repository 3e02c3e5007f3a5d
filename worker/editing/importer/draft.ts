/** A draft: the facts that a document states, with their lines; the texts left for an editor to write; and warnings. */
import type * as v from "valibot";
import type { Case, PartialDate } from "../../../shared/case/schema.ts";

type Partly<T> = T extends (infer Item)[] ? Partly<Item>[] : T extends object ? { [K in keyof T]?: Partly<T[K]> } : T;

export interface Warning {
  tag: WarningTag;
  /** A sentence for the editor, in English. */
  message: string;
  /** The subject: words of the document, or a count. Empty when the tag is enough. */
  found: string;
  /** From 1; null for a warning about the whole document. */
  line: number | null;
  /** JSON Pointer (RFC 6901) into the case. */
  pointer?: string;
}

/** The statuses that have a code or a term. */
export const proposedFields = ["custody", "proceedings", "sentence", "designation"] as const;
export type ProposedField = (typeof proposedFields)[number];

export interface Draft {
  /** A case with only the fields that the document states. All pointers in this draft lead into it. */
  case: Partly<v.InferInput<typeof Case>>;
  /** The origin of each filled field: `stated` on the line in these words, or `inferred` from the line. */
  provenance: { pointer: string; value: unknown; line: number; certainty: "stated" | "inferred" }[];
  /** The issuer's prose, for the editor to restate in an empty field. */
  toRestate: { pointer: string; text: string; line: number }[];
  /** The dates in the running text, for the editor's events. `date` is absent when the year is unknown. */
  dates: { asStated: string; date?: PartialDate; line: number; text: string }[];
  warnings: Warning[];
  /** The appeals of a document that has several, by their numbers or people, with the lines at which they begin; empty for a single one. */
  appeals: { name: string; line: number }[];
}

/** In English. The desk shows a translation of the tag when it has one. */
const sentences = {
  "not-read": (found: string) => `These parts of the file have no text that can be read: ${found}.`,
  "several-appeals": (found: string) =>
    `The document has several appeals (${found}). Nothing was filled in. Make a draft of each one.`,
  "unknown-layout": () =>
    "The text has none of the labels of a document that the importer knows. Nothing was filled in, and only you can tell whether it is about several cases.",
  columns: () =>
    "Two columns of the page were read straight across, so that its lines mix two texts. Copy the columns one by one, and paste them below each other.",
  cut: (found: string) => `Only the first ${found} characters were read.`,
  "garbled-letters": (found: string) =>
    `“${found}” looks garbled, as when a file is opened in the wrong encoding. Compare the names.`,
  "direction-override": () => "A hidden character that reverses the direction of text was removed. Compare the names.",
  several: (found: string) => `The document states this in several ways: ${found}. Nothing was filled in here.`,
  "not-understood": (found: string) => `“${found}” can’t be read without doubt. Nothing was filled in here.`,
  "more-sentences": (found: string) =>
    `Only the first ${found} sentences that wait for a verdict are listed. Read the rest in the document.`,
  "name-not-certain": (found: string) => `“${found}” may be a person's name, or not.`,
  "name-mixes-scripts": (found: string) => `“${found}” mixes similar letters from different alphabets.`,
  "name-in-capitals": (found: string) =>
    `The surname in “${found}” is in capitals, and the text does not show its usual spelling.`,
  "two-spellings": (found: string) => `The name is spelt in several ways: ${found}.`,
  "similar-person": (found: string) =>
    `These names are almost the same. Is it one person, or two? ${found}. For one person, use the entry that the case has already.`,
  "count-differs": (found: string) => `The text states a different number of people than it names: ${found}.`,
  "action-not-certain": (found: string) =>
    `“${found}” may close the action, for all or for some of the people, or not. Nothing was filled in here.`,
  "email-hidden": () => "An e-mail address was hidden on the page from which this text was copied.",
  "target-not-certain": (found: string) => `It is unclear to whom appeals are addressed here: “${found}”.`,
  "does-not-fit": (found: string) => `The value found does not fit this field: “${found}”.`,
} as const satisfies Record<string, (found: string) => string>;

export type WarningTag = keyof typeof sentences;

/** @param found at most `MAX_SUBJECT_LENGTH` of it are used */
export function warningOf(tag: WarningTag, line: number | null, found = "", pointer?: string): Warning {
  const about = found.slice(0, MAX_SUBJECT_LENGTH);
  return { tag, message: sentences[tag](about), found: about, line, ...(pointer === undefined ? {} : { pointer }) };
}

const MAX_SUBJECT_LENGTH = 200;
