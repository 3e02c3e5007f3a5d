/**
 * Reads the country of a document, behind its label or between the index and
 * the date of a heading.
 */
import { regionName } from "../../../shared/intl.ts";
import { namedPlaces, placeNames } from "../../../shared/place-names.ts";
import { type Findings, type FoundValue, fact, onlyOf } from "./finding.ts";
import { label } from "./layouts.ts";
import { type DocumentLine, wrapping } from "./lines.ts";

const plain = (name: string) =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toUpperCase()
    .replace(/&/g, "AND")
    .replace(/['’‘.]/g, "")
    .replace(/[-–\s]+/g, " ")
    .trim();

let known: Map<string, string> | null = null;

/** ISO 3166-1 codes by the names in our languages, made on first use. */
function countries(): Map<string, string> {
  known ??= new Map(
    namedPlaces()
      .filter((code) => code.length === 2)
      .flatMap((code) => placeNames(code).map((name) => [plain(name), code])),
  );
  return known;
}

/** A country's ISO 3166-1 code; null when the name is unknown. */
const countryCode = (name: string): string | null =>
  countries().get(plain(name)) ?? null;

const afterIndex = new RegExp(
  `${label("index").source.slice(1)} ?: ?[A-Z]{3} ?[\\d/]{5,14}(?:/\\w)? `,
  "iu",
);
const beforeDate = new RegExp(
  `(?<!\\p{L})${label("date").source.slice(1)} ?:`,
  "iu",
);
const labelled = new RegExp(`${label("country").source} ?: ?(.{2,60})$`, "iu");

/** Finds the country of the heading. It stays empty when there are two. */
export function* findPlace(
  lines: DocumentLine[],
  source: string,
  lang: string,
): Findings {
  const goesOn = wrapping(lines);
  const found = lines.flatMap((line, at): FoundValue<string>[] => {
    const head = line.text.slice(0, 300);
    const index = afterIndex.exec(head);
    const rest = index ? head.slice(index.index + index[0].length) : "";
    const to = rest.search(beforeDate);
    // Without a date behind it, the text may itself be the date, or go on in
    // the next line.
    const own = to >= 0 ? rest.slice(0, to).trim() : rest.trim();
    const name =
      labelled.exec(head)?.[1] ??
      (to >= 0 || (countryCode(own) && !goesOn(line, lines[at + 1]))
        ? own
        : "");
    // Names such as "Israel/OPT" are more than one place.
    const isOne =
      countryCode(name) !== null || !/[/,]| (?:and|y|et) /i.test(name);
    return /^\p{Lu}[^.;:\d]{1,59}$/u.test(name)
      ? [{ value: isOne ? name : null, line, words: name }]
      : [];
  });
  const only = yield* onlyOf(found, "/places/0", plain);
  if (!only) return;
  const { value: name, line } = only;
  const code = countryCode(name);
  // The document's words, under their own language: a page's title may be in
  // English.
  const isEnglish =
    code !== null && plain(regionName("en", code) ?? "") === plain(name);
  yield fact(`/places/0/name/${isEnglish ? "en" : lang}`, name, line);
  if (code) yield fact("/places/0/iso3166", code, line, "inferred");
  yield fact("/places/0/source", source, line, "inferred");
}
