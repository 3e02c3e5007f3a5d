/** Reads the document's own Urgent Action number. The heading and the closing line must agree. */

import { caseIdOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { doubt, type Finding, type Findings, fact, several } from "./finding.ts";
import { headingStart, inClosing } from "./formulas.ts";
import type { DocumentLine } from "./lines.ts";
import { distinct, type NumberFound, numbersIn, printActionNumber } from "./numbers.ts";
import { asItLooks } from "./slips.ts";

export interface OwnNumber {
  /** The lines that state the number. */
  headings: DocumentLine[];
  /** The number; undefined when there is none, or several. */
  chosen: { found: NumberFound; line: DocumentLine } | undefined;
  /** The numbers of the lines of headings. */
  furniture: Set<number>;
}

/** Warns of a text that only resembles a number: "UA 4О/19" with a Cyrillic letter, or "UA 5l/92" misread by a scanner. */
function lookAlike(top: DocumentLine[]): Finding | null {
  for (const { text, number } of top.slice(0, 25)) {
    if (text.length > 300) continue;
    const [found] = numbersIn(asItLooks(text));
    if (!found || numbersIn(text).length > 0) continue;
    return doubt("number-look-alike", number, text.slice(found.at, found.at + found.written.length), "/number");
  }
  return null;
}

export function* findNumber(
  lines: DocumentLine[],
  top: DocumentLine[],
  profile: Pick<Profile, "series">,
): Findings<OwnNumber> {
  const furniture = new Set<number>();
  // Numbers in the heading and the closing line. A number inside the text belongs to another case.
  const own: { found: NumberFound; line: DocumentLine }[] = [];
  const headings: DocumentLine[] = [];
  for (const [at, line] of lines.entries()) {
    // A sentence may wrap before the number of another case: "… (see" above "UA 12/92, …".
    const above = lines[at - 1]?.text ?? "";
    if (above.length > 60 && /[\p{Ll},]$/u.test(above) && /^UA/.test(line.text)) continue;
    // A page without line breaks begins with its heading.
    const isLong = line.text.length >= 300;
    const head = isLong ? line.text.slice(0, 160) : line.text;
    const isHeading =
      (headingStart.test(head) || /^(?:external|public)\b.{0,120}? (?:UAA?|EXTRA|EX|MA) \d{1,4}\/\d\d\b/i.test(head)) &&
      (isLong
        ? /\b(?:index|índice) ?:|, [A-Z]{3} \d\d\/\d/i.test(head)
        : top.includes(line) || /\bindex\b|\bíndice\b|\bissue date\b|, [A-Z]{3} \d\d\/\d/i.test(head));
    const isClosing = inClosing.test(line.text) || /^cierre de au/i.test(line.text);
    if (!isHeading && !isClosing) continue;
    const found = numbersIn(isHeading && !isClosing ? head : line.text);
    if (isHeading && found.length > 0) {
      headings.push(isLong ? { ...line, text: head, raw: head } : line);
      if (!isLong) furniture.add(line.number);
    }
    const clause = isClosing ? line.text.search(inClosing) : 0;
    const first = found.find(({ at }) => at >= Math.max(0, clause));
    if (first) own.push({ found: first, line });
    // "UA 12/93 and UA 15/93" states two numbers, with or without indexes in brackets between them.
    const [a, b] = found;
    if (
      a &&
      b &&
      isHeading &&
      /^\s*(?:[,&]|and|y|et)\s*(?:on\s*)?$/.test(
        line.text
          .slice(a.at + a.written.length, b.at)
          .replace(/\([^()]*\)/g, "")
          .replace(/\band follow-?ups?\b/gi, ""),
      )
    )
      own.push({ found: b, line });
  }
  if (own.length === 0) {
    // "UA: 126/19" at the end of another kind of heading, or a bare "126.19", perhaps after the words Urgent Action.
    for (const line of top.slice(0, 25)) {
      if (line.text.length > 160 || /\b(see|previous|also)\b|https?:/i.test(line.text)) continue;
      for (const found of numbersIn(line.text)) {
        // Only at the end of its line: inside a sentence it may belong to another case.
        const isEnd = found.at + found.written.length >= line.text.replace(/[).\]]+$/, "").length;
        if (isEnd && /(?:^|[(:,–—|-] ?|urgent action )$/i.test(line.text.slice(0, found.at))) own.push({ found, line });
      }
      const bare = /^(?:urgent action[ :–-]*)?(\d{1,3})\.(\d\d)$/i.exec(line.text);
      if (bare)
        for (const found of numbersIn(`UA ${bare[1]}/${bare[2]}`)) {
          own.push({ found: { ...found, written: line.text }, line });
          yield doubt("number-written-otherwise", line.number, line.text, "/number");
        }
    }
  }
  const candidates = distinct(own, ({ found }) => printActionNumber(found));
  const chosen = candidates.length === 1 ? candidates[0] : undefined;
  if (chosen) {
    const { found, line } = chosen;
    const { series, number, year, suffix, written } = found;
    const certainty = /^(UAA|AU|EX|FI)\b/.test(written) ? "inferred" : "stated";
    yield fact("/number/series", series, line.number, certainty);
    yield fact("/number/number", number, line.number);
    yield fact("/number/year", year, line.number);
    yield fact("/id", caseIdOf(found, profile), line.number, "inferred");
    if (suffix) yield doubt("number-suffix", line.number, suffix, "/documents/0/sequence");
    if (certainty === "inferred") yield doubt("number-written-otherwise", line.number, written, "/number");
  } else if (candidates.length > 1)
    yield* several("several-numbers", candidates, ({ found }) => printActionNumber(found), "/number");
  else yield lookAlike(top) ?? doubt("no-number", null, "", "/number");
  return { headings, chosen, furniture };
}
