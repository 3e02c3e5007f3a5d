/**
 * Checks a case against its document with a table that maps each sentence to
 * the fields that hold its facts.
 */

type Scalar = string | number | boolean | null;

/**
 * A list stands for a text that contains each of these words. Anything else
 * must equal the value.
 */
export type Expected = Scalar | string[];

export interface Entry {
  sentence: string;
  /** JSON Pointers (RFC 6901) into the case, with the expected values. */
  facts?: Record<string, Expected>;
  /** Why the sentence contains no fact. */
  reason?: string;
  note?: string;
}

const partsOf = (pointer: string) => pointer.slice(1).split("/");

export function valueAt(root: unknown, pointer: string): unknown {
  return partsOf(pointer).reduce<unknown>(
    (value, part) => (value as Record<string, unknown> | undefined)?.[part],
    root,
  );
}

/**
 * Returns a copy with one value changed, or removed when there is no new value.
 */
export function without<T>(root: T, pointer: string, replacement?: unknown): T {
  const copy = structuredClone(root);
  const parts = partsOf(pointer);
  const key = parts.pop() as string;
  const parent = parts.reduce<unknown>(
    (value, part) => (value as Record<string, unknown>)[part],
    copy,
  );
  if (replacement !== undefined)
    (parent as Record<string, unknown>)[key] = replacement;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete (parent as Record<string, unknown>)[key];
  return copy;
}

export function leavesOf(value: unknown, pointer = ""): string[] {
  if (typeof value !== "object" || value === null) return [pointer];
  return Object.entries(value).flatMap(([key, child]) =>
    leavesOf(child, `${pointer}/${key}`),
  );
}

function holds(value: unknown, expected: Expected): boolean {
  if (!Array.isArray(expected)) return value === expected;
  return (
    typeof value === "string" &&
    expected.length > 0 &&
    expected.every((words) => words !== "" && value.includes(words))
  );
}

/**
 * Describes every disagreement between sentences, table and case; empty when
 * they agree.
 */
export function disagreements(
  sentences: string[],
  table: Entry[],
  content: unknown,
): string[] {
  const found: string[] = [];
  const known = new Map(table.map((entry) => [entry.sentence, entry]));
  if (known.size < table.length) found.push("the table has a sentence twice");
  for (const sentence of sentences)
    if (!known.has(sentence)) found.push(`not in the table: ${sentence}`);
  for (const { sentence, facts, reason } of table) {
    if (!sentences.includes(sentence))
      found.push(`not in the document: ${sentence}`);
    if (Object.keys(facts ?? {}).length === 0 && !reason)
      found.push(`neither facts nor a reason: ${sentence}`);
    for (const [pointer, expected] of Object.entries(facts ?? {}))
      if (!holds(valueAt(content, pointer), expected))
        found.push(
          `${pointer}: should hold ${JSON.stringify(expected)}, for: ${sentence}`,
        );
  }
  return found;
}

/**
 * Splits a document into sentences by rules alone. Blank lines separate blocks;
 * a line without a lower-case letter is a heading; other lines of a block are
 * joined, and Unicode sentence boundaries (UAX #29) split them.
 */
export function sentencesOf(document: string): string[] {
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  const runs = document.split(/\n\s*\n/).flatMap((block) => {
    const parts: string[] = [];
    let open = false;
    for (const line of block.split("\n").map((text) => text.trim())) {
      if (line === "") continue;
      const heading = !/\p{Ll}/u.test(line);
      if (open && !heading) parts[parts.length - 1] += ` ${line}`;
      else parts.push(line);
      open = !heading;
    }
    return parts;
  });
  return runs
    .flatMap((run) =>
      [...segmenter.segment(run)].map(({ segment }) => segment.trim()),
    )
    .filter(Boolean);
}
