/** A draft: the facts that a document states, with their lines; the texts left for an editor to write; and warnings. */
import * as v from "valibot";
import { Case, type PartialDate } from "../../shared/case/schema.ts";
import { mixesScripts } from "./name-forms.ts";

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

export interface Draft {
  /** A case with only the fields that the document states. All pointers in this draft lead into it. */
  case: Partly<v.InferInput<typeof Case>>;
  /** The origin of each filled field: `stated` on the line in these words, or `inferred` from the line. */
  provenance: { pointer: string; value: unknown; line: number; certainty: "stated" | "inferred" }[];
  /** The issuer's prose, for the editor to restate in an empty field. */
  toRestate: { pointer: string; text: string; line: number }[];
  /** The dates in the running text, for the editor's events. `date` is absent when the year is unknown. */
  dates: { asStated: string; date?: PartialDate; line: number; text: string }[];
  /** Ages in years, as of the document. A case has no field for them. */
  ages: { pointer: string; age: number; line: number }[];
  warnings: Warning[];
}

/** In English. The desk shows a translation of the tag when it has one. */
const sentences = {
  cut: (found: string) => `Only the first ${found} characters were read.`,
  "direction-override": () => "A hidden character that reverses the direction of text was removed. Compare the names.",
  "no-number": () => "No case number was found.",
  "number-look-alike": (found: string) =>
    `“${found}” only looks like a case number. Some of its characters are look-alikes.`,
  "several-numbers": (found: string) => `The document has several possible case numbers: ${found}.`,
  "number-suffix": (found: string) =>
    `The suffix “${found}” of the number may count its updates, so the position in the series was left empty.`,
  "number-written-otherwise": (found: string) => `“${found}” was read as a case number.`,
  "several-indexes": (found: string) => `The same text has several index numbers: ${found}.`,
  "index-unspaced": (found: string) => `The index number “${found}” was written without separators.`,
  "index-not-understood": (found: string) => `“${found}” is not a known form of index number.`,
  "several-dates": (found: string) => `The document states several dates of its own: ${found}.`,
  "date-against-index": (found: string) => `The date does not match the year of the index or of the number: ${found}.`,
  "date-not-understood": (found: string) => `The date “${found}” is unreadable or ambiguous.`,
  "no-date": () => "The document states no date of its own.",
  "year-inferred": (found: string) => `“${found}” has no year. The year was inferred.`,
  "several-kinds": (found: string) => `The kind of document is unclear. It could be: ${found}.`,
  "several-sequences": (found: string) => `The document states different positions in its series: ${found}.`,
  "sequence-of-updates": (found: string) => `“${found}” counts only the updates, not all texts of the series.`,
  "country-not-known": (found: string) => `“${found}” is not a country in ISO 3166.`,
  "no-people": () => "No names of people could be identified with certainty.",
  "name-not-certain": (found: string) => `“${found}” may be a person's name, or not.`,
  "name-mixes-scripts": (found: string) => `“${found}” mixes similar letters from different alphabets.`,
  "name-recased": (found: string) => `The surname in “${found}” is in capitals. Its usual spelling was guessed.`,
  "two-spellings": (found: string) => `The name is spelt in several ways: ${found}.`,
  "similar-name": (found: string) =>
    `These names are almost the same. Is it a typing error, or are they two people? ${found}`,
  "similar-person": (found: string) =>
    `These names are almost the same. Is it one person, or two? ${found}. For one person, use the entry that the case has already.`,
  "count-differs": (found: string) => `The text states a different number of people than it names: ${found}.`,
  "others-unnamed": (found: string) => `The case concerns more people than are named: “${found}”.`,
  "pronoun-from-gender": () => "The pronoun was inferred from (m) or (f).",
  "pronoun-not-certain": (found: string) => `The pronoun is unclear: “${found}”.`,
  "closed-for-some": (found: string) =>
    `Appeals are no longer wanted for some of the people. The document does not say whether they are for the others: “${found}”.`,
  "sentence-not-certain": (found: string) =>
    `It is unclear whose sentence this is, or whether it is still in force: “${found}”.`,
  "status-left-open": () => "Custody and proceedings were left empty. Enter them from the text.",
  "deadline-not-understood": (found: string) => `The deadline “${found}” is unreadable or impossible.`,
  "several-deadlines": (found: string) => `The document states several deadlines: ${found}.`,
  "action-not-certain": () => "The document both closes the action and asks for appeals.",
  "no-closing": () => "The document neither asks for appeals nor closes the action.",
  "email-hidden": () => "An e-mail address was hidden on the page from which this text was copied.",
  "target-not-certain": (found: string) => `It is unclear to whom appeals are addressed here: “${found}”.`,
  "language-not-known": (found: string) => `“${found}” is not a known language.`,
  "link-to-itself": (found: string) => `The link to a previous document leads to this document: ${found}.`,
  "does-not-fit": (found: string) => `The value found does not fit this field: “${found}”.`,
} as const satisfies Record<string, (found: string) => string>;

export type WarningTag = keyof typeof sentences;

/** @param found at most `MAX_SUBJECT_LENGTH` of it are used */
export function warningOf(tag: WarningTag, line: number | null, found = "", pointer?: string): Warning {
  const about = found.slice(0, MAX_SUBJECT_LENGTH);
  return { tag, message: sentences[tag](about), found: about, line, ...(pointer === undefined ? {} : { pointer }) };
}

/** Keeps a garbled page from flooding its editor with warnings. */
const MAX_WARNINGS_PER_TAG = 20;
const MAX_SUBJECT_LENGTH = 200;
const MAX_RESTATED_TEXTS = 200;
const MAX_RESTATED_LENGTH = 8000;

export class Drafting {
  readonly draft: Draft = { case: {}, provenance: [], toRestate: [], dates: [], ages: [], warnings: [] };

  warn = (tag: WarningTag, line: number | null, found = "", pointer?: string): void => {
    const warning = warningOf(tag, line, found, pointer);
    const { message } = warning;
    const { warnings } = this.draft;
    if (warnings.some((known) => known.message === message && known.line === line && known.pointer === pointer)) return;
    if (warnings.filter((known) => known.tag === tag).length < MAX_WARNINGS_PER_TAG) warnings.push(warning);
  };

  restate(pointer: string, text: string, line: number): void {
    if (text && this.draft.toRestate.length < MAX_RESTATED_TEXTS)
      this.draft.toRestate.push({ pointer, text: text.slice(0, MAX_RESTATED_LENGTH), line });
  }

  fill(pointer: string, value: unknown, line: number, certainty: "stated" | "inferred" = "stated"): void {
    if (typeof value === "string" && value.split(/\s/).some(mixesScripts)) {
      this.warn("name-mixes-scripts", line, value, pointer);
      return;
    }
    const parts = pointer.slice(1).split("/");
    const last = parts.pop() as string;
    let at = this.draft.case as Record<string, unknown>;
    for (const [index, part] of parts.entries()) {
      at[part] ??= /^\d+$/.test(parts[index + 1] ?? last) ? [] : {};
      at = at[part] as Record<string, unknown>;
    }
    at[last] = value;
    this.draft.provenance.push({ pointer, value, line, certainty });
  }

  /** Removes fields that the case's schema rejects, each with a warning, so that a draft holds no impossible value. */
  finish(): Draft {
    for (const { path } of v.safeParse(Case, this.draft.case).issues ?? []) {
      const keys = (path ?? []).map(({ key }) => String(key));
      const pointer = `/${keys.join("/")}`;
      const filled = this.draft.provenance.findIndex((field) => `${pointer}/`.startsWith(`${field.pointer}/`));
      const field = this.draft.provenance[filled];
      if (!field) continue;
      const parts = field.pointer.slice(1).split("/");
      const key = parts.pop() as string;
      const parent = parts.reduce<unknown>(
        (value, part) => (value as Record<string, unknown> | undefined)?.[part],
        this.draft.case,
      ) as Record<string, unknown> | undefined;
      delete parent?.[key];
      this.draft.provenance.splice(filled, 1);
      this.warn("does-not-fit", field.line, JSON.stringify(field.value), field.pointer);
    }
    return this.draft;
  }
}
