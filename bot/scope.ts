/** Parses and prints scopes: a case, a place, a word or everything. */

import { followCase } from "../shared/bot-address.ts";
import { isCaseId } from "../shared/case/id.ts";
import { fold, matcher, type SearchWords, searchWords } from "../shared/case/names.ts";
import type { Case } from "../shared/case/schema.ts";
import { plainTexts } from "../shared/case/text.ts";
import { regionName } from "../shared/intl.ts";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { everyPlaceName, namedPlaces, placeName, placeNames } from "../shared/place-names.ts";
import { caseIdIn, numberOf } from "../shared/profile/numbers.ts";
import type { Profile } from "../shared/profile/schema.ts";
import type { CaseSummary } from "../shared/view/summary.ts";
import { isCase } from "./button-data.ts";
import type { CaseBook, FollowScope, KnownPlaces } from "./ports.ts";
import { inert } from "./text.ts";

/** Codes that Intl has a name for, but that ISO 3166-1 assigns to no country or has withdrawn. */
const NO_COUNTRY = new Set(
  "AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH QO RH SU TA TP UK UN VD XA XB XK YD YU ZR ZZ".split(" "),
);

const isCountry = (code: string) =>
  /^[A-Z]{2}$/.test(code) && !NO_COUNTRY.has(code) && regionName("en", code) !== undefined;

const isPlace = (code: string) => code.includes("-") || isCountry(code);

const MAX_NAME_LENGTH = 200;

const namesByCode = new Map<string, Set<string>>();

/** The folded names of a place, in any language. */
function namesOf(code: string): Set<string> {
  const names = namesByCode.get(code) ?? new Set(isPlace(code) ? everyPlaceName(code).map(fold) : []);
  namesByCode.set(code, names);
  return names;
}

/** The first character of a scope that is a word. */
const WORD = "~";
/** In bytes of UTF-8: a button's data has room for 64, its action and the tilde included. */
const MAX_WORD_BYTES = 58;
/** In folded letters. A shorter word would match almost every case. */
const MIN_WORD_LENGTH = 3;

/** In UTF-8. */
const bytesOf = (text: string): number => encodeURIComponent(text).replace(/%../g, "%").length;

/** The word of a scope; null for another scope. */
export const wordOf = (scope: FollowScope): string | null => (scope.startsWith(WORD) ? scope.slice(WORD.length) : null);

/** The scope of a word or a name: any case that contains it, in any script. @returns null when there is nothing to look for */
export function wordScope(text: string): FollowScope | null {
  const words = text.normalize("NFC").match(/[\p{L}\p{M}\p{N}]+(?:['’ʼ-][\p{L}\p{M}\p{N}]+)*/gu) ?? [];
  let word = "";
  for (const next of words) {
    const longer = word === "" ? next : `${word} ${next}`;
    if (bytesOf(longer) > MAX_WORD_BYTES) break;
    word = longer;
  }
  return fold(word).length < MIN_WORD_LENGTH ? null : WORD + word;
}

/** True when a text contains the word of a scope. @param text the words of the text */
export const mentionsWord = (scope: FollowScope, text: SearchWords): boolean => {
  const word = wordOf(scope);
  return word !== null && matcher(word)(text);
};

/** The words of a case in which followed words are looked for: names, title, summary and places, in all languages. */
export const wordsOfCase = ({ people, places, summary, title }: Case): SearchWords =>
  searchWords(
    [
      ...people.flatMap(({ names }) => names.map(({ value }) => value)),
      ...[title, summary, ...places.map(({ name }) => name)].flatMap((text) => Object.values(plainTexts(text))),
    ].join("\n"),
  );

/** The words of a summary in which followed words are looked for. */
export const wordsOfSummary = ({ spellings, title, placeNames: places }: CaseSummary): SearchWords =>
  searchWords([...spellings, ...Object.values(plainTexts(title)), ...places.flatMap(({ names }) => names)].join("\n"));

/**
 * The place or `all` that a text names: the code of a place that a case belongs to, the code of any country, or the name of a
 * place that a case belongs to. A lower-case code counts only when a case belongs to it, because it may be a person's name.
 */
export function scopeIn(text: string, { codes, own }: KnownPlaces): FollowScope | null {
  const word = text.trim();
  if (/^(all|\*)$/i.test(word)) return "all";
  const code = word.toUpperCase();
  if (/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(code)) {
    if (codes.includes(code)) return code;
    return word === code && isCountry(code) ? code : null;
  }
  const wanted = fold(word.slice(0, MAX_NAME_LENGTH));
  return wanted === "" ? null : (codes.find((known) => namesOf(known).has(wanted)) ?? own);
}

/** `scopeIn` for the places of all cases. */
export const readScope = async (cases: CaseBook, text: string): Promise<FollowScope | null> =>
  scopeIn(text, await cases.places(text.trim()));

let codeByName: Map<string, FollowScope> | undefined;

/** The code of any country or place that we know by this name, in any of our languages, whether or not a case belongs to it. */
export function placeCalled(words: string): FollowScope | null {
  codeByName ??= new Map(
    namedPlaces()
      .filter(isPlace)
      .flatMap((code) => placeNames(code).map((name) => [fold(name), code] as const)),
  );
  return codeByName.get(fold(words.slice(0, MAX_NAME_LENGTH))) ?? null;
}

/** "UA 126/19", "Russia (RU)", "“kuku”", "all cases" */
export function scopeName(scope: FollowScope, locale: LocaleTag, profile: Profile): string {
  if (isCase(scope)) return numberOf(scope, profile);
  if (scope === "all") return message(locale, "bot.scope.all");
  const word = wordOf(scope);
  if (word !== null) return message(locale, "bot.scope.word", { word: inert(word) });
  return message(locale, "bot.scope.place", { name: placeName(locale, scope), code: scope });
}

/** A word in the characters of a payload: every byte of other letters as "_d0". */
const escaped = (word: string): string => encodeURIComponent(word).replaceAll("'", "%27").replaceAll("%", "_");

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("_", "%"));
  } catch {
    return null;
  }
}

/** The most characters of the payload of a deep link. */
const MAX_PAYLOAD_LENGTH = 64;

/** The payload of the deep link that follows a scope: t.me/<bot>?start=f-ua-126-19. A word that is too long opens the bot's help. */
export function followPayload(scope: FollowScope): string {
  const word = wordOf(scope);
  const payload = word === null ? followCase(scope) : `w-${escaped(word)}`;
  return payload.length > MAX_PAYLOAD_LENGTH ? "help" : payload;
}

/** The scope of such a payload; null for another payload. */
export function scopeOfPayload(payload: string): FollowScope | null {
  const [, kind, text = ""] = /^([fw])-([A-Za-z0-9_-]+)$/.exec(payload.trim()) ?? [];
  if (kind === "w") return wordScope(unescaped(text) ?? "");
  return kind === "f" && (isCaseId(text) || /^(?:all|[A-Z]{2}(?:-[A-Z0-9]{1,3})?)$/.test(text)) ? text : null;
}

/** What a text names for a channel: a code, a number, a place or the words of one case; null when it is unclear. */
export async function scopeNamed(cases: CaseBook, text: string, profile: Profile): Promise<FollowScope | null> {
  const scope = (await readScope(cases, text)) ?? caseIdIn(text.trim(), profile);
  if (scope) return scope;
  const { cases: some, found } = text.trim() === "" ? { cases: [], found: 0 } : await cases.search(text, 1);
  return some[0] && found === 1 ? some[0].id : found === 0 ? placeCalled(text) : null;
}
