/**
 * An erasure is a command: an editor names what must be unsaid, and the Ledger takes it out. No operation says anything, so none changes a
 * status, a designation, a date or a flag of what stays.
 */
import { freeId } from "../../../shared/case/id.ts";
import { latin } from "../../../shared/case/latin.ts";
import type { Case, Note } from "../../../shared/case/schema.ts";
import { isOutdated, type LooseText, sourceDigest, textIn, textsIn, withTexts } from "../../../shared/case/text.ts";
import { isFields } from "../../../shared/fields.ts";
import type { FieldIssue } from "../../../shared/refusals/refusals.ts";
import type { Erase, ErasedPlace, ErasedRevision, MarkCount } from "./erase.ts";
import { canonicalJson, isSame } from "./merge.ts";
import {
  decoded,
  isHandleField,
  joinedForms,
  MARK,
  type Mention,
  mentionOf,
  type NameFinder,
  type NameForm,
  nameFinder,
  nameMentionsIn,
  withMarks,
} from "./name-forms.ts";
import { pointerTo } from "./publication.ts";
import { segmentsOf, wholeSentencesOf } from "./segments.ts";

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
  const isKnown = (name: string) => known.formsIn(name).length >= Math.max(1, wordCount(name));
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
  /** Words that an editor confirmed to be no form of a name, each with its place in the case before the erasure. */
  alike: readonly { pointer: string; word: string }[];
  /** The place before the erasure of what stands at a place after it. */
  placeBefore: (pointer: string) => string;
}

/** Without the given sentences; a mark stands for those in a row. */
function withoutSentences(text: string, sentences: ReadonlySet<string>): string {
  if (sentences.size === 0 || ![...sentences].some((one) => text.includes(one))) return text;
  const kept = segmentsOf(text).map((segment) => {
    const one = segment.trim();
    return one !== "" && sentences.has(one) ? segment.replace(one, MARK) : segment;
  });
  return kept.join("").replace(/(?:\[…\]\s*){2,}/g, (marks) => MARK + (/\s$/.test(marks) ? " " : ""));
}

/** The forms of the names in a text. @param pointer its place before the erasure */
const formsAt = (pointer: string, text: string, { finder, alike }: Plan): NameForm[] =>
  joinedForms(text, finder.formsIn(text)).filter(
    ({ from, to }) => !alike.some((one) => one.pointer === pointer && one.word === text.slice(from, to)),
  );

/** @param pointer its place before the erasure */
function erasedText(text: string, plan: Plan, pointer: string): string {
  const shorter = withoutSentences(text, plan.sentences);
  return withMarks(shorter, formsAt(pointer, shorter, plan));
}

/** Finds the place before some entries of lists were dropped of what stands at a place after that. */
const placeFinder = (dropped: ReadonlySet<string>) => (pointer: string) =>
  keysOf(pointer).reduce((at, key) => {
    if (!/^\d+$/.test(key)) return at + pointerTo([key]);
    let index = -1;
    for (let left = Number(key); left >= 0; left--)
      do index++;
      while (dropped.has(`${at}/${index}`));
    return `${at}/${index}`;
  }, "");

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
function without(value: unknown, plan: Plan, pointer = ""): unknown {
  if (typeof value === "string") {
    const key = pointer.slice(pointer.lastIndexOf("/") + 1);
    if (!isHandleField(key)) return erasedText(value, plan, plan.placeBefore(pointer));
    if (key === "id" || key === "source") return plan.documents.get(value) ?? value;
    return plan.finder.formsIn(decoded(value), true).length > 0 ? undefined : value;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(
    ([name, child]) => [name, without(child, plan, pointer + pointerTo([name]))] as const,
  );
  const left = entries.filter(([, child]) => child !== undefined);
  if (Array.isArray(value)) return left.map(([, child]) => child);
  // A link is nothing without its address.
  if (entries.some(([name, child]) => name === "href" && child === undefined) && entries.length === 2) return undefined;
  return Object.fromEntries(left);
}

/** A document of which only the id, the kind and the dates stay. */
const withoutTitle = ({ title: _, reference: __, href: ___, ...rest }: Case["documents"][number]) => rest;

const wordCount = (name: string) => name.match(LETTERS)?.length ?? 0;

/** The spellings of the people who stay: those that an operation names in full, and all others. */
function stayingNames(fields: Case, operations: readonly Erase[]): { named: string[]; others: string[] } {
  const gone = new Set(operations.flatMap((one) => (one.what === "person" ? one.person : [])));
  const finder = nameFinder(operations.flatMap((one) => (one.what === "name" ? one.name : [])));
  const isNamed = (name: string) => finder.formsIn(name).length >= Math.max(1, wordCount(name));
  const { named = [], others = [] } = Object.groupBy(
    spellings(fields.people.filter(({ id }) => !gone.has(id))),
    (name) => (isNamed(name) ? "named" : "others"),
  );
  return { named, others };
}

/** The names that operations take out of a case: those given, in every spelling, and all of a person who goes. */
export function erasedNames(fields: Case, operations: readonly Erase[]): string[] {
  const names = operations.flatMap((one) => {
    if (one.what === "name") return one.name;
    return one.what === "person" ? spellings(fields.people.filter(({ id }) => id === one.person)) : [];
  });
  return [...new Set([...names, ...stayingNames(fields, operations).named])];
}

const finderFor = (fields: Case, operations: readonly Erase[]): NameFinder =>
  nameFinder(erasedNames(fields, operations), stayingNames(fields, operations).others);

/** Proceedings with neutral ids in place of those that hold a name. */
function withNeutralIds(proceedings: Case["people"][number]["proceedings"], finder: NameFinder) {
  const taken = new Set(proceedings.map(({ id }) => id));
  return proceedings.map((one) => {
    if (finder.formsIn(one.id, true).length === 0) return one;
    const id = freeId("proceeding", taken);
    taken.add(id);
    return { ...one, id };
  });
}

/** A case without what an editor names, and the way there. */
interface ErasedSteps {
  /** Without the people and entries that go, with all other words: its texts have the same places as those of `erased`. */
  kept: Case;
  erased: Case;
  plan: Plan;
}

/**
 * @param operations those that `erasureIssues` accepts
 * @param removed what a required text says when nothing of it is left, by language
 */
function erasedSteps(
  fields: Case,
  operations: readonly Erase[],
  removed: (lang: string) => string,
  alike: Plan["alike"] = [],
): ErasedSteps {
  const leaving = new Set(operations.flatMap((one) => (one.what === "person" ? one.person : [])));
  const pictures = new Set(operations.flatMap((one) => (one.what === "picture" ? one.person : [])));
  const untitled = new Set(operations.flatMap((one) => (one.what === "document" ? one.document : [])));
  const finder = finderFor(fields, operations);
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
    alike,
    placeBefore: placeFinder(
      new Set([
        ...operations.flatMap((one) => (one.what === "entry" || one.what === "link" ? one.at : [])),
        ...fields.people.flatMap(({ id }, index) => (leaving.has(id) ? `/people/${index}` : [])),
      ]),
    ),
  };
  const translations = operations.flatMap((one) =>
    one.what === "translation" ? [{ lang: one.lang, text: one.at === undefined ? null : valueAt(fields, one.at) }] : [],
  );
  const dropped = new Set<unknown>([
    ...operations.flatMap((one) => (one.what === "entry" || one.what === "link" ? [valueAt(fields, one.at)] : [])),
    ...fields.people.filter(({ id }) => leaving.has(id)),
  ]);
  const translated = withTexts(withoutEntries(fields, dropped), (text) => {
    const goes = translations.filter((one) => one.text === null || one.text === text).map(({ lang }) => lang);
    return goes.length === 0 ? text : Object.fromEntries(Object.entries(text).filter(([lang]) => !goes.includes(lang)));
  });
  const people = translated.people.map(({ portrait, ...person }) => ({
    ...person,
    proceedings: withNeutralIds(person.proceedings, finder),
    ...(portrait && !pictures.has(person.id) && { portrait }),
  }));
  const kept = {
    ...translated,
    people,
    documents: translated.documents.map((one) => (untitled.has(one.id) ? withoutTitle(one) : one)),
  };
  const marked = withMovedDigests(fields, without(kept, plan) as Case, plan);
  return { kept, erased: withoutRemovedNames(withoutEmptyTexts(marked, removed), [fields]), plan };
}

/** A translation of a text that was marked renders the marked text, unless it was outdated before. */
function withMovedDigests(before: Case, after: Case, plan: Plan): Case {
  const { language } = before;
  const moved = new Map(
    textsIn(before).map(({ path, text }) => {
      const source = textIn(text, language) ?? "";
      return [sourceDigest(source), sourceDigest(erasedText(source, plan, pointerTo([...path, language])))];
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
    const of = sourceDigest(removed(fields.language));
    return Object.fromEntries(
      Object.keys(text).map((lang) => [
        lang,
        lang === fields.language ? removed(lang) : { text: removed(lang), of, reviewed: false },
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

const marksIn = (words: string): number => words.split(MARK).length - 1;

/** Every sentence with a new mark, and every translation of such a text that has another number of marks than its original. */
function placesIn({ kept, plan }: ErasedSteps): ErasedPlace[] {
  const sentencesAt = (words: string, path: (string | number)[]) =>
    wholeSentencesOf(words).map((before) => ({
      before,
      after: erasedText(before, plan, plan.placeBefore(pointerTo(path))),
    }));
  const isChanged = ({ before, after }: { before: string; after: string }) => before !== after;
  const inTexts = textsIn(kept).flatMap(({ path, text }) => {
    const versions = Object.keys(text).map((lang) => {
      const at = [...path, lang, ...(typeof text[lang] === "object" ? ["text"] : [])];
      const sentences = sentencesAt(textIn(text, lang) ?? "", at);
      const marks = sentences.reduce((sum, { before, after }) => sum + marksIn(after) - marksIn(before), 0);
      return { lang, sentences, marks };
    });
    const expected = versions.find(({ lang }) => lang === kept.language)?.marks ?? 0;
    return versions.flatMap(({ lang, sentences, marks }): ErasedPlace[] => {
      const shown = marks === expected ? sentences.filter(isChanged) : sentences;
      return shown.length === 0 ? [] : [{ pointer: pointerTo(path), lang, sentences: shown, lacks: marks < expected }];
    });
  });
  const known = textsIn(kept).map(({ path }) => `${pointerTo(path)}/`);
  const elsewhere = stringsAt(kept).flatMap(({ path, text }): ErasedPlace[] => {
    const pointer = pointerTo(path);
    if (known.some((one) => pointer.startsWith(one))) return [];
    const sentences = sentencesAt(text, path).filter(isChanged);
    return sentences.length === 0 ? [] : [{ pointer, lang: kept.language, sentences, lacks: false }];
  });
  return [...inTexts, ...elsewhere];
}

const wordsIn = (people: Case["people"]) =>
  people.flatMap(({ names }) => names.flatMap(({ value }) => latin(value).split(/[^a-z0-9]+/)));

/**
 * A copy in which no person's id repeats a word that has left the person's names, because ids are made of names and are public. Such a
 * person gets an id that says nothing.
 * @param earlier the case in all earlier revisions
 */
export function withoutRemovedNames(after: Case, earlier: readonly Case[]): Case {
  const taken = new Set(after.people.map(({ id }) => id));
  const people = after.people.map((person) => {
    const left = new Set(wordsIn([person]));
    const removed = earlier
      .flatMap((fields) => wordsIn(fields.people.filter(({ id }) => id === person.id)))
      .filter((word) => word !== "" && !left.has(word));
    // The last word of a long id is cut off.
    if (!person.id.split("-").some((part) => removed.some((word) => word.startsWith(part)))) return person;
    const id = freeId("person", taken);
    taken.add(id);
    return { ...person, id };
  });
  return { ...after, people };
}

/** Translations with another number of new marks than their original. */
function markCounts({ kept, erased }: ErasedSteps): MarkCount[] {
  const known = new Map(textsIn(kept).map(({ path, text }) => [pointerTo(path), text]));
  return textsIn(erased).flatMap(({ path, text }) => {
    const at = pointerTo(path);
    const marks = (lang: string) =>
      Math.max(0, marksIn(textIn(text, lang) ?? "") - marksIn(textIn(known.get(at), lang) ?? ""));
    const expected = marks(erased.language);
    return Object.keys(text).flatMap((lang) =>
      marks(lang) === expected ? [] : { pointer: at, lang, marks: marks(lang), expected },
    );
  });
}

/** Every string of a value that holds words, with its place. */
function stringsAt(value: unknown, path: (string | number)[] = []): { path: (string | number)[]; text: string }[] {
  if (typeof value === "string") return isHandleField(String(path.at(-1))) ? [] : [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => stringsAt(child, [...path, key]));
}

const mentionAt = (path: (string | number)[], text: string, from: number, to: number): Mention =>
  mentionOf(pointerTo(path), text, { from, to });

const WORD_BEFORE = /[\p{L}\p{M}\p{N}'’-]+(?=[\s-]$)/u;
const WORD_AFTER = /(?<=^[\s-])[\p{L}\p{M}\p{N}'’-]+/u;

/** True for a word that may be a name by its look: with a capital, or in a script without capitals. */
const looksLikeName = (word: string) => !/^\p{N}/u.test(word) && !/^\p{Ll}/u.test(word);

/** The words beside a form of one word: the other word of the name may be written in a way that the finder doesn't know. */
function wordsBeside({ path, text }: { path: (string | number)[]; text: string }, { finder }: Plan): Mention[] {
  return joinedForms(text, finder.formsIn(text)).flatMap(({ from, to }) => {
    if (wordCount(text.slice(from, to)) !== 1) return [];
    const before = WORD_BEFORE.exec(text.slice(0, from));
    const after = WORD_AFTER.exec(text.slice(to));
    return [
      ...(before && looksLikeName(before[0])
        ? [mentionAt(path, text, before.index, before.index + before[0].length)]
        : []),
      ...(after && looksLikeName(after[0]) ? [mentionAt(path, text, to + 1, to + 1 + after[0].length)] : []),
    ];
  });
}

/** Words of the name that somebody who stays has too, where they don't stand in that person's own name. */
function sharedWords(names: readonly string[], erased: Case): Mention[] {
  const wanted = nameFinder(names);
  const staying = nameFinder(spellings(erased.people));
  return stringsAt(erased)
    .filter(({ path }) => !(path[0] === "people" && path[2] === "names"))
    .flatMap(({ path, text }) => {
      const own = joinedForms(text, staying.formsIn(text));
      return joinedForms(text, wanted.formsIn(text)).flatMap(({ from, to }) =>
        own.some((one) => one.from <= from && one.to >= to && one.to - one.from > to - from) ||
        // A word beside a mark is asked about as such.
        /\[…\][\s-]$/.test(text.slice(0, from)) ||
        /^[\s-]\[…\]/.test(text.slice(to))
          ? []
          : mentionAt(path, text, from, to),
      );
    });
}

/**
 * What an erasure does to a revision; also the ids, as they were, of the people who stay, and whether anything changes.
 * @param operations those that `erasureIssues` accepts, or that `carriedTo` has made
 * @param removed what a required text says when nothing of it is left, by language
 * @param finish takes names out of ids that earlier revisions explain
 * @param alike places whose words an editor confirmed to be no form of the name
 */
export function erasedRevision(
  fields: Case,
  operations: readonly Erase[],
  {
    removed,
    finish,
    alike,
  }: {
    removed: (lang: string) => string;
    finish: (erased: Case, staying: readonly string[]) => Case;
    alike: readonly { pointer: string; word: string }[];
  },
): { erased: Case; shown: ErasedRevision; staying: string[]; changes: boolean } {
  const steps = erasedSteps(fields, operations, removed, alike);
  const leaving = operations.flatMap((one) => (one.what === "person" ? one.person : []));
  const staying = fields.people.flatMap(({ id }) => (leaving.includes(id) ? [] : id));
  const erased = finish(steps.erased, staying);
  const { kept, plan } = steps;
  const before = <T extends { pointer: string }>(found: T[]): T[] =>
    found.map((one) => ({ ...one, pointer: plan.placeBefore(one.pointer) }));
  const isOther = (one: Mention) => alike.some(({ pointer, word }) => pointer === one.pointer && word === one.word);
  const left = stringsAt(kept).map(({ path, text }) => ({ path, text: withoutSentences(text, plan.sentences) }));
  const marked = left.flatMap(({ path, text }) =>
    formsAt(plan.placeBefore(pointerTo(path)), text, plan).map(({ from, to }) => mentionAt(path, text, from, to)),
  );
  const neighbours = plan.finder.isEmpty
    ? []
    : [...left.flatMap((one) => wordsBeside(one, plan)), ...sharedWords(erasedNames(fields, operations), erased)];
  return {
    erased,
    staying,
    changes: !isSame(steps.erased, fields),
    shown: {
      places: before(placesIn(steps)),
      marked: before(marked),
      remaining: before(nameMentionsIn(erased, plan.finder)).filter((one) => !isOther(one)),
      neighbours: before(neighbours).filter((one) => !isOther(one)),
      counts: before(markCounts({ ...steps, erased })),
    },
  };
}

/** True for two entries with a spelling in common. */
const sharesSpelling = (one: Case["people"][number], other: Case["people"][number]) =>
  one.names.some(({ value }) => other.names.some((name) => name.value === value));

/** The operations as they apply to another case: its people, its places and its documents are others. */
export function carriedToCase(from: Case, to: Case, operations: readonly Erase[]): Erase[] {
  const people = operations.flatMap((one) =>
    one.what === "person" ? from.people.filter(({ id }) => id === one.person) : [],
  );
  return [
    ...erasedNames(from, operations).map((name): Erase => ({ what: "name", name })),
    ...operations.filter(({ what }) => what === "sentence"),
    ...people
      .filter((person) => to.people.some((other) => other.id === person.id && sharesSpelling(person, other)))
      .map(({ id }): Erase => ({ what: "person", person: id })),
  ];
}

const listOf = (at: string) => at.slice(0, at.lastIndexOf("/"));

/**
 * The operations as they apply to a pending revision of the same case: what stood at a place is found again by its content.
 * @returns `changed`: places of the pending revision's lists in which the entry is not as it stands in the case
 */
export function carriedToPending(
  from: Case,
  to: Case,
  operations: readonly Erase[],
): { operations: Erase[]; changed: string[] } {
  const changed: string[] = [];
  const carried = operations.flatMap((one): Erase[] => {
    if (one.what === "entry" || one.what === "link") {
      const list = listOf(one.at);
      const entry = canonicalJson(valueAt(from, one.at));
      const [before, after] = [from, to].map((fields) => {
        const entries = valueAt(fields, list);
        return Array.isArray(entries) ? entries.map(canonicalJson) : [];
      }) as [string[], string[]];
      const found = after.flatMap((other, index) => (other === entry ? { ...one, at: `${list}/${index}` } : []));
      if (found.length === 0 && after.some((other) => !before.includes(other))) changed.push(list);
      return found;
    }
    if (one.what !== "translation" || one.at === undefined) return [one];
    const { lang } = one;
    const words = textIn(valueAt(from, one.at) as LooseText, lang);
    return textsIn(to).flatMap(({ path, text }) =>
      textIn(text, lang) === words ? { what: "translation", lang, at: pointerTo(path) } : [],
    );
  });
  const names = erasedNames(from, operations).map((name): Erase => ({ what: "name", name }));
  return { operations: [...names, ...carried], changed };
}

/** The note of a pending revision without what an editor names. @param fields the case in that revision */
export function erasedNote(
  note: Note,
  fields: Case,
  operations: readonly Erase[],
  removed: (lang: string) => string,
): Note {
  const { plan } = erasedSteps(fields, operations, removed);
  return Object.fromEntries(
    Object.entries(note).map(([lang, text]) => {
      const left = erasedText(text, plan, "/note");
      return [lang, isEmptied(left) ? removed(lang) : left];
    }),
  );
}
