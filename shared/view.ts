/** A case turned into finished, localized text with no markup: the one thing that page, widget, bot and feed render. */
import {
  type Case,
  type PartialDate,
  type Person,
  preferredName,
  printNumber,
  type Sentence,
  type Text,
} from "./case.ts";
import type { Change } from "./change.ts";
import { joinList, languageName, printDay } from "./intl.ts";
import { directionOf, isolate, type LocaleTag, locales } from "./locale.ts";
import { type Gender, type MessageKey, type MessageValues, message } from "./messages.ts";
import { lastDay, printEdtf } from "./partial-date.ts";
import { type CaseSummary, PEOPLE_NAMED } from "./protocol.ts";
import type { Revision, RevisionKind } from "./revision.ts";

/**
 * A run of text; `lang` is there when it is not in the view's own language (a fallback, a name, a quotation), `dir` when it
 * does not run in the view's own direction.
 */
export interface Run {
  text: string;
  lang?: string;
  dir?: "ltr" | "rtl";
}

/** A run with the words of the view's own language that stand around it: a label before it, whose and of which day after it. */
export interface Line extends Run {
  before?: string;
  after?: string;
}

export interface Section<Item> {
  label: string;
  list: Item[];
}

export interface PersonView {
  name: Run;
  /** "also written ..." in words, when there are other spellings. */
  alsoText?: string;
  /** Finished statuses, in the past tense. */
  lines: Line[];
}

export interface RevisionView {
  number: number;
  kind: RevisionKind;
  /** ISO 8601, UTC, milliseconds; of two views of a case the one with the newer `liveAt` is true. */
  liveAt: string;
  /** "Update 3" */
  label: string;
  /** "Published here 25 November 2026, 10:03 UTC" */
  published: string;
}

export interface PresentView {
  state: "present";
  id: string;
  lang: LocaleTag;
  dir: "ltr" | "rtl";
  /** "UA 126/19" */
  number: string;
  issuer: string;
  /** Says that the case is invented, when it is. */
  demo?: string;
  title: Run;
  summary: Run;
  asOf: { label: string; date: string; text: string; stated: string; note?: string };
  action: { state: Case["action"]["state"] | "lapsed"; label: string; text?: Run };
  /** What is true of every one of them stands once, in `each`; a person's own `lines` say the rest. Render both. */
  people: Section<PersonView> & {
    each?: Section<Line>;
    /** How many there are beyond the first `PEOPLE_NAMED`, in words. */
    more?: string;
  };
  places: Section<{ name: Run; status?: Run }>;
  timeline: Section<{ when: string; text: Run }>;
  assessments: Section<Run>[];
  quotations: Section<{ text: Run; speaker: string; occasion: Run }>;
  impact: Section<Run>;
  next: Section<Run>;
  revision: RevisionView & { note: Run; changes: Section<string> };
  sources: Section<{ text: string; href?: string }>;
  notes: string[];
  rights: { text: Run; href: string };
  /** Words for what only a widget or page shows. */
  words: { changed: string; offline: string; more: string; contact: string };
  /** The instant (ISO 8601) from which this same revision reads differently: a deadline passed, facts grown old. */
  until?: string;
}

/** A designed refusal: the case was withdrawn, or there is none. */
export interface RefusalView {
  state: "withdrawn" | "unknown";
  id: string;
  lang: LocaleTag;
  dir: "ltr" | "rtl";
  title: string;
  text: string;
  revision?: RevisionView;
}

export type View = PresentView | RefusalView;

/** Facts older than this many days say that nothing later is known here. */
const STALE_AFTER_DAYS = 180;
const DAY = 86_400_000;

/** The text in the wanted language, else in the case's own, marked as such. */
export function runOf(text: Text, source: string, locale: LocaleTag): Run {
  const own = text[locale];
  if (own !== undefined) return { text: own };
  const lang = text[source] !== undefined ? source : (Object.keys(text)[0] as string);
  return marked(text[lang] as string, lang, locale);
}

export function marked(text: string, lang: string, locale: LocaleTag): Run {
  if (lang === locale) return { text };
  const dir = directionOf(lang);
  return dir === locales[locale].dir ? { text, lang } : { text, lang, dir };
}

/** Stands for the run while the words around it are put together. */
const SLOT = "\ufffc";

/** @param words with `SLOT` where the run goes; a run in the view's own language becomes one with them */
function lineOf(words: string, { text, lang, dir }: Run): Line {
  if (lang === undefined) return { text: words.replace(SLOT, () => text) };
  const [before, after] = words.split(SLOT);
  return { ...(before ? { before } : {}), text, lang, ...(dir ? { dir } : {}), ...(after ? { after } : {}) };
}

type Say = (key: MessageKey, values?: MessageValues) => string;
const sayIn =
  (locale: LocaleTag): Say =>
  (key, values) =>
    message(locale, key, values);

function dateIn(locale: LocaleTag, edtf: string): string {
  const say = sayIn(locale);
  return printEdtf(edtf, (date) => printDay(locale, date), {
    uncertain: say("date.uncertain", { date: "{date}" }),
    approximate: say("date.approximate", { date: "{date}" }),
    between: say("date.between", { from: "{from}", to: "{to}" }),
    since: say("date.since", { date: "{date}" }),
    until: say("date.until", { date: "{date}" }),
  });
}

function partialDateIn(locale: LocaleTag, { date, inferred }: PartialDate): string {
  const text = dateIn(locale, date);
  return inferred?.includes("year") ? message(locale, "date.inferred", { date: text }) : text;
}

/** "25 November 2026, 10:03 UTC" */
export function instantIn(locale: LocaleTag, iso: string): string {
  return message(locale, "view.instant", { day: dateIn(locale, iso.slice(0, 10)), time: iso.slice(11, 16) });
}

function genderOf(person: Pick<Person, "pronouns">): Gender {
  return person.pronouns === "he/him" ? "he" : person.pronouns === "she/her" ? "she" : "they";
}

/** The one gender that all of them have, if they have one. */
export function gendersOf(people: Pick<Person, "pronouns">[]): Gender {
  const genders = new Set(people.map(genderOf));
  return genders.size === 1 ? ([...genders][0] as Gender) : "they";
}

/** "12 years", "7 years and 6 months" */
function termIn(locale: LocaleTag, duration: string): string {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/.exec(duration);
  if (!match) return duration;
  const units = ["sentence.years", "sentence.months", "sentence.days"] as const;
  return joinList(
    locale,
    units.flatMap((key, index) => {
      const count = match[index + 1];
      return count === undefined ? [] : [message(locale, key, { count: Number(count) })];
    }),
  );
}

function sentenceIn(locale: LocaleTag, duration: Sentence["duration"], gender: Gender): string {
  const say = sayIn(locale);
  if (duration === "life") return say("sentence.life", { gender });
  if (duration === "death") return say("sentence.death", { gender });
  return say("sentence.term", { gender, term: termIn(locale, duration) });
}

function viewPerson(person: Person, fields: Case, locale: LocaleTag): PersonView {
  const say = sayIn(locale);
  const gender = genderOf(person);
  const name = preferredName(person);
  const lines: Line[] = [];
  // The view's head says whose facts these are and of which day; only what differs repeats it.
  const isDated = ({ asOf }: { asOf: PartialDate }) => asOf.date === fields.asOf.date;
  const qualify = (text: string, status: { asOf: PartialDate; statedBy: string }): string =>
    isDated(status) && status.statedBy === fields.issuer
      ? text
      : say("person.qualified", { text, date: partialDateIn(locale, status.asOf), by: status.statedBy });
  if (person.role) lines.push(runOf(person.role, fields.language, locale));
  for (const designation of person.designations) {
    const text = say(`designation.${designation.value}`, { gender });
    // A judgement is never without whose it is.
    lines.push({
      text: isDated(designation)
        ? say("person.designation", { text, by: designation.statedBy })
        : qualify(text, designation),
    });
  }
  if (person.charges) {
    const words = qualify(say("person.charges", { text: SLOT }), person.charges);
    lines.push(lineOf(words, runOf(person.charges.value, fields.language, locale)));
  }
  if (person.sentence) {
    const { duration, imposedOn } = person.sentence.value;
    const sentence = sentenceIn(locale, duration, gender);
    const dated = imposedOn ? say("sentence.dated", { sentence, date: partialDateIn(locale, imposedOn) }) : sentence;
    lines.push({ text: qualify(dated, person.sentence) });
  }
  if (person.proceedings)
    lines.push({ text: qualify(say(`proceedings.${person.proceedings.value}`, { gender }), person.proceedings) });
  if (person.custody) lines.push({ text: qualify(say(`custody.${person.custody.value}`, { gender }), person.custody) });
  const also = person.names.filter((other) => other !== name).map((other) => isolate(other.value, locale));
  const view: PersonView = { name: marked(name.value, name.lang, locale), lines };
  if (also.length > 0) view.alsoText = say("view.also", { names: joinList(locale, also) });
  return view;
}

/** The last known status of a person, always with its date and who stated it. */
export function viewStatus(person: Person, locale: LocaleTag): { name: Run; lines: Run[] } {
  const say = sayIn(locale);
  const gender = genderOf(person);
  const name = preferredName(person);
  const dated = (text: string, { asOf, statedBy }: { asOf: PartialDate; statedBy: string }): Run => ({
    text: say("person.qualified", { text, date: partialDateIn(locale, asOf), by: statedBy }),
  });
  const { proceedings, custody } = person;
  return {
    name: marked(name.value, name.lang, locale),
    lines: [
      ...(proceedings ? [dated(say(`proceedings.${proceedings.value}`, { gender }), proceedings)] : []),
      ...(custody ? [dated(say(`custody.${custody.value}`, { gender }), custody)] : []),
    ],
  };
}

/** Moves the lines that all the people share out of theirs: six times the same sentence is one sentence about each of six. */
function viewPeople(fields: Case, locale: LocaleTag): PresentView["people"] {
  const say = sayIn(locale);
  const list = fields.people.map((person) => viewPerson(person, fields, locale));
  const label = say("view.people");
  const [first, ...others] = list;
  if (!first || others.length === 0) return { label, list };
  const isIn = (lines: Line[]) => (line: Line) => lines.some((own) => JSON.stringify(own) === JSON.stringify(line));
  const shared = first.lines.filter((line) => others.every((person) => isIn(person.lines)(line)));
  if (shared.length === 0) return { label, list };
  for (const person of list) person.lines = person.lines.filter((line) => !isIn(shared)(line));
  return { label, list, each: { label: say("view.each", { gender: gendersOf(fields.people) }), list: shared } };
}

function countBeyond(people: number, locale: LocaleTag): { more?: string } {
  return people > PEOPLE_NAMED ? { more: message(locale, "view.people.more", { count: people - PEOPLE_NAMED }) } : {};
}

/** A change in words: "Demo Person: had been released (before: was imprisoned)". */
function changeIn(locale: LocaleTag, change: Change): string {
  const say = sayIn(locale);
  const status = (person: string, from: string | null, to: string | null, asOf: string | undefined) => {
    if (to === null) return say("change.status.removed", { person, from: from ?? "" });
    const text = from === null ? say("change.status.new", { person, to }) : say("change.status", { person, from, to });
    return asOf ? say("change.status.dated", { change: text, date: dateIn(locale, asOf) }) : text;
  };
  switch (change.what) {
    case "person-added":
    case "person-removed":
      return say(`change.${change.what}`, { person: change.person });
    case "custody":
    case "proceedings": {
      const word = (code: string | null) =>
        code === null ? null : say(`${change.what}.${code}` as MessageKey, { gender: "they" });
      return status(change.person, word(change.from), word(change.to), change.asOf);
    }
    case "sentence": {
      const word = (code: string | null) => (code === null ? null : sentenceIn(locale, code, "they"));
      return status(change.person, word(change.from), word(change.to), change.asOf);
    }
    case "action":
      return say(`action.${change.to}` as MessageKey);
    case "deadline":
      return change.to ? say("change.deadline", { to: dateIn(locale, change.to) }) : say("change.deadline.removed");
    case "as-of":
      return say("change.as-of", { date: dateIn(locale, change.to) });
    case "events-added":
    case "documents-added":
    case "quotations-added":
      return say(`change.${change.what}`, { count: change.count });
    case "text":
      return say(`change.${change.part}`);
  }
}

export function viewRevision(revision: Pick<Revision, "number" | "kind" | "liveAt">, locale: LocaleTag): RevisionView {
  const say = sayIn(locale);
  return {
    number: revision.number,
    kind: revision.kind,
    liveAt: revision.liveAt,
    label: say(`view.revision.${revision.kind}`, { number: String(revision.number) }),
    published: say("view.published", { date: instantIn(locale, revision.liveAt) }),
  };
}

/** A revision as a history tells of it; without a note once that was erased. */
export interface PastView extends RevisionView {
  note?: Run;
  changes: string[];
}

/** @param language the case's own, which every note is written in */
export function viewPast(revision: Revision, language: string, locale: LocaleTag): PastView {
  const { note } = revision;
  return {
    ...viewRevision(revision, locale),
    ...(Object.keys(note).length > 0 ? { note: runOf(note, language, locale) } : {}),
    changes: revision.changes.map((change) => changeIn(locale, change)),
  };
}

/** The end of a day anywhere on Earth (UTC-12), so that no deadline ends early for anyone. */
const endOfDay = (day: string) => Date.parse(`${day}T23:59:59.999Z`) + 12 * 3_600_000;

/** Whether a deadline has passed everywhere on Earth. */
export const hasLapsed = (until: string | undefined, now: number): boolean =>
  until !== undefined && now > endOfDay(until);

function actionLabel(
  state: Case["action"]["state"],
  until: string | undefined,
  locale: LocaleTag,
  now: number,
): Pick<PresentView["action"], "state" | "label"> {
  const say = sayIn(locale);
  if (state !== "active" || !until) return { state, label: say(`action.${state}`) };
  const date = dateIn(locale, until);
  return hasLapsed(until, now)
    ? { state: "lapsed", label: say("action.lapsed", { date }) }
    : { state, label: say("action.active.until", { date }) };
}

/** Whether people are asked to write, in words. */
export function viewAction(fields: Case, locale: LocaleTag, now: number): PresentView["action"] {
  const { state, request, thanks, until } = fields.action;
  const label = actionLabel(state, until, locale, now);
  // After its deadline no surface asks anyone to write.
  const text = label.state === "active" ? request : label.state === "lapsed" ? undefined : thanks;
  return text ? { ...label, text: runOf(text, fields.language, locale) } : label;
}

function viewDocument(
  document: Case["documents"][number],
  fields: Case,
  locale: LocaleTag,
): { text: string; href?: string } {
  const say = sayIn(locale);
  const kind = say(`document.${document.kind ?? "unspecified"}`);
  const number = printNumber(fields.number);
  const named = document.sequence
    ? say(document.final ? "document.final" : "document.sequence", { kind, count: document.sequence, number })
    : kind;
  const parts = [
    named,
    document.aiIndex,
    document.title,
    document.issuedOn && partialDateIn(locale, document.issuedOn),
  ];
  const text = `${fields.issuer}: ${parts.filter(Boolean).join(", ")}`;
  return document.href ? { text, href: document.href } : { text };
}

/** From when on the facts are old, in milliseconds since the epoch. */
export function staleSince({ asOf }: Pick<Case, "asOf">): number {
  const day = lastDay(asOf.date);
  return day ? Date.parse(`${day}T00:00:00Z`) + (STALE_AFTER_DAYS + 1) * DAY : Number.POSITIVE_INFINITY;
}

/**
 * @param now milliseconds since the epoch; decides only whether a deadline has passed and whether the facts are old
 */
export function viewCase(fields: Case, revision: Revision, locale: LocaleTag, now: number): PresentView {
  const say = sayIn(locale);
  const run = (text: Text) => runOf(text, fields.language, locale);
  const staleFrom = staleSince(fields);
  const lapse =
    fields.action.state === "active" && fields.action.until
      ? endOfDay(fields.action.until) + 1
      : Number.POSITIVE_INFINITY;
  const until = [staleFrom, lapse]
    .filter((instant) => instant > now && Number.isFinite(instant))
    .sort((a, b) => a - b)[0];
  const by = [...new Set(fields.assessments.map((assessment) => assessment.by))];
  const translated = locale !== fields.language && Object.hasOwn(fields.translations, locale);
  const unreviewed =
    (translated && !fields.translations[locale]?.reviewed) || (locale !== fields.language && !locales[locale].reviewed);
  const view: PresentView = {
    state: "present",
    id: fields.id,
    lang: locale,
    dir: locales[locale].dir,
    number: printNumber(fields.number),
    issuer: fields.issuer,
    ...(fields.demo ? { demo: say("view.demo") } : {}),
    title: run(fields.title),
    summary: run(fields.summary),
    asOf: {
      label: say("view.asOf"),
      date: fields.asOf.date,
      text: partialDateIn(locale, fields.asOf),
      stated: say("view.stated", { by: fields.issuer }),
      ...(now >= staleFrom ? { note: say("view.stale") } : {}),
    },
    action: viewAction(fields, locale, now),
    people: { ...viewPeople(fields, locale), ...countBeyond(fields.people.length, locale) },
    places: {
      label: say("view.places"),
      list: fields.places.map((place) => ({
        name: run(place.name),
        ...(place.status ? { status: run(place.status) } : {}),
      })),
    },
    timeline: {
      label: say("view.timeline"),
      list: fields.events.map((event) => ({
        when: partialDateIn(locale, event.date),
        text: run(event.text),
      })),
    },
    assessments: by.map((name) => ({
      label: say("view.assessments", { by: name }),
      list: fields.assessments.filter((assessment) => assessment.by === name).map((assessment) => run(assessment.text)),
    })),
    quotations: {
      label: say("view.quotations"),
      list: fields.quotations.map((quotation) => ({
        text: marked(quotation.excerpt ?? quotation.text, quotation.lang, locale),
        speaker: quotation.speaker,
        occasion: run(quotation.occasion),
      })),
    },
    impact: { label: say("view.impact"), list: fields.impact.map((statement) => run(statement.text)) },
    next: { label: say("view.next"), list: fields.next.map((statement) => run(statement.text)) },
    revision: {
      ...viewRevision(revision, locale),
      note: runOf(revision.note, fields.language, locale),
      changes: { label: say("view.changes"), list: revision.changes.map((change) => changeIn(locale, change)) },
    },
    sources: {
      label: say("view.sources"),
      list: fields.documents.map((document) => viewDocument(document, fields, locale)),
    },
    notes: [],
    rights: { text: run(fields.rights.text), href: fields.rights.href },
    words: {
      changed: say("view.changed"),
      offline: say("view.offline"),
      more: say("view.more"),
      contact: say("view.contact"),
    },
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
  };
  view.notes = [
    ...fallbackNote(view),
    ...(unreviewed ? [say("view.unreviewed")] : []),
    say("view.independent", { issuer: fields.issuer }),
  ];
  return view;
}

/** Says that some of the case is not in the reader's language; names and quotations are meant to be in their own. */
function fallbackNote(view: PresentView): string[] {
  const runs = [
    ...[view.title, view.summary, view.action.text, view.revision.note],
    ...(view.people.each?.list ?? []),
    ...view.people.list.flatMap(({ lines }) => lines),
    ...view.places.list.flatMap(({ name, status }) => [name, status]),
    ...view.timeline.list.map(({ text }) => text),
    ...view.assessments.flatMap(({ list }) => list),
    ...view.quotations.list.map(({ occasion }) => occasion),
    ...[...view.impact.list, ...view.next.list],
  ];
  const tags = [...new Set(runs.flatMap((run) => run?.lang ?? []))];
  if (tags.length === 0) return [];
  const languages = tags.map((tag) => languageName(view.lang, tag));
  return [message(view.lang, "view.fallback", { languages: joinList(view.lang, languages) })];
}

/** "Facts as of 25 June 2020" */
export const viewAsOf = (fields: Pick<Case, "asOf">, locale: LocaleTag): string =>
  `${message(locale, "view.asOf")} ${partialDateIn(locale, fields.asOf)}`;

export interface SummaryView {
  lang: LocaleTag;
  dir: "ltr" | "rtl";
  title: Run;
  /** "Facts as of 25 June 2020" */
  asOf: string;
  action: string;
}

/** One line of a list of cases. */
export function viewSummary(
  summary: Pick<CaseSummary, "title" | "language" | "asOf" | "inferred" | "action" | "until">,
  locale: LocaleTag,
  now: number,
): SummaryView {
  return {
    lang: locale,
    dir: locales[locale].dir,
    title: runOf(summary.title, summary.language, locale),
    asOf: viewAsOf({ asOf: { date: summary.asOf, inferred: summary.inferred } }, locale),
    action: actionLabel(summary.action, summary.until, locale, now).label,
  };
}

export function viewWithdrawn(
  id: string,
  revision: Pick<Revision, "number" | "kind" | "liveAt">,
  locale: LocaleTag,
): RefusalView {
  const say = sayIn(locale);
  return {
    state: "withdrawn",
    id,
    lang: locale,
    dir: locales[locale].dir,
    title: say("view.withdrawn.title"),
    text: say("view.withdrawn.text", { date: instantIn(locale, revision.liveAt) }),
    revision: viewRevision(revision, locale),
  };
}

export function viewUnknown(id: string, locale: LocaleTag): RefusalView {
  const say = sayIn(locale);
  // What was asked for may be anything.
  const shown = id.length > 40 ? `${id.slice(0, 40)}…` : id;
  return {
    state: "unknown",
    id,
    lang: locale,
    dir: locales[locale].dir,
    title: say("view.unknown.title"),
    text: say("view.unknown.text", { id: shown }),
  };
}
