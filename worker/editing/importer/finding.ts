/**
 * What an extractor says about a document. Extractors are generators: they
 * yield their findings in the order of their certainty and return what later
 * extractors need. They share no state, and none of them sees the draft.
 */
import { type Draft, type Warning, warningOf } from "./draft.ts";
import { distinct } from "./numbers.ts";

type Fact = Draft["provenance"][number];
export type Finding = Fact | Warning;
export type Findings<T = void> = Generator<Finding, T, void>;

export const fact = (
  pointer: string,
  value: unknown,
  line: number,
  certainty: Fact["certainty"] = "stated",
): Fact => ({
  pointer,
  value,
  line,
  certainty,
});
export const doubt = warningOf;

/** Runs a generator of findings to its end. */
export function collect<T>(findings: Findings<T>): {
  found: Finding[];
  result: T;
} {
  const found: Finding[] = [];
  for (;;) {
    const { value, done } = findings.next();
    if (done) return { found, result: value };
    found.push(value);
  }
}

/**
 * A value that was read at a place; null when it can't be read without doubt.
 */
export interface FoundValue<Value> {
  value: Value | null;
  line: { number: number };
  words: string;
}

/**
 * The only value of several readings. Those that can't be read, or exclude each
 * other, are told and fill nothing.
 */
export function* onlyOf<Value>(
  readings: FoundValue<Value>[],
  pointer: string,
  key: (value: Value) => string = String,
): Findings<{ value: Value; line: number } | undefined> {
  const read = readings.filter(
    (one): one is FoundValue<Value> & { value: Value } => one.value !== null,
  );
  for (const { value, line, words } of readings)
    if (value === null)
      yield doubt("not-understood", line.number, words, pointer);
  const different = distinct(read, ({ value }) => key(value));
  const [first] = different;
  if (different.length > 1)
    for (const { line } of different)
      yield doubt(
        "several",
        line.number,
        different.map(({ words }) => words).join(", "),
        pointer,
      );
  const isOnly =
    first && different.length === 1 && read.length === readings.length;
  return isOnly ? { value: first.value, line: first.line.number } : undefined;
}
