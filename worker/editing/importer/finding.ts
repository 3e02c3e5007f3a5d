/**
 * What an extractor says about a document. Extractors are generators: they yield their findings in the order of their certainty and
 * return what later extractors need. They share no state, and none of them sees the draft.
 */
import type { WarningTag } from "./draft.ts";

export type Certainty = "stated" | "inferred";

/** A statement that a person can accept, and the words for it in the case model. */
export interface Candidate {
  line: number;
  /** The whole sentence, verbatim. */
  text: string;
  about: Subject[];
  /** JSON Pointers of the people that the sentence names; empty when it names nobody. */
  people: string[];
  /** Values that a person may accept. None is ever filled in. */
  proposals: { field: ProposedField; value: string }[];
}
/** The statuses that have a code or a term. */
export const proposedFields = ["custody", "proceedings", "sentence", "designation"] as const;
export type ProposedField = (typeof proposedFields)[number];
export const subjects = [...proposedFields, "charges"] as const;
export type Subject = (typeof subjects)[number];

export type Finding =
  | { kind: "fact"; pointer: string; value: unknown; line: number; certainty: Certainty }
  | { kind: "prose"; pointer: string; text: string; line: number }
  | { kind: "doubt"; tag: WarningTag; line: number | null; found: string; pointer?: string }
  | { kind: "age"; pointer: string; age: number; line: number };

export type Findings<T = void> = Generator<Finding, T, void>;

export const fact = (pointer: string, value: unknown, line: number, certainty: Certainty = "stated"): Finding => ({
  kind: "fact",
  pointer,
  value,
  line,
  certainty,
});
/** The issuer's words, for a person to restate. */
export const prose = (pointer: string, text: string, line: number): Finding => ({ kind: "prose", pointer, text, line });
export const doubt = (tag: WarningTag, line: number | null, found = "", pointer?: string): Finding => ({
  kind: "doubt",
  tag,
  line,
  found,
  ...(pointer === undefined ? {} : { pointer }),
});
