/**
 * What a revision must be asked before it is published: every place where one
 * of its statements is out of step with another. The Ledger computes the
 * questions of a revision and commits it only with an answer to each; screens
 * only show them.
 */
import {
  compareEdtf,
  firstDay,
  lastDay,
} from "../../../shared/case/partial-date.ts";
import { nearPairs } from "../../../shared/case/same-person.ts";
import {
  type Case,
  type Document,
  type Person,
  statedFields,
} from "../../../shared/case/schema.ts";
import {
  isOutdated,
  isReviewed,
  type LooseText,
  textIn,
  textsIn,
  withTexts,
} from "../../../shared/case/text.ts";
import { type Fields, isFields } from "../../../shared/fields.ts";
import type { Path } from "../../../shared/values-at.ts";
import {
  type GivenAnswer,
  ofCase,
  type Question,
  type QuestionAnswer,
  type QuestionKind,
  question,
  type StoredAnswer,
} from "./answers.ts";
import { canonicalJson, isSame } from "./merge.ts";
import { nameFinder } from "./name-forms.ts";
import { keptFirst } from "./people.ts";
import { pointerTo } from "./pointers.ts";
import { type StatedChange, statedChanges } from "./stated-changes.ts";
import { statementsIn } from "./statements.ts";
import { type PersonStatus, placedStatuses } from "./status-change.ts";

/** A revision with its moment, in milliseconds since the epoch. */
export interface Asked {
  case: Case;
  liveAt: number;
  /**
   * By language. A note is asked about with the revision that it belongs to.
   */
  note?: Readonly<Record<string, string>>;
}

export interface QuestionContext {
  /** Whether this newsroom has named an author before. */
  isKnownAuthor: (name: string) => boolean;
  /** What `unreadOf` says of the document that the revision comes from. */
  unread?: { document: string; count: number } | null;
}

const inCase = (...path: (string | number)[]) => pointerTo(["case", ...path]);

/**
 * A list of questions, and a function that adds one about places of the case.
 */
function questionList() {
  const asked: Question[] = [];
  const ask = (kind: QuestionKind, compared: unknown, ...at: Path[]) => {
    const pointers = at.map((path) => inCase(...path));
    asked.push(question(kind, compared, pointers));
  };
  return { asked, ask };
}

/** Texts that speak of how things are now. */
const textsAboutNow = [
  ["title"],
  ["summary"],
  ["action", "request"],
  ["action", "letter"],
  ["action", "thanks"],
] as const;

const textAt = (fields: Case, path: readonly string[]): LooseText | undefined =>
  path.reduce<unknown>(
    (value, key) => (isFields(value) ? value[key] : undefined),
    fields,
  ) as LooseText | undefined;

const deaths: readonly unknown[] = ["died-in-custody", "executed"];

/**
 * The statuses that a text about now is compared with: values, without dates.
 */
const statusesOf = ({ id, custody, proceedings, sentence }: Person) => ({
  id,
  custody: custody?.value,
  proceedings: proceedings.map(({ id, value }) => ({ id, value })),
  sentence: sentence?.value.duration,
});

/**
 * Of all people, also beside a text that names one: "X and two others are in
 * prison" speaks of everybody, and no rule tells in every language which texts
 * do.
 */
const statusesOfAll = (people: readonly Person[]) =>
  people.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(statusesOf);

/**
 * A status with its path in the person, and its value in the case's own
 * language.
 */
interface PlacedStatus {
  path: Path;
  status: Pick<PersonStatus, "value" | "source"> & { asOf: { date: string } };
  value: unknown;
}

/**
 * A person's statuses that a new one can replace, by a key that stays when
 * entries move.
 */
const statusesByKey = (
  person: Person,
  language: string,
): Map<string, PlacedStatus> =>
  new Map(
    placedStatuses(person as unknown as Fields, statedFields).map(
      ({ key, path, status }) => [
        key,
        {
          path,
          status: status as PlacedStatus["status"],
          value: ownWords(status.value, language),
        },
      ],
    ),
  );

/**
 * A status's value without translations, and without the history of a sentence.
 */
function ownWords(value: unknown, language: string): unknown {
  const current =
    isFields(value) && "duration" in value
      ? { ...value, earlier: undefined }
      : value;
  return withTexts(current, (text) => ({ [language]: textIn(text, language) }));
}

const spellings = (people: readonly Person[]) =>
  people.flatMap(({ names }) => names.map(({ value }) => value));

/**
 * Questions that the content itself raises. They are asked unless the revision
 * before raised the same ones.
 */
function standing(
  { case: fields, liveAt }: Asked,
  context: QuestionContext,
  before: Case | null,
): Question[] {
  const { language, people, documents, action, asOf } = fields;
  const statuses = statusesOfAll(people);
  const { asked, ask } = questionList();
  for (const path of textsAboutNow) {
    const words = textIn(textAt(fields, path), language);
    if (words !== undefined)
      ask("statuses", { path, words, statuses }, [...path, language]);
  }
  if (people.length === 0) ask("nobody", null, ["people"]);
  const issued = new Map(
    documents.map(({ id, issuedOn }) => [id, issuedOn?.date]),
  );
  const dead: string[] = [];
  for (const [index, person] of people.entries()) {
    for (const [key, { path, status }] of statusesByKey(person, language)) {
      const { asOf: stated, source } = status;
      const at = ["people", index, ...path, "asOf"];
      const published = issued.get(source ?? "");
      const end = published && lastDay(published);
      const start = firstDay(stated.date);
      if (end && start && start > end)
        ask(
          "status-after-source",
          [person.id, key, stated.date, source, published],
          at,
        );
      if (
        compareEdtf(stated.date, asOf.date) > 0 &&
        (start ?? "") > (lastDay(asOf.date) ?? "9999")
      )
        ask(
          "facts-before-status",
          [person.id, key, stated.date, asOf.date],
          ["asOf"],
          at,
        );
    }
    if (!deaths.includes(person.custody?.value)) continue;
    dead.push(person.id);
    ask("death", [person.id, person.custody], ["people", index, "custody"]);
  }
  for (const [index, document] of documents.entries())
    if (!canBeLookedUp(document)) ask("source", document, ["documents", index]);
  for (const [name, paths] of authorPlacesIn(fields))
    if (!context.isKnownAuthor(name)) ask("author", name, ...paths);
  for (const { indexes, names } of nearPairs(people, before?.people ?? [])) {
    const pair = keptFirst(indexes, people, before?.people ?? []);
    const ids = pair.map((index) => people[index]?.id ?? "");
    ask(
      "alike",
      [ids.toSorted(), names.toSorted()],
      ...pair.map((index) => ["people", index]),
    );
  }
  if (action.state === "active") {
    if (
      action.until &&
      action.until < new Date(liveAt).toISOString().slice(0, 10)
    )
      ask("deadline-passed", action.until, ["action", "until"]);
    if (dead.length > 0) ask("open-after-death", dead, ["action", "state"]);
  } else {
    const kept = (["request", "letter"] as const).filter((key) => action[key]);
    const words = kept.map((key) => textIn(action[key], language));
    if (kept.length > 0)
      ask(
        "closed-asks",
        [action.state, words],
        ...kept.map((key) => ["action", key]),
      );
  }
  return asked;
}

/**
 * A source can be looked up by its address, or by its title or reference and
 * its date.
 */
const canBeLookedUp = ({
  href,
  title,
  reference,
  issuedOn,
}: Document): boolean =>
  href !== undefined ||
  ((title ?? reference) !== undefined && issuedOn !== undefined);

/** Every author of facts, with the places that name them. */
export function authorPlacesIn(
  fields: Case,
): Map<string, (string | number)[][]> {
  const authors = new Map<string, (string | number)[][]>([
    [fields.issuer.trim(), [["issuer"]]],
  ]);
  for (const { path, name } of statementsIn(fields)) {
    const author = name.trim();
    authors.set(author, [...(authors.get(author) ?? []), path]);
  }
  return authors;
}

/**
 * A translation and its original: a question covers those of one language that
 * are new or say something else.
 */
function translationsOf(
  fields: Case,
): { lang: string; pointer: string; compared: string; isMarked: boolean }[] {
  const { language } = fields;
  return textsIn(fields).flatMap(({ path, text }) =>
    Object.keys(text).flatMap((lang) => {
      if (lang === language) return [];
      const isMarked = isOutdated(text, lang, language);
      const words = [textIn(text, language), textIn(text, lang)];
      const compared = canonicalJson([
        words,
        isMarked,
        isReviewed(text, lang, language),
      ]);
      return [{ lang, pointer: inCase(...path, lang), compared, isMarked }];
    }),
  );
}

/**
 * One question for each language, and one for the texts of each language that
 * are marked as outdated.
 */
function translationQuestions(before: Case | null, after: Case): Question[] {
  const known = new Set(
    before
      ? translationsOf(before).map(
          ({ lang, compared }) => `${lang} ${compared}`,
        )
      : [],
  );
  const changed = translationsOf(after).filter(
    ({ lang, compared }) => !known.has(`${lang} ${compared}`),
  );
  const groups = Map.groupBy(
    changed,
    ({ lang, isMarked }) => `${isMarked ? "outdated" : "translation"} ${lang}`,
  );
  return [...groups].map(([group, texts]) => {
    const [kind, lang] = group.split(" ") as [
      "outdated" | "translation",
      string,
    ];
    return question(
      kind,
      texts.map(({ compared }) => compared),
      texts.map(({ pointer }) => pointer),
      lang,
    );
  });
}

/** A changed status of a person, and the older of its two dates. */
interface StatusChange {
  person: Person;
  since: string;
}

/**
 * A case with the words of its own language in the place of texts. A
 * translation is asked about beside its original.
 */
const inOwnWords = (fields: Case): Fields =>
  withTexts<Fields>(
    fields,
    (text) => (textIn(text, fields.language) ?? "") as unknown as LooseText,
  );

/** A case before its first version: what it consists of is new then. */
const withoutEntries = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (Array.isArray(value)) return [key, []];
      return [key, key === "action" ? {} : value];
    }),
  );

/** Fields that other rules ask about, and one that states nothing. */
const notStated: ReadonlySet<string> = new Set([
  ...textsAboutNow.map((path) => path.join("/")),
  ...["issuer", "asOf", "hideMap"],
]);

/**
 * Whether a change is one of facts. A document states none before something
 * rests on it.
 */
const isStated = ({
  path: [part = "", ...path],
  before,
  after,
}: StatedChange): boolean =>
  !notStated.has(String(part)) &&
  !notStated.has(`${part}/${path[0]}`) &&
  (part !== "documents" ||
    path.length > 1 ||
    (before !== undefined && after !== undefined));

/**
 * Asks about everything that is stated anew, differently or no longer. A field
 * of the schema is among them unless it is excluded above.
 */
function statedQuestions(before: Case | null, after: Case): Question[] {
  const fields = inOwnWords(after);
  const changes = statedChanges(
    before ? inOwnWords(before) : withoutEntries(fields),
    fields,
  );
  return changes.filter(isStated).map(({ path, before, after }) => {
    const place = path.map((key, index) =>
      typeof key === "string" ? key : idAt(fields, path.slice(0, index + 1)),
    );
    return question(
      after === undefined ? "removed" : "stated",
      [place, before, after],
      [inCase(...path)],
    );
  });
}

/** The id of an entry, by which it is known when its list changes. */
const idAt = (fields: Fields, path: Path): unknown =>
  (
    path.reduce<unknown>(
      (value, key) => (value as Record<string | number, unknown>)[key],
      fields,
    ) as Fields
  ).id;

/**
 * An event is asked about again when it names somebody whose status changed, at
 * the date of the earliest such change or later. With one finder for all of
 * them, because a case may have a hundred people and two hundred events.
 */
function touchedEvents(
  after: Case,
  changes: readonly StatusChange[],
): Question[] {
  if (changes.length === 0) return [];
  const since = changes
    .map((one) => one.since)
    .reduce((one, other) => (compareEdtf(other, one) < 0 ? other : one));
  const people = [...new Set(changes.map(({ person }) => person))];
  const others = after.people.filter((person) => !people.includes(person));
  const finder = nameFinder(spellings(people), spellings(others));
  return after.events.flatMap((event, index) => {
    const words = textIn(event.text, after.language) ?? "";
    if (
      compareEdtf(event.date.date, since) < 0 ||
      finder.formsIn(words).length === 0
    )
      return [];
    return [
      question(
        "stated",
        [event.date.date, words, people.map(statusesOf)],
        [inCase("events", index)],
      ),
    ];
  });
}

/** A copy of a document, with the same address, is no new source. */
function isSameSource(
  before: Case,
  of: string | undefined,
  after: Case,
  next: string | undefined,
): boolean {
  const addressIn = ({ documents }: Case, source?: string) =>
    documents.find(({ id }) => id === source)?.href;
  const address = addressIn(before, of);
  return (
    of === next || (address !== undefined && address === addressIn(after, next))
  );
}

/**
 * The places of new facts: a name, pronouns or a picture is none, and neither
 * is what is gone.
 */
const newFact =
  /^\/case\/(?:events\/\d|people\/\d+(?!\d|\/(?:names|pronouns|portrait)))/;

/** Questions about what changed from one revision to the next. */
function changed(
  before: Case,
  after: Case,
  stated: readonly Question[],
): { asked: Question[]; statuses: StatusChange[] } {
  const { asked, ask } = questionList();
  const statuses: StatusChange[] = [];
  const earlier = new Map(before.people.map((person) => [person.id, person]));
  for (const [index, person] of after.people.entries()) {
    const old = earlier.get(person.id);
    if (!old) continue;
    const [from, to] = [
      statusesByKey(old, before.language),
      statusesByKey(person, after.language),
    ];
    for (const [key, { status: previous, value: oldValue }] of from) {
      const next = to.get(key);
      const place = [person.id, key];
      if (!next) {
        statuses.push({ person, since: previous.asOf.date });
        continue;
      }
      const { status, path, value } = next;
      const [was, is] = [previous.asOf.date, status.asOf.date];
      const at = ["people", index, ...path, "asOf"];
      const isOther = !isSame(oldValue, value);
      if (isOther) {
        statuses.push({ person, since: compareEdtf(was, is) < 0 ? was : is });
        if (compareEdtf(is, was) <= 0)
          ask("status-not-later", [...place, value, is, was], at);
      }
      if (
        was !== is &&
        isSameSource(before, previous.source, after, status.source)
      )
        ask("status-date-moved", [...place, value, was, is, status.source], at);
    }
    if (
      deaths.includes(old.custody?.value) &&
      !deaths.includes(person.custody?.value)
    )
      ask(
        "death",
        [person.id, old.custody?.value, person.custody?.value],
        ["people", index, "custody"],
      );
    for (const [key, { status }] of to)
      if (!from.has(key)) statuses.push({ person, since: status.asOf.date });
  }
  if (before.issuer !== after.issuer)
    ask("issuer", [before.issuer, after.issuer], ["issuer"]);
  if (
    before.asOf.date !== after.asOf.date &&
    !stated.some(({ at: [place = ""] }) => newFact.test(place))
  )
    ask("facts-date-moved", [before.asOf.date, after.asOf.date], ["asOf"]);
  return { asked, statuses };
}

/**
 * Every note is a text about now. A list of words can't know which one says
 * that somebody is free: "They are home with their families."
 */
function noteQuestions({ case: fields, note = {} }: Asked): Question[] {
  const statuses = statusesOfAll(fields.people);
  return Object.entries(note).flatMap(([lang, words]) =>
    words.trim() === ""
      ? []
      : question("statuses", { path: ["note", lang], words, statuses }, [
          pointerTo(["note", lang]),
        ]),
  );
}

/**
 * What must be answered before a revision is published.
 * @param before the revision that it follows, at its own moment; null for the
 * first of a case
 */
export function questionsOf(
  before: Asked | null,
  after: Asked,
  context: QuestionContext,
): Question[] {
  const old = before?.case ?? null;
  const stated = statedQuestions(old, after.case);
  const { asked, statuses } = old
    ? changed(old, after.case, stated)
    : { asked: [], statuses: [] };
  const known = new Set(
    before ? standing(before, context, null).map(({ id }) => id) : [],
  );
  const { unread } = context;
  const all = [
    ...standing(after, context, old),
    ...noteQuestions(after),
    ...asked,
    ...stated,
    ...touchedEvents(after.case, statuses),
    ...translationQuestions(old, after.case),
    ...(unread ? [question("unread", unread, [])] : []),
  ];
  const open = new Map(
    all.filter(({ id }) => !known.has(id)).map((one) => [one.id, one]),
  ).values();
  // An answer for one case is none for another, where the same words may be
  // false.
  return [...open].map((one) => ofCase(after.case.id, one));
}

/** At most this many are listed in a refusal. */
const MAX_LISTED = 200;

/** The refusal of a publish whose questions are open. */
export const questionsOpen = (open: readonly Question[]) => ({
  tag: "questions-open" as const,
  questions: open.slice(0, MAX_LISTED),
  more: open.length > MAX_LISTED,
});

/** The questions that no answer confirms. */
export function openQuestions(
  questions: readonly Question[],
  answers: readonly QuestionAnswer[],
): Question[] {
  const given = new Map(
    answers.map(({ question: id, answer }) => [id, answer]),
  );
  return questions.filter(
    ({ id, answers: accepted }) => !accepted.includes(given.get(id) ?? ""),
  );
}

/** The answers that count, for the record. */
export const storedAnswers = (
  questions: readonly Question[],
  answers: readonly GivenAnswer[],
): StoredAnswer[] =>
  questions.flatMap(({ id, kind, at, answers: accepted }) => {
    const given = answers.findLast(
      ({ question: asked, answer }) =>
        asked === id && accepted.includes(answer),
    );
    if (!given) return [];
    const { answer, editor, byToken } = given;
    return [{ kind, at, answer, editor, ...(byToken && { byToken }) }];
  });
