/** Finds the first paragraph, which an editor restates, and the dates of the running text. */
import { datesIn, edtfOf } from "./dates.ts";
import type { Draft } from "./draft.ts";
import { type Findings, prose } from "./finding.ts";
import { askingIn, headingStart } from "./formulas.ts";
import { hasLabel, label } from "./layouts.ts";
import { type DocumentLine, splitSentences } from "./lines.ts";
import { indexesIn } from "./numbers.ts";

const MAX_DATES = 200;
const MIN_PARAGRAPH_LENGTH = 100;

const isFurniture = (text: string) =>
  headingStart.test(text) ||
  indexesIn(text).length > 0 ||
  hasLabel(
    text,
    "banner",
    "furniture",
    "index",
    "date",
    "country",
    "names",
    "gender",
    "salutation",
    "asks",
    "contact",
    "closing",
  ) ||
  /^https?:|@|^\d+\. /.test(text);

export function* findSummary(lines: DocumentLine[], headings: DocumentLine[], lang: string): Findings {
  const from = Math.max(0, lines.indexOf(headings[0] as DocumentLine));
  // A program may have wrapped its lines.
  let paragraph: DocumentLine[] = [];
  for (const line of lines.slice(from)) {
    const text = paragraph.map((one) => one.text).join(" ");
    if (line.text !== "" && line.text !== line.text.toUpperCase() && !isFurniture(line.text) && text.length < 4000)
      paragraph.push(line);
    else if (text.length > MIN_PARAGRAPH_LENGTH && /[.!?][”"]?$/.test(text)) break;
    else paragraph = [];
  }
  const [first] = paragraph;
  const text = paragraph.map((one) => one.text).join(" ");
  if (first && text.length > MIN_PARAGRAPH_LENGTH && !askingIn(paragraph))
    yield prose(`/summary/${lang}`, text, first.number);
}

/** Collects the dates of the running text for the editor's events. No year is inferred, and the deadline is no event. */
export function datesOf(lines: DocumentLine[], issuedOn: string | null): Draft["dates"] {
  const dates: Draft["dates"] = [];
  for (const { text, line } of splitSentences(lines)) {
    if (label("deadline").test(text) || hasLabel(text, "until", "date")) continue;
    for (const found of datesIn(text)) {
      const date = found.ambiguous ? null : edtfOf(found);
      if (dates.length === MAX_DATES) return dates;
      if (date === null || date !== issuedOn)
        dates.push({ asStated: found.asStated, line, text, ...(date && { date: { date, asStated: found.asStated } }) });
    }
  }
  return dates;
}
