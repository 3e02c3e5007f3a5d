/** Countries as headings write them. */
import type { Drafting } from "./draft.ts";
import type { Line } from "./lines.ts";

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
  ESPANA: "ES",
  FRANCIA: "FR",
};
const unions = new Set([
  "YUGOSLAVIA",
  "FEDERAL REPUBLIC OF YUGOSLAVIA",
  "USSR",
  "ZAIRE",
  "CZECHOSLOVAKIA",
  "SERBIA AND MONTENEGRO",
  "ISRAEL AND THE OCCUPIED TERRITORIES",
  "ISRAEL/OPT",
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
  for (const [name, code] of Object.entries(others)) known.set(name, code);
  return known;
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

/** The country in capitals that a line begins with, and what follows it; null when it begins otherwise. */
export function countryAtStart(raw: string): { name: string; rest: string; known: boolean } | null {
  const line = raw.trim();
  const capitals = /^[\p{Lu}][\p{Lu}'’.()/&-]*(?: (?:[\p{Lu}(][\p{Lu}'’.()/&-]*|and|of|the|du|de))*/u.exec(line)?.[0];
  if (!capitals) return null;
  const words = capitals.split(" ");
  for (let size = Math.min(words.length, 7); size > 0; size--) {
    const name = words.slice(0, size).join(" ").replace(/[:,]$/, "");
    const rest = line.slice(words.slice(0, size).join(" ").length);
    if (/^[\p{L}\d]/u.test(rest)) continue;
    if (countryCode(name) || unions.has(plain(name)))
      return { name, rest: rest.replace(/^[\s:,–-]+/, ""), known: true };
  }
  // One that is not known counts only where a gap or a colon sets it apart.
  const gap = /^([\p{Lu}][\p{Lu} '’.-]{2,40}?)(?:\t| {3,}|: )(?=\S)/u.exec(line);
  return gap?.[1] &&
    (/\((?:m|f)\b/i.test(line) || /\p{Lu}\p{Ll}+ (?:\p{Lu}|[-'’]){3,}(?:[ ,;]|$)/u.test(line.slice(gap[0].length)))
    ? { name: gap[1].trim(), rest: line.slice(gap[0].length), known: false }
    : null;
}

/** The country between the index and the date of a heading, or before the names; left open when two are found. */
export function findPlace(lines: Line[], source: string, drafting: Drafting): void {
  const found: { name: string; line: number }[] = [];
  for (const line of lines) {
    const heading = line.text.length < 300 && /(?:index|índice) ?: ?[A-Z]{3} ?[\d/]{5,14} /i.exec(line.text);
    if (!heading) continue;
    const from = heading.index + heading[0].length;
    const to = line.text.slice(from).search(/\b(?:(?:issue )?date|fecha) ?:/i);
    const name = (to < 0 ? line.text.slice(from) : line.text.slice(from, from + to)).trim();
    if (name && name.length < 60 && !/\d/.test(name)) found.push({ name, line: line.number });
  }
  if (found.length === 0)
    for (const line of lines.slice(0, 60)) {
      if (line.text.length > 200) continue;
      const label = /^(?:country|país|pays) ?: ?(.{2,60})$/i.exec(line.text)?.[1];
      const start = label ? null : countryAtStart(line.raw);
      const alone = start && (start.rest === "" || start.known || /\((?:m|f)\b/i.test(start.rest));
      if (label) found.push({ name: label, line: line.number });
      else if (
        start &&
        alone &&
        (start.rest === "" || /\((?:m|f)\b|\baged \d|\p{Lu}{3,}|\t/u.test(line.raw.slice(start.name.length))) &&
        !/^\d/.test(start.rest)
      )
        found.push({ name: start.name, line: line.number });
      if (found.length > 0) break;
    }
  const names = [...new Set(found.map(({ name }) => plain(name)))];
  const [first] = found;
  if (!first || names.length !== 1) return;
  // "Israel/OPT" and the like are more than one place.
  if (
    /[/,]| and (?!herzegovina|tobago|nevis|barbuda|the grenadines|principe)/i.test(first.name) &&
    !countryCode(first.name)
  ) {
    drafting.warn("country-not-known", first.line, first.name, "/places/0");
    drafting.restate("/places/0/name/en", first.name, first.line);
    return;
  }
  const code = countryCode(first.name);
  drafting.fill("/places/0/name/en", written(first.name), first.line);
  if (code) drafting.fill("/places/0/iso3166", code, first.line, "inferred");
  else drafting.warn("country-not-known", first.line, first.name, "/places/0/iso3166");
  drafting.fill("/places/0/source", source, first.line, "inferred");
}
