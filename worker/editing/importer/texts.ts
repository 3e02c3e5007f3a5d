/** Finds the texts that an editor restates, the headline and the first paragraph, and the dates of the running text. */
import { datesIn, edtfOf } from "./dates.ts";
import type { Draft } from "./draft.ts";
import { isGarbled } from "./encoding.ts";
import { doubt, type Findings, prose } from "./finding.ts";
import { askingIn, headingStart } from "./formulas.ts";
import { hasLabel, label } from "./layouts.ts";
import { type DocumentLine, labelled, splitSentences, wrapping } from "./lines.ts";
import { indexesIn } from "./numbers.ts";

const MAX_DATES = 200;
const MAX_TITLE_LENGTH = 160;
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

/** The headline behind its label, or in capitals below the name of the kind of document. */
function* findTitle(lines: DocumentLine[], lang: string): Findings {
  const filled = lines.filter(({ text }) => text !== "").slice(0, 40);
  const [form] = labelled(filled, label("title"));
  const below = filled.find(
    ({ text }, at) => hasLabel(text, "banner") && text.replace(label("banner"), "").trim() === "" && filled[at + 1],
  );
  const next = below && filled[filled.indexOf(below) + 1];
  const chosen = form
    ? { text: form.value, line: form.line }
    : next &&
        next.text === next.text.toUpperCase() &&
        / .* /.test(next.text) &&
        next.text.length <= MAX_TITLE_LENGTH &&
        !isFurniture(next.text)
      ? { text: next.text, line: next }
      : null;
  if (!chosen) return;
  const at = lines.indexOf(chosen.line);
  const goesOn = wrapping(lines);
  const after = lines[at + 1]?.text ?? "";
  const isCut =
    /:$/.test(chosen.text) ||
    /^\p{Ll}/u.test(after) ||
    goesOn(lines[at - 1], lines[at]) ||
    goesOn(lines[at], lines[at + 1]) ||
    (!form && after !== "" && after === after.toUpperCase());
  if (isCut || isGarbled(chosen.text)) yield doubt("not-understood", chosen.line.number, chosen.text, `/title/${lang}`);
  else yield prose(`/title/${lang}`, chosen.text, chosen.line.number);
}

export function* findTexts(lines: DocumentLine[], headings: DocumentLine[], lang: string): Findings {
  const from = Math.max(0, lines.indexOf(headings[0] as DocumentLine));
  yield* findTitle(lines, lang);
  // The first paragraph, whose lines a program may have wrapped.
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
