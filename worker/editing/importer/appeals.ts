/** Tells the appeals of a document that has several: a digest, a mail with attachments, a collection of pages. */
import type { Draft } from "./draft.ts";
import { headingNumber } from "./formulas.ts";
import { strongLabels } from "./gate.ts";
import { hasLabel } from "./layouts.ts";
import { type DocumentLine, wrapping } from "./lines.ts";
import { indexesIn, printActionNumber } from "./numbers.ts";

/** Shorter parts are entries of a list, or mentions. */
const MIN_FILLED_LINES = 6;
/** Lines above a heading that belong to it: "EXTERNAL AI Index: EUR 44/93/94", "URGENT ACTION", a date. */
const MAX_LINES_ABOVE = 12;
const MAX_HEADER_LENGTH = 120;
const header =
  /^(?:external|public|distr|urgent action|amnesty international|from:|date:|subject:|\d{1,2} \p{L}+ (?:19|20)\d\d$)/iu;

const isHeader = (text: string) =>
  header.test(text) || text === text.toUpperCase() || indexesIn(text).length > 0 || hasLabel(text, "index", "date");

/** @returns the appeals with their first lines; empty when there is only one */
export function appealsIn(lines: DocumentLine[]): Draft["appeals"] {
  const starts: { number: string; at: number }[] = [];
  const goesOn = wrapping(lines);
  const known = new Set<string>();
  for (const [at, line] of lines.entries()) {
    const found = headingNumber(line);
    const number = found && printActionNumber(found);
    if (number === undefined || known.has(number) || goesOn(lines[at - 1], line)) continue;
    known.add(number);
    starts.push({ number, at });
  }
  if (starts.length < 2) return [];
  const parts = starts.filter(({ at }, index) => {
    const own = lines.slice(at, starts[index + 1]?.at).filter(({ text }) => text !== "");
    return (
      own.length >= MIN_FILLED_LINES && own.some(({ text }) => text.length < 400 && hasLabel(text, ...strongLabels))
    );
  });
  if (parts.length < 2) return [];
  return parts.map(({ number, at }, index) => {
    let from = at;
    for (let above = at - 1; above >= Math.max(0, at - MAX_LINES_ABOVE); above--) {
      const { text, page } = lines[above] as DocumentLine;
      if (text !== "" && !(text.length < MAX_HEADER_LENGTH && isHeader(text))) break;
      if (text !== "") from = above;
      if (page) break;
    }
    // Nothing before the first appeal is lost.
    return { number, line: index === 0 ? 1 : (lines[from] as DocumentLine).number };
  });
}
