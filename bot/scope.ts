/** Parses and prints scopes: a case, a place or everything. */

import { fold } from "../shared/case/names.ts";
import { regionName } from "../shared/intl.ts";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { placeNames } from "../shared/place-names.ts";
import { numberOf } from "../shared/profile/numbers.ts";
import type { Profile } from "../shared/profile/schema.ts";
import type { CaseSummary } from "../shared/view/summary.ts";
import { isCase } from "./button-data.ts";
import type { Scope } from "./ports.ts";

/** Codes that Intl has a name for, but that ISO 3166-1 assigns to no country or has withdrawn. */
const NO_COUNTRY = new Set(
  "AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH QO RH SU TA TP UK UN VD XA XB XK YD YU ZR ZZ".split(" "),
);

const isCountry = (code: string) =>
  /^[A-Z]{2}$/.test(code) && !NO_COUNTRY.has(code) && regionName("en", code) !== undefined;

const isPlace = (code: string) => code.includes("-") || isCountry(code);

const MAX_NAME_LENGTH = 200;

/** The places that cases belong to. */
interface Places {
  codes: Set<string>;
  /** Codes by folded names, in any of our languages. */
  named: Map<string, string>;
  /** Codes by the folded names in the cases' own languages. */
  own: Map<string, string>;
}

const byList = new WeakMap<CaseSummary[], Places>();

/** The first place with a name keeps it. A list stays the same object until a case changes. */
function placesIn(summaries: CaseSummary[]): Places {
  const known = byList.get(summaries);
  if (known) return known;
  const codes = new Set(summaries.flatMap(({ places }) => places));
  const named = new Map<string, string>();
  const own = new Map<string, string>();
  const add = (names: Map<string, string>, name: string, code: string) => {
    const folded = fold(name);
    if (!names.has(folded)) names.set(folded, code);
  };
  for (const code of codes) if (isPlace(code)) for (const name of placeNames(code)) add(named, name, code);
  // Many cases share a place, and folding its name takes long.
  const seen = new Set<string>();
  for (const { iso3166, names } of summaries.flatMap((summary) => summary.placeNames ?? []))
    for (const name of iso3166 ? names : []) {
      if (seen.has(name)) continue;
      seen.add(name);
      // "Demoville, Demoland" is called by either name.
      for (const part of [name, ...name.split(",")]) add(own, part, iso3166 as string);
    }
  const places = { codes, named, own };
  byList.set(summaries, places);
  return places;
}

/** The place with this name, in any of our languages or of its case's, if a case belongs to it. */
function placeNamed(words: string, { named, own }: Places): string | null {
  const wanted = fold(words.slice(0, MAX_NAME_LENGTH));
  return wanted === "" ? null : (named.get(wanted) ?? own.get(wanted) ?? null);
}

/**
 * The place or `all` that a text names: the code of a place that a case belongs to, the code of any country, or the name of a
 * place that a case belongs to. A lower-case code counts only when a case belongs to it, because it may be a person's name.
 */
export function scopeIn(text: string, summaries: CaseSummary[]): Scope | null {
  const word = text.trim();
  if (/^(all|\*)$/i.test(word)) return "all";
  const places = placesIn(summaries);
  const code = word.toUpperCase();
  if (!/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(code)) return placeNamed(word, places);
  if (places.codes.has(code)) return code;
  return word === code && isCountry(code) ? code : null;
}

const regionIn = (locale: LocaleTag, code: string): string => regionName(locale, code) ?? code;

/** "UA 126/19", "Russia (RU)", "all cases" */
export function scopeName(scope: Scope, locale: LocaleTag, profile: Profile): string {
  if (isCase(scope)) return numberOf(scope, profile);
  if (scope === "all") return message(locale, "bot.scope.all");
  return message(locale, "bot.scope.place", { name: regionIn(locale, scope.slice(0, 2)), code: scope });
}
