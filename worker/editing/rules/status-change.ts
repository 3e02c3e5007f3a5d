/** Changes of people's statuses in a draft: what else must follow each, and whether its date is right. */
import { compareEdtf } from "../../../shared/case/partial-date.ts";
import { type Case, type StatedField, statusFields } from "../../../shared/case/schema.ts";
import { sourceDigest, textIn } from "../../../shared/case/text.ts";
import { type Fields, isFields } from "../../../shared/fields.ts";
import type { DeskDraft, UnfinishedCase } from "./desk.ts";
import { isSame } from "./merge.ts";

type Path = (string | number)[];

/** A status of an unfinished case. */
export interface PersonStatus {
  value?: unknown;
  asOf?: { date?: string };
  statedBy?: string;
  source?: string;
}

export interface StatusChange {
  field: StatedField;
  /** The status in the draft. */
  path: Path;
  /** The same place with ids, so that it stays when entries move: `people/demo-person-one/custody`. */
  at: string;
  name: string;
  /** The published status; undefined for a new one. */
  before: PersonStatus | undefined;
  after: PersonStatus;
}

export type StatusDraft = Pick<DeskDraft, "case" | "kind" | "resolved"> & { base: { case: Case } | null };

type Person = NonNullable<NonNullable<UnfinishedCase["people"]>[number]>;

const nameOf = ({ names = [] }: Person): string =>
  names.find((name) => name?.form === "preferred")?.value ?? names[0]?.value ?? "";

/** The value of a status, without the earlier terms of a sentence. */
function valueIn(status: PersonStatus | undefined): unknown {
  if (!isFields(status?.value) || !("duration" in status.value)) return status?.value;
  const { earlier: _, ...term } = status.value;
  return term;
}

/** False for a value that the editor has only begun: a sentence without its duration. */
const isComplete = (field: StatedField, value: unknown): boolean =>
  field === "sentence" ? isFields(value) && value.duration !== undefined : (value ?? "") !== "";

/** A person's statuses, each with its place. Entries of a list are told apart by their id or value. */
function statusesOf(person: Fields): { field: StatedField; key: string; path: Path; status: PersonStatus }[] {
  return statusFields.flatMap((field) => {
    const value = person[field];
    if (isFields(value)) return [{ field, key: field, path: [field], status: value as PersonStatus }];
    if (!Array.isArray(value)) return [];
    return value.filter(isFields).map((status, index) => ({
      field,
      key: `${field}/${String(status.id ?? status.value)}`,
      path: [field, index],
      status: status as PersonStatus,
    }));
  });
}

/** The published status that an edited one replaces. @param path of the status in the draft, such as `["people", 0, "custody"]` */
export function publishedStatus(
  fields: UnfinishedCase,
  base: Case | null,
  path: readonly (string | number)[],
): unknown {
  const [, index, ...rest] = path;
  const person = fields.people?.[index as number] as Fields | undefined;
  const before = base?.people.find(({ id }) => id === person?.id) as Fields | undefined;
  if (!person || !before) return undefined;
  const own = statusesOf(person).find((one) => isSame(one.path, rest));
  return statusesOf(before).find(({ key }) => key === own?.key)?.status;
}

/** Every status of a published person that says something else than the newest revision, or that is new. */
export function statusChanges({ case: { people = [] }, base }: Pick<StatusDraft, "case" | "base">): StatusChange[] {
  return people.flatMap((person, index) => {
    const published = base?.case.people.find(({ id }) => id === person?.id);
    if (!person || !published) return [];
    const known = new Map(statusesOf(published as unknown as Fields).map(({ key, status }) => [key, status]));
    return statusesOf(person as Fields).flatMap(({ field, key, path, status }) => {
      const before = known.get(key);
      if (!isComplete(field, status.value) || isSame(valueIn(before), valueIn(status))) return [];
      const at = `people/${person.id}/${key}`;
      return [{ field, path: ["people", index, ...path], at, name: nameOf(person), before, after: status }];
    });
  });
}

/** Asks whether the date of a changed status is right, because it isn't later than that of the status it replaces. */
export interface DateQuestion {
  /** Identifies the question among the draft's resolved ones. */
  key: string;
  change: StatusChange;
}

function allDateQuestions(draft: StatusDraft): DateQuestion[] {
  if (draft.kind === "redaction") return [];
  return statusChanges(draft).flatMap((change) => {
    const [date, earlier] = [change.after.asOf?.date, change.before?.asOf?.date];
    if (!date || !earlier || compareEdtf(date, earlier) > 0) return [];
    return [{ key: ["status-date", change.at, JSON.stringify(valueIn(change.after)), date].join("|"), change }];
  });
}

/** The questions about dates that the editor has not answered. */
export const dateQuestions = (draft: StatusDraft): DateQuestion[] =>
  allDateQuestions(draft).filter(({ key }) => !draft.resolved.includes(key));

/** The questions about dates that the editor has answered: the date is right. */
export const answeredDates = (draft: StatusDraft): DateQuestion[] =>
  allDateQuestions(draft).filter(({ key }) => draft.resolved.includes(key));

/** A part of the case that a changed status may have made wrong. */
export interface FollowUp {
  /** Identifies it among the draft's resolved ones. */
  key: string;
  what: "title" | "summary" | "state" | "request" | "letter" | "until" | "event" | "asOf" | "earlier";
  path: Path;
  state: "open" | "changed" | "confirmed";
  /** The change of a sentence whose earlier term would be lost. */
  change?: StatusChange;
}

/** The earlier terms of a changed sentence: those known before, and the term that it replaces. */
export function earlierTerms({ before, after }: StatusChange): Fields[] {
  const { earlier: known = [], ...term } = (before?.value ?? {}) as Fields & { earlier?: Fields[] };
  const own = ((after.value as Fields | undefined)?.earlier ?? known) as Fields[];
  const replaced = { ...term, ...(before?.source === undefined ? {} : { source: before.source }) };
  return own.some((one) => one.duration === term.duration && isSame(one.imposedOn, term.imposedOn))
    ? own
    : [...own, replaced];
}

const isLater = (date: string | undefined, than: string) => date !== undefined && compareEdtf(date, than) > 0;

/** What must follow the changes of status in a draft. Empty without a change, and for a redaction, which only removes. */
export function followUps(draft: StatusDraft): FollowUp[] {
  const { case: fields, base, kind, resolved } = draft;
  const changes = statusChanges(draft);
  if (!base || changes.length === 0 || kind === "redaction") return [];
  const digest = sourceDigest(changes.map(({ at, after }) => `${at} ${JSON.stringify(valueIn(after))}`).join("\n"));
  const { language = "en", action = {} } = fields;
  const before = base.case;
  const one = (what: FollowUp["what"], path: Path, isChanged: boolean, more: Partial<FollowUp> = {}): FollowUp => {
    const key = `follows|${[...path, what].join("/")}|${digest}`;
    return { key, what, path, state: isChanged ? "changed" : resolved.includes(key) ? "confirmed" : "open", ...more };
  };
  const text = (what: "request" | "letter") =>
    action[what] || before.action[what]
      ? [one(what, ["action", what], textIn(action[what], language) !== textIn(before.action[what], before.language))]
      : [];
  const known = new Set(before.events.map((event) => JSON.stringify(event)));
  return [
    one("title", ["title"], textIn(fields.title, language) !== textIn(before.title, before.language)),
    one("summary", ["summary"], textIn(fields.summary, language) !== textIn(before.summary, before.language)),
    ...(before.action.state === "active" ? [one("state", ["action", "state"], action.state !== "active")] : []),
    ...text("request"),
    ...text("letter"),
    ...(action.until || before.action.until
      ? [one("until", ["action", "until"], action.until !== before.action.until)]
      : []),
    one(
      "event",
      ["events"],
      (fields.events ?? []).some((event) => !known.has(JSON.stringify(event))),
    ),
    // Otherwise readers are told that nothing is known after the older date.
    ...(changes.some(({ after }) => isLater(after.asOf?.date, before.asOf.date))
      ? [one("asOf", ["asOf"], fields.asOf?.date !== before.asOf.date)]
      : []),
    ...changes
      .filter(({ field, before: old }) => field === "sentence" && old !== undefined)
      .map((change) => {
        const own = ((change.after.value as Fields).earlier ?? []) as Fields[];
        return one("earlier", change.path, own.length >= earlierTerms(change).length, { change });
      }),
  ];
}

/** Kinds of events that follow from a status beyond doubt. */
const eventKinds: Record<string, string> = {
  detained: "arrest",
  released: "release",
  "conditional-release": "release",
  "died-in-custody": "death",
  executed: "death",
  charged: "charge",
  "on-trial": "trial",
  convicted: "conviction",
  "conviction-upheld": "appeal",
  quashed: "appeal",
};

/** The event of a changed status, with its date and source. Its text is left to the editor. */
export function eventOf({ field, after: { value, asOf, source } }: StatusChange): Fields {
  const kind = field === "sentence" ? "sentence" : eventKinds[String(value)];
  return { ...(asOf && { date: asOf }), ...(kind && { kind }), ...(source && { source }) };
}
