/**
 * Splits a document into numbered lines, without conversion artefacts and
 * without deceptive characters.
 */
import { isGarbled } from "./encoding.ts";
import { doubt, type Findings } from "./finding.ts";
import { MAX_DOCUMENT_LENGTH } from "./readers/file-text.ts";

export interface DocumentLine {
  /** From 1. */
  number: number;
  /** With single spaces. */
  text: string;
  /** With its indents and gaps, which separate columns. */
  raw: string;
  /** A page ends here or just above. */
  page?: true;
}

const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const overrides = /[\u202d\u202e]/;
const noise =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this pattern removes them
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200d\u2060\ufeff]/g;

/** A word with letters that its author didn't write. */
const garbledWord = (row: string): string | undefined =>
  isGarbled(row)
    ? row
        .split(/\s+/)
        .find(
          (word) =>
            isGarbled(word) && /\p{L}/u.test(word) && !/:\/\/|=/.test(word),
        )
    : undefined;

/**
 * Marks on one letter beyond any script's need. To normalize a long run of them
 * would take quadratic time.
 */
const excessMarks = /(?<=\p{M}{8})\p{M}+/gu;

export function* linesOf(text: string): Findings<DocumentLine[]> {
  if (text.length > MAX_DOCUMENT_LENGTH)
    yield doubt("cut", null, String(MAX_DOCUMENT_LENGTH));
  const rows = text
    .slice(0, MAX_DOCUMENT_LENGTH)
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .split("\n");
  // In a quoted e-mail every line has a mark.
  const filledRows = rows.filter((row) => row.trim() !== "");
  const isQuoted =
    filledRows.filter((row) => /^\s*[>|]/.test(row)).length * 2 >
    filledRows.length;
  for (const [index, row] of rows.entries()) {
    if (overrides.test(row)) yield doubt("direction-override", index + 1);
    const broken = garbledWord(row);
    if (broken) yield doubt("garbled-letters", index + 1, broken.slice(0, 60));
  }
  const lines = rows.map((row, index) => {
    const raw = (isQuoted ? row.replace(/^\s*(?:[>|] ?)+/, "") : row)
      .replace(directions, "")
      .replace(noise, "")
      .replace(excessMarks, "")
      .replace(/[\u00a0\u2000-\u200a\u202f\u3000]/g, " ")
      .replace(/\[bookmark: \w{1,40}\]|\*\*/g, "")
      // A PDF's letters "ﬁ" and "ﬂ" are one character each.
      .replace(/[\ufb00-\ufb06]/g, (letter) => letter.normalize("NFKC"))
      .normalize("NFC")
      .trimEnd();
    const text = raw.replace(/\s+/g, " ").trim();
    return {
      number: index + 1,
      raw,
      text,
      ...(row.includes("\f") ? { page: true as const } : {}),
    };
  });
  // Some pages have an empty line after every line. Such an empty line
  // separates nothing.
  const isEmpty = (at: number) => lines[at]?.text === "";
  const filled = lines.filter(({ text: words }) => words !== "").length;
  const isDouble =
    filled >= 8 &&
    lines.every(
      (_, at) => isEmpty(at) || isEmpty(at + 1) || at + 1 === lines.length,
    );
  return isDouble
    ? lines.filter((_, at) => !isEmpty(at) || isEmpty(at - 1))
    : lines;
}

/**
 * The values of a label: on the label's own line, else on the next line that is
 * not empty.
 */
export function labelled(
  lines: DocumentLine[],
  label: RegExp,
): { value: string; line: DocumentLine; labelLine: DocumentLine }[] {
  return lines.flatMap((line, index) => {
    const found = label.exec(line.text);
    if (found?.index !== 0) return [];
    const value = line.text.slice(found[0].length).replace(/^[\s:.–-]+/, "");
    if (value) return [{ value, line, labelLine: line }];
    const next = lines
      .slice(index + 1, index + 4)
      .find(({ text }) => text !== "");
    return next ? [{ value: next.text, line: next, labelLine: line }] : [];
  });
}

export interface DocumentSentence {
  text: string;
  line: number;
}

/** A sentence of more lines is cut: no text is one. */
const MAX_SENTENCE_LINES = 80;

/**
 * Splits running text into sentences. Wrapped lines of a paragraph are joined.
 */
export function splitSentences(lines: DocumentLine[]): DocumentSentence[] {
  const sentences: DocumentSentence[] = [];
  let parts: string[] = [];
  let from = 0;
  const end = () => {
    if (parts.length > 0) sentences.push({ text: parts.join(" "), line: from });
    parts = [];
  };
  for (const { text, number } of lines) {
    if (text === "" || parts.length === MAX_SENTENCE_LINES) end();
    if (text === "") continue;
    // "am 3. Juni": a German ordinal does not end a sentence, nor does an
    // initial or a title.
    const own = text.split(
      /(?<=[.!?؟۔][”"’'»]?)(?<!(?:^| )(?:\d{1,2}|\p{Lu}|Mrs?|Ms|Dr|St|No|Prof|Gen|Col|Lt|ім|им|вул|ул)\.) (?=[“"‘«\p{Lu}]|[\d«]*\p{Script=Arabic})/u,
    );
    for (const [at, part] of own.entries()) {
      if (at > 0) end();
      if (parts.length === 0) from = number;
      parts.push(part);
      const tail = part.slice(-12);
      // The full stop of a title such as "Mr." does not end a sentence.
      if (
        /[.!?؟۔][”"’'»]?$/.test(tail) &&
        !/(?<!\p{L})(?:Mr|Mrs|Ms|Dr|St|No|Prof|Gen|Col|Lt|ім|им|вул|ул|\p{Lu})\.$/u.test(
          tail,
        )
      )
        end();
    }
    // Scripts without capitals have no headings in capitals.
    if (text === text.toUpperCase() && text !== text.toLowerCase()) end();
  }
  end();
  return sentences;
}

const MAX_WRAP_WIDTH = 110;
const MIN_WRAPPED_LINES = 4;

/**
 * @returns the width at which a program has broken long lines; null when it has
 * broken none
 */
export function wrapWidth(lines: DocumentLine[]): number | null {
  const lengths = lines.map(({ raw }) => raw.length).toSorted((a, b) => b - a);
  const filled = lengths.filter((length) => length > 0).length;
  // A web address may be longer than the width.
  const width = lengths[Math.floor(filled / 20)] ?? 0;
  const near = lengths.filter(
    (length) => length > width - 12 && length <= width,
  ).length;
  return width > 0 &&
    width <= MAX_WRAP_WIDTH &&
    near >= Math.max(MIN_WRAPPED_LINES, filled / 12)
    ? width
    : null;
}

/**
 * A test of two lines: true when a line may go on in the next one, because its
 * first word did not fit any more.
 */
export function wrapping(
  lines: DocumentLine[],
): (line: DocumentLine | undefined, next: DocumentLine | undefined) => boolean {
  const width = wrapWidth(lines);
  return (line, next) =>
    line !== undefined &&
    next !== undefined &&
    line.text !== "" &&
    next.text !== "" &&
    (/\p{L}-$/u.test(line.text) ||
      (width !== null &&
        line.raw.length + 1 + (next.text.split(" ")[0] ?? "").length >
          width - 1));
}
