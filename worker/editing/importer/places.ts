/** Reads the country of a document, behind its label or between the index and the date of a heading. */
import { doubt, type Findings, fact } from "./finding.ts";
import { label } from "./layouts.ts";
import { type DocumentLine, wrapping } from "./lines.ts";

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const plain = (name: string) =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toUpperCase()
    .replace(/&/g, "AND")
    .replace(/['’‘.]/g, "")
    .replace(/[-–\s]+/g, " ")
    .trim();

/** The issuer's names that differ from CLDR's, by language. */
export const issuerNames: Record<string, Record<string, string>> = {
  en: { TURKEY: "TR", "RUSSIAN FEDERATION": "RU" },
  es: {},
  fr: {},
  de: {},
  it: {},
};

let known: Map<string, { code: string; lang: string }> | null = null;

/** ISO 3166-1 codes by the names in the languages of the layouts, made on first use. A name in several of them counts as English. */
function countries(): Map<string, { code: string; lang: string }> {
  if (known) return known;
  known = new Map();
  for (const lang of Object.keys(issuerNames).toReversed()) {
    const names = new Intl.DisplayNames([lang], { type: "region", fallback: "none" });
    for (const a of letters)
      for (const b of letters) {
        // Codes of no country: reserved, private or former ones.
        if (
          /^(?:AA|Q[M-Z]|X[A-JL-Z]|ZZ|EU|EZ|UN|AC|CP|CQ|DG|EA|IC|TA|SU|YU|DD|BU|TP|ZR|AN|CS|FX|NT|UK|XK)$/.test(a + b)
        )
          continue;
        const name = names.of(a + b);
        if (name) known.set(plain(name), { code: a + b, lang });
      }
    for (const [name, code] of Object.entries(issuerNames[lang] ?? {})) known.set(name, { code, lang });
  }
  return known;
}

/** A country's ISO 3166-1 code; null when the name is unknown. */
export const countryCode = (name: string): string | null => countries().get(plain(name))?.code ?? null;

const afterIndex = new RegExp(`${label("index").source.slice(1)} ?: ?[A-Z]{3} ?[\\d/]{5,14}(?:/\\w)? `, "iu");
const beforeDate = new RegExp(`(?<!\\p{L})${label("date").source.slice(1)} ?:`, "iu");
const labelled = new RegExp(`${label("country").source} ?: ?(.{2,60})$`, "iu");

/** Finds the country of the heading. It stays empty when there are two. */
export function* findPlace(lines: DocumentLine[], source: string, lang: string): Findings {
  const goesOn = wrapping(lines);
  const found = lines.flatMap((line, at) => {
    const head = line.text.slice(0, 300);
    const index = afterIndex.exec(head);
    const rest = index ? head.slice(index.index + index[0].length) : "";
    const to = rest.search(beforeDate);
    // Without a date behind it, the text may itself be the date, or go on in the next line.
    const own = to >= 0 ? rest.slice(0, to).trim() : rest.trim();
    const name = labelled.exec(head)?.[1] ?? (to >= 0 || (countryCode(own) && !goesOn(line, lines[at + 1])) ? own : "");
    return /^\p{Lu}[^.;:\d]{1,59}$/u.test(name) ? [{ name, line: line.number }] : [];
  });
  const [first] = found;
  if (!first || new Set(found.map(({ name }) => plain(name))).size > 1) return;
  const { name, line } = first;
  const one = countries().get(plain(name));
  // Names such as "Israel/OPT" are more than one place.
  if (!one && /[/,]| (?:and|y|et) /i.test(name)) {
    yield doubt("not-understood", line, name, "/places/0");
    return;
  }
  // The document's words, under their own language: a page's title may be in another one.
  yield fact(`/places/0/name/${one?.lang === "en" ? "en" : lang}`, name, line);
  if (one) yield fact("/places/0/iso3166", one.code, line, "inferred");
  yield fact("/places/0/source", source, line, "inferred");
}
