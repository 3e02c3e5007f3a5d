/** Reads the document's own index number, and those of earlier texts that it mentions. */
import { doubt, type Findings, fact, several } from "./finding.ts";
import { headingStart, inClosing } from "./formulas.ts";
import { hasLabel, label as labelOf } from "./layouts.ts";
import type { DocumentLine } from "./lines.ts";
import { distinct, type IndexFound, indexesIn } from "./numbers.ts";

interface Placed {
  found: IndexFound;
  line: DocumentLine;
}

export interface OwnIndex {
  /** The document's index; undefined when there is none, or several. */
  ownIndex: Placed | undefined;
  /** The distinct indexes that the document gives itself. */
  indexes: Placed[];
  /** The text after the index on its line, which is the date in some layouts. */
  trailing: { text: string; line: DocumentLine }[];
  /** The numbers of the lines that link to earlier texts. */
  furniture: Set<number>;
  previous: { found: IndexFound | null; href?: string; line: DocumentLine }[];
}

/** The label of an index, within its line. */
const indexLabel = new RegExp(
  `(?:^|\\s|\\bAI )${labelOf("index").source.slice(1)}(?:\\s*:|\\s+(?=[A-Z]{3} ?\\d))`,
  "iu",
);

const indexAlone = new RegExp(`${labelOf("index").source} ?:?$`, "iu");

/** "EUR 50/027/2014" and "EUR 50/27/2014" are the same index. */
const same = (reference: string) => reference.replace(/\/0+(?=\d)/g, "/").replace(/\/(?:19|20)(\d\d)$/, "/$1");

/** The index without its country. */
const serial = (reference: string) => same(reference).replace(/ \d\d\//, " ");

export function* findIndexes(lines: DocumentLine[], top: DocumentLine[]): Findings<OwnIndex> {
  const furniture = new Set<number>();
  const ownIndexes: Placed[] = [];
  const trailing: OwnIndex["trailing"] = [];
  const previous: OwnIndex["previous"] = [];
  let isHeading = false;
  for (const [at, line] of lines.entries()) {
    const wasHeading: boolean = isHeading;
    isHeading = false;
    const links = /https?:\/\/\S+|\bwww\.\S+/gi;
    const isLink =
      hasLabel(line.text, "previous") ||
      (hasLabel(lines.slice(Math.max(0, at - 2), at).findLast(({ text }) => text !== "")?.text ?? "", "previous") &&
        /^(https?:|www\.)/i.test(line.text));
    // A footer may wrap: "This is the first" above "update of UA 12/10. Further information:" above the address.
    const wrapped = [line, ...lines.slice(at + 1, at + 3)].map(({ text }) => text).join(" ");
    const begins = wrapped.search(inClosing);
    const isFooter =
      (begins >= 0 && begins < line.text.length) ||
      /\b(?:actualización|mise à jour) (?:de|sobre|sur)\b/i.test(line.text);
    const isUpdateFooter =
      isFooter &&
      /(?:further information|más información|pour (?:en savoir plus|plus d[’']informations?)) ?:? *(?:https?:|www\.)/i.test(
        wrapped,
      );
    const text = isUpdateFooter ? wrapped : line.text;
    if (isLink || isUpdateFooter) {
      furniture.add(line.number);
      for (const [address] of text.matchAll(links)) {
        const href = address
          .replace(/[.,;)\]]+$/, "")
          .replace(/^(?:http:\/\/)?(?=www\.|amnesty\.)|^http:\/\//i, "https://");
        if (!/^https:\/\/(?:[\w-]+\.)*amnesty\.[a-z.]{2,6}\//i.test(href)) continue;
        previous.push({ found: indexesIn(href.replace(/%20/g, " ").toUpperCase())[0] ?? null, href, line });
      }
      if (!/https?:|www\./i.test(text)) for (const found of indexesIn(line.text)) previous.push({ found, line });
      continue;
    }
    const label = indexLabel.exec(line.text);
    const below = indexAlone.test(line.text);
    // A heading may wrap: "Further information on UA … and" above "follow-ups (…".
    const goesOn: boolean =
      wasHeading &&
      (/^(?:\(|and\b|follow-?ups?\b)/i.test(line.text) ||
        (/^[A-Z]{3} \d\d\//.test(line.text) && !/\)$/.test(lines[at - 1]?.text ?? "")));
    const bracketed: boolean = headingStart.test(line.text) || hasLabel(line.text, "further") || goesOn;
    isHeading = bracketed;
    // No heading is that long. An index further on belongs to another text.
    const reach = line.text.length > 1000 ? 200 : line.text.length;
    for (const found of indexesIn(line.text.slice(0, reach))) {
      const before = line.text.slice(0, found.at);
      const within = before.lastIndexOf("(") > before.lastIndexOf(")");
      const isFollowUp = bracketed && (/\bfollow-?ups? $/i.test(before) || (goesOn && found.at === 0 && !label));
      if (within || isFollowUp) {
      } else if (label && label.index < found.at && found.at - label.index < 40) {
        ownIndexes.push({ found, line });
        trailing.push({ text: line.text.slice(found.at + found.written.length), line });
      } else if (bracketed && /\bAU \d{1,4}\/\d\d, $|\d \| $/.test(before)) ownIndexes.push({ found, line });
      else if (
        top.slice(0, 20).includes(line) &&
        line.text.length < 60 &&
        found.at === 0 &&
        /^$|^ ?[-–—] ?\p{Lu}[\p{L} '’-]+$/u.test(line.text.slice(found.written.length))
      )
        ownIndexes.push({ found, line });
    }
    if (below) {
      const next = lines.slice(at + 1, at + 4).find(({ text }) => text !== "");
      const found = next && indexesIn(next.text)[0];
      if (next && found && found.at === 0) ownIndexes.push({ found, line: next });
      else if (next) yield doubt("index-not-understood", next.number, next.text, "/documents/0/reference");
    } else if (label && indexesIn(line.text).length === 0) {
      const rest = line.text.slice(label.index + label[0].length, label.index + label[0].length + 40).trim();
      const [found] = indexesIn(`${rest} ${lines[at + 1]?.text ?? ""}`);
      // The index may be broken at the end of the line.
      if (found?.at === 0 && found.written.length > rest.length) ownIndexes.push({ found, line });
      else if (/\d{3}|^[A-Z]{2,4}\b.*\d/.test(rest))
        yield doubt("index-not-understood", line.number, rest, "/documents/0/reference");
    }
  }
  const indexes = distinct(ownIndexes, ({ found }) => same(found.reference));
  const ownIndex = indexes.length === 1 ? ownIndexes[0] : undefined;
  if (ownIndex) {
    yield fact(
      "/documents/0/reference",
      ownIndex.found.reference,
      ownIndex.line.number,
      ownIndex.found.unspaced ? "inferred" : "stated",
    );
    if (ownIndex.found.unspaced)
      yield doubt("index-unspaced", ownIndex.line.number, ownIndex.found.written, "/documents/0/reference");
  }
  yield* several("several-indexes", indexes, ({ found }) => found.reference, "/documents/0/reference");
  return { ownIndex, indexes, trailing, previous, furniture };
}

/** Adds the earlier texts as documents of the case. */
export function* previousDocuments({ previous, indexes }: OwnIndex): Findings {
  let count = 0;
  for (const { found, href, line } of distinct(previous, (one) =>
    one.found ? same(one.found.reference) : (one.href ?? ""),
  )) {
    if (found && indexes.some((one) => same(one.found.reference) === same(found.reference))) {
      yield doubt("link-to-itself", line.number, found.written);
      continue;
    }
    // "EUR 45/95/94" beside "EUR 44/95/94": one of them is a slip, but it is unclear which.
    const twins = distinct(
      previous
        .flatMap((one) => one.found ?? [])
        .filter(({ reference }) => found && serial(reference) === serial(found.reference)),
      ({ reference }) => same(reference),
    );
    if (twins.length > 1) {
      yield doubt("several-indexes", line.number, twins.map(({ reference }) => reference).join(", "), "/documents");
      continue;
    }
    if (count === 20) break;
    const at = `/documents/${++count}`;
    yield fact(`${at}/id`, count === 1 ? "previous" : `previous-${count}`, line.number, "inferred");
    if (found) yield fact(`${at}/reference`, found.reference, line.number);
    if (href) yield fact(`${at}/href`, href, line.number, line.text.includes(href) ? "stated" : "inferred");
    const tag = /\/(en|es|fr|ar|ru)(?:\/|$)/i.exec(href ?? "")?.[1]?.toLowerCase();
    yield fact(`${at}/lang`, tag ?? "en", line.number, tag ? "stated" : "inferred");
  }
}
