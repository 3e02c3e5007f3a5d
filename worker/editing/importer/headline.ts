/** Finds the headline, the first paragraph, the date of the facts and the texts that an editor restates. */
import type { PartialDate } from "../../../shared/case/schema.ts";
import { datesIn, edtfOf, unreadDays } from "./dates.ts";
import type { Draft } from "./draft.ts";
import { isGarbled } from "./encoding.ts";
import { doubt, type Findings, fact, prose } from "./finding.ts";
import { askingIn, headingStart } from "./formulas.ts";
import type { DocumentIdentity } from "./identity.ts";
import { hasLabel, label } from "./layouts.ts";
import { type DocumentLine, type DocumentSentence, labelled, wrapping, wrapWidth } from "./lines.ts";
import { countryLines, isListed } from "./name-lines.ts";
import { indexesIn } from "./numbers.ts";
import { countryAtStart } from "./places.ts";

const MAX_DATES = 200;
const MAX_TOP_LINES = 40;

/** The concern: the words between the number and the date of an old heading. */
function concernOf(heading: DocumentLine): string {
  const [, behind = ""] = /^.*?(?:UAA?|AU|EXTRA|EX|MA|NSA|FI) ?:? ?\d{1,4}\/\d{2,4}(.*)$/.exec(heading.text) ?? [];
  if (
    /\bindex\b/i.test(behind) ||
    indexesIn(behind.replace(/\([^()]*\)/g, "")).length > 0 ||
    (hasLabel(heading.text, "further") && !/\) ?["“«]?\p{Lu}| [-–—] /u.test(behind))
  )
    return "";
  const date = datesIn(behind.replace(/\([^()]*\)/g, (inside) => " ".repeat(inside.length))).at(-1);
  // A date that is broken at the end of its line.
  if (/(?:^|\s)\d{1,2}\.?$/.test(behind)) return "";
  return (date && behind.trimEnd().endsWith(date.asStated) ? behind.slice(0, date.at) : behind)
    .replace(/\([^()]*\)|\band (?:other )?follow-?ups?\b|\b(?:and|&) (?:UAA?|EXTRA|EX) ?\d{1,4}\/\d\d/gi, " ")
    .replace(/\s+/g, " ")
    .replace(/^[\s:–—,-]+|[\s:–—,-]+$/g, "");
}

/** A line that begins neither a headline nor a first paragraph. */
const isFurniture = (text: string) =>
  hasLabel(text, "banner", "furniture", "index", "date", "country", "names", "gender", "salutation") ||
  /^\d+\. /.test(text);

/** Finds the headline and the first paragraph. Wrapped lines are joined. @returns the line of the first paragraph */
export function* findHeadline(
  lines: DocumentLine[],
  { furniture, headings }: DocumentIdentity,
  lang: string,
): Findings<number> {
  const first = lines.findIndex(({ number }) => number === headings[0]?.number);
  // Lines above the number belong to the page or e-mail from which the text was copied.
  const own =
    first >= 0 && lines.slice(0, first).filter(({ text }) => text !== "").length < 25 ? lines.slice(first) : lines;
  /** `names` is true for a line that begins with a country in capitals, as a list of people does. */
  const paragraphs: { text: string; number: number; names: boolean }[] = [];
  let open = false;
  for (const { text, number, raw } of own) {
    if (text === "" || furniture.has(number)) {
      open = false;
      continue;
    }
    const last = paragraphs.at(-1);
    if (first >= 0 && /\((?:m|f)\b/.test(text) && text.length < 160) {
      open = false;
      continue;
    }
    const goesOn =
      open && last && last.text.length > 50 && /[\p{Ll},;]$/u.test(last.text) && text !== text.toUpperCase();
    if (goesOn && last.text.length < 4000) last.text = `${last.text} ${text}`;
    else
      paragraphs.push({ text, number, names: first >= 0 && countryAtStart(raw)?.known === true && text.length < 160 });
    open = true;
  }
  const lead = paragraphs.findIndex(
    ({ text, names }) =>
      !names &&
      text !== text.toUpperCase() &&
      !/^https?:|\S{60}/.test(text) &&
      !isFurniture(text) &&
      (text.length > 100 || (text.length > 60 && /\p{Ll}[.!?][”"]?$/u.test(text) && !hasLabel(text, "closing"))),
  );
  const before = paragraphs.slice(0, lead < 0 ? 15 : lead);
  const { own: listed, skipped } = countryLines(lines);
  const people = new Set([...listed, ...skipped].map(({ number }) => number));
  // Among broken lines a line of prose looks like a headline.
  const isBroken = wrapWidth(lines) !== null;
  const isTitle = ({ text, number }: { text: string; number: number }, minWords = 3, isBannered = false) =>
    !people.has(number) &&
    !/[>|]/.test(text) &&
    (text.match(/\)/g)?.length ?? 0) <= (text.match(/\(/g)?.length ?? 0) &&
    (!isBroken || text === text.toUpperCase() || (isBannered && / ?: /.test(text))) &&
    text.length >= 12 &&
    text.length <= 160 &&
    !isFurniture(text) &&
    indexesIn(text).length === 0 &&
    !headingStart.test(text) &&
    text.split(" ").filter((word) => /\p{L}{2}/u.test(word)).length >= minWords &&
    !label("deadline").test(text) &&
    !hasLabel(text, "contact", "published") &&
    datesIn(text).every(({ at, day }) => at > 0 || day === undefined) &&
    /^["“‘'«¿¡(]?[\p{Lu}\p{Lo}\d]/u.test(text) &&
    !isListed({ text, raw: text, number: 0 }) &&
    !hasLabel(text, "closing") &&
    !askingIn([{ text, raw: text, number: 0 }]) &&
    !/^•|https?:|@|\((?:m|f)\)/.test(text);
  const [heading] = headings;
  const concern = heading ? concernOf(heading) : "";
  // Forms and web pages have their title above the number.
  const above = lines.slice(0, Math.max(0, first)).filter(({ text }) => text !== "");
  const upper = above.findLast(
    (one) =>
      isTitle(one) &&
      ((one.text === one.text.toUpperCase() && !/[+*=_]/.test(one.text)) || /^document[oe]? - /i.test(one.text)),
  );
  const title = before.findLast(
    (one) => !one.names && isTitle(one) && (concern === "" || one.text === one.text.toUpperCase()),
  );
  // In most layouts since 2010 the headline stands below the name of the kind of document, or behind it.
  const filled = lines.filter(({ text }) => text !== "").slice(0, MAX_TOP_LINES);
  const bannered = filled.flatMap((line, at) => {
    if (!hasLabel(line.text, "banner") || line.text.length > 160) return [];
    const next = filled[at + 1];
    const isAlone = line.text.replace(label("banner"), "").trim() === "";
    const rest = line.text.replace(label("banner"), "").trim();
    // Two columns that were read across put another label behind it.
    if (!isAlone)
      return /^[^:]{0,30}: ?\p{L}/u.test(rest) && !hasLabel(rest, "names", "index", "date", "asks") ? [line] : [];
    const country = next ? countryAtStart(next.raw) : null;
    return next && isTitle(next, 2, true) && !(country?.known && country.rest === "") ? [next] : [];
  })[0];
  const [form] = labelled(lines.slice(0, 40), label("title"));
  const goesOn = wrapping(lines);
  const chosen =
    (form && { text: form.value, number: form.line.number }) ??
    bannered ??
    title ??
    (upper && concern === ""
      ? { text: upper.text.replace(/^document[oe]? - /i, ""), number: upper.number }
      : undefined) ??
    (heading && concern !== "" ? { text: concern, number: heading.number } : undefined);
  if (chosen) {
    const at = lines.findIndex(({ number }) => number === chosen.number);
    const isWhole =
      !/[:]$/.test(chosen.text) &&
      !/^\p{Ll}/u.test(lines[at + 1]?.text ?? "") &&
      !goesOn(lines[at - 1], lines[at]) &&
      !goesOn(lines[at], lines[at + 1]);
    if (isWhole && !isGarbled(chosen.text)) yield prose(`/title/${lang}`, chosen.text, chosen.number);
    else yield doubt("title-not-certain", chosen.number, chosen.text, `/title/${lang}`);
  }
  const opening = paragraphs[lead];
  if (opening) yield prose(`/summary/${lang}`, opening.text, opening.number);
  return opening?.number ?? 1;
}

/** The date of the facts: the document's own, else the latest in its first paragraph, in a year that its indexes confirm. */
export function* findAsOf(
  lines: DocumentLine[],
  { closed, issuedOn, issuedLine, isDated, ownYear, previousYear }: DocumentIdentity,
  lead: number,
  lang: string,
): Findings<PartialDate | null> {
  if (issuedOn) {
    const value = { date: issuedOn };
    yield fact("/asOf", value, issuedLine, "inferred");
    return value;
  }
  // The document's own date is unreadable and could be any day.
  if (isDated) return null;
  // An open action was issued later than the events of its first paragraph, so these can't date it.
  const opening = closed ? lines.find(({ number }) => number === lead) : undefined;
  const days =
    opening &&
    !/\b(?:will|due|scheduled|is set|are set|until|deadline|sending appeals|take action|previous)\b/i.test(opening.text)
      ? datesIn(opening.text).filter(({ day, ambiguous }) => day !== undefined && !ambiguous)
      : [];
  const year = ownYear ?? previousYear;
  const read = days.map((day) => ({
    day,
    date: edtfOf(day.year === undefined && year !== null ? { ...day, year } : day),
  }));
  const newest = read.toSorted((a, b) => ((a.date ?? "") < (b.date ?? "") ? 1 : -1))[0];
  // Nothing shows in another language that the day isn't ahead.
  if (newest?.day.year === undefined && lang !== "en") return null;
  if (!newest?.date || read.some(({ date }) => date === null) || unreadDays(opening?.text ?? "").length > 0)
    return null;
  const inferred = newest.day.year === undefined;
  const value: PartialDate = {
    date: newest.date,
    asStated: newest.day.asStated,
    ...(inferred ? { inferred: ["year"] } : {}),
  };
  yield fact("/asOf", value, lead, "inferred");
  if (inferred) yield doubt("year-inferred", lead, newest.day.asStated, "/asOf");
  return value;
}

/** What a date of the running text must not be taken for, or inferred from. */
interface OwnDates {
  asOf: string | null;
  issuedOn: string | null;
  lang: string;
}

/** English words for a day ahead. In other languages a date without a year may be one, so no year is inferred there. */
const ahead = /\b(?:will|due|scheduled|set for|until|before|by|deadline|next|upcoming|expected|postponed|adjourned)\b/i;

/** Collects the dates of the running text. The document's own date and the deadline are no events. */
export function* findDates(sentences: DocumentSentence[], own: OwnDates | null): Findings<Draft["dates"]> {
  const dates: Draft["dates"] = [];
  for (const { text, line } of sentences) {
    if (label("deadline").test(text) || hasLabel(text, "until", "date")) continue;
    for (const written of unreadDays(text)) yield doubt("date-not-understood", line, written);
    for (const found of datesIn(text)) {
      if (dates.length === MAX_DATES) return dates;
      const entry = { asStated: found.asStated, line, text };
      if (found.ambiguous) yield doubt("date-not-understood", line, found.asStated);
      const stated = found.ambiguous ? null : edtfOf(found);
      if (stated !== null && stated === own?.issuedOn) continue;
      if (stated) dates.push({ ...entry, date: { date: stated, asStated: found.asStated } });
      else {
        const day = own?.lang === "en" && !ahead.test(text) && !found.ambiguous ? own.asOf : null;
        const year = Number(day?.slice(0, 4));
        const guess = day
          ? [year, year - 1].map((one) => edtfOf({ ...found, year: one })).find((one) => one !== null && one <= day)
          : null;
        if (guess) yield doubt("year-inferred", line, found.asStated);
        dates.push(guess ? { ...entry, date: { date: guess, asStated: found.asStated, inferred: ["year"] } } : entry);
      }
    }
  }
  return dates;
}
