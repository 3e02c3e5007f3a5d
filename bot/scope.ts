/** What can be followed, read from what people write and put in words. */
import { regionName } from "../shared/intl.ts";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { CaseSummary } from "../shared/protocol.ts";
import type { Scope } from "./ports.ts";
import { isCase } from "./press.ts";

/**
 * A place or everything, if the words mean one. A code in small letters counts only where a case stands under it, since
 * people have names of two letters.
 */
export function scopeIn(text: string, summaries: CaseSummary[]): Scope | null {
  const word = text.trim();
  if (/^(all|\*)$/i.test(word)) return "all";
  const code = word.toUpperCase();
  if (!/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(code)) return null;
  if (summaries.some(({ places }) => places.includes(code))) return code;
  return word === code && regionIn("en", code.slice(0, 2)) !== code.slice(0, 2) ? code : null;
}

const regionIn = (locale: LocaleTag, code: string): string => regionName(locale, code) ?? code;

/** "UA 126/19", of an id */
export function numberOf(id: string): string {
  const [series = "", number, year] = id.split("-");
  return `${series.toUpperCase()} ${number}/${year}`;
}

/** "UA 126/19", "Russia (RU)", "all cases" */
export function scopeName(scope: Scope, locale: LocaleTag): string {
  if (isCase(scope)) return numberOf(scope);
  if (scope === "all") return message(locale, "bot.scope.all");
  return message(locale, "bot.scope.place", { name: regionIn(locale, scope.slice(0, 2)), code: scope });
}
