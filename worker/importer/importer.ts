/**
 * Makes a draft case from an Urgent Action document. It fills only fields that the document states beyond doubt, each with its line,
 * because a wrong field about a person at risk is far worse than a missing one. The issuer's prose is offered for restating and is
 * never copied into the case. The time it takes is linear in the text's length.
 */

import type { PartialDate } from "../../shared/case/schema.ts";
import type { Unreadable } from "../../shared/failure.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { findAction } from "./action.ts";
import { datesIn, edtfOf, unreadDays } from "./dates.ts";
import { type Draft, Drafting } from "./draft.ts";
import { type Identity, identify } from "./identity.ts";
import { type Line, labelled, linesOf, type Sentence, sentencesOf, unreadable } from "./lines.ts";
import { countryLines, isListed } from "./name-lines.ts";
import { findPeople } from "./people.ts";
import { askingIn, closing, further, titleLabel } from "./phrases.ts";
import { countryAtStart, findPlace } from "./places.ts";
import { proseOf } from "./spoken-of.ts";
import { findStatuses } from "./status.ts";

export type { Draft } from "./draft.ts";

const MAX_DATES = 200;
const MAX_QUOTATIONS = 20;

const common = {
  en: /\b(?:the|of|and|has|was|were|with|from|that|by)\b/gi,
  es: /\b(?:los|las|del|que|una|por|con|para|fue|sus)\b/gi,
  fr: /\b(?:les|des|une|est|dans|pour|par|qui|aux|leur)\b/gi,
};

/** The language of the running text; null when none of the three clearly leads. */
function languageOf(text: string): "en" | "es" | "fr" | null {
  const counts = Object.entries(common)
    .map(([tag, words]) => ({ tag: tag as keyof typeof common, count: text.match(words)?.length ?? 0 }))
    .toSorted((a, b) => b.count - a.count);
  const [first, second] = counts;
  return first && second && first.count >= 3 && first.count > second.count * 2 ? first.tag : null;
}

const furnitureWords =
  /^(?:urgent action|external|public|distr|ai index|index|date|country|name|dear|gender|at least|and \d|summary|action urgente|acción urgente|page \d|note:|to (?:read|learn)|for a print|or take action|-+ ?from|from:|subject:|forwarded|paper reprints|electronic|this bulletin)\b|^\d+\. /i;

/** The concern: the words between the number and the date of an old heading. */
function concernOf(heading: Line): string {
  const [, behind = ""] = /^.*?(?:UAA?|EXTRA|EX|MA|NSA) ?:? ?\d{1,4}\/\d{2,4}(.*)$/.exec(heading.text) ?? [];
  if (/\bindex\b/i.test(behind) || (further.test(heading.text) && !/\) ?\p{Lu}| [-–—] /u.test(behind))) return "";
  const date = datesIn(behind.replace(/\([^()]*\)/g, (inside) => " ".repeat(inside.length))).at(-1);
  return (date && behind.trimEnd().endsWith(date.asStated) ? behind.slice(0, date.at) : behind)
    .replace(/\([^()]*\)|\band (?:other )?follow-?ups?\b|\b(?:and|&) (?:UAA?|EXTRA|EX) ?\d{1,4}\/\d\d/gi, " ")
    .replace(/\s+/g, " ")
    .replace(/^[\s:–—,-]+|[\s:–—,-]+$/g, "");
}

/** Finds the headline and the first paragraph. Wrapped lines are joined. */
function findHeadline(
  lines: Line[],
  { furniture, headings }: Identity,
  lang: string,
  drafting: Drafting,
): { lead: number } {
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
      !furnitureWords.test(text) &&
      (text.length > 100 || (text.length > 60 && /\p{Ll}[.!?][”"]?$/u.test(text) && !closing.test(text))),
  );
  const before = paragraphs.slice(0, lead < 0 ? 15 : lead);
  const { own: listed, skipped } = countryLines(lines, proseOf(lines));
  const people = new Set([...listed, ...skipped].map(({ number }) => number));
  const isTitle = ({ text, number }: { text: string; number: number }) =>
    !people.has(number) &&
    text.length >= 12 &&
    text.length <= 160 &&
    !furnitureWords.test(text) &&
    text.split(" ").length > 2 &&
    text !== datesIn(text)[0]?.asStated &&
    /^["“‘'«¿¡(]?[\p{Lu}\p{Lo}\d]/u.test(text) &&
    !isListed({ text, raw: text, number: 0 }) &&
    !closing.test(text) &&
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
  const [form] = labelled(lines.slice(0, 40), titleLabel);
  if (form) drafting.restate(`/title/${lang}`, form.value, form.line.number);
  else if (title) drafting.restate(`/title/${lang}`, title.text, title.number);
  else if (upper && concern === "")
    drafting.restate(`/title/${lang}`, upper.text.replace(/^document[oe]? - /i, ""), upper.number);
  else if (heading && concern) drafting.restate(`/title/${lang}`, concern, heading.number);
  const opening = paragraphs[lead];
  if (opening) drafting.restate(`/summary/${lang}`, opening.text, opening.number);
  return { lead: opening?.number ?? 1 };
}

/** The date of the facts: the document's own, else the latest in its first paragraph, in a year that its indexes confirm. */
function findAsOf(
  lines: Line[],
  { closed, issuedOn, issuedLine, isDated, ownYear, previousYear }: Identity,
  lead: number,
  drafting: Drafting,
): PartialDate | null {
  if (issuedOn) {
    const value = { date: issuedOn };
    drafting.fill("/asOf", value, issuedLine, "inferred");
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
  if (!newest?.date || read.some(({ date }) => date === null) || unreadDays(opening?.text ?? "").length > 0)
    return null;
  const inferred = newest.day.year === undefined;
  const value: PartialDate = {
    date: newest.date,
    asStated: newest.day.asStated,
    ...(inferred ? { inferred: ["year"] } : {}),
  };
  drafting.fill("/asOf", value, lead, "inferred");
  if (inferred) drafting.warn("year-inferred", lead, newest.day.asStated, "/asOf");
  return value;
}

/** Collects the dates of the running text. A missing year is inferred only from the date of the facts. */
function findDates(sentences: Sentence[], asOf: PartialDate | null, drafting: Drafting): void {
  for (const { text, line } of sentences) {
    const ahead = /\b(?:will|due|scheduled|set for|until|before|by|deadline|next)\b/i.test(text);
    for (const written of unreadDays(text)) drafting.warn("date-not-understood", line, written);
    for (const found of datesIn(text)) {
      if (drafting.draft.dates.length === MAX_DATES) return;
      const entry = { asStated: found.asStated, line, text };
      if (found.ambiguous) drafting.warn("date-not-understood", line, found.asStated);
      const stated = found.ambiguous ? null : edtfOf(found);
      if (stated) drafting.draft.dates.push({ ...entry, date: { date: stated, asStated: found.asStated } });
      else {
        const day = asOf && !ahead && !found.ambiguous ? asOf.date : null;
        const year = Number(day?.slice(0, 4));
        const guess = day
          ? [year, year - 1].map((one) => edtfOf({ ...found, year: one })).find((one) => one !== null && one <= day)
          : null;
        if (guess) drafting.warn("year-inferred", line, found.asStated);
        drafting.draft.dates.push(
          guess ? { ...entry, date: { date: guess, asStated: found.asStated, inferred: ["year"] } } : entry,
        );
      }
    }
  }
}

/** Collects long passages in quotation marks, verbatim. The editor names their speakers. */
function findQuotations(sentences: Line[], drafting: Drafting): void {
  let count = 0;
  for (const { text, number } of sentences)
    for (const [, words = ""] of text.matchAll(/[“"]([^“”"]{60,4000})[”"]/g)) {
      if (count === MAX_QUOTATIONS) return;
      drafting.restate(`/quotations/${count++}/text`, words, number);
    }
}

/**
 * @param text a document's plain text, pasted or extracted from a file
 * @param profile has the series UA, and says how its ids are written
 * @returns the draft, or why the text can't be read as a document
 */
export function draftFrom(
  text: string,
  profile: Pick<Profile, "series">,
): { draft: Draft } | { unreadable: Unreadable } {
  const reason = unreadable(text);
  if (reason) return { unreadable: reason };
  const drafting = new Drafting();
  const lines = linesOf(text, drafting.warn);
  const identity = identify(lines, drafting, profile);
  const source = identity.kind ?? "document";
  const running = lines.filter(({ number }) => !identity.furniture.has(number));
  const lang = languageOf(running.map(({ text: words }) => words).join("\n"));
  if (lang) {
    drafting.fill("/documents/0/lang", lang, 1, "inferred");
    drafting.fill("/language", lang, 1, "inferred");
  }
  const issuer = lines.find(({ text: words }) => /\bamnesty international\b|amnest(?:y|ie)\.org/i.test(words));
  if (issuer) drafting.fill("/issuer", "Amnesty International", issuer.number);
  findPlace(lines, identity.headings, source, lang ?? "en", drafting);
  const { lead } = findHeadline(lines, identity, lang ?? "en", drafting);
  const asOf = findAsOf(lines, identity, lead, drafting);
  const people = findPeople(lines, identity.furniture, source, lang ?? "en", drafting);
  const sentences = sentencesOf(running);
  // Text after these headings is about earlier cases and other people, or is the model letter.
  const background = running.find(({ text: words }) =>
    /^(?:background|additional information|información complementaria|complément d[’']information|dear\b|letter\b|name\b)/i.test(
      words,
    ),
  );
  const leading = sentences.filter(({ line }) => !background || line < background.number);
  findStatuses(leading, people, asOf, source, drafting);
  findAction(lines, identity, source, lang ?? "en", drafting);
  findDates(sentences, asOf, drafting);
  findQuotations(running, drafting);
  return { draft: drafting.finish() };
}
