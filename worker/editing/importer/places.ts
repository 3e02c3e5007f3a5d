/** Reads the country of a document from its heading. */
import { datesIn } from "./dates.ts";
import { doubt, type Findings, fact, prose } from "./finding.ts";
import { hasLabel, type LayoutLabel, label as labelOf } from "./layouts.ts";
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

/** The issuer's English names that differ from CLDR's. Former states have no code and are not listed. */
const namesIn = (table: string): Record<string, string> =>
  Object.fromEntries(table.split(";").map((row) => row.split(" = ").map((part) => part.trim())));
const issuerNames = namesIn(`
  TURKEY = TR; USA = US; UNITED STATES OF AMERICA = US; UK = GB; VIET NAM = VN; BURMA = MM; MYANMAR = MM; RUSSIAN FEDERATION = RU;
  IVORY COAST = CI; SWAZILAND = SZ; CZECH REPUBLIC = CZ; MACEDONIA = MK; BOSNIA HERZEGOVINA = BA;
  DEMOCRATIC REPUBLIC OF THE CONGO = CD; DEMOCRATIC REPUBLIC OF CONGO = CD; DRC = CD; REPUBLIC OF CONGO = CG;
  CONGO (REPUBLIC) = CG; REPUBLIC OF KOREA = KR; KOREA (REPUBLIC OF) = KR; KOREA (DEMOCRATIC PEOPLES REPUBLIC OF) = KP;
  CONGO (DEMOCRATIC REPUBLIC OF) = CD; CONGO (DEMOCRATIC REPUBLIC OF THE) = CD; CONGO (THE REPUBLIC OF) = CG; UAE = AE;
  REPUBLIC OF MALDIVES = MV; EAST TIMOR = TL; PEOPLES REPUBLIC OF CHINA = CN; HONG KONG = HK; BRUNEI DARUSSALAM = BN;
  SAINT LUCIA = LC; THE GAMBIA = GM`);
/** The issuer's Spanish and French names that differ from CLDR's. */
const issuerNamesAbroad = namesIn(`
  FEDERACION RUSA = RU; FEDERACION DE RUSIA = RU; FEDERATION DE RUSSIE = RU; FEDERATION RUSSE = RU; EEUU = US;
  ESTADOS UNIDOS DE AMERICA = US; ETATS UNIS DAMERIQUE = US; REPUBLIQUE DEMOCRATIQUE DU CONGO = CD; RDC = CD;
  REPUBLIQUE DU CONGO = CG`);
/** Names without a code of their own: former states, and territories. */
const codeless = new Set(
  `YUGOSLAVIA; FEDERAL REPUBLIC OF YUGOSLAVIA; USSR; ZAIRE; CZECHOSLOVAKIA; SERBIA AND MONTENEGRO;
  ISRAEL AND THE OCCUPIED TERRITORIES; ISRAEL AND OCCUPIED TERRITORIES; ISRAEL AND THE OCCUPIED PALESTINIAN TERRITORIES;
  ISRAEL/OPT; ISRAEL/OCCUPIED TERRITORIES; ISRAEL/OCCUPIED PALESTINIAN TERRITORIES; PALESTINIAN AUTHORITY;
  OCCUPIED PALESTINIAN TERRITORIES; EAST JERUSALEM; CHECHNYA; KOSOVO`
    .split(";")
    .map((name) => name.trim()),
);

let known: Map<string, string> | null = null;

/** ISO 3166-1 codes by CLDR's English, Spanish and French names and the issuer's, made on first use. */
function countries(): Map<string, string> {
  if (known) return known;
  known = new Map();
  for (const tag of ["it", "de", "fr", "es", "en"]) {
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
  for (const [name, code] of Object.entries({ ...issuerNamesAbroad, ...issuerNames })) known.set(name, code);
  return known;
}

/** True for an English name, CLDR's or the issuer's. */
function isEnglish(name: string): boolean {
  const code = countryCode(name);
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  return code !== null && (plain(names.of(code) ?? "") === plain(name) || plain(name) in issuerNames);
}

/** A country's ISO 3166-1 code; null when the name is unknown. */
export const countryCode = (name: string): string | null => countries().get(plain(name)) ?? null;

const small = /^(?:and|of|the|de|la|du|des|el|los|d['’].*)$/i;
/** "RUSSIAN FEDERATION" as "Russian Federation". Short names in capitals are abbreviations and stay. */
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

/** Labels in capitals, which a colon follows, as it may follow a country. */
const labels =
  /^(?:NAMES?|NOMBRES?|NOMS?|PR[EÉ]NOMS?|GENDER|SEXO|GENRE|BACKGROUND|RECOMMENDED|FURTHER|APPEALS|COPIES|LETTER|SUMMARY|URGENT|UAA?|AU|EXTRA|AI INDEX)\b/u;

const otherLabels: LayoutLabel[] = [
  "names",
  "gender",
  "background",
  "recommended",
  "addressees",
  "copies",
  "asks",
  "index",
  "fate",
  "furniture",
];

/** Of one heading. The country is unknown from two on, so more need not be read. */
const MAX_COUNTRIES = 4;

/**
 * The country in capitals at the start of a line, and the rest of the line; null when there is none.
 * @param most the number of countries to read at most, as in "ERITREA / EGYPT"
 */
export function countryAtStart(
  raw: string,
  most = MAX_COUNTRIES,
): { name: string; rest: string; known: boolean } | null {
  const line = raw.trim();
  const capitals = /^[\p{Lu}][\p{Lu}'’.()/&-]*(?: (?:[\p{Lu}(][\p{Lu}'’.()/&-]*|and|of|the|du|de))*/u.exec(line)?.[0];
  if (!capitals) return null;
  const words = capitals.split(" ");
  for (let size = Math.min(words.length, 7); size > 0; size--) {
    const name = words.slice(0, size).join(" ").replace(/[:,]$/, "");
    const rest = line.slice(words.slice(0, size).join(" ").length);
    if (/^[\p{L}\d]/u.test(rest)) continue;
    if (countryCode(name) || codeless.has(plain(name))) {
      // "ERITREA / EGYPT" is neither country alone.
      const second = /^ ?(?:[/&,]|and\b) ?(.+)$/i.exec(rest)?.[1];
      const other = second && most > 1 ? countryAtStart(second, most - 1) : null;
      if (other?.known) return { name: `${name}/${other.name}`, rest: other.rest, known: true };
      return { name, rest: rest.replace(/^[\s:,–-]+/, ""), known: true };
    }
  }
  // An unknown name counts only when a gap or a colon follows it.
  if (labels.test(line) || hasLabel(line, ...otherLabels)) return null;
  const gap = /^([\p{Lu}][\p{Lu} '’.-]{2,40}?)(?:\t| {2,}| ?: ?)\s{0,60}(?=\S)/u.exec(line);
  return gap?.[1] &&
    (/\((?:m|f|h|w)\b/i.test(line) || /\p{Lu}\p{Ll}+ (?:\p{Lu}|[-'’]){3,}(?:[ ,;]|$)/u.test(line.slice(gap[0].length)))
    ? { name: gap[1].trim(), rest: line.slice(gap[0].length), known: false }
    : null;
}

/** "(Kenya: UA 12.20)" in the titles of Amnesty USA's pages. */
const web = /\((\p{Lu}[\p{L}. '’-]{2,40}): (?:(?:First|Second|Third|Fourth|Fifth) )?UA \d/u;
const indexed = new RegExp(`${labelOf("index").source.slice(1)} ?: ?[A-Z]{3} ?[\\d/]{5,14}(?:/\\w)? `, "iu");
const dated = new RegExp(`(?<!\\p{L})${labelOf("date").source.slice(1)} ?:`, "iu");

const elsewhere = /^(?:\[?appeals to|send appeals|please send appeals|copies to)\b/i;

/** Ways in which a heading states its country, the most certain first. Each is tried only if those before it find nothing. */
const layouts: ((lines: DocumentLine[], headings: DocumentLine[], lang: string) => { name: string; line: number }[])[] =
  [
    // "Index: EUR 50/027/2014 Country Date: 7 July 2014"
    (lines) =>
      lines.flatMap(({ text, number }) => {
        const head = text.slice(0, 300);
        const heading = indexed.exec(head);
        if (!heading) return [];
        const rest = head.slice(heading.index + heading[0].length);
        const to = rest.search(dated);
        const name = (to < 0 ? rest : rest.slice(0, to)).trim();
        // Without a date label after it, the text may itself be the date, or go on in the next line.
        return name &&
          name.length < 60 &&
          (to >= 0 || countryCode(name) !== null) &&
          /^\p{Lu}[^.;]*$/u.test(name) &&
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
    // German documents have the country in capitals, on a line of its own above the number.
    (lines, headings, lang) =>
      (lang === "de" ? headings : []).flatMap((heading) => {
        const above = lines[lines.findIndex(({ number }) => number === heading.number) - 1];
        return above && /^\p{Lu}[\p{Lu} '’-]{2,39}$/u.test(above.text) && !hasLabel(above.text, "banner")
          ? [{ name: above.text, line: above.number }]
          : [];
      }),
    // In capitals before the names, on the first line after the number that is not a date or an index, or confirmed by the text after it
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
        .filter(({ text }, at) => at < 6 || (at < 40 && labelOf("title").test(text)))
        .flatMap(({ text: whole, number }) => {
          const text = whole.replace(labelOf("title"), "");
          const name = [
            /^(?:document[oe]? - )?(?:[^:]{0,300}[\d)] - )?(\p{Lu}[\p{L} '’-]{2,40}?)(?: ?\([^)]{2,40}\))? ?: /iu,
            web,
            /\b(?:UAA?|EXTRA|EX) \d{1,4}\/\d\d on (\p{Lu}[\p{L} '’-]{2,40})$/u,
            /^Écrire (\p{Lu}[\p{L} '’-]{2,40})\. /u,
          ]
            .map((title) => ({ found: title.exec(text)?.[1], isLabelled: title === web }))
            .find(({ found, isLabelled }) => found && (isLabelled || countryCode(found)))?.found;
          return name ? [{ name, line: number }] : [];
        });
      return title.slice(0, 1);
    },
  ];

/** Finds the country of the heading. It stays empty when there are two. @returns its code */
export function* findPlace(
  lines: DocumentLine[],
  headings: DocumentLine[],
  source: string,
  lang: string,
): Findings<string | null> {
  let found: { name: string; line: number }[] = [];
  for (const layout of layouts) {
    found = layout(lines, headings, lang);
    if (found.length > 0) break;
  }
  const names = [...new Set(found.map(({ name }) => plain(name)))];
  const [first] = found;
  if (!first || names.length !== 1) return null;
  const at = lines.findIndex(({ number }) => number === first.line);
  const line = lines[at];
  // A program may have broken the name at the end of its line.
  const goesOn = wrapping(lines);
  const isCut =
    line !== undefined &&
    ((line.text.endsWith(first.name) && countryCode(first.name) === null && goesOn(line, lines[at + 1])) ||
      (line.text.startsWith(first.name) && goesOn(lines[at - 1], line)));
  if (isCut) {
    yield doubt("country-not-known", first.line, first.name, "/places/0");
    return null;
  }
  // Names such as "Israel/OPT" are more than one place.
  if (
    /[/,]| (?:and|y|et) (?!herzegovina|tobago|nevis|barbuda|the grenadines|principe)/i.test(first.name) &&
    !countryCode(first.name)
  ) {
    yield doubt("country-not-known", first.line, first.name, "/places/0");
    yield prose("/places/0/name/en", first.name, first.line);
    return null;
  }
  const code = countryCode(first.name);
  // The document's words, under their own language: a page's title may be in another one.
  yield fact(`/places/0/name/${isEnglish(first.name) ? "en" : lang}`, written(first.name), first.line);
  if (code) yield fact("/places/0/iso3166", code, first.line, "inferred");
  else yield doubt("country-not-known", first.line, first.name, "/places/0/iso3166");
  yield fact("/places/0/source", source, first.line, "inferred");
  return code;
}
