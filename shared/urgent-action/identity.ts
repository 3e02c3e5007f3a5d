/** Which text of which series this is: number, index, kind, place in the series, date, previous texts. */
import { datesIn, edtfOf, onlyDay } from "./dates.ts";
import type { Drafting } from "./draft.ts";
import { type Line, labelled } from "./lines.ts";
import { distinct, type IndexFound, indexesIn, type NumberFound, numbersIn, printed } from "./numbers.ts";
import { askingIn, closes, further, headingStart, inClosing, inHeading, ordinals } from "./phrases.ts";

export interface Identity {
  kind: "initial" | "update" | "outcome" | "correction" | null;
  closed: Line | null;
  /** The document's own day, `YYYY-MM-DD`, when it is certain. */
  issuedOn: string | null;
  issuedLine: number;
  /** The years that its own and its previous indexes name. */
  ownYear: number | null;
  previousYear: number | null;
  /** The lines that name its number. */
  headings: Line[];
  /** Lines that carry a heading or a footer, not running text. */
  furniture: Set<number>;
}

export function identify(lines: Line[], drafting: Drafting): Identity {
  const { warn, fill } = { warn: drafting.warn, fill: drafting.fill.bind(drafting) };
  const furniture = new Set<number>();

  // Numbers: the heading's and the closing line's, which must agree; a number inside the text is another case's.
  const own: { found: NumberFound; line: Line }[] = [];
  const headings: Line[] = [];
  const top = lines.filter(({ text }) => text !== "").slice(0, 40);
  for (const line of lines) {
    // Pages without line breaks begin with their heading; it ends long before the text does.
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
    // "UA 12/93 and UA 15/93" belongs to both, with or without indexes in brackets between them.
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
    // "UA: 126/19" at the end of a heading of another shape, or a bare "126.19" beside the words Urgent Action.
    for (const line of top.slice(0, 25)) {
      if (line.text.length > 160 || /\b(see|previous|also)\b|https?:/i.test(line.text)) continue;
      for (const found of numbersIn(line.text)) {
        // Set apart at the end of its line: inside a sentence it may be another case's.
        const isEnd = found.at + found.written.length >= line.text.replace(/[).\]]+$/, "").length;
        if (isEnd && /(?:^|[(:,–—|-] ?|urgent action )$/i.test(line.text.slice(0, found.at))) own.push({ found, line });
      }
      const bare = /^(?:urgent action[ :–-]*)?(\d{1,3})\.(\d\d)$/i.exec(line.text);
      if (bare)
        for (const found of numbersIn(`UA ${bare[1]}/${bare[2]}`)) {
          own.push({ found: { ...found, written: line.text }, line });
          warn("number-written-otherwise", line.number, line.text, "/number");
        }
    }
  }
  const candidates = distinct(own, ({ found }) => printed(found));
  const chosen = candidates.length === 1 ? candidates[0] : undefined;
  if (chosen) {
    const { found, line } = chosen;
    const { series, number, year, suffix, written } = found;
    const certainty = /^(UAA|AU|EX)\b/.test(written) ? "inferred" : "stated";
    fill("/number/series", series, line.number, certainty);
    fill("/number/number", number, line.number);
    fill("/number/year", year, line.number);
    fill("/id", `${series.toLowerCase()}-${number}-${String(year % 100).padStart(2, "0")}`, line.number, "inferred");
    if (suffix) warn("number-suffix", line.number, suffix, "/documents/0/sequence");
    if (certainty === "inferred") warn("number-written-otherwise", line.number, written, "/number");
  } else if (candidates.length > 1)
    for (const { found, line } of candidates)
      warn(
        "several-numbers",
        line.number,
        candidates.map((other) => printed(other.found)).join(", ") || found.written,
        "/number",
      );
  else warn("no-number", null, "", "/number");

  // The document's own index, and those of earlier texts.
  const ownIndexes: { found: IndexFound; line: Line }[] = [];
  /** What follows the index on its line: in some layouts the date. */
  const trailing: { text: string; line: Line }[] = [];
  const previous: { found: IndexFound | null; href?: string; line: Line; date?: string; asStated?: string }[] = [];
  for (const [at, line] of lines.entries()) {
    const links = /https?:\/\/\S+|\bwww\.\S+/gi;
    const isLink =
      /^(link to (?:the )?previous|previous ua|enlace a la au anterior|lien vers l[’']au précédente)/i.test(
        line.text,
      ) ||
      (/^(link to (?:the )?previous|previous ua)/i.test(
        lines.slice(Math.max(0, at - 2), at).findLast(({ text }) => text !== "")?.text ?? "",
      ) &&
        /^(https?:|www\.)/i.test(line.text));
    const isUpdateFooter =
      /(?:further information|más información|pour (?:en savoir plus|plus d[’']informations?)) ?:? *(?:https?:|www\.)/i.test(
        line.text,
      ) &&
      (inClosing.test(line.text) || /\b(?:actualización|mise à jour) (?:de|sobre|sur)\b/i.test(line.text));
    if (isLink || isUpdateFooter) {
      furniture.add(line.number);
      for (const [address] of line.text.matchAll(links)) {
        const href = address
          .replace(/[.,;)\]]+$/, "")
          .replace(/^(?:http:\/\/)?(?=www\.|amnesty\.)|^http:\/\//i, "https://");
        if (!/^https:\/\/(?:[\w-]+\.)*amnesty\.[a-z.]{2,6}\//i.test(href)) continue;
        previous.push({ found: indexesIn(href.replace(/%20/g, " ").toUpperCase())[0] ?? null, href, line });
      }
      if (!/https?:|www\./i.test(line.text)) for (const found of indexesIn(line.text)) previous.push({ found, line });
      continue;
    }
    const label = /(?:^|\s|\bAI )(?:AI )?(?:index(?: number| no\.?)?|índice(?: ai)?)(?:\s*:|\s+(?=[A-Z]{3} ?\d))/i.exec(
      line.text,
    );
    const below = /^(?:AI )?index(?: number| no\.?)?:?$/i.test(line.text);
    const bracketed = headingStart.test(line.text) || further.test(line.text);
    // No heading is that long; what stands further on is another text's.
    const reach = line.text.length > 1000 ? 200 : line.text.length;
    for (const found of indexesIn(line.text.slice(0, reach))) {
      const before = line.text.slice(0, found.at);
      const within = before.lastIndexOf("(") > before.lastIndexOf(")");
      if (within) {
        if (!bracketed || line.text.length > 400) continue;
        const after = line.text.slice(found.at).split(/[);]/)[0] ?? "";
        const day = onlyDay(after);
        const date = day && edtfOf(day);
        previous.push({ found, line, ...(date ? { date, asStated: day.asStated } : {}) });
      } else if (label && label.index < found.at && found.at - label.index < 40) {
        ownIndexes.push({ found, line });
        trailing.push({ text: line.text.slice(found.at + found.written.length), line });
      } else if (bracketed && /\bAU \d{1,4}\/\d\d, $/.test(before)) ownIndexes.push({ found, line });
      else if (
        top.slice(0, 20).includes(line) &&
        line.text.length < 60 &&
        found.at === 0 &&
        found.written.length === line.text.length
      )
        ownIndexes.push({ found, line });
    }
    if (below) {
      const next = lines.slice(at + 1, at + 4).find(({ text }) => text !== "");
      const found = next && indexesIn(next.text)[0];
      if (next && found && found.at === 0) ownIndexes.push({ found, line: next });
      else if (next) warn("index-not-understood", next.number, next.text, "/documents/0/aiIndex");
    } else if (label && indexesIn(line.text).length === 0) {
      const rest = line.text.slice(label.index + label[0].length, label.index + label[0].length + 40).trim();
      if (rest && /\d{3}/.test(rest)) warn("index-not-understood", line.number, rest, "/documents/0/aiIndex");
    }
  }
  // "EUR 50/027/2014" and "EUR 50/27/2014" are one index.
  const same = (aiIndex: string) => aiIndex.replace(/\/0+(?=\d)/g, "/").replace(/\/(?:19|20)(\d\d)$/, "/$1");
  const indexes = distinct(ownIndexes, ({ found }) => same(found.aiIndex));
  const ownIndex = indexes.length === 1 ? ownIndexes[0] : undefined;
  if (ownIndex) {
    fill(
      "/documents/0/aiIndex",
      ownIndex.found.aiIndex,
      ownIndex.line.number,
      ownIndex.found.unspaced ? "inferred" : "stated",
    );
    if (ownIndex.found.unspaced)
      warn("index-unspaced", ownIndex.line.number, ownIndex.found.written, "/documents/0/aiIndex");
  }
  for (const { line } of indexes.length > 1 ? indexes : [])
    warn("several-indexes", line.number, indexes.map(({ found }) => found.aiIndex).join(", "), "/documents/0/aiIndex");

  // The document's own date.
  const stated: { date: string; asStated: string; line: Line }[] = [];
  const ownDate = (text: string, line: Line) => {
    const day = onlyDay(text);
    const date = day && edtfOf(day);
    if (date) stated.push({ date, asStated: day.asStated, line });
    else if (/\d/.test(text)) warn("date-not-understood", line.number, text, "/documents/0/issuedOn");
  };
  for (const { value, line, labelLine } of labelled(
    lines,
    /^(?:date|issue date|publication date|date of (?:issue|publication)|fecha|date de publication)\b *(?::|$)/i,
  )) {
    // A mail's own date has a time of day.
    if (/\d:\d\d/.test(value.slice(0, 60))) continue;
    furniture.add(labelLine.number);
    ownDate(value.slice(0, 60), line);
  }
  for (const line of lines) {
    const head = line.text.slice(0, 300);
    if (!/\bindex\b|índice/i.test(head)) continue;
    const label = /\b(?:issue date|date|fecha(?: de emisión)?) ?: ?/i.exec(head);
    if (label && label.index > 0) ownDate(line.text.slice(label.index + label[0].length).slice(0, 40), line);
  }
  if (stated.length === 0)
    for (const { text, line } of trailing) {
      const day = onlyDay(text);
      if (day && text.trim() === day.asStated) ownDate(text, line);
    }
  if (stated.length === 0) {
    for (const line of headings) {
      // The last column of the number's line; dates in brackets are earlier texts'.
      const outside = line.text.replace(/\([^()]*\)/g, " ");
      const day = onlyDay(outside.slice(-40));
      if (day && outside.trimEnd().endsWith(day.asStated)) ownDate(day.asStated, line);
    }
    if (stated.length === 0) {
      const places = headings
        .map((line) => top.findIndex(({ number }) => number === line.number))
        .filter((at) => at >= 0);
      const alone = top.slice(0, 15).flatMap((line, at) => {
        const day = line.text.length < 40 ? onlyDay(line.text) : null;
        const rest = day ? line.text.replace(day.asStated, "") : line.text;
        return day && /^(?:[ ,:-]|mon|tues|wednes|thurs|fri|satur|sun|day)*$/i.test(rest)
          ? [{ day, line, beside: places.some((place) => Math.abs(place - at) === 1) }]
          : [];
      });
      // The day beside the number is the document's; one further up is that of the page or mail it was copied from.
      const beside = alone.filter((one) => one.beside);
      for (const { day, line } of beside.length > 0 ? beside : alone) ownDate(day.asStated, line);
    }
  }
  const days = distinct(stated, ({ date }) => date);
  let issued = days.length === 1 ? days[0] : undefined;
  for (const { line } of days.length > 1 ? days : [])
    warn("several-dates", line.number, days.map(({ asStated }) => asStated).join(", "), "/documents/0/issuedOn");
  if (issued) {
    const year = Number(issued.date.slice(0, 4));
    const numbered = chosen?.found.year ?? year;
    // The earlier texts that a heading names in brackets.
    const earlier = headings.flatMap(({ text }) =>
      [...text.matchAll(/\(([^()]{8,300})\)/g)].flatMap(([, inside = ""]) =>
        datesIn(inside).map((day) => edtfOf(day) ?? ""),
      ),
    );
    const { date } = issued;
    if (
      (ownIndex && ownIndex.found.year !== year) ||
      numbered > year ||
      earlier.some((day) => day.length === 10 && day > date) ||
      (indexes.length > 1 && !indexes.some(({ found }) => found.year === year))
    ) {
      warn(
        "date-against-index",
        issued.line.number,
        `${issued.asStated}; ${ownIndex?.found.aiIndex ?? (chosen ? printed(chosen.found) : "")}`,
        "/documents/0/issuedOn",
      );
      issued = undefined;
    }
  } else if (days.length === 0) warn("no-date", null, "", "/documents/0/issuedOn");
  if (issued) {
    const value =
      issued.asStated === issued.date ? { date: issued.date } : { date: issued.date, asStated: issued.asStated };
    fill("/documents/0/issuedOn", value, issued.line.number);
  }

  // Kind and place in the series.
  const closed = lines.find(closes) ?? null;
  const asking = askingIn(lines);
  const sequences: { sequence: number; line: Line; final: boolean; word: string }[] = [];
  let finality: Line | null = null;
  for (const line of lines) {
    const closingWords = inClosing.exec(line.text);
    if (closingWords) {
      const [whole, nth, andFinal, what = ""] = closingWords;
      furniture.add(line.number);
      const final = andFinal !== undefined || nth === undefined;
      if (final) finality = line;
      if (nth)
        sequences.push({ sequence: ordinals[nth.toLowerCase()] as number, line, final, word: what.toLowerCase() });
      if (nth && what.toLowerCase() === "update")
        warn("sequence-of-updates", line.number, whole, "/documents/0/sequence");
    }
    if (!headings.includes(line)) continue;
    const nth = inHeading.exec(line.text)?.[1];
    if (nth) sequences.push({ sequence: ordinals[nth.toLowerCase()] as number, line, final: false, word: "ua" });
  }
  // "First update" and "second UA" are one place: updates are counted from the second text on.
  const places = distinct(sequences, ({ sequence, word }) => String(word === "update" ? sequence + 1 : sequence));
  const place = places.length === 1 ? (sequences.find(({ word }) => word !== "update") ?? places[0]) : undefined;
  // "First update" may count from the second text or from the first update: the place is the editor's to say.
  if (place && place.word !== "update") fill("/documents/0/sequence", place.sequence, place.line.number);
  for (const { line } of places.length > 1 ? places : [])
    warn("several-sequences", line.number, places.map(({ sequence }) => sequence).join(", "), "/documents/0/sequence");
  if (finality) fill("/documents/0/final", true, finality.number);

  const correction = top
    .slice(0, 12)
    .find(
      ({ text }) =>
        /^(?:correction|corrected|corrección)\b ?(?::?$|(?:to|of|on|ua|urgent|version|a|de|:|-|–)\b)/i.test(text) &&
        !/: ?\S+ \S+ ?(?:\(|$)/.test(text),
    );
  const ended = headings.find(({ text }) => /^(?:outcome|cierre|clôture)\b/i.test(text));
  const furtherLine = headings.find(({ text }) => further.test(text) || /\bupdate\b/i.test(text));
  const nth = place?.word === "update" ? place.sequence + 1 : place?.sequence;
  let kind: Identity["kind"] = null;
  let kindLine: Line | undefined;
  let certainty: "stated" | "inferred" = "stated";
  if (correction) {
    [kind, kindLine] = closed ? [null, correction] : ["correction", correction];
    if (closed) warn("several-kinds", correction.number, "correction, outcome", "/documents/0/kind");
  } else if (closed && asking) warn("several-kinds", closed.number, "update, outcome", "/documents/0/kind");
  else if (closed) [kind, kindLine] = ["outcome", closed];
  else if (ended) [kind, kindLine] = asking ? [null, ended] : ["outcome", ended];
  else if (places.length > 1)
    warn("several-kinds", places[0]?.line.number ?? null, "initial, update", "/documents/0/kind");
  else if (nth !== undefined && nth > 1) [kind, kindLine] = ["update", place?.line];
  else if (furtherLine) [kind, kindLine] = nth === 1 ? [null, furtherLine] : ["update", furtherLine];
  else if (nth === 1) [kind, kindLine] = ["initial", place?.line];
  else if (chosen && headings.length > 0 && previous.length === 0 && !finality && !chosen.found.suffix)
    [kind, kindLine, certainty] = ["initial", chosen.line, "inferred"];
  if (kind && kindLine) fill("/documents/0/kind", kind, kindLine.number, certainty);
  const id = kind ?? "document";
  fill("/documents/0/id", id, kindLine?.number ?? 1, "inferred");

  // Earlier texts.
  let count = 0;
  for (const { found, href, line, date, asStated } of distinct(previous, (one) =>
    one.found ? same(one.found.aiIndex) : (one.href ?? ""),
  )) {
    if (found && ownIndexes.some((one) => same(one.found.aiIndex) === same(found.aiIndex))) {
      warn("link-to-itself", line.number, found.written);
      continue;
    }
    if (count === 20) break;
    const at = `/documents/${++count}`;
    fill(`${at}/id`, count === 1 ? "previous" : `previous-${count}`, line.number, "inferred");
    if (found) fill(`${at}/aiIndex`, found.aiIndex, line.number);
    if (href) fill(`${at}/href`, href, line.number, line.text.includes(href) ? "stated" : "inferred");
    if (date) fill(`${at}/issuedOn`, asStated === date ? { date } : { date, asStated }, line.number);
    const tag = /\/(en|es|fr|ar|ru)(?:\/|$)/i.exec(href ?? "")?.[1]?.toLowerCase();
    fill(`${at}/lang`, tag ?? "en", line.number, tag ? "stated" : "inferred");
  }
  const years = [...new Set(previous.flatMap(({ found }) => (found ? [found.year] : [])))];
  return {
    kind,
    closed,
    issuedOn: issued?.date ?? null,
    issuedLine: issued?.line.number ?? 1,
    ownYear: indexes.length === 1 ? (indexes[0]?.found.year ?? null) : null,
    previousYear: years.length > 0 ? Math.max(...years) : null,
    headings,
    furniture,
  };
}
