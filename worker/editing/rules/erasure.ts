/**
 * An erasure is a command: an editor names what must be unsaid, and the Ledger takes it out. No operation says anything, so none changes a
 * status, a designation, a date or a flag of what stays.
 */
import * as v from "valibot";
import { freeId } from "../../../shared/case/id.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { isOutdated, type LooseText, sourceDigest, textIn, textsIn, withTexts } from "../../../shared/case/text.ts";
import { isFields } from "../../../shared/fields.ts";
import type { FieldIssue } from "../../../shared/refusals/refusals.ts";
import { isHandleField, MARK, type NameFinder, nameFinder, withMarks } from "./name-forms.ts";
import { pointerTo } from "./publication.ts";

const pointer = v.pipe(
  v.string(),
  v.regex(/^(\/[^/]*)+$/, "must be a JSON Pointer into the case"),
  v.maxLength(200, "must be at most 200 characters"),
);
const words = (most: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.nonEmpty("must not be empty"),
    v.maxLength(most, `must be at most ${most} characters`),
  );

/** One thing to erase. Ids and pointers are those of the revision that the erasure is based on. */
export const Erase = v.variant("what", [
  v.strictObject({ what: v.literal("person"), person: v.string() }),
  v.pipe(
    v.strictObject({ what: v.literal("name"), name: words(200) }),
    v.description("Every form of a name: of a person in the case, or of somebody whom its texts name"),
  ),
  v.pipe(
    v.strictObject({ what: v.literal("sentence"), sentence: words(4000) }),
    v.description("A whole sentence, wherever it stands. Its translations are sentences of their own"),
  ),
  v.pipe(
    v.strictObject({ what: v.literal("entry"), at: pointer }),
    v.description("An event, quotation, assessment, statement, earlier term or addressee"),
  ),
  v.pipe(
    v.strictObject({ what: v.literal("translation"), lang: v.string(), at: v.exactOptional(pointer) }),
    v.description("A text's translation, or all translations into a language"),
  ),
  v.pipe(
    v.strictObject({ what: v.literal("picture"), person: v.string() }),
    v.description("A picture, with its description, its credit and the record of the consent"),
  ),
  v.pipe(
    v.strictObject({ what: v.literal("document"), document: v.string() }),
    v.description("A document's title, reference and address; a neutral id stays for what it is the source of"),
  ),
  v.strictObject({ what: v.literal("link"), at: pointer }),
  v.pipe(
    v.strictObject({ what: v.literal("earlier") }),
    v.description("What earlier revisions said, which every erasure erases too"),
  ),
]);
export type Erase = v.InferOutput<typeof Erase>;

/** The lists whose entries an editor may erase by their place. */
const erasable = [
  /^\/events\/\d+$/,
  /^\/quotations\/\d+$/,
  /^\/assessments\/\d+$/,
  /^\/impact\/\d+$/,
  /^\/next\/\d+$/,
  /^\/action\/targets\/\d+$/,
  /^\/people\/\d+\/sentence\/value\/earlier\/\d+$/,
];

const keysOf = (at: string): string[] =>
  at
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));

const valueAt = (value: unknown, at: string): unknown =>
  keysOf(at).reduce<unknown>(
    (one, key) => (typeof one === "object" && one !== null ? (one as never)[key] : undefined),
    value,
  );

const stringsIn = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(stringsIn)
      : [];

const segmenter = new Intl.Segmenter("und", { granularity: "sentence" });

/** The sentences of a text, without the spaces around them. */
export const wholeSentencesOf = (text: string): string[] =>
  [...segmenter.segment(text)].flatMap(({ segment }) => segment.trim() || []);

const spellings = (people: Case["people"]) => people.flatMap(({ names }) => names.map(({ value }) => value));

const LETTERS = /[\p{L}\p{M}\p{N}]+/gu;
const MAX_NAME_WORDS = 8;

/** True for words that the case itself writes as a name: with a capital in the middle of a sentence, and never in lower case. */
function isWrittenAsName(name: string, texts: readonly string[]): boolean {
  const parts = name.match(LETTERS) ?? [];
  if (parts.length === 0 || parts.length > MAX_NAME_WORDS || parts.some((part) => !/^\p{Lu}/u.test(part))) return false;
  return parts.every(
    (part) =>
      texts.some((text) => new RegExp(`[\\p{L}\\p{N},] ${part}(?!\\p{L})`, "u").test(text)) &&
      !texts.some((text) => new RegExp(`(?<!\\p{L})${part.toLowerCase()}(?!\\p{L})`, "u").test(text)),
  );
}

/**
 * True for a name in a script without capitals that stands in the case as whole words, none of which states or denies anything.
 * @param isFunctionWord whether a word can't be a name: a status, a negation, a particle
 */
function isUncasedName(name: string, texts: readonly string[], isFunctionWord: (word: string) => boolean): boolean {
  const parts = name.match(LETTERS) ?? [];
  return (
    parts.length > 0 &&
    parts.length <= MAX_NAME_WORDS &&
    !/[\p{Lu}\p{Ll}]/u.test(name) &&
    parts.every((part) => !isFunctionWord(part) && texts.some((text) => text.match(LETTERS)?.includes(part)))
  );
}

/**
 * What makes an erasure impossible, with the place in its list of operations.
 * @param isFunctionWord whether a word of a script without capitals states or denies something, so that it is no name
 */
export function erasureIssues(
  fields: Case,
  operations: readonly Erase[],
  isFunctionWord: (word: string) => boolean,
): FieldIssue[] {
  const texts = stringsIn(fields);
  const sentences = new Set(texts.flatMap(wholeSentencesOf));
  const known = nameFinder(spellings(fields.people));
  const isKnown = (name: string) => known.formsIn(name).length >= (name.match(LETTERS)?.length ?? 0);
  const issue = (index: number, key: string, message: string) => [
    { pointer: pointerTo(["erase", index, key]), message },
  ];
  return operations.flatMap((one, index): FieldIssue[] => {
    switch (one.what) {
      case "person":
        return fields.people.some(({ id }) => id === one.person)
          ? []
          : issue(index, "person", "must be the id of a person of the case");
      case "picture":
        return fields.people.some(({ id, portrait }) => id === one.person && portrait)
          ? []
          : issue(index, "person", "must be the id of a person who has a picture");
      case "name":
        return isKnown(one.name) || isWrittenAsName(one.name, texts) || isUncasedName(one.name, texts, isFunctionWord)
          ? []
          : issue(index, "name", "must be a name of one of the case's people, or a name as the case's texts write it");
      case "sentence":
        return sentences.has(one.sentence) ? [] : issue(index, "sentence", "must be a whole sentence of the case");
      case "entry":
        return erasable.some((place) => place.test(one.at)) && valueAt(fields, one.at) !== undefined
          ? []
          : issue(
              index,
              "at",
              "must be the place of an event, quotation, assessment, statement, earlier term or addressee",
            );
      case "translation": {
        if (one.lang === fields.language) return issue(index, "lang", "must not be the case's own language");
        const placed = one.at === undefined ? textsIn(fields).map(({ text }) => text) : [valueAt(fields, one.at)];
        return placed.some((text) => isFields(text) && text[one.lang] !== undefined)
          ? []
          : issue(index, "lang", "must be the language of a translation that the case has");
      }
      case "document":
        return fields.documents.some(({ id }) => id === one.document)
          ? []
          : issue(index, "document", "must be the id of a document of the case");
      case "link":
        return /^\/links\/\d+$/.test(one.at) && valueAt(fields, one.at) !== undefined
          ? []
          : issue(index, "at", "must be the place of a link, such as /links/0");
      default:
        return [];
    }
  });
}

/** What an erasure takes out of a case. */
interface Plan {
  sentences: ReadonlySet<string>;
  finder: NameFinder;
  /** Ids of documents that hold a name or are erased, each with the neutral one that replaces it. */
  documents: ReadonlyMap<string, string>;
}

/** Without the given sentences; a mark stands for those in a row. */
function withoutSentences(text: string, sentences: ReadonlySet<string>): string {
  if (sentences.size === 0 || ![...sentences].some((one) => text.includes(one))) return text;
  const kept = [...segmenter.segment(text)].map(({ segment }) => {
    const one = segment.trim();
    return one !== "" && sentences.has(one) ? segment.replace(one, MARK) : segment;
  });
  return kept.join("").replace(/(?:\[…\]\s*){2,}/g, (marks) => MARK + (/\s$/.test(marks) ? " " : ""));
}

const erasedText = (text: string, { sentences, finder }: Plan): string => {
  const shorter = withoutSentences(text, sentences);
  return withMarks(shorter, finder.formsIn(shorter));
};

/** A copy without some entries of lists. Parts that don't change are shared with the original. */
function withoutEntries<T>(value: T, dropped: ReadonlySet<unknown>): T {
  if (dropped.size === 0 || typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, child, withoutEntries(child, dropped)] as const);
  const kept = entries.filter(([, child]) => !dropped.has(child));
  if (kept.length === entries.length && kept.every(([, before, after]) => before === after)) return value;
  const next = kept.map(([key, , after]) => [key, after] as const);
  return (Array.isArray(value) ? next.map(([, child]) => child) : Object.fromEntries(next)) as T;
}

/** A copy without what the plan takes out. `undefined` stands for a field that goes, because a part of an address can't be marked. */
function without(value: unknown, plan: Plan, key = ""): unknown {
  if (typeof value === "string") {
    if (!isHandleField(key)) return erasedText(value, plan);
    if (key === "id" || key === "source") return plan.documents.get(value) ?? value;
    return plan.finder.formsIn(decoded(value), true).length > 0 ? undefined : value;
  }
  if (Array.isArray(value)) return value.map((one) => without(one, plan)).filter((one) => one !== undefined);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).map(([name, child]) => [name, without(child, plan, name)] as const);
  // A link is nothing without its address.
  if (entries.some(([name, child]) => name === "href" && child === undefined) && entries.length === 2) return undefined;
  return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** A document of which only the id, the kind and the dates stay. */
const withoutTitle = ({ title: _, reference: __, href: ___, ...rest }: Case["documents"][number]) => rest;

/**
 * A case without what an editor names.
 * @param operations those that `erasureIssues` accepts
 * @param removed what a required text says when nothing of it is left, by language
 */
export function erasedCase(fields: Case, operations: readonly Erase[], removed: (lang: string) => string): Case {
  const leaving = new Set(operations.flatMap((one) => (one.what === "person" ? one.person : [])));
  const pictures = new Set(operations.flatMap((one) => (one.what === "picture" ? one.person : [])));
  const untitled = new Set(operations.flatMap((one) => (one.what === "document" ? one.document : [])));
  const names = operations.flatMap((one) => (one.what === "name" ? one.name : []));
  const people = fields.people.filter(({ id }) => !leaving.has(id));
  const gone = fields.people.filter(({ id }) => leaving.has(id));
  const finder = nameFinder([...names, ...spellings(gone)], spellings(people));
  const taken = new Set(fields.documents.map(({ id }) => id));
  const documents = new Map(
    [...taken]
      .filter((id) => untitled.has(id) || finder.formsIn(id, true).length > 0)
      .map((id) => {
        const neutral = freeId("document", taken);
        taken.add(neutral);
        return [id, neutral];
      }),
  );
  const plan: Plan = {
    sentences: new Set(operations.flatMap((one) => (one.what === "sentence" ? one.sentence : []))),
    finder,
    documents,
  };
  const translations = operations.flatMap((one) =>
    one.what === "translation" ? [{ lang: one.lang, text: one.at === undefined ? null : valueAt(fields, one.at) }] : [],
  );
  const dropped = new Set(
    operations.flatMap((one) => (one.what === "entry" || one.what === "link" ? [valueAt(fields, one.at)] : [])),
  );
  const translated = withTexts(withoutEntries(fields, dropped), (text) => {
    const goes = translations.filter((one) => one.text === null || one.text === text).map(({ lang }) => lang);
    return goes.length === 0 ? text : Object.fromEntries(Object.entries(text).filter(([lang]) => !goes.includes(lang)));
  });
  const staying = translated.people
    .filter(({ id }) => !leaving.has(id))
    .map(({ portrait, ...person }) => (portrait && !pictures.has(person.id) ? { ...person, portrait } : person));
  const titled = translated.documents.map((one) => (untitled.has(one.id) ? withoutTitle(one) : one));
  const next = without({ ...translated, people: staying, documents: titled }, plan) as Case;
  return withoutEmptyTexts(withMovedDigests(fields, next, plan), removed);
}

/** A translation of a text that was marked renders the marked text, unless it was outdated before. */
function withMovedDigests(before: Case, after: Case, plan: Plan): Case {
  const { language } = before;
  const moved = new Map(
    textsIn(before).map(({ text }) => {
      const source = textIn(text, language) ?? "";
      return [sourceDigest(source), sourceDigest(erasedText(source, plan))];
    }),
  );
  return withTexts(after, (text) => {
    const entries = Object.entries(text).map(([lang, entry]) =>
      typeof entry === "object" && isOutdated(text, lang, language)
        ? ([lang, { ...entry, of: moved.get(entry.of ?? "") ?? entry.of }] as const)
        : ([lang, entry] as const),
    );
    return entries.every(([lang, entry]) => entry === text[lang]) ? text : Object.fromEntries(entries);
  });
}

const isEmptied = (words: string) => words.replaceAll(MARK, "").trim() === "";

function withoutEmptyTexts(fields: Case, removed: (lang: string) => string): Case {
  const filled = (text: LooseText): LooseText => {
    const source = textIn(text, fields.language) ?? "";
    if (!isEmptied(source)) return text;
    const words = (lang: string) => removed(lang);
    const of = sourceDigest(words(fields.language));
    return Object.fromEntries(
      Object.keys(text).map((lang) => [
        lang,
        lang === fields.language ? words(lang) : { text: words(lang), of, reviewed: false },
      ]),
    );
  };
  const next = withTexts(fields, filled);
  // A spelling of which nothing is left says nothing. A person always has a preferred name.
  const people = next.people.map((person) => ({
    ...person,
    names: person.names.filter(({ value, form }) => form === "preferred" || !isEmptied(value)),
  }));
  return { ...next, people };
}

/** A text in which a mark stands, or should: for the editor to read. */
export interface ErasedPlace {
  pointer: string;
  lang: string;
  /** The sentences with a mark; the whole text where a translation has fewer marks than its original. */
  sentences: string[];
  /** True when the original has more marks than this translation. */
  lacks: boolean;
}

const marksIn = (words: string): number => words.split(MARK).length - 1;

/** Every sentence with a new mark, and every translation of such a text that has fewer marks than its original. */
export function erasedPlaces(before: Case, after: Case): ErasedPlace[] {
  const known = new Set(stringsIn(before).flatMap(wholeSentencesOf));
  const marked = (words: string) => wholeSentencesOf(words).filter((one) => one.includes(MARK) && !known.has(one));
  return textsIn(after).flatMap(({ path, text }) => {
    const own = textIn(text, after.language) ?? "";
    const isMarked = marked(own).length > 0;
    return Object.keys(text).flatMap((lang): ErasedPlace[] => {
      const words = textIn(text, lang) ?? "";
      const lacks = isMarked && marksIn(words) < marksIn(own);
      const sentences = lacks ? [words] : marked(words);
      return sentences.length === 0 ? [] : [{ pointer: pointerTo(path), lang, sentences, lacks }];
    });
  });
}
