/**
 * Human texts in several languages, and whether each translation still renders
 * its source.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { isFields } from "../fields.ts";
import type { Path } from "../values-at.ts";

/** A BCP 47 tag such as `en`, `uk` or `crh`. */
export const TAG = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/;

/**
 * Replaces a digest that could help to guess erased words. A translation with
 * it is outdated.
 */
export const ERASED_SOURCE = "outdated";

const DIGEST_CHARS = 16;

/**
 * The digest by which a translation names its source: the first 16 hex
 * characters of SHA-256.
 */
export const sourceDigest = (source: string): string =>
  bytesToHex(sha256(utf8ToBytes(source.trim()))).slice(0, DIGEST_CHARS);

/**
 * A translation as an editor may write it: the source as it stands is meant
 * where `of` is missing or empty.
 */
type LooseTranslation = {
  text?: string | undefined;
  of?: string | undefined;
  reviewed?: boolean | undefined;
};
type LooseEntry = string | LooseTranslation | undefined;

/**
 * A text that is finished or not: the case's own language holds a string, and a
 * translation an object or, on input, a string.
 */
export type LooseText = Readonly<Record<string, LooseEntry>>;

const isEntry = (value: unknown): boolean =>
  typeof value === "string" ||
  (isFields(value) && typeof value.text === "string");

/**
 * True for an object whose keys are language tags and whose values are strings
 * or translations.
 */
export const isText = (value: unknown): value is LooseText => {
  if (!isFields(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.every(([key, child]) => TAG.test(key) && isEntry(child))
  );
};

/** Every text of a case, with its path. */
export function textsIn(
  value: unknown,
  path: Path = [],
): { path: Path; text: LooseText }[] {
  if (typeof value !== "object" || value === null) return [];
  if (isText(value)) return [{ path, text: value }];
  return Object.entries(value).flatMap(([key, child]) =>
    textsIn(child, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/**
 * A copy in which `change` has replaced every text. Parts that don't change are
 * shared with the original.
 */
export function withTexts<T>(
  value: T,
  change: (text: LooseText) => LooseText,
): T {
  if (typeof value !== "object" || value === null) return value;
  if (isText(value)) return change(value) as T;
  const entries = Object.entries(value).map(
    ([key, child]) => [key, child, withTexts(child, change)] as const,
  );
  if (entries.every(([, before, after]) => before === after)) return value;
  const next = entries.map(([key, , after]) => [key, after] as const);
  return (
    Array.isArray(value)
      ? next.map(([, child]) => child)
      : Object.fromEntries(next)
  ) as T;
}

/** The string in one language. */
export function textIn(
  text: LooseText | undefined,
  lang: string,
): string | undefined {
  // A draft's text may hold anything.
  const entry: LooseEntry | null = text?.[lang];
  return typeof entry === "object" ? entry?.text : entry;
}

/** The strings by language, without anything about translations. */
export const plainTexts = (text: LooseText): Record<string, string> =>
  Object.fromEntries(
    Object.keys(text).flatMap((lang): [string, string][] => {
      const words = textIn(text, lang);
      return words === undefined ? [] : [[lang, words]];
    }),
  );

/** A copy in which every text is only its strings by language. */
export const withPlainTexts = <T>(value: T): T => withTexts(value, plainTexts);

/** The languages of a case's texts. Its own comes first. */
export const languagesIn = (fields: {
  language?: string | undefined;
}): string[] => [
  ...new Set([
    fields.language ?? "en",
    ...textsIn(fields).flatMap(({ text }) => Object.keys(text)),
  ]),
];

/**
 * Digests of sources, because a view asks for the same ones again and again.
 */
const digests = new WeakMap<LooseText, { source: string; digest: string }>();

function digestOfSource(text: LooseText, source: string): string {
  const known = digests.get(text);
  if (known?.source === source) return known.digest;
  const digest = sourceDigest(source);
  digests.set(text, { source, digest });
  return digest;
}

/**
 * True for a translation whose source has changed since a person made or
 * confirmed it.
 * @param language the language of the source, which is the case's own
 */
export function isOutdated(
  text: LooseText | undefined,
  lang: string,
  language: string,
): boolean {
  const entry = text?.[lang];
  const source = textIn(text, language);
  if (
    !text ||
    !source ||
    lang === language ||
    typeof entry !== "object" ||
    !entry.of
  )
    return false;
  return entry.of !== digestOfSource(text, source);
}

/** The number of outdated translations in a case. */
export const countOutdated = (fields: { language: string }): number =>
  textsIn(fields)
    .map(
      ({ text }) =>
        Object.keys(text).filter((lang) =>
          isOutdated(text, lang, fields.language),
        ).length,
    )
    .reduce((sum, count) => sum + count, 0);

/**
 * True for a source, and for a translation that a speaker reviewed and that
 * isn't outdated.
 */
export function isReviewed(
  text: LooseText | undefined,
  lang: string,
  language: string,
): boolean {
  const entry = text?.[lang];
  if (lang === language) return true;
  return (
    typeof entry === "object" &&
    entry.reviewed === true &&
    !isOutdated(text, lang, language)
  );
}

/**
 * A translation of the source as it stands, which no speaker has reviewed yet.
 */
export const currentTranslation = (
  text: LooseText,
  lang: string,
  language: string,
) => ({
  text: textIn(text, lang) ?? "",
  of: sourceOf(text, language),
  reviewed: false,
});

/** The digest of the source; empty while there is none. */
const sourceOf = (text: LooseText, language: string): string => {
  const source = textIn(text, language);
  return source ? digestOfSource(text, source) : "";
};

function normalText(text: LooseText, language: string): LooseText {
  const of = sourceOf(text, language);
  const isNormal = (lang: string, entry: LooseEntry) =>
    lang === language
      ? typeof entry === "string"
      : typeof entry === "object" &&
        (entry.of || entry.of === of) &&
        entry.reviewed !== undefined;
  if (Object.entries(text).every(([lang, entry]) => isNormal(lang, entry)))
    return text;
  return Object.fromEntries(
    Object.entries(text).map(([lang, entry]): [string, LooseEntry] => {
      if (lang === language) return [lang, textIn(text, lang)];
      if (typeof entry !== "object")
        return [lang, currentTranslation(text, lang, language)];
      return [
        lang,
        { ...entry, of: entry.of || of, reviewed: entry.reviewed ?? false },
      ];
    }),
  );
}

/**
 * A case in which every source is a string, and every translation says what it
 * renders and whether it was reviewed. A translation that doesn't say so
 * renders the source as it stands, and isn't reviewed. A case that is
 * unfinished stays so.
 */
export const withSources = <T extends { language?: string | undefined }>(
  fields: T,
): T => {
  const { language = "en" } = fields;
  return withTexts(fields, (text) => normalText(text, language));
};

/**
 * A case without digests of earlier sources, which could help to guess words
 * that a redaction removed.
 */
export const withoutEarlierSources = <T extends { language: string }>(
  fields: T,
): T =>
  withTexts(fields, (text) =>
    Object.fromEntries(
      Object.entries(text).map(([lang, entry]) =>
        typeof entry === "object" && isOutdated(text, lang, fields.language)
          ? [lang, { ...entry, of: ERASED_SOURCE }]
          : [lang, entry],
      ),
    ),
  );
