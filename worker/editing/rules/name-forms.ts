/**
 * Finds a name in texts, in any script: its spellings, inflected forms,
 * initials, and longer words that contain it. It finds too much rather than too
 * little, and a person decides on words that only look alike.
 */
import { APOSTROPHES } from "../../../shared/case/latin.ts";
import { fold, spells, wordKeys } from "../../../shared/case/names.ts";
import { isFields } from "../../../shared/fields.ts";
import type { Mention } from "./erase.ts";
import {
  likeness,
  NEAR,
  type NameWord as NearWord,
  nameWord as nearWord,
} from "./near-names.ts";
import { pointerTo } from "./pointers.ts";

/** The mark that replaces a name. */
export const MARK = "[…]";

/** A form of a name: a range of the text's UTF-16 units. */
export interface NameForm {
  from: number;
  to: number;
}

/**
 * Characters that print nothing, such as soft hyphens and joiners. They may
 * stand anywhere in a name.
 */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/**
 * Made at their first use, because an isolate that serves readers never needs
 * them.
 */
const makePatterns = () => ({
  word: new RegExp(
    `[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}]|[${APOSTROPHES}](?=\\p{L}))*`,
    "gu",
  ),
  /**
   * French words that lose their vowel before a name: "d'Imaginaire",
   * "puisqu'Aimée".
   */
  elision: new RegExp(
    `^(?:[cdjlmnst]|(?:lors|puis|jus|quoi)?qu)[${APOSTROPHES}](?=\\p{Lu})`,
    "iu",
  ),
  suffix: new RegExp(`[${APOSTROPHES}]\\p{Ll}+$`, "u"),
  initials:
    /(?<![\p{L}\p{M}\p{N}])\p{Lu}\p{M}*\.(?:[\s-]?\p{Lu}\p{M}*\.){0,2}/gu,
});
let made: ReturnType<typeof makePatterns> | null = null;
const patterns = () => {
  made ??= makePatterns();
  return made;
};

/** Words that stand in many names and tell nobody apart. */
const PARTICLES = new Set(
  "al el ul bin ibn bint ben de da di la le von van der d l".split(" "),
);
/** Of these, those that begin a person's name as often as any other name. */
const ALSO_NAMES = new Set(["bin", "ibn", "bint", "ben"]);

/**
 * One-letter words that Arabic writes together with the next one ("and" or
 * "so", then "to", "in" or "like"), and the article.
 */
const ARABIC_PREFIXES = "[uf]?[blk]?(?:al|l)?";

/** A key with and without what Arabic writes together with a word. */
const withoutPrefixes = (key: string): string[] => [
  key,
  ...[1, 2, 3, 4]
    .map((length) => key.slice(length))
    .filter(
      (rest) => rest.length > 1 && isPrefix.test(key.slice(0, -rest.length)),
    ),
];
const isPrefix = new RegExp(`^${ARABIC_PREFIXES}$`);

/**
 * The shortest part of a name by which a longer word is recognised:
 * "FreeServerMustafayev".
 */
const MIN_INNER_CHARS = 6;
const MIN_STEM_CHARS = 3;
/** In lower case, a shorter word is hardly a name. */
const MIN_LOWER_CASE_CHARS = 5;

const isLower = (word: string) => /^\p{Ll}/u.test(word);
const isArabic = (word: string) => /\p{Script=Arabic}/u.test(word);
/**
 * True for a key in Latin letters. Letters that have no transliteration stay as
 * they are.
 */
const isLatinKey = (key: string) => /^[a-z0-9]+$/.test(key);

/**
 * Slavic endings, folded. Those without a last vowel ("Львів", "Львов") are
 * other names as often.
 */
const ENDING = "[aeiou]*(?:m[aeiou]*|[vh][aeiou]+)?";
/** Consonants that some endings soften: "Ольга" and "Ользі". */
const softened: Record<string, string> = { h: "(?:h|zh?)", k: "(?:k|ts|ch)" };

/** The beginning that the forms of a word have in common. */
const stemOf = (key: string): string =>
  [/[aeiou]+$/, /[aeiou]$/]
    .map((ending) => key.replace(ending, ""))
    .find((cut) => cut.length >= MIN_STEM_CHARS) ?? key;

/**
 * The forms of a Cyrillic word in which the last vowel of the stem changes,
 * goes or moves: "Яків" and "Якова", "Швець" and "Шевця".
 */
function vowelForms(key: string, stem: string): string[] {
  const [, head = "", vowel, tail = ""] =
    /^(.*)([aeio])([^aeiou]+)$/.exec(stem) ?? [];
  // A short name may be all vowels but for one sound: "Анна" and "Анни".
  if (vowel === undefined)
    return stem === key && /^.+[aeiou]$/.test(key)
      ? [`${key.slice(0, -1)}[aeiou]+`]
      : [];
  const end =
    tail.slice(0, -1) + (softened[tail.slice(-1)] ?? tail.slice(-1)) + ENDING;
  if (vowel === "a") return tail === "ts" ? [`${head}a?${end}`] : [];
  const isMovable =
    !/[aeiou]/.test(head) && head.length + tail.length > MIN_STEM_CHARS;
  return [
    `${head}[eio]?${end}`,
    ...(isMovable ? [`${[...head].join("[eio]?")}${end}`] : []),
  ];
}

/** A word of the name. */
interface NameWord {
  word: string;
  /** Folded, in each way to write it. */
  keys: string[];
  stems: string[];
  /** Its forms, folded. */
  forms: RegExp;
  near: NearWord[];
}

function nameWord(word: string): NameWord {
  const keys = wordKeys(word).filter((key) => key !== "");
  const stems = [...new Set(keys.map(stemOf))];
  const forms = keys.flatMap((key) => {
    if (isArabic(word))
      return key.length > 1
        ? [`${ARABIC_PREFIXES}${key.replace(/^al(?=..)/, "(?:al)?")}.{0,3}`]
        : [];
    const stem = stemOf(key);
    const soft = stem === key ? undefined : softened[stem.slice(-1)];
    // Suffixes of Turkic languages are long, and follow the last vowel.
    const most = key.length - stem.length + (stem.length <= 4 ? 3 : 5);
    return [
      `${soft ? stem.slice(0, -1) + soft : stem}.{0,${most}}`,
      ...(/\p{Script=Cyrillic}/u.test(word) ? vowelForms(key, stem) : []),
    ];
  });
  return {
    word,
    keys,
    stems,
    forms: new RegExp(`^(?:${forms.join("|")})$`, "u"),
    near: keys.map(nearWord),
  };
}

const lowered = (word: string) => word.normalize("NFC").toLowerCase();

/**
 * True for a particle, and for a word too short to be told by its letters: both
 * are compared as they are written.
 */
const isShort = (word: string) =>
  PARTICLES.has(fold(word)) || fold(word).length < 2;

/** The words of a name that tell its person apart. */
function nameWordsOf(name: string): NameWord[] {
  const words = visibleWords(name);
  const telling = words.filter((word) => !isLower(word) && !isShort(word));
  const parts = telling.flatMap((word) =>
    word
      .split(new RegExp(`[${APOSTROPHES}]`, "u"))
      .filter((part) => part.length > 3),
  );
  return [
    ...new Set([...(telling.length > 0 ? telling : words), ...parts]),
  ].map(nameWord);
}

/**
 * Name words by their first letter, because a text of many words may be
 * compared with many names.
 */
interface NameIndex {
  byStart: Map<string, NameWord[]>;
  /** Those that may stand inside a longer word. */
  inner: string[];
  all: NameWord[];
}

function indexOf(words: readonly NameWord[]): NameIndex {
  const all = [
    ...new Map(words.map((one) => [one.keys.join(" "), one])).values(),
  ];
  const byStart = new Map<string, NameWord[]>();
  for (const one of all)
    for (const start of new Set(one.keys.map((key) => key.slice(0, 1))))
      byStart.set(start, [...(byStart.get(start) ?? []), one]);
  return {
    byStart,
    inner: all.flatMap(({ stems }) =>
      stems.filter((stem) => stem.length >= MIN_INNER_CHARS),
    ),
    all,
  };
}

/**
 * True when a word of a text is a form of one of the names' words.
 * @param isHandle true in an id or address, which have no capitals
 */
function isFormOf(
  word: string,
  { byStart, inner, all }: NameIndex,
  isHandle: boolean,
): boolean {
  if (all.length === 0) return false;
  const lower = !isHandle && isLower(word);
  const arabic = isArabic(word);
  const isForm = (key: string, { forms, stems }: NameWord) =>
    forms.test(key) &&
    (!lower ||
      stems.some(
        (stem) => stem.length >= MIN_LOWER_CASE_CHARS && key.startsWith(stem),
      ));
  /** Arabic doesn't write short vowels. */
  const isSpelt = (key: string, { word: named, keys }: NameWord) =>
    !lower &&
    arabic !== isArabic(named) &&
    (arabic ? withoutPrefixes(key) : [key]).some((bare) =>
      keys.some((own) =>
        arabic
          ? bare.length > 2 && spells(bare, own)
          : own.length > 2 && spells(own, bare),
      ),
    );
  return wordKeys(word).some(
    (key) =>
      (arabic ? all : (byStart.get(key.slice(0, 1)) ?? [])).some((one) =>
        isForm(key, one),
      ) ||
      inner.some((stem) => key.includes(stem)) ||
      all.some((one) => isSpelt(key, one)),
  );
}

/** True for initials each of which begins a word of the name. */
const areInitialsOf = (initials: string, words: readonly NameWord[]): boolean =>
  visibleWords(initials).every((letter) =>
    words.some(({ keys }) => keys.some((key) => key.startsWith(fold(letter)))),
  );

/** The words of a text, without elided ones before them. */
const wordsAt = (text: string, isHandle = false) =>
  [...text.matchAll(patterns().word)].map(({ 0: whole, index }) => {
    const elided = isHandle
      ? 0
      : (patterns().elision.exec(whole)?.[0].length ?? 0);
    return {
      word: whole.slice(elided),
      from: index + elided,
      to: index + whole.length,
    };
  });

/**
 * A text without characters that print nothing, and the way back: a range takes
 * those that stand in it and after it.
 */
function visible(text: string): {
  plain: string;
  original: (form: NameForm) => NameForm;
} {
  if (!INVISIBLE.test(text))
    return { plain: text, original: ({ from, to }) => ({ from, to }) };
  const kept = [...text.matchAll(/./gsu)].flatMap(({ 0: one, index }) =>
    INVISIBLE.test(one)
      ? []
      : [...one.split("").keys()].map((unit) => index + unit),
  );
  const original = ({ from, to }: NameForm) => ({
    from: kept[from] ?? text.length,
    to: kept[to] ?? text.length,
  });
  return { plain: kept.map((index) => text[index]).join(""), original };
}

/**
 * The words of a text, without characters that print nothing and without elided
 * words.
 */
export const visibleWords = (text: string): string[] =>
  wordsAt(visible(text).plain).map(({ word }) => word);

/**
 * A finder of some people's names.
 * @param names every spelling of the people who are looked for
 * @param others the names of people who stay; a word that both have is no form
 * by itself
 * @param isFunctionWord whether a word in lower case is no name: "Вільна" says
 * that somebody is free, and is no form of Will
 */
export function nameFinder(
  names: readonly string[],
  others: readonly string[] = [],
  isFunctionWord = (_word: string) => false,
) {
  const staying = others.flatMap(nameWordsOf);
  const wanted = names.map((name) => nameWordsOf(name));
  const all = wanted.flat();
  const stayingKeys = new Set(staying.flatMap(({ keys }) => keys));
  const isShared = ({ keys }: NameWord) =>
    keys.some((key) => stayingKeys.has(key));
  const telling = all.filter((one) => !isShared(one));
  const [tellingIndex, sharedIndex] = [
    indexOf(telling),
    indexOf(all.filter(isShared)),
  ];
  const stayingIndex = indexOf(staying);
  /**
   * Words in scripts without a transliteration, which may have no spaces
   * between words.
   */
  const verbatim = telling
    .filter(({ keys }) => !keys.every(isLatinKey))
    .map(({ word }) => word);

  const given = names.flatMap(visibleWords);
  const own = new Set(given.map(lowered));
  const statesSomething = (word: string) =>
    isFunctionWord(lowered(word)) && !own.has(lowered(word));
  /**
   * Short words of the names, as they are written, and those that are a name by
   * themselves.
   */
  const written = given.filter(isShort);
  const short = new Set(written.map(lowered));
  const isName = (word: string) =>
    !PARTICLES.has(lowered(word)) || ALSO_NAMES.has(lowered(word));
  const alone = new Set(
    written.filter((word) => !isLower(word) && isName(word)).map(lowered),
  );

  const known = new Map<string, boolean>();
  function isForm(word: string, index: NameIndex, isHandle: boolean): boolean {
    const key = `${index === tellingIndex}${isHandle}${word}`;
    let is = known.get(key);
    if (is === undefined) {
      const bare = word.replace(patterns().suffix, "");
      is =
        isFormOf(word, index, isHandle) ||
        (bare !== word && isFormOf(bare, index, isHandle));
      known.set(key, is);
    }
    return is;
  }

  function wordForms(text: string, isHandle: boolean): NameForm[] {
    const found = wordsAt(text, isHandle);
    const forms = found.flatMap(({ word, from, to }): NameForm[] => {
      if (isForm(word, tellingIndex, isHandle))
        return statesSomething(word) ? [] : [{ from, to }];
      if (
        !isLower(word) &&
        alone.has(lowered(word.replace(patterns().suffix, "")))
      )
        return [{ from, to }];
      // A shared surname is a form after an initial that only this person has.
      if (!isForm(word, sharedIndex, isHandle)) return [];
      const initials = /(?:\p{Lu}\p{M}*\.[\s-]?){1,3}$/u.exec(
        text.slice(Math.max(0, from - 20), from),
      )?.[0];
      return initials &&
        areInitialsOf(initials, telling) &&
        !areInitialsOf(initials, staying)
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
      for (
        let from = text.indexOf(word);
        from >= 0;
        from = text.indexOf(word, from + word.length)
      )
        forms.push({ from, to: from + word.length });
    return forms;
  }

  /** Initials beside a form, and all initials of a name together. */
  function initialForms(text: string, forms: readonly NameForm[]): NameForm[] {
    const starts = new Set(forms.map(({ from }) => from));
    const ends = new Set(forms.map(({ to }) => to));
    return [...text.matchAll(patterns().initials)].flatMap(
      ({ 0: initials, index: from }): NameForm[] => {
        const to = from + initials.length;
        const between =
          /,?\s?$/.exec(text.slice(Math.max(0, from - 2), from))?.[0] ?? "";
        const isBeside =
          starts.has(to) ||
          (starts.has(to + 1) && /\s/.test(text[to] ?? "")) ||
          ends.has(from - between.length);
        const letters = visibleWords(initials);
        return wanted.some(
          (words) =>
            areInitialsOf(initials, words) &&
            (isBeside ||
              (letters.length > 1 &&
                letters.length >= Math.min(words.length, 2))),
        )
          ? [{ from, to }]
          : [];
      },
    );
  }

  /**
   * The forms in a text, in order and without overlaps.
   * @param isHandle true for an id or an address
   */
  function formsIn(text: string, isHandle = false): NameForm[] {
    if (all.length === 0) return [];
    const { plain, original } = visible(text);
    const words = wordForms(plain, isHandle);
    const forms = [...words, ...initialForms(plain, words)].toSorted(
      (a, b) => a.from - b.from || b.to - a.to,
    );
    const kept: NameForm[] = [];
    for (const form of forms)
      if (form.from >= (kept.at(-1)?.to ?? 0)) kept.push(form);
    return kept.map(original);
  }

  /**
   * Words that may be the name too: like it, beside a form of one word, or of a
   * person who stays as well. For a person to decide.
   */
  function nearIn(text: string): NameForm[] {
    if (all.length === 0) return [];
    const { plain, original } = visible(text);
    const forms = joinedForms(plain, formsIn(plain));
    const alone = forms.filter(
      ({ from, to }) => wordsAt(plain.slice(from, to)).length === 1,
    );
    const words = wordsAt(plain).filter(
      ({ word, from, to }) =>
        !isLower(word) &&
        !/^\p{N}/u.test(word) &&
        !forms.some((form) => form.from < to && form.to > from),
    );
    // With another word of its own, a name that is shared is the other
    // person's.
    const others = words.filter(({ word }) =>
      isFormOf(word, stayingIndex, false),
    );
    const own = joinedForms(plain, others).filter(
      (one) =>
        !others.some(({ from, to }) => one.from === from && one.to === to),
    );
    const isOwn = ({ word, from }: { word: string } & NameForm) =>
      own.some((one) => one.from <= from && one.to > from) ||
      (isFormOf(word, stayingIndex, false) &&
        !isFormOf(word, sharedIndex, false));
    const isBeside = ({ from, to }: NameForm) =>
      alone.some(
        (form) =>
          joinedForms(
            plain,
            from < form.from ? [{ from, to }, form] : [form, { from, to }],
          ).length === 1,
      );
    const isNear = (word: string) =>
      wordKeys(word)
        .flatMap((key) => (isArabic(word) ? withoutPrefixes(key) : key))
        .some((key) =>
          all.some(({ near }) =>
            near.some((one) => likeness(nearWord(key), one) >= NEAR),
          ),
        );
    return words
      .filter(
        (one) =>
          !isOwn(one) &&
          (isBeside(one) || (!isShort(one.word) && isNear(one.word))),
      )
      .map(original);
  }

  return { formsIn, nearIn, isEmpty: all.length === 0 };
}
export type NameFinder = ReturnType<typeof nameFinder>;

/**
 * Joins forms that only spaces separate: first name and surname are one form.
 */
export function joinedForms(
  text: string,
  forms: readonly NameForm[],
): NameForm[] {
  const joined: NameForm[] = [];
  for (const form of forms) {
    const last = joined.at(-1);
    if (
      last &&
      /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}-]*$/u.test(
        text.slice(last.to, form.from),
      )
    )
      last.to = form.to;
    else joined.push({ ...form });
  }
  return joined;
}

/** A text with the mark in place of each form. */
export const withMarks = (text: string, forms: readonly NameForm[]): string =>
  joinedForms(text, forms).reduceRight(
    (marked, { from, to }) => marked.slice(0, from) + MARK + marked.slice(to),
    text,
  );

/** True for the place of an id or an address, which holds no words. */
export const isHandleAt = (pointer: string): boolean =>
  /\/(?:id|source|href|email)$/.test(pointer);
/** True for the place of a country's code: "MA" is no form of Ma. */
export const isCodeAt = (pointer: string): boolean =>
  /\/(?:authorities\/\d+|iso3166)$/.test(pointer);

/** An address as people read it. */
export function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

const CONTEXT_CHARS = 40;

/** A form with the words around it. */
export const mentionOf = (
  pointer: string,
  text: string,
  { from, to }: NameForm,
): Mention => ({
  pointer,
  before: text.slice(Math.max(0, from - CONTEXT_CHARS), from),
  word: text.slice(from, to),
  after: text.slice(to, to + CONTEXT_CHARS),
});

/** Every form of a name in a value, field by field. */
export function nameMentionsIn(
  value: unknown,
  finder: NameFinder,
  pointer = "",
): Mention[] {
  if (finder.isEmpty) return [];
  if (typeof value === "string" && !isCodeAt(pointer)) {
    const text = isHandleAt(pointer) ? decoded(value) : value;
    return joinedForms(text, finder.formsIn(text, isHandleAt(pointer))).map(
      (form) => mentionOf(pointer, text, form),
    );
  }
  if (Array.isArray(value))
    return value.flatMap((one, index) =>
      nameMentionsIn(one, finder, `${pointer}/${index}`),
    );
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    nameMentionsIn(child, finder, pointer + pointerTo([key])),
  );
}
