/** Countries as headings write them. */
import { datesIn } from "./dates.ts";
import type { Drafting } from "./draft.ts";
import type { Line } from "./lines.ts";
import { titleLabel } from "./phrases.ts";

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

// Names the issuer uses (or used) that differ from CLDR's. States that are no more have no code, and stay without one.
const others: Record<string, string> = {
  TURKEY: "TR",
  USA: "US",
  "UNITED STATES OF AMERICA": "US",
  UK: "GB",
  "VIET NAM": "VN",
  BURMA: "MM",
  MYANMAR: "MM",
  "MYANMAR (BURMA)": "MM",
  "RUSSIAN FEDERATION": "RU",
  "COTE DIVOIRE": "CI",
  "IVORY COAST": "CI",
  SWAZILAND: "SZ",
  "CAPE VERDE": "CV",
  "CZECH REPUBLIC": "CZ",
  MACEDONIA: "MK",
  "BOSNIA HERZEGOVINA": "BA",
  "BOSNIA AND HERZEGOVINA": "BA",
  "DEMOCRATIC REPUBLIC OF THE CONGO": "CD",
  "DEMOCRATIC REPUBLIC OF CONGO": "CD",
  DRC: "CD",
  "REPUBLIC OF CONGO": "CG",
  "CONGO (REPUBLIC)": "CG",
  "SOUTH KOREA": "KR",
  "REPUBLIC OF KOREA": "KR",
  "NORTH KOREA": "KP",
  "KOREA (REPUBLIC OF)": "KR",
  "KOREA (DEMOCRATIC PEOPLES REPUBLIC OF)": "KP",
  "CONGO (DEMOCRATIC REPUBLIC OF)": "CD",
  "CONGO (DEMOCRATIC REPUBLIC OF THE)": "CD",
  "CONGO (THE REPUBLIC OF)": "CG",
  UAE: "AE",
  "REPUBLIC OF MALDIVES": "MV",
  "EAST TIMOR": "TL",
  "TIMOR LESTE": "TL",
  "PEOPLES REPUBLIC OF CHINA": "CN",
  "HONG KONG": "HK",
  MOLDOVA: "MD",
  KYRGYZSTAN: "KG",
  SYRIA: "SY",
  LAOS: "LA",
  "BRUNEI DARUSSALAM": "BN",
  "SAINT LUCIA": "LC",
  "TRINIDAD AND TOBAGO": "TT",
  "THE GAMBIA": "GM",
  GAMBIA: "GM",
  BAHAMAS: "BS",
};
/** Likewise in Spanish and French. */
const foreign: Record<string, string> = {
  "FEDERACION RUSA": "RU",
  "FEDERACION DE RUSIA": "RU",
  "FEDERATION DE RUSSIE": "RU",
  "FEDERATION RUSSE": "RU",
  EEUU: "US",
  "ESTADOS UNIDOS DE AMERICA": "US",
  "ETATS UNIS DAMERIQUE": "US",
  "REPUBLICA DEMOCRATICA DEL CONGO": "CD",
  "REPUBLIQUE DEMOCRATIQUE DU CONGO": "CD",
  RDC: "CD",
  "REPUBLIQUE DU CONGO": "CG",
  BAHREIN: "BH",
  BIELORRUSIA: "BY",
  MOLDAVIE: "MD",
  "COREE DU NORD": "KP",
  "COREA DEL NORTE": "KP",
  IRAK: "IQ",
};
const unions = new Set([
  "YUGOSLAVIA",
  "FEDERAL REPUBLIC OF YUGOSLAVIA",
  "USSR",
  "ZAIRE",
  "CZECHOSLOVAKIA",
  "SERBIA AND MONTENEGRO",
  "ISRAEL AND THE OCCUPIED TERRITORIES",
  "ISRAEL AND OCCUPIED TERRITORIES",
  "ISRAEL AND THE OCCUPIED PALESTINIAN TERRITORIES",
  "ISRAEL/OPT",
  "ISRAEL/OCCUPIED TERRITORIES",
  "ISRAEL/OCCUPIED PALESTINIAN TERRITORIES",
  "PALESTINIAN AUTHORITY",
  "OCCUPIED PALESTINIAN TERRITORIES",
  "EAST JERUSALEM",
  "CHECHNYA",
  "KOSOVO",
]);

let known: Map<string, string> | null = null;

/** ISO 3166-1 by the plain name; CLDR's English, Spanish and French names, made once. */
function countries(): Map<string, string> {
  if (known) return known;
  known = new Map();
  for (const tag of ["fr", "es", "en"]) {
    const names = new Intl.DisplayNames([tag], { type: "region", fallback: "none" });
    for (const a of letters)
      for (const b of letters) {
        const code = a + b;
        if (
          /^(?:A[A]|Q[M-Z]|X[A-JL-Z]|ZZ|EU|EZ|UN|AC|CP|CQ|DG|EA|IC|TA|SU|YU|DD|BU|TP|ZR|AN|CS|FX|NT|UK|XK)$/.test(code)
        )
          continue;
        const name = names.of(code);
        if (name) known.set(plain(name), code);
      }
  }
  for (const [name, code] of Object.entries({ ...foreign, ...others })) known.set(name, code);
  return known;
}

/** True for a name that English has, CLDR's or the issuer's. */
function isEnglish(name: string): boolean {
  const code = countryCode(name);
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  return code !== null && (plain(names.of(code) ?? "") === plain(name) || plain(name) in others);
}

/** A country's ISO 3166-1 code; null when the name is not one. */
export const countryCode = (name: string): string | null => countries().get(plain(name)) ?? null;

const small = /^(?:and|of|the|de|la|du|des|el|los|d['’].*)$/i;
/** "RUSSIAN FEDERATION" as it is written outside headings; short names in capitals are abbreviations. */
function written(name: string): string {
  if (name !== name.toUpperCase() || name.replace(/[^A-Z]/g, "").length <= 3) return name;
  return name
    .toLowerCase()
    .replace(/[\p{L}'’]+/gu, (word, at: number) =>
      at > 0 && small.test(word) && !/^d['’]/.test(word)
        ? word
        : word.startsWith("d'") || word.startsWith("d’")
          ? word.slice(0, 2) + (word[2] ?? "").toUpperCase() + word.slice(3)
          : (word[0] ?? "").toUpperCase() + word.slice(1),
    );
}

/** Labels in capitals, which are followed by a colon as a country is. */
const labels =
  /^(?:NAMES?|NOMBRES?|NOMS?|PR[EÉ]NOMS?|GENDER|SEXO|GENRE|BACKGROUND|RECOMMENDED|FURTHER|APPEALS|COPIES|LETTER|SUMMARY|URGENT|UAA?|AU|EXTRA|AI INDEX)\b/u;

/** "USA-Ohio", "USA (Texas)": a part of the country, which no field of a draft holds. */
const part =
  /^(?:-(?:(?:New|North|South|West|Rhode) )?\p{Lu}\p{Ll}+|:?\s?\((?!(?:m|f)\b)\p{Lu}[^()]{2,40}\))(?=[\s:,]|$)/u;

/** The country in capitals that a line begins with, and what follows it; null when it begins otherwise. */
export function countryAtStart(raw: string): { name: string; rest: string; known: boolean } | null {
  const line = raw.trim();
  const capitals = /^[\p{Lu}][\p{Lu}'’.()/&-]*(?: (?:[\p{Lu}(][\p{Lu}'’.()/&-]*|and|of|the|du|de))*/u.exec(line)?.[0];
  if (!capitals) return null;
  // Columns that a conversion pushed together: "KENYADemo", "KENYAal-Demo".
  const glued = /^(\p{Lu}[\p{Lu} ]{2,40}\p{Lu})(?:(?=al-\p{Lu})|(?=\p{Lu}\p{Ll}))/u.exec(line)?.[1];
  if (glued && countryCode(glued)) return { name: glued, rest: line.slice(glued.length), known: true };
  const partial = /^([\p{Lu}'’.]+(?: [\p{Lu}'’.]+){0,4}?)(?=-\p{Lu}\p{Ll}|:? ?\(\p{Lu})/u.exec(line)?.[1];
  const region = partial && part.exec(line.slice(partial.length))?.[0];
  if (partial && region && (countryCode(partial) || unions.has(plain(partial))))
    return { name: partial, rest: line.slice(partial.length + region.length).replace(/^[\s:,–-]+/, ""), known: true };
  const words = capitals.split(" ");
  for (let size = Math.min(words.length, 7); size > 0; size--) {
    const name = words.slice(0, size).join(" ").replace(/[:,]$/, "");
    const rest = line.slice(words.slice(0, size).join(" ").length);
    if (/^[\p{L}\d]/u.test(rest)) continue;
    if (countryCode(name) || unions.has(plain(name))) {
      // "ERITREA / EGYPT" is neither.
      const second = /^ ?(?:[/&,]|and\b) ?(.+)$/i.exec(rest)?.[1];
      const other = second ? countryAtStart(second) : null;
      if (other?.known) return { name: `${name}/${other.name}`, rest: other.rest, known: true };
      return { name, rest: rest.replace(/^[\s:,–-]+/, ""), known: true };
    }
  }
  // One that is not known counts only where a gap or a colon sets it apart.
  if (labels.test(line)) return null;
  const gap = /^([\p{Lu}][\p{Lu} '’.-]{2,40}?)(?:\t| {3,}|: )(?=\S)/u.exec(line);
  return gap?.[1] &&
    (/\((?:m|f)\b/i.test(line) || /\p{Lu}\p{Ll}+ (?:\p{Lu}|[-'’]){3,}(?:[ ,;]|$)/u.test(line.slice(gap[0].length)))
    ? { name: gap[1].trim(), rest: line.slice(gap[0].length), known: false }
    : null;
}

const elsewhere = /^(?:\[?appeals to|send appeals|please send appeals|copies to)\b/i;

/** Where a heading states its country, most certain layouts first; each is asked only when those before it are silent. */
const layouts: ((lines: Line[], headings: Line[]) => { name: string; line: number }[])[] = [
  // "Index: EUR 50/027/2014 Country Date: 7 July 2014"
  (lines) =>
    lines.flatMap(({ text, number }) => {
      const head = text.slice(0, 300);
      const heading = /(?:index|índice) ?: ?[A-Z]{3} ?[\d/]{5,14} /i.exec(head);
      if (!heading) return [];
      const rest = head.slice(heading.index + heading[0].length);
      const to = rest.search(/\b(?:(?:issue )?date|fecha(?: de emisión)?) ?:/i);
      const name = (to < 0 ? rest : rest.slice(0, to)).trim();
      // Where no date ends it, the date itself may stand in its place.
      return name &&
        name.length < 60 &&
        !/[\d:]/.test(name) &&
        datesIn(`${name} 2000`).length === 0 &&
        (to >= 0 || text.length < 120)
        ? [{ name, line: number }]
        : [];
    }),
  // "AU 340/09, MDE 30/022/2009 – Country"; "Country Fecha: 27 de octubre de 2014"; "Country: …" as a label
  (lines, headings) => [
    ...[...headings, ...lines.slice(0, 20)].flatMap(({ text, number }) => {
      const name =
        /(?:\bAU \d{1,4}\/\d\d, |^)[A-Z]{3} \d\d\/\d{2,4}\/\d{2,4} ?[-–—] ?([^\d,;]{3,40}?)(?:$|,? \d)/u.exec(
          text,
        )?.[1];
      return name ? [{ name: name.trim(), line: number }] : [];
    }),
    ...lines.slice(0, 60).flatMap(({ text, number }) => {
      const found = /^(?:country|país|pays) ?: ?(.{2,60})$/i.exec(text)?.[1];
      const dated = /^(\p{Lu}[\p{L} '’-]{2,40}) (?:date|fecha) ?: ?\d/iu.exec(text)?.[1];
      return found
        ? [{ name: found, line: number }]
        : dated && countryCode(dated)
          ? [{ name: dated, line: number }]
          : [];
    }),
  ],
  // In capitals before the names, on the first line behind the number that is no date or index, or marked by what follows it
  (lines, headings) => {
    const below = headings.map((heading) =>
      lines
        .slice(lines.findIndex(({ number }) => number === heading.number) + 1)
        .find(
          ({ text }) =>
            text !== "" && !/^(?:\(?AI )?index\b|^distr\b/i.test(text) && datesIn(text)[0]?.asStated !== text,
        ),
    );
    for (const line of lines.slice(0, 60)) {
      if (elsewhere.test(line.text)) break;
      if (line.text.length > 200) continue;
      const start = countryAtStart(line.raw);
      if (!start || /^\d{4,}/.test(start.rest)) continue;
      const behind = line.raw.trim().slice(start.name.length);
      // A headline in capitals may begin with a country too.
      const isHeadline = start.rest !== "" && line.text === line.text.toUpperCase();
      const marked =
        start.rest === "" || /\((?:m|f|male|female)\b|\baged \d|\p{Lu}{3,}|\t|^: ?\p{Lu}\p{Ll}/u.test(behind);
      const headed = below.some((next) => next?.number === line.number);
      if (!isHeadline && (marked || (start.known && headed))) return [{ name: start.name, line: line.number }];
    }
    return [];
  },
  // "Document - Country: Further information …", "UA 12/92 - Country: fear of …", "… (Country: UA 12.20)", "UA 12/98 on Country", "Écrire Pays. …": titles of pages and mails
  (lines) => {
    const title = lines
      .filter(({ text }) => text !== "")
      .filter(({ text }, at) => at < 6 || (at < 40 && titleLabel.test(text)))
      .flatMap(({ text: whole, number }) => {
        const text = whole.replace(titleLabel, "");
        const name = [
          /^(?:document[oe]? - )?(?:[^:]{0,300}[\d)] - )?(\p{Lu}[\p{L} '’-]{2,40}?)(?: ?\([^)]{2,40}\))? ?: /iu,
          /\((\p{Lu}[\p{L} '’-]{2,40}): UA \d/u,
          /\b(?:UAA?|EXTRA|EX) \d{1,4}\/\d\d on (\p{Lu}[\p{L} '’-]{2,40})$/u,
          /^Écrire (\p{Lu}[\p{L} '’-]{2,40})\. /u,
        ]
          .map((title) => title.exec(text)?.[1])
          .find((found) => found && countryCode(found));
        return name ? [{ name, line: number }] : [];
      });
    return title.slice(0, 1);
  },
];

/** The country of a heading; left open when two are found. */
export function findPlace(lines: Line[], headings: Line[], source: string, lang: string, drafting: Drafting): void {
  let found: { name: string; line: number }[] = [];
  for (const layout of layouts) {
    found = layout(lines, headings);
    if (found.length > 0) break;
  }
  const names = [...new Set(found.map(({ name }) => plain(name)))];
  const [first] = found;
  if (!first || names.length !== 1) return;
  // "Israel/OPT" and the like are more than one place.
  if (
    /[/,]| (?:and|y|et) (?!herzegovina|tobago|nevis|barbuda|the grenadines|principe)/i.test(first.name) &&
    !countryCode(first.name)
  ) {
    drafting.warn("country-not-known", first.line, first.name, "/places/0");
    drafting.restate("/places/0/name/en", first.name, first.line);
    return;
  }
  const code = countryCode(first.name);
  const english = code ? new Intl.DisplayNames(["en"], { type: "region", fallback: "none" }).of(code) : undefined;
  // A name that is not English may stand only under its own language; a page's title is in the page's.
  const foreign = code !== null && (lang !== "en" || !isEnglish(first.name));
  if (foreign && english) drafting.fill("/places/0/name/en", english, first.line, "inferred");
  else drafting.fill(`/places/0/name/${code ? "en" : lang}`, written(first.name), first.line);
  if (code) drafting.fill("/places/0/iso3166", code, first.line, "inferred");
  else drafting.warn("country-not-known", first.line, first.name, "/places/0/iso3166");
  drafting.fill("/places/0/source", source, first.line, "inferred");
}
