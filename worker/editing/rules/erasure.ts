/**
 * An erasure is a command: an editor names what must be unsaid, and the Ledger
 * takes it out. No operation says anything, so none changes a status, a
 * designation, a date or a flag of what stays.
 */
import { freeId } from "../../../shared/case/id.ts";
import { latin } from "../../../shared/case/latin.ts";
import type { Case, Note } from "../../../shared/case/schema.ts";
import {
  isOutdated,
  isText,
  type LooseText,
  sourceDigest,
  textIn,
  textsIn,
} from "../../../shared/case/text.ts";
import type { FieldIssue } from "../../../shared/refusals/refusals.ts";
import { erasablePlaces } from "./erasable.ts";
import type { Erase, ErasedPlace, ErasedRevision, Mention } from "./erase.ts";
import { canonicalJson, isSame } from "./merge.ts";
import {
  decoded,
  isCodeAt,
  isHandleAt,
  joinedForms,
  MARK,
  mentionOf,
  type NameFinder,
  type NameForm,
  nameFinder,
  nameMentionsIn,
  visibleWords,
  withMarks,
} from "./name-forms.ts";
import { pathOf, pointerTo, valueAt } from "./pointers.ts";
import { segmentsOf, wholeSentencesOf } from "./segments.ts";

export const spellings = (people: Case["people"]) =>
  people.flatMap(({ names }) => names.map(({ value }) => value));

const MAX_NAME_WORDS = 8;

/** True for a word with a capital, and for one of a script without them. */
const looksLikeName = (word: string): boolean => !/^[\p{Ll}\p{N}]/u.test(word);

/**
 * A test for names as a case's texts write them: each word is a whole one of a
 * text, always with a capital if its script has them, and none states or denies
 * anything, so that a mark in its place can't.
 */
function nameTest(
  texts: readonly string[],
  isFunctionWord: (word: string) => boolean,
): (name: string) => boolean {
  const words = texts.flatMap(visibleWords);
  const lower = new Set(words.filter((word) => !looksLikeName(word)));
  const written = new Set(
    words.filter(looksLikeName).map((word) => word.toLowerCase()),
  );
  return (name) => {
    const parts = visibleWords(name);
    return (
      parts.length > 0 &&
      parts.length <= MAX_NAME_WORDS &&
      parts.every((part) => {
        const small = part.toLowerCase();
        return (
          looksLikeName(part) &&
          written.has(small) &&
          !lower.has(small) &&
          !isFunctionWord(small)
        );
      })
    );
  };
}

/**
 * What makes an erasure impossible, with the place in its list of operations.
 * @param isFunctionWord whether a word states or denies something, so that it
 * is no name
 */
export function erasureIssues(
  fields: Case,
  operations: readonly Erase[],
  isFunctionWord: (word: string) => boolean,
): FieldIssue[] {
  const texts = stringsAt(fields).map(({ text }) => text);
  const sentences = new Set(texts.flatMap(wholeSentencesOf));
  const places = new Set(erasablePlaces(fields));
  const isName = nameTest(texts, isFunctionWord);
  const known = nameFinder(spellings(fields.people));
  const issueOf = (one: Erase): [key: string, message: string] | null => {
    switch (one.what) {
      case "person":
        return fields.people.some(({ id }) => id === one.person)
          ? null
          : ["person", "must be the id of a person of the case"];
      case "picture":
        return fields.people.some(
          ({ id, portrait }) => id === one.person && portrait,
        )
          ? null
          : ["person", "must be the id of a person who has a picture"];
      case "name":
        return isName(one.name) || isWhole(one.name, known)
          ? null
          : [
              "name",
              "must be a name of one of the case's people, or a name as the case's texts write it",
            ];
      case "sentence":
        return sentences.has(one.sentence)
          ? null
          : ["sentence", "must be a whole sentence of the case"];
      case "entry":
        return places.has(one.at)
          ? null
          : [
              "at",
              "must be the place of an event, quotation, assessment, statement, earlier term, addressee or link",
            ];
      case "translation": {
        if (one.lang === fields.language)
          return ["lang", "must not be the case's own language"];
        const placed =
          one.at === undefined
            ? textsIn(fields).map(({ text }) => text)
            : [valueAt(fields, pathOf(one.at))];
        return placed.some(
          (text) => isText(text) && text[one.lang] !== undefined,
        )
          ? null
          : ["lang", "must be the language of a translation that the case has"];
      }
      case "document":
        return fields.documents.some(({ id }) => id === one.document)
          ? null
          : ["document", "must be the id of a document of the case"];
      default:
        return null;
    }
  };
  return operations.flatMap((one, index) => {
    const [key, message] = issueOf(one) ?? [];
    return message === undefined
      ? []
      : { pointer: pointerTo(["erase", index, key]), message };
  });
}

/** Without the given sentences; a mark stands for those in a row. */
function withoutSentences(
  text: string,
  sentences: ReadonlySet<string>,
): string {
  if (![...sentences].some((one) => text.includes(one))) return text;
  const kept = segmentsOf(text).map((segment) => {
    const one = segment.trim();
    return one !== "" && sentences.has(one)
      ? segment.replace(one, MARK)
      : segment;
  });
  return kept
    .join("")
    .replace(
      /(?:\[…\]\s*){2,}/g,
      (marks) => MARK + (/\s$/.test(marks) ? " " : ""),
    );
}

/** True when each word of a name is one that the finder looks for. */
const isWhole = (name: string, finder: NameFinder): boolean =>
  finder.formsIn(name).length >= Math.max(1, visibleWords(name).length);

/**
 * The names that operations take out of a case: those given, in every spelling,
 * and all of a person who goes; and those of all who stay.
 */
export function erasedNames(
  fields: Case,
  operations: readonly Erase[],
): { names: string[]; others: string[] } {
  const gone = new Set(
    operations.flatMap((one) => (one.what === "person" ? one.person : [])),
  );
  const given = operations.flatMap((one) =>
    one.what === "name" ? one.name : [],
  );
  const finder = nameFinder(given);
  const staying = spellings(fields.people.filter(({ id }) => !gone.has(id)));
  const { named = [], others = [] } = Object.groupBy(staying, (name) =>
    isWhole(name, finder) ? "named" : "others",
  );
  const leaving = spellings(fields.people.filter(({ id }) => gone.has(id)));
  return { names: [...new Set([...given, ...leaving, ...named])], others };
}

/** Those of some names that stand in a case with all their words. */
export function namesIn(
  fields: Case | null,
  names: readonly string[],
): string[] {
  const texts = stringsAt(fields).map(({ text }) => text);
  return names.filter((name) => {
    const finder = nameFinder([name]);
    const words = visibleWords(name).length;
    return texts.some((text) =>
      joinedForms(text, finder.formsIn(text)).some(
        ({ from, to }) => visibleWords(text.slice(from, to)).length >= words,
      ),
    );
  });
}

/** The places of what operations take out whole. */
function placesGone(fields: Case, operations: readonly Erase[]): string[] {
  const personAt = (person: string) =>
    `/people/${fields.people.findIndex(({ id }) => id === person)}`;
  return operations.flatMap((one) => {
    switch (one.what) {
      case "person":
        return personAt(one.person);
      case "picture":
        return `${personAt(one.person)}/portrait`;
      case "entry":
        return one.at;
      case "translation":
        return one.at === undefined
          ? textsIn(fields).map(({ path }) => pointerTo([...path, one.lang]))
          : `${one.at}/${one.lang}`;
      case "document": {
        const at = fields.documents.findIndex(({ id }) => id === one.document);
        return ["title", "reference", "href"].map(
          (field) => `/documents/${at}/${field}`,
        );
      }
      default:
        return [];
    }
  });
}

/** Ids that say nothing, for those that `isNamed` or that hold a name. */
function neutralIds(
  ids: readonly string[],
  base: string,
  isNamed: (id: string) => boolean,
): Map<string, string> {
  const taken = new Set(ids);
  return new Map(
    ids.filter(isNamed).map((id) => {
      const neutral = freeId(base, taken);
      taken.add(neutral);
      return [id, neutral];
    }),
  );
}

const isEmptied = (words: string) => words.replaceAll(MARK, "").trim() === "";
const marksIn = (words: string): number => words.split(MARK).length - 1;

/** A string of the case that stays. */
interface Visited {
  pointer: string;
  /**
   * The text of which it is a version; null for a string without translations.
   */
  text: string | null;
  lang: string;
  before: string;
  /** Without sentences that go. */
  left: string;
}

interface Erasing {
  /** What a required text says when nothing of it is left, by language. */
  removed: (lang: string) => string;
  /** Takes names out of ids that earlier revisions explain. */
  finish: (erased: Case, staying: readonly string[]) => Case;
  /** Places whose words an editor confirmed to be no form of the name. */
  alike: readonly { pointer: string; word: string }[];
  isFunctionWord?: (word: string) => boolean;
}

/**
 * True when a word of a marked text looks like a name that its original doesn't
 * have. The first word of a sentence always has a capital.
 */
function mayHideName(marked: readonly string[], original: NameFinder): boolean {
  const words = marked.flatMap((sentence) =>
    visibleWords(sentence).slice(sentence.startsWith(MARK) ? 0 : 1),
  );
  return words.some(
    (word) => looksLikeName(word) && original.formsIn(word).length === 0,
  );
}

/**
 * What an erasure does to a revision; also the names that go, the ids, as they
 * were, of the people who stay, and whether anything changes. Every pointer is
 * one into the case before the erasure.
 * @param operations those that `erasureIssues` accepts, or that `carriedTo` has
 * made
 */
export function erasedRevision(
  fields: Case,
  operations: readonly Erase[],
  { removed, finish, alike, isFunctionWord }: Erasing,
) {
  const { language } = fields;
  const { names, others } = erasedNames(fields, operations);
  const finder = nameFinder(names, others, isFunctionWord);
  const gone = new Set(placesGone(fields, operations));
  const sentences = new Set(
    operations.flatMap((one) => (one.what === "sentence" ? one.sentence : [])),
  );
  const hasName = (id: string) => finder.formsIn(id, true).length > 0;
  const untitled = operations.flatMap((one) =>
    one.what === "document" ? one.document : [],
  );
  const ids = neutralIds(
    fields.documents.map(({ id }) => id),
    "document",
    (id) => untitled.includes(id) || hasName(id),
  );
  const visited: Visited[] = [];
  /** Places before the erasure, by those after it. */
  const origin = new Map<string, string>();

  const isOther = ({ pointer, word }: { pointer: string; word: string }) =>
    alike.some((one) => one.pointer === pointer && one.word === word);
  const formsAt = (pointer: string, text: string): NameForm[] =>
    joinedForms(text, finder.formsIn(text)).filter(
      ({ from, to }) => !isOther({ pointer, word: text.slice(from, to) }),
    );
  function erase(text: string, pointer: string): string {
    const left = withoutSentences(text, sentences);
    return withMarks(left, formsAt(pointer, left));
  }
  function visit(
    before: string,
    pointer: string,
    to: string,
    lang = language,
    text: string | null = null,
  ): string {
    origin.set(to, pointer);
    visited.push({
      pointer,
      text,
      lang,
      before,
      left: withoutSentences(before, sentences),
    });
    return erase(before, pointer);
  }

  /**
   * A translation of a text that was marked renders the marked text, unless it
   * was outdated before.
   */
  function withoutNames(text: LooseText, from: string, to: string): LooseText {
    const said = Object.entries(text).filter(
      ([lang]) => !gone.has(`${from}/${lang}`),
    );
    const left = said.map(([lang, entry]) => {
      const rest = `/${lang}${typeof entry === "object" ? "/text" : ""}`;
      return [
        lang,
        entry,
        visit(textIn(text, lang) ?? "", from + rest, to + rest, lang, from),
      ] as const;
    });
    const source = left.find(([lang]) => lang === language)?.[2] ?? "";
    const own = isEmptied(source) ? removed(language) : source;
    return Object.fromEntries(
      left.map(([lang, entry, words]) => {
        const next = own === source ? words : removed(lang);
        if (typeof entry !== "object") return [lang, next];
        if (own !== source)
          return [lang, { text: next, of: sourceDigest(own), reviewed: false }];
        const isMoved =
          own !== textIn(text, language) && !isOutdated(text, lang, language);
        return [
          lang,
          { ...entry, text: next, ...(isMoved && { of: sourceDigest(own) }) },
        ];
      }),
    );
  }

  /**
   * `undefined` stands for what goes whole: a part of an address can't be
   * marked, and a link is nothing without its address.
   */
  function without(value: unknown, from: string, to: string): unknown {
    if (gone.has(from)) return undefined;
    if (typeof value === "string") {
      if (isCodeAt(from)) return value;
      if (!isHandleAt(from)) return visit(value, from, to);
      if (/\/(?:id|source)$/.test(from)) return ids.get(value) ?? value;
      return hasName(decoded(value)) ? undefined : value;
    }
    if (typeof value !== "object" || value === null) return value;
    if (isText(value)) return withoutNames(value, from, to);
    if (Array.isArray(value)) {
      const kept: unknown[] = [];
      for (const [index, child] of value.entries()) {
        const next = without(child, `${from}/${index}`, `${to}/${kept.length}`);
        if (next !== undefined) kept.push(next);
      }
      return kept;
    }
    const next = Object.fromEntries(
      Object.entries(value).flatMap(([key, child]) => {
        const at = pointerTo([key]);
        const one = without(child, from + at, to + at);
        return one === undefined ? [] : [[key, one]];
      }),
    );
    if ("href" in value && !("href" in next) && from.startsWith("/links/"))
      return undefined;
    // A spelling of which nothing is left says nothing. A person always has a
    // preferred name.
    const isSpelling = /^\/people\/\d+\/names\/\d+$/.test(from);
    return isSpelling &&
      next.form !== "preferred" &&
      isEmptied(String(next.value))
      ? undefined
      : next;
  }

  const left = without(fields, "", "") as Case;
  const people = left.people.map((person) => {
    const own = person.proceedings.map(({ id }) => id);
    const neutral = neutralIds(own, "proceeding", hasName);
    return {
      ...person,
      proceedings: person.proceedings.map((one) => ({
        ...one,
        id: neutral.get(one.id) ?? one.id,
      })),
    };
  });
  const marked = withoutRemovedNames({ ...left, people }, [fields]);
  const staying = fields.people.flatMap(({ id }, index) =>
    gone.has(`/people/${index}`) ? [] : id,
  );
  const erased = finish(marked, staying);

  const changed = (before: string, pointer: string) =>
    wholeSentencesOf(before).map((one) => ({
      before: one,
      after: erase(one, pointer),
    }));
  /**
   * A translation is shown whole when it has another number of marks than its
   * original, and when an equal number could hide a form.
   */
  function placesOf(versions: readonly Visited[]): ErasedPlace[] {
    const all = versions.map(({ text, pointer, lang, before }) => {
      const parts = changed(before, pointer);
      const marks = parts.reduce(
        (sum, one) => sum + marksIn(one.after) - marksIn(one.before),
        0,
      );
      return { pointer: text ?? pointer, lang, parts, marks };
    });
    const own = all.find(({ lang }) => lang === language);
    const expected = own?.marks ?? 0;
    const named =
      own?.parts.flatMap(({ before }) =>
        visibleWords(before).filter(looksLikeName),
      ) ?? [];
    const original =
      expected > 0 && names.length > 0
        ? nameFinder([...named, ...others])
        : null;
    return all.flatMap(({ pointer, lang, parts, marks }): ErasedPlace[] => {
      const isDoubtful =
        lang !== language &&
        original !== null &&
        mayHideName(
          parts.map(({ after }) => after),
          original,
        );
      const whole = marks !== expected || isDoubtful;
      const shown = whole
        ? parts
        : parts.filter(({ before, after }) => before !== after);
      return shown.length === 0
        ? []
        : [{ pointer, lang, sentences: shown, whole, marks, expected }];
    });
  }
  const mentionsIn = (
    formsOf: (text: string, pointer: string) => NameForm[],
  ): Mention[] =>
    visited.flatMap(({ pointer, left: text }) =>
      formsOf(text, pointer).map((form) => mentionOf(pointer, text, form)),
    );
  const shown: ErasedRevision = {
    places: [
      ...Map.groupBy(visited, ({ text, pointer }) => text ?? pointer).values(),
    ].flatMap(placesOf),
    marked: mentionsIn((text, pointer) => formsAt(pointer, text)),
    remaining: nameMentionsIn(erased, finder)
      .map((one) => ({
        ...one,
        pointer: origin.get(one.pointer) ?? one.pointer,
      }))
      .filter((one) => !isOther(one)),
    neighbours: mentionsIn((text) => finder.nearIn(text)).filter(
      (one) => !isOther(one),
    ),
  };
  /** The note of the revision without what an editor names. */
  const erasedNote = (note: Note): Note =>
    Object.fromEntries(
      Object.entries(note).map(([lang, text]) => {
        const rest = erase(text, "/note");
        return [lang, isEmptied(rest) ? removed(lang) : rest];
      }),
    );
  return {
    erased,
    shown,
    staying,
    names,
    erasedNote,
    changes: !isSame(marked, fields),
  };
}

const wordsIn = (people: Case["people"]) =>
  people.flatMap(({ names }) =>
    names.flatMap(({ value }) => latin(value).split(/[^a-z0-9]+/)),
  );

/**
 * A copy in which no person's id repeats a word that has left the person's
 * names, because ids are made of names and are public. Such a person gets an id
 * that says nothing.
 * @param earlier the case in all earlier revisions
 */
export function withoutRemovedNames(
  after: Case,
  earlier: readonly Case[],
): Case {
  const taken = new Set(after.people.map(({ id }) => id));
  const people = after.people.map((person) => {
    const left = new Set(wordsIn([person]));
    const removed = earlier
      .flatMap((fields) =>
        wordsIn(fields.people.filter(({ id }) => id === person.id)),
      )
      .filter((word) => word !== "" && !left.has(word));
    // The last word of a long id is cut off.
    if (
      !person.id
        .split("-")
        .some((part) => removed.some((word) => word.startsWith(part)))
    )
      return person;
    const id = freeId("person", taken);
    taken.add(id);
    return { ...person, id };
  });
  return { ...after, people };
}

/** Every string of a value that holds words, with its place. */
function stringsAt(
  value: unknown,
  path: (string | number)[] = [],
): { path: (string | number)[]; text: string }[] {
  if (typeof value === "string")
    return isHandleAt(pointerTo(path)) ? [] : [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    stringsAt(child, [...path, key]),
  );
}

/** True for two entries with a spelling in common. */
const sharesSpelling = (
  one: Case["people"][number],
  other: Case["people"][number],
) =>
  one.names.some(({ value }) =>
    other.names.some((name) => name.value === value),
  );

/**
 * The operations as they apply to another case: its people, its places and its
 * documents are others.
 */
export function carriedToCase(
  from: Case,
  to: Case,
  operations: readonly Erase[],
): Erase[] {
  const people = operations.flatMap((one) =>
    one.what === "person"
      ? from.people.filter(({ id }) => id === one.person)
      : [],
  );
  return [
    ...erasedNames(from, operations).names.map(
      (name): Erase => ({ what: "name", name }),
    ),
    ...operations.filter(({ what }) => what === "sentence"),
    ...people
      .filter((person) =>
        to.people.some(
          (other) => other.id === person.id && sharesSpelling(person, other),
        ),
      )
      .map(({ id }): Erase => ({ what: "person", person: id })),
  ];
}

const listOf = (at: string) => at.slice(0, at.lastIndexOf("/"));

/**
 * The operations as they apply to a pending revision of the same case: what
 * stood at a place is found again by its content.
 * @returns `changed`: places of the pending revision's lists in which the entry
 * is not as it stands in the case
 */
export function carriedToPending(
  from: Case,
  to: Case,
  operations: readonly Erase[],
): { operations: Erase[]; changed: string[] } {
  const changed: string[] = [];
  const carried = operations.flatMap((one): Erase[] => {
    if (one.what === "entry") {
      const list = listOf(one.at);
      const entry = canonicalJson(valueAt(from, pathOf(one.at)));
      const [before, after] = [from, to].map((fields) => {
        const entries = valueAt(fields, pathOf(list));
        return Array.isArray(entries) ? entries.map(canonicalJson) : [];
      }) as [string[], string[]];
      const found = after.flatMap((other, index) =>
        other === entry ? { ...one, at: `${list}/${index}` } : [],
      );
      if (found.length === 0 && after.some((other) => !before.includes(other)))
        changed.push(list);
      return found;
    }
    if (one.what !== "translation" || one.at === undefined) return [one];
    const { lang } = one;
    const words = textIn(valueAt(from, pathOf(one.at)) as LooseText, lang);
    return textsIn(to).flatMap(({ path, text }) =>
      textIn(text, lang) === words
        ? { what: "translation", lang, at: pointerTo(path) }
        : [],
    );
  });
  const names = erasedNames(from, operations).names.map(
    (name): Erase => ({ what: "name", name }),
  );
  return { operations: [...names, ...carried], changed };
}
