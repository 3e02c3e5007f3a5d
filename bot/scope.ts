/** Parses and prints scopes: a case, a place or everything. */

import { numberOf } from "../shared/case/id.ts";
import { fold } from "../shared/case/names.ts";
import { regionName } from "../shared/intl.ts";
import { type LocaleTag, localeTags } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { CaseSummary } from "../shared/view/summary.ts";
import { isCase } from "./button-data.ts";
import type { Scope } from "./ports.ts";

/** Codes that Intl has a name for, but that ISO 3166-1 assigns to no country or has withdrawn. */
const NO_COUNTRY = new Set(
  "AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH QO RH SU TA TP UK UN VD XA XB XK YD YU ZR ZZ".split(" "),
);

const isCountry = (code: string) =>
  /^[A-Z]{2}$/.test(code) && !NO_COUNTRY.has(code) && regionName("en", code) !== undefined;

/** The country with this name in any of our languages, if a case belongs to it. */
function countryNamed(words: string, places: Set<string>): string | null {
  const name = fold(words);
  const isCalled = (code: string) => localeTags.some((tag) => fold(regionName(tag, code) ?? "") === name);
  return (name !== "" && [...places].find((code) => isCountry(code) && isCalled(code))) || null;
}

/**
 * The place or `all` that a text names: the code of a place that a case belongs to, the code of any country, or the name of a
 * country that a case belongs to. A lower-case code counts only when a case belongs to it, because it may be a person's name.
 */
export function scopeIn(text: string, summaries: CaseSummary[]): Scope | null {
  const word = text.trim();
  if (/^(all|\*)$/i.test(word)) return "all";
  const known = new Set(summaries.flatMap(({ places }) => places));
  const code = word.toUpperCase();
  if (!/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(code)) return countryNamed(word, known);
  if (known.has(code)) return code;
  return word === code && isCountry(code) ? code : null;
}

const regionIn = (locale: LocaleTag, code: string): string => regionName(locale, code) ?? code;

/** "UA 126/19", "Russia (RU)", "all cases" */
export function scopeName(scope: Scope, locale: LocaleTag): string {
  if (isCase(scope)) return numberOf(scope);
  if (scope === "all") return message(locale, "bot.scope.all");
  return message(locale, "bot.scope.place", { name: regionIn(locale, scope.slice(0, 2)), code: scope });
}
