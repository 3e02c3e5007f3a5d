/**
 * A draft: the facts that a document states, with their lines; the dates of its
 * text; and warnings.
 */
import type * as v from "valibot";
import type { Case, PartialDate } from "../../../shared/case/schema.ts";

type Partly<T> = T extends (infer Item)[]
  ? Partly<Item>[]
  : T extends object
    ? { [K in keyof T]?: Partly<T[K]> }
    : T;

export interface Warning {
  tag: WarningTag;
  /**
   * The subject: words of the document, or a count. Empty when the tag is
   * enough.
   */
  found: string;
  /** From 1; null for a warning about the whole document. */
  line: number | null;
  /** JSON Pointer (RFC 6901) into the case. */
  pointer?: string;
}

/** The statuses that have a code or a term. */
export const proposedFields = [
  "custody",
  "proceedings",
  "sentence",
  "designation",
] as const;
export type ProposedField = (typeof proposedFields)[number];

export interface Draft {
  /**
   * A case with only the fields that the document states. All pointers in this
   * draft lead into it.
   */
  case: Partly<v.InferInput<typeof Case>>;
  /**
   * The origin of each filled field: `stated` on the line in these words, or
   * `inferred` from the line.
   */
  provenance: {
    pointer: string;
    value: unknown;
    line: number;
    certainty: "stated" | "inferred";
  }[];
  /**
   * The dates in the running text, for the editor's events. `date` is absent
   * when the year is unknown.
   */
  dates: { asStated: string; date?: PartialDate; line: number; text: string }[];
  warnings: Warning[];
  /**
   * The appeals of a document that has several, by their numbers or people,
   * with the lines at which they begin; empty for a single one.
   */
  appeals: { name: string; line: number }[];
}

/**
 * What an editor must look at. The desk's catalogues have a sentence for each:
 * `warning.columns`.
 */
export type WarningTag =
  | "not-read"
  | "several-appeals"
  | "unknown-layout"
  | "columns"
  | "cut"
  | "garbled-letters"
  | "direction-override"
  | "several"
  | "not-understood"
  | "more-sentences"
  | "name-not-certain"
  | "name-mixes-scripts"
  | "name-in-capitals"
  | "two-spellings"
  | "similar-person"
  | "count-differs"
  | "action-not-certain"
  | "email-hidden"
  | "target-not-certain"
  | "does-not-fit";

export const warningOf = (
  tag: WarningTag,
  line: number | null,
  found = "",
  pointer?: string,
): Warning => ({
  tag,
  found: found.slice(0, MAX_SUBJECT_LENGTH),
  line,
  ...(pointer === undefined ? {} : { pointer }),
});

const MAX_SUBJECT_LENGTH = 200;
