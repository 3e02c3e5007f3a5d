/**
 * Tells the appeals of a document that has several: a digest, a mail with
 * attachments, a collection of pages.
 */
import type { Draft } from "./draft.ts";
import { headingNumber } from "./formulas.ts";
import { strongLabels } from "./gate.ts";
import { hasLabel, label } from "./layouts.ts";
import { type DocumentLine, labelled, wrapping } from "./lines.ts";
import { distinct, indexesIn, printActionNumber } from "./numbers.ts";

/** Shorter parts are entries of a list, or mentions. */
const MIN_FILLED_LINES = 6;
/**
 * Lines above a heading that belong to it: "EXTERNAL AI Index: EUR 44/93/94",
 * "URGENT ACTION", a date.
 */
const MAX_LINES_ABOVE = 12;
const MAX_HEADER_LENGTH = 120;
const MAX_NAME_LENGTH = 60;
const header =
  /^(?:external|public|distr|urgent action|amnesty international|from:|date:|subject:|\d{1,2} \p{L}+ (?:19|20)\d\d$)/iu;

const isHeader = (text: string) =>
  header.test(text) ||
  text === text.toUpperCase() ||
  indexesIn(text).length > 0 ||
  hasLabel(text, "index", "date");

/** Where each number's heading stands. */
function numbered(lines: DocumentLine[]): Draft["appeals"] {
  const goesOn = wrapping(lines);
  const headings = lines.flatMap((line, at) => {
    const number = goesOn(lines[at - 1], line)
      ? undefined
      : headingNumber(line);
    return number ? [{ name: printActionNumber(number), at }] : [];
  });
  const starts = distinct(headings, ({ name }) => name);
  const parts = starts.filter(({ at }, index) => {
    const own = lines
      .slice(at, starts[index + 1]?.at)
      .filter(({ text }) => text !== "");
    return (
      own.length >= MIN_FILLED_LINES &&
      own.some(
        ({ text }) => text.length < 400 && hasLabel(text, ...strongLabels),
      )
    );
  });
  return parts.map(({ name, at }) => {
    let from = at;
    for (
      let above = at - 1;
      above >= Math.max(0, at - MAX_LINES_ABOVE);
      above--
    ) {
      const { text, page } = lines[above] as DocumentLine;
      if (text !== "" && !(text.length < MAX_HEADER_LENGTH && isHeader(text)))
        break;
      if (text !== "") from = above;
      if (page) break;
    }
    return { name, line: (lines[from] as DocumentLine).number };
  });
}

/**
 * Where, without numbers, another list of names and another request to write
 * begin.
 */
function named(lines: DocumentLine[]): Draft["appeals"] {
  const lists = distinct(labelled(lines, label("names")), ({ value }) =>
    value.toLowerCase(),
  );
  let from = 0;
  return lists.flatMap(({ value, line }) => {
    const own = lines.slice(from, lines.indexOf(line) + 1);
    const start =
      from === 0
        ? 0
        : own.findIndex(
            ({ text, page }) => page || hasLabel(text, "banner", "title"),
          );
    if (
      start < 0 ||
      !own.some(({ text }) => hasLabel(text, "asks", "model", "addressees"))
    )
      return [];
    from = lines.indexOf(line) + 1;
    return [
      {
        name: value.slice(0, MAX_NAME_LENGTH),
        line: (own[start] as DocumentLine).number,
      },
    ];
  });
}

/** @returns the appeals with their first lines; empty when there is only one */
export function appealsIn(lines: DocumentLine[]): Draft["appeals"] {
  const appeals =
    [numbered(lines), named(lines)].find(({ length }) => length > 1) ?? [];
  // Nothing before the first appeal is lost.
  return appeals.map((one, index) => (index === 0 ? { ...one, line: 1 } : one));
}
