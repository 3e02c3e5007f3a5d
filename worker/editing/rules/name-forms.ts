/**
 * Finds a name in texts, in any script: its spellings, inflected forms, initials, and longer words that contain it. It finds too much rather
 * than too little, and a person decides on words that only look alike.
 */
import { APOSTROPHES } from "../../../shared/case/latin.ts";
import { fold, spells, wordKeys } from "../../../shared/case/names.ts";
import { isFields } from "../../../shared/fields.ts";

/** The mark that replaces a name. */
export const MARK = "[…]";

/** A form of a name: a range of the text's UTF-16 units. */
export interface NameForm {
  from: number;
  to: number;
}

/** A form of a name in a field, with the words around it. */
export interface Mention {
  /** JSON Pointer (RFC 6901). */
  pointer: string;
  before: string;
  word: string;
  after: string;
}

/** Characters that print nothing, which may stand inside a word: soft hyphens, joiners and spaces without a width. */
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060]/gu;

/** Made at their first use, because an isolate that serves readers never needs them. */
const makePatterns = () => ({
  word: new RegExp(
    `[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}]|[${APOSTROPHES}](?=\\p{L})|${INVISIBLE.source}(?=[\\p{L}\\p{M}]))*`,
    "gu",
  ),
  /** French words that lose their vowel before a name: "d'Imaginaire", "puisqu'Aimée". */
  elision: new RegExp(`^(?:[cdjlmnst]|(?:lors|puis|jus|quoi)?qu)[${APOSTROPHES}](?=\\p{Lu})`, "iu"),
  suffix: new RegExp(`[${APOSTROPHES}]\\p{Ll}+$`, "u"),
  initials: /(?<![\p{L}\p{M}\p{N}])\p{Lu}\p{M}*\.(?:[\s-]?\p{Lu}\p{M}*\.){0,2}/gu,
});
let made: ReturnType<typeof makePatterns> | null = null;
const patterns = () => {
  made ??= makePatterns();
  return made;
};

/** Words that stand in many names and tell nobody apart. */
const PARTICLES = new Set([
  "al",
  "el",
  "ul",
  "bin",
  "ibn",
  "bint",
  "ben",
  "de",
  "da",
  "di",
  "la",
  "le",
  "von",
  "van",
  "der",
  "d",
  "l",
]);
/** Of these, those that begin a person's name as often as any other name. */
const ALSO_NAMES = new Set(["bin", "ibn", "bint", "ben"]);

/** One-letter words that Arabic writes together with the next one ("and" or "so", then "to", "in" or "like"), and the article. */
const ARABIC_PREFIXES = [/^[uf](?=..)/, /^[blk](?=..)/, /^(?:al|l)(?=..)/];

/** A key with and without what Arabic writes together with a word. */
function withoutPrefixes(key: string): string[] {
  const keys = new Set([key]);
  for (const prefix of ARABIC_PREFIXES) for (const one of [...keys]) keys.add(one.replace(prefix, ""));
  return [...keys];
}

/** The shortest part of a name by which a longer word is recognised: "FreeServerMustafayev". */
const MIN_INNER_CHARS = 6;
const MIN_STEM_CHARS = 3;
/** In lower case, a shorter word is hardly a name. */
const MIN_LOWER_CASE_CHARS = 5;

const isLower = (word: string) => /^\p{Ll}/u.test(word);
const isArabic = (word: string) => /\p{Script=Arabic}/u.test(word);
/** True for a key in Latin letters. Letters that have no transliteration stay as they are. */
const isLatinKey = (key: string) => /^[a-z0-9]+$/.test(key);

const wordsOf = (text: string): string[] =>
  (text.match(patterns().word) ?? []).map((word) => word.replace(INVISIBLE, ""));

/** The beginnings that inflected forms have in common: without the ending, with a softened consonant, or without a fleeting vowel. */
function stemsOf(key: string): string[] {
  const stem =
    [/[aeiou]+$/, /[aeiou]$/, /$/]
      .map((ending) => key.replace(ending, ""))
      .find((cut) => cut.length >= MIN_STEM_CHARS) ?? key;
  const softened: [RegExp, string[]][] = [
    [/h$/, ["z", "zh"]],
    [/k$/, ["ts", "ch"]],
  ];
  return [
    stem,
    ...softened.flatMap(([last, others]) =>
      stem !== key && last.test(stem) ? others.map((other) => stem.replace(last, other)) : [],
    ),
    ...(stem.length > 4 ? [stem.replace(/[eo](ts|k|l|n|r)$/, "$1")].filter((other) => other !== stem) : []),
  ];
}

/** The longest ending after a stem. */
const maxEnding = (stem: string) => (stem.length <= 4 ? 3 : 5);

/** Endings of Slavic nouns after a vowel that the other cases lose: "Лев" and "Льва", "Орел" and "Орлом". */
const FLEETING_ENDINGS = ["a", "u", "om", "em", "e", "i", "ovi", "evi", "am", "ami"];

/** A word of the name. */
interface NameWord {
  word: string;
  keys: string[];
  stems: string[];
}

const nameWord = (word: string): NameWord => {
  const own = wordKeys(word).filter((key) => key !== "");
  const isSlavic = /\p{Script=Cyrillic}/u.test(word);
  const fleeting = own.flatMap((key) => {
    const stem = isSlavic && key.length <= 5 ? key.replace(/[eo](?=[^aeiou]$)/, "") : key;
    return stem === key ? [] : FLEETING_ENDINGS.map((ending) => stem + ending);
  });
  return { word, keys: [...own, ...fleeting], stems: [...new Set(own.flatMap(stemsOf))] };
};

const lowered = (word: string) => word.normalize("NFC").toLowerCase();

/** True for a particle, and for a word too short to be told by its letters: both are compared as they are written. */
const isShort = (word: string) => PARTICLES.has(fold(word)) || fold(word).length < 2;

/** The words of a name that tell its person apart. */
function nameWordsOf(name: string): NameWord[] {
  const words = wordsOf(name);
  const telling = words.filter((word) => !isLower(word) && !isShort(word));
  const parts = telling.flatMap((word) =>
    word.split(new RegExp(`[${APOSTROPHES}]`, "u")).filter((part) => part.length > 3),
  );
  return [...new Set([...(telling.length > 0 ? telling : words), ...parts])].map(nameWord);
}

/** Name words by the first two letters of their stems, because a text of many words may be compared with many names. */
interface NameIndex {
  byStart: Map<string, NameWord[]>;
  /** Those that may stand inside a longer word. */
  inner: NameWord[];
  /** Those that are compared in another way, because one of the two words is Arabic. */
  all: NameWord[];
}

function indexOf(words: readonly NameWord[]): NameIndex {
  const all = [...new Map(words.map((one) => [one.keys.join(" "), one])).values()];
  const byStart = new Map<string, NameWord[]>();
  for (const one of all)
    for (const start of new Set([...one.stems, ...one.keys].map((key) => key.slice(0, 2))))
      byStart.set(start, [...(byStart.get(start) ?? []), one]);
  return { byStart, inner: all.filter(({ stems }) => stems.some((stem) => stem.length >= MIN_INNER_CHARS)), all };
}

/** True when two words, one of them Arabic, are the same name. */
function isArabicForm(word: string, found: readonly string[], { keys, word: named }: NameWord): boolean {
  const bare = isArabic(word) ? found.flatMap(withoutPrefixes) : found;
  if (isArabic(word) && isArabic(named))
    return bare.some((key) =>
      keys
        .flatMap((own) => [own, own.replace(/^al(?=..)/, "")])
        .some((own) => own.length > 1 && key.startsWith(own) && key.length - own.length <= 3),
    );
  return bare.some((key) =>
    keys.some((own) => {
      const [arabic, latin] = isArabic(word) ? [key, own] : [own, key];
      return arabic.length > 2 && spells(arabic, latin);
    }),
  );
}

/** True when a word of a text is a form of one of the names' words. @param isHandle true in an id or address, which have no capitals */
function isFormOf(word: string, { byStart, inner, all }: NameIndex, isHandle: boolean): boolean {
  if (all.length === 0) return false;
  const lower = !isHandle && isLower(word);
  const found = wordKeys(word);
  const follows = (key: string) =>
    byStart
      .get(key.slice(0, 2))
      ?.some(
        ({ keys, stems }) =>
          (!lower && keys.includes(key)) ||
          stems.some(
            (stem) =>
              key.startsWith(stem) &&
              key.length - stem.length <= maxEnding(stem) &&
              (!lower || stem.length >= MIN_LOWER_CASE_CHARS),
          ),
      ) ?? false;
  const contains = (key: string) =>
    key.length >= MIN_INNER_CHARS &&
    inner.some(({ stems }) => stems.some((stem) => stem.length >= MIN_INNER_CHARS && key.includes(stem)));
  if (found.some((key) => follows(key) || contains(key))) return true;
  const arabic = isArabic(word);
  return !lower && all.some((one) => (arabic || isArabic(one.word)) && isArabicForm(word, found, one));
}

/** True for initials each of which begins a word of the name. */
const areInitialsOf = (initials: string, words: readonly NameWord[]): boolean =>
  wordsOf(initials).every((letter) => words.some(({ keys }) => keys.some((key) => key.startsWith(fold(letter)))));

/**
 * A finder of some people's names.
 * @param names every spelling of the people who are looked for
 * @param others the names of people who stay; a word that both have is no form by itself
 */
export function nameFinder(names: readonly string[], others: readonly string[] = []) {
  const staying = others.flatMap(nameWordsOf);
  const wanted = names.map((name) => nameWordsOf(name));
  const all = wanted.flat();
  const stayingKeys = new Set(staying.flatMap(({ keys }) => keys));
  const isShared = ({ keys }: NameWord) => keys.some((key) => stayingKeys.has(key));
  const telling = all.filter((one) => !isShared(one));
  const [tellingIndex, sharedIndex] = [indexOf(telling), indexOf(all.filter(isShared))];
  /** Words in scripts without a transliteration, which may have no spaces between words. */
  const verbatim = telling.filter(({ keys }) => !keys.every(isLatinKey)).map(({ word }) => word);

  /** Short words of the names, as they are written. */
  const short = new Set(names.flatMap((name) => wordsOf(name).filter(isShort).map(lowered)));
  const alone = new Set(
    names.flatMap((name) =>
      wordsOf(name)
        .filter(
          (word) => isShort(word) && !isLower(word) && (!PARTICLES.has(lowered(word)) || ALSO_NAMES.has(lowered(word))),
        )
        .map(lowered),
    ),
  );

  const isForm = (word: string, index: NameIndex, isHandle: boolean): boolean =>
    isFormOf(word, index, isHandle) ||
    (patterns().suffix.test(word) && isFormOf(word.replace(patterns().suffix, ""), index, isHandle));

  function wordForms(text: string, isHandle: boolean): NameForm[] {
    const found = [...text.matchAll(patterns().word)].map(({ 0: whole, index }) => {
      const elided = isHandle ? 0 : (patterns().elision.exec(whole)?.[0].length ?? 0);
      return { word: whole.slice(elided).replace(INVISIBLE, ""), from: index + elided, to: index + whole.length };
    });
    const forms = found.flatMap(({ word, from, to }): NameForm[] => {
      if (isForm(word, tellingIndex, isHandle)) return [{ from, to }];
      if (!isLower(word) && alone.has(lowered(word.replace(patterns().suffix, "")))) return [{ from, to }];
      // A shared surname is a form after an initial that only this person has.
      if (!isForm(word, sharedIndex, isHandle)) return [];
      const initials = /(?:\p{Lu}\p{M}*\.[\s-]?){1,3}$/u.exec(text.slice(Math.max(0, from - 20), from))?.[0];
      return initials && areInitialsOf(initials, telling) && !areInitialsOf(initials, staying)
        ? [{ from: from - initials.length, to }]
        : [];
    });
    // A particle of the name, beside another of its words.
    const starts = new Set(forms.map(({ from }) => from));
    for (const { word, from, to } of found.toReversed())
      if (
        short.has(lowered(word)) &&
        /^[\s'’-]?$/.test(text.slice(to, to + 1)) &&
        (starts.has(to) || starts.has(to + 1))
      ) {
        forms.push({ from, to });
        starts.add(from);
      }
    for (const word of verbatim)
      for (let from = text.indexOf(word); from >= 0; from = text.indexOf(word, from + word.length))
        forms.push({ from, to: from + word.length });
    return forms;
  }

  /** Initials beside a form, and all initials of a name together. */
  function initialForms(text: string, forms: readonly NameForm[]): NameForm[] {
    const starts = new Set(forms.map(({ from }) => from));
    const ends = new Set(forms.map(({ to }) => to));
    return [...text.matchAll(patterns().initials)].flatMap(({ 0: initials, index: from }): NameForm[] => {
      const to = from + initials.length;
      const between = /,?\s?$/.exec(text.slice(Math.max(0, from - 2), from))?.[0] ?? "";
      const isBeside =
        starts.has(to) || (starts.has(to + 1) && /\s/.test(text[to] ?? "")) || ends.has(from - between.length);
      const letters = wordsOf(initials);
      return wanted.some(
        (words) =>
          areInitialsOf(initials, words) &&
          (isBeside || (letters.length > 1 && letters.length >= Math.min(words.length, 2))),
      )
        ? [{ from, to }]
        : [];
    });
  }

  /** The forms in a text, in order and without overlaps. @param isHandle true for an id or an address */
  function formsIn(text: string, isHandle = false): NameForm[] {
    if (all.length === 0) return [];
    const words = wordForms(text, isHandle);
    const forms = [...words, ...initialForms(text, words)].toSorted((a, b) => a.from - b.from || b.to - a.to);
    const kept: NameForm[] = [];
    for (const form of forms) if (form.from >= (kept.at(-1)?.to ?? 0)) kept.push(form);
    return kept;
  }

  return { formsIn, isEmpty: all.length === 0 };
}
export type NameFinder = ReturnType<typeof nameFinder>;

/** Joins forms that only spaces separate: first name and surname are one form. */
export function joinedForms(text: string, forms: readonly NameForm[]): NameForm[] {
  const joined: NameForm[] = [];
  for (const form of forms) {
    const last = joined.at(-1);
    if (last && /^[\s-]*$/.test(text.slice(last.to, form.from))) last.to = form.to;
    else joined.push({ ...form });
  }
  return joined;
}

/** A text with the mark in place of each form. */
export const withMarks = (text: string, forms: readonly NameForm[]): string =>
  joinedForms(text, forms).reduceRight((marked, { from, to }) => marked.slice(0, from) + MARK + marked.slice(to), text);

/** Fields that hold an id or an address in place of words. */
export const isHandleField = (key: string): boolean =>
  key === "id" || key === "source" || key === "href" || key === "email";

/** An address as people read it. */
export function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

const CONTEXT_CHARS = 40;

const escaped = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** A form with the words around it. */
export const mentionOf = (pointer: string, text: string, { from, to }: NameForm): Mention => ({
  pointer,
  before: text.slice(Math.max(0, from - CONTEXT_CHARS), from),
  word: text.slice(from, to),
  after: text.slice(to, to + CONTEXT_CHARS),
});

/** Every form of a name in a value, field by field. */
export function nameMentionsIn(value: unknown, finder: NameFinder, pointer = ""): Mention[] {
  if (finder.isEmpty) return [];
  if (typeof value === "string") {
    const isHandle = isHandleField(pointer.slice(pointer.lastIndexOf("/") + 1));
    const text = isHandle ? decoded(value) : value;
    return joinedForms(text, finder.formsIn(text, isHandle)).map((form) => mentionOf(pointer, text, form));
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => nameMentionsIn(one, finder, `${pointer}/${index}`));
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => nameMentionsIn(child, finder, `${pointer}/${escaped(key)}`));
}
