/**
 * What an extractor says about a document. Extractors are generators: they yield their findings in the order of their certainty and
 * return what later extractors need. They share no state, and none of them sees the draft.
 */
import type { WarningTag } from "./draft.ts";

export type Certainty = "stated" | "inferred";

export type Finding =
  | { kind: "fact"; pointer: string; value: unknown; line: number; certainty: Certainty }
  | { kind: "prose"; pointer: string; text: string; line: number }
  | { kind: "doubt"; tag: WarningTag; line: number | null; found: string; pointer?: string };

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

/** A doubt on the line of each of several readings that exclude each other. None when there is only one. */
export function* several<Reading extends { line: { number: number } }>(
  tag: WarningTag,
  readings: Reading[],
  wordsOf: (reading: Reading) => string,
  pointer: string,
): Findings {
  if (readings.length < 2) return;
  for (const { line } of readings) yield doubt(tag, line.number, readings.map(wordsOf).join(", "), pointer);
}
