/** Parses and prints scopes: a case, a place, a word or everything. */

import { followCase } from "../shared/bot-address.ts";
import { isCaseId } from "../shared/case/id.ts";
import {
  fold,
  matcher,
  type SearchWords,
  searchWords,
} from "../shared/case/names.ts";
import type { Case } from "../shared/case/schema.ts";
import { plainTexts } from "../shared/case/text.ts";
import { regionName } from "../shared/intl.ts";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import {
  everyPlaceName,
  namedPlaces,
  placeName,
  placeNames,
} from "../shared/place-names.ts";
import { caseIdIn, numberOf } from "../shared/profile/numbers.ts";
import type { Profile } from "../shared/profile/schema.ts";
import type { CaseSummary } from "../shared/view/summary.ts";
import { isCase } from "./button-data.ts";
import type { CaseBook, FollowScope, KnownPlaces } from "./ports.ts";

/**
 * Codes that Intl has a name for, but that ISO 3166-1 assigns to no country or
 * has withdrawn.
 */
const NO_COUNTRY = new Set(
  "AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH QO RH SU TA TP UK UN VD XA XB XK YD YU ZR ZZ".split(
    " ",
  ),
);

const isCountry = (code: string) =>
  /^[A-Z]{2}$/.test(code) &&
  !NO_COUNTRY.has(code) &&
  regionName("en", code) !== undefined;

const isPlace = (code: string) => code.includes("-") || isCountry(code);

const MAX_NAME_LENGTH = 200;

const namesByCode = new Map<string, Set<string>>();

/** The folded names of a place, in any language. */
function namesOf(code: string): Set<string> {
  const names =
    namesByCode.get(code) ??
    new Set(isPlace(code) ? everyPlaceName(code).map(fold) : []);
  namesByCode.set(code, names);
  return names;
}

/**
 * The first character of a scope that is a word which somebody asks to follow.
 */
const WORD = "~";
/** The first character of a scope that is the row of a followed word. */
const ROW = "#";
/** In bytes of UTF-8: every followed word is stored in as many bytes. */
const MAX_WORD_BYTES = 58;
/** In folded letters. A shorter word would match almost every case. */
const MIN_WORD_LENGTH = 3;

/** In UTF-8. */
const bytesOf = (text: string): number =>
  encodeURIComponent(text).replace(/%../g, "%").length;

/** The word of a scope; null for another scope. */
export const wordOf = (scope: FollowScope): string | null =>
  scope.startsWith(WORD) ? scope.slice(WORD.length) : null;

export const scopeOfRow = (row: number): FollowScope => `${ROW}${row}`;
/** The row of a followed word; null for another scope. */
export const rowOfScope = (scope: FollowScope): number | null =>
  scope.startsWith(ROW) ? Number(scope.slice(ROW.length)) : null;

/**
 * The scope of a word or a name: any case that contains it, in any script.
 * @returns null when there is nothing to look for
 */
export function wordScope(text: string): FollowScope | null {
  const words =
    text
      .normalize("NFC")
      .match(/[\p{L}\p{M}\p{N}]+(?:['’ʼ-][\p{L}\p{M}\p{N}]+)*/gu) ?? [];
  let word = "";
  for (const next of words) {
    const longer = word === "" ? next : `${word} ${next}`;
    if (bytesOf(longer) > MAX_WORD_BYTES) break;
    word = longer;
  }
  return fold(word).length < MIN_WORD_LENGTH ? null : WORD + word;
}

/**
 * True when a text contains a followed word.
 * @param text the words of the text
 */
export const mentionsWord = (word: string, text: SearchWords): boolean =>
  matcher(word)(text);

/**
 * True when a followed word is part of an erased name, or contains the whole of
 * it.
 * @param words those of the name
 */
export function isErasedBy(
  word: string,
  { name, words }: { name: string; words: SearchWords },
): boolean {
  if (mentionsWord(word, words)) return true;
  const { all } = searchWords(word);
  const parts = fold(name).split(" ");
  return parts[0] !== "" && parts.every((part) => all.includes(part));
}

/**
 * The words of a case in which followed words are looked for: names, title,
 * summary and places, in all languages.
 */
export const wordsOfCase = ({
  people,
  places,
  summary,
  title,
}: Case): SearchWords =>
  searchWords(
    [
      ...people.flatMap(({ names }) => names.map(({ value }) => value)),
      ...[title, summary, ...places.map(({ name }) => name)].flatMap((text) =>
        Object.values(plainTexts(text)),
      ),
    ].join("\n"),
  );

/** The words of a summary in which followed words are looked for. */
export const wordsOfSummary = ({
  spellings,
  title,
  placeNames: places,
}: CaseSummary): SearchWords =>
  searchWords(
    [
      ...spellings,
      ...Object.values(plainTexts(title)),
      ...places.flatMap(({ names }) => names),
    ].join("\n"),
  );

/**
 * The place or `all` that a text names: the code of a place that a case belongs
 * to, the code of any country, or the name of a place that a case belongs to. A
 * lower-case code counts only when a case belongs to it, because it may be a
 * person's name.
 */
export function scopeIn(
  text: string,
  { codes, own }: KnownPlaces,
): FollowScope | null {
  const word = text.trim();
  if (/^(all|\*)$/i.test(word)) return "all";
  const code = word.toUpperCase();
  if (/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(code)) {
    if (codes.includes(code)) return code;
    return word === code && isCountry(code) ? code : null;
  }
  const wanted = fold(word.slice(0, MAX_NAME_LENGTH));
  return wanted === ""
    ? null
    : (codes.find((known) => namesOf(known).has(wanted)) ?? own);
}

/** `scopeIn` for the places of all cases. */
export const readScope = async (
  cases: CaseBook,
  text: string,
): Promise<FollowScope | null> =>
  scopeIn(text, await cases.places(text.trim()));

let codeByName: Map<string, FollowScope> | undefined;

/**
 * The code of any country or place that we know by this name, in any of our
 * languages, whether or not a case belongs to it.
 */
export function placeCalled(words: string): FollowScope | null {
  codeByName ??= new Map(
    namedPlaces()
      .filter(isPlace)
      .flatMap((code) =>
        placeNames(code).map((name) => [fold(name), code] as const),
      ),
  );
  return codeByName.get(fold(words.slice(0, MAX_NAME_LENGTH))) ?? null;
}

/**
 * "UA 126/19", "Russia", "this name", "all cases". A word is never named: what
 * says it would have to be erased with it.
 */
export function scopeName(
  scope: FollowScope,
  locale: LocaleTag,
  profile: Profile,
): string {
  if (isCase(scope)) return numberOf(scope, profile);
  if (scope === "all") return message(locale, "bot.scope.all");
  if (wordOf(scope) !== null || rowOfScope(scope) !== null)
    return message(locale, "bot.scope.word");
  const name = placeName(locale, scope);
  return hasNamesake(scope, locale)
    ? message(locale, "bot.scope.place", { name, code: scope })
    : name;
}

const namesakes = new Map<LocaleTag, Set<string>>();

/**
 * True when another place has the same name. Elsewhere the code is not printed:
 * that of a disputed region says who it belongs to.
 */
function hasNamesake(code: string, locale: LocaleTag): boolean {
  const nameOf = (place: string) => fold(placeName(locale, place));
  // A region without a name of its own is called as its country is.
  const isUnnamed = (place: string) =>
    place.includes("-") && nameOf(place) === nameOf(place.slice(0, 2));
  const shared = namesakes.get(locale) ?? new Set<string>();
  if (!namesakes.has(locale)) {
    const names = namedPlaces().flatMap((place) =>
      isPlace(place) && !isUnnamed(place) ? nameOf(place) : [],
    );
    for (const [index, name] of names.entries())
      if (names.indexOf(name) !== index) shared.add(name);
    namesakes.set(locale, shared);
  }
  return isUnnamed(code) || shared.has(nameOf(code));
}

/**
 * The payload of the deep link that follows a scope:
 * t.me/<bot>?start=f-ua-126-19. No link names a word: it opens the bot's help.
 */
export const followPayload = (scope: FollowScope): string =>
  wordOf(scope) === null ? followCase(scope) : "help";

/** The scope of such a payload; null for another payload. */
export function scopeOfPayload(payload: string): FollowScope | null {
  const [, text = ""] = /^f-([A-Za-z0-9_-]+)$/.exec(payload.trim()) ?? [];
  return isCaseId(text) || /^(?:all|[A-Z]{2}(?:-[A-Z0-9]{1,3})?)$/.test(text)
    ? text
    : null;
}

/**
 * What a text names for a channel: a code, a number, a place or the words of
 * one case; null when it is unclear.
 */
export async function scopeNamed(
  cases: CaseBook,
  text: string,
  profile: Profile,
): Promise<FollowScope | null> {
  const scope =
    (await readScope(cases, text)) ?? caseIdIn(text.trim(), profile);
  if (scope) return scope;
  const { cases: some, found } =
    text.trim() === "" ? { cases: [], found: 0 } : await cases.search(text, 1);
  return some[0] && found === 1
    ? some[0].id
    : found === 0
      ? placeCalled(text)
      : null;
}
