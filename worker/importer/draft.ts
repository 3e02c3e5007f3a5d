/** A draft: what a document states, where it states it, what is left for a person to say, and what is in doubt. */
import * as v from "valibot";
import { Case, type PartialDate } from "../../shared/case/schema.ts";
import { mixesScripts } from "./name-forms.ts";

type Partly<T> = T extends (infer Item)[] ? Partly<Item>[] : T extends object ? { [K in keyof T]?: Partly<T[K]> } : T;

export interface Warning {
  tag: WarningTag;
  /** A sentence for the editor, in English. */
  message: string;
  /** What it is about, in the document's own words or a count; empty when the tag says all. */
  found: string;
  /** From 1; null when it is about the whole document. */
  line: number | null;
  /** JSON Pointer (RFC 6901) into the case. */
  pointer?: string;
}

export interface Draft {
  /** A case with only the fields the document states; the pointers of all lists here lead into it. */
  case: Partly<v.InferInput<typeof Case>>;
  /** Each filled field: `stated` in these words, or `inferred` from what stands on the line. */
  provenance: { pointer: string; value: unknown; line: number; certainty: "stated" | "inferred" }[];
  /** The issuer's prose, to be put in own words at an empty field. */
  toRestate: { pointer: string; text: string; line: number }[];
  /** Every date in the running text, for events that an editor writes; no `date` where its year can't be told. */
  dates: { asStated: string; date?: PartialDate; line: number; text: string }[];
  /** Years of age as of the document; a case has no field for them. */
  ages: { pointer: string; age: number; line: number }[];
  warnings: Warning[];
}

const sentences = {
  cut: (found: string) => `Only the first ${found} characters were read.`,
  "direction-override": () =>
    "A hidden character that reverses the direction of text was taken out; compare the names.",
  "no-number": () => "No Urgent Action number was found.",
  "number-look-alike": (found: string) =>
    `“${found}” only looks like an Urgent Action number: some of its letters are others that look alike.`,
  "several-numbers": (found: string) => `Several Urgent Action numbers could be this document's: ${found}.`,
  "number-suffix": (found: string) =>
    `The number's suffix “${found}” may count its updates; the place in the series was left open.`,
  "number-written-otherwise": (found: string) => `“${found}” was read as an Urgent Action number.`,
  "several-indexes": (found: string) => `One text is given several index numbers: ${found}.`,
  "index-unspaced": (found: string) => `The index “${found}” was written without its separators.`,
  "index-not-understood": (found: string) => `“${found}” is not an index number as they are known.`,
  "several-dates": (found: string) => `The document gives itself several dates: ${found}.`,
  "date-against-index": (found: string) => `Its date and the year of its index or number differ: ${found}.`,
  "date-not-understood": (found: string) =>
    `The date “${found}” was not understood, or can be read in more than one way.`,
  "no-date": () => "The document states no date of its own.",
  "year-inferred": (found: string) => `“${found}” states no year; it was inferred.`,
  "several-kinds": (found: string) => `It could be of more than one kind: ${found}.`,
  "several-sequences": (found: string) => `Its place in the series is stated differently: ${found}.`,
  "sequence-of-updates": (found: string) => `“${found}” counts updates, not all texts of the series.`,
  "country-not-known": (found: string) => `“${found}” is not a country in ISO 3166.`,
  "no-people": () => "No people's names were found for certain.",
  "name-not-certain": (found: string) => `“${found}” may or may not be a person's name.`,
  "name-mixes-scripts": (found: string) => `“${found}” mixes letters of different scripts that look alike.`,
  "name-recased": (found: string) => `“${found}” has its surname in capitals only; its usual spelling is a guess.`,
  "two-spellings": (found: string) => `The name is spelt in more than one way: ${found}.`,
  "similar-name": (found: string) => `These names are nearly the same; a slip, or two people? ${found}`,
  "count-differs": (found: string) => `The number of people named differs from the text: ${found}.`,
  "others-unnamed": (found: string) => `More people are concerned than are named: “${found}”.`,
  "pronoun-from-gender": () => "The pronoun was inferred from (m) or (f).",
  "pronoun-not-certain": (found: string) => `Which pronoun is meant is not certain: “${found}”.`,
  "closed-for-some": (found: string) =>
    `Appeals are no longer wanted for some of the people named; of the others it does not say: “${found}”.`,
  "sentence-not-certain": (found: string) =>
    `Whose sentence this is, or whether it stands, is not certain: “${found}”.`,
  "status-left-open": () => "Custody and proceedings were left open: state them from the text.",
  "deadline-not-understood": (found: string) => `The deadline “${found}” was not understood, or can't be right.`,
  "several-deadlines": (found: string) => `Several deadlines are stated: ${found}.`,
  "action-not-certain": () => "It both closes the action and asks for appeals.",
  "no-closing": () => "It says neither that appeals are wanted nor that the action is closed.",
  "email-hidden": () => "An e-mail address was hidden where this text was copied.",
  "target-not-certain": (found: string) => `Who is addressed here is not certain: “${found}”.`,
  "language-not-known": (found: string) => `“${found}” was not understood as a language.`,
  "link-to-itself": (found: string) => `The link to a previous document leads to this one: ${found}.`,
  "does-not-fit": (found: string) => `What was found does not fit the field: “${found}”.`,
} as const satisfies Record<string, (found: string) => string>;

export type WarningTag = keyof typeof sentences;

/** At most this many of each kind: a page of garbage should not bury its editor. */
const MOST_WARNINGS = 20;

export class Drafting {
  readonly draft: Draft = { case: {}, provenance: [], toRestate: [], dates: [], ages: [], warnings: [] };

  warn = (tag: WarningTag, line: number | null, found = "", pointer?: string): void => {
    const about = found.slice(0, 200);
    const message = sentences[tag](about);
    const { warnings } = this.draft;
    if (warnings.some((known) => known.message === message && known.line === line && known.pointer === pointer)) return;
    if (warnings.filter((known) => known.tag === tag).length < MOST_WARNINGS)
      warnings.push({ tag, message, found: about, line, ...(pointer === undefined ? {} : { pointer }) });
  };

  restate(pointer: string, text: string, line: number): void {
    if (text && this.draft.toRestate.length < 200)
      this.draft.toRestate.push({ pointer, text: text.slice(0, 8000), line });
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

  /** Takes out what the case's schema would refuse, each with a warning: a draft never holds a field that can't be right. */
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
