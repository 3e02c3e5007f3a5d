/** Reads the document's own date. */

import { datesIn, edtfOf, isCutDay, onlyDay, unreadDays, withWords } from "./dates.ts";
import { doubt, type Finding, type Findings, fact, several } from "./finding.ts";
import { label as labelOf } from "./layouts.ts";
import { type DocumentLine, labelled } from "./lines.ts";
import { distinct, printActionNumber } from "./numbers.ts";
import type { OwnIndex } from "./own-index.ts";
import type { OwnNumber } from "./own-number.ts";

export interface OwnDate {
  /** The date, `YYYY-MM-DD`; undefined when it is uncertain. */
  issued: { date: string; asStated: string; line: DocumentLine } | undefined;
  /** True when the document states a date, even an unreadable or uncertain one. */
  isStated: boolean;
  /** The numbers of the lines that hold dates. */
  furniture: Set<number>;
}

const dateLabel = new RegExp(`(?:${labelOf("date").source}\\b *(?::|$)|${labelOf("published").source})`, "iu");
const dateWithin = new RegExp(`(?<!\\p{L})${labelOf("date").source.slice(1)} ?: ?`, "iu");

export function* findDate(
  lines: DocumentLine[],
  top: DocumentLine[],
  { headings, chosen }: OwnNumber,
  { ownIndex, indexes, trailing }: OwnIndex,
): Findings<OwnDate> {
  const furniture = new Set<number>();
  const doubts: Finding[] = [];
  const stated: { date: string; asStated: string; line: DocumentLine }[] = [];
  let isUnread = false;
  const unread = (text: string, line: DocumentLine) => {
    isUnread = true;
    doubts.push(doubt("date-not-understood", line.number, text, "/documents/0/issuedOn"));
  };
  const ownDate = (text: string, line: DocumentLine) => {
    const day = onlyDay(text);
    const date = day && edtfOf(day);
    if (date) stated.push({ date, asStated: day.asStated, line });
    else unread(text, line);
  };
  for (const { value, line, labelLine } of labelled(lines, dateLabel)) {
    // A date with a time of day is that of an e-mail.
    if (/\d:\d\d/.test(value.slice(0, 60))) continue;
    furniture.add(labelLine.number);
    // The next line is the date only if it looks like one.
    if (line === labelLine || /\d/.test(value) || unreadDays(value).length > 0)
      ownDate(value.split(labelOf("deadline"))[0]?.slice(0, 60) ?? "", line);
  }
  for (const line of lines) {
    const head = line.text.slice(0, 300);
    if (!/\bindex\b|índice|indice/i.test(head)) continue;
    const label = dateWithin.exec(head);
    if (label && label.index > 0) ownDate(line.text.slice(label.index + label[0].length).slice(0, 40), line);
  }
  if (stated.length === 0)
    for (const { text, line } of trailing) {
      // The date follows the index. On a page without line breaks the heading comes after it.
      const [, own] = /^,? ?(.{6,30}?(?:19|20)\d\d)(?: \p{Lu}|$)/u.exec(text.trimEnd()) ?? [];
      if (own && onlyDay(own)?.asStated === own) ownDate(own, line);
    }
  if (stated.length === 0) {
    for (const line of headings) {
      // The date is the last column of the number's line, or the last before the country. Dates in brackets or after "issued" belong to earlier texts.
      const [outside = ""] = line.text.replace(/\([^()]*(?:\)|$)/g, " ").split(/(?<=(?:19|20)\d\d) (?=\p{Lu}{4})/u);
      const day = /\bissued\b/i.test(outside) ? null : onlyDay(outside.slice(-40));
      if (day && outside.trimEnd().endsWith(day.asStated)) ownDate(day.asStated, line);
    }
    if (stated.length === 0) {
      const filled = lines.filter(({ text }) => text !== "");
      const places = headings.map((line) => filled.findIndex(({ number }) => number === line.number));
      const alone = filled.flatMap((line, at) => {
        const beside = places.some((place) => Math.abs(place - at) === 1);
        const isNear = places.length === 0 ? at < 15 : places.some((place) => at - place >= -2 && at - place <= 6);
        const day = isNear && line.text.length < 40 ? onlyDay(line.text) : null;
        const rest = day ? line.text.replace(day.asStated, "") : line.text;
        return day && /^(?:[ ,:-]|mon|tues|wednes|thurs|fri|satur|sun|day)*$/i.test(rest)
          ? [{ day, line, beside }]
          : [];
      });
      // A date beside the number is the document's. One further up is that of the page or e-mail from which the text was copied.
      const beside = alone.filter((one) => one.beside);
      for (const { day, line } of beside.length > 0 ? beside : alone) ownDate(day.asStated, line);
    }
  }
  // A date that is broken at the end of its line.
  if (stated.length === 0 && !isUnread)
    for (const line of top.slice(0, 12))
      if (isCutDay(line.text, lines[lines.indexOf(line) + 1]?.text ?? "")) unread(line.text.slice(-20), line);
  // An unreadable date where the document's own would be.
  if (stated.length === 0 && !isUnread)
    for (const line of [...headings, ...top.slice(0, 12)]) {
      const end = line.text.replace(/\([^()]*\)/g, " ").slice(-40);
      const [written] = line.text.length < 40 || headings.includes(line) ? unreadDays(end) : [];
      if (written && end.trimEnd().endsWith(written)) unread(written, line);
    }
  yield* doubts;
  const days = distinct(stated, ({ date }) => date);
  let issued = days.length === 1 ? days[0] : undefined;
  yield* several("several-dates", days, ({ asStated }) => asStated, "/documents/0/issuedOn");
  if (issued) {
    const year = Number(issued.date.slice(0, 4));
    const numbered = chosen?.found.year ?? year;
    // The dates of earlier texts, which a heading names in brackets. Narrow lines break within them.
    const earlier = headings.flatMap((line) =>
      [...`${line.text} ${lines[lines.indexOf(line) + 1]?.text ?? ""}`.matchAll(/\(([^()]{8,300})\)/g)].flatMap(
        ([, inside = ""]) => datesIn(inside).map((day) => edtfOf(day) ?? ""),
      ),
    );
    const { date } = issued;
    if (
      (ownIndex && ownIndex.found.year !== year) ||
      numbered > year ||
      earlier.some((day) => day.length === 10 && day > date) ||
      (indexes.length > 1 && !indexes.some(({ found }) => found.year === year))
    ) {
      yield doubt(
        "date-against-index",
        issued.line.number,
        `${issued.asStated}; ${ownIndex?.found.reference ?? (chosen ? printActionNumber(chosen.found) : "")}`,
        "/documents/0/issuedOn",
      );
      issued = undefined;
    }
  } else if (days.length === 0 && !isUnread) yield doubt("no-date", null, "", "/documents/0/issuedOn");
  if (issued) yield fact("/documents/0/issuedOn", withWords(issued.date, issued.asStated), issued.line.number);
  return { issued, isStated: isUnread || days.length > 0, furniture };
}
