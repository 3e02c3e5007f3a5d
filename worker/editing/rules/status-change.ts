/**
 * Changes of people's statuses in a draft, and what follows from each beyond
 * doubt.
 */
import {
  type Case,
  type StatedField,
  statusFields,
} from "../../../shared/case/schema.ts";
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
  /**
   * The same place with ids, so that it stays when entries move:
   * `people/demo-person-one/custody`.
   */
  at: string;
  name: string;
  /** The published status; undefined for a new one. */
  before: PersonStatus | undefined;
  after: PersonStatus;
}

export type StatusDraft = Pick<DeskDraft, "case"> & {
  base: { case: Case } | null;
};

type Person = NonNullable<NonNullable<UnfinishedCase["people"]>[number]>;

const nameOf = ({ names = [] }: Person): string =>
  names.find((name) => name?.form === "preferred")?.value ??
  names[0]?.value ??
  "";

/** The value of a status, without the earlier terms of a sentence. */
function valueIn(status: PersonStatus | undefined): unknown {
  if (!isFields(status?.value) || !("duration" in status.value))
    return status?.value;
  const { earlier: _, ...term } = status.value;
  return term;
}

/**
 * False for a value that the editor has only begun: a sentence without its
 * duration.
 */
const isComplete = (field: StatedField, value: unknown): boolean =>
  field === "sentence"
    ? isFields(value) && value.duration !== undefined
    : (value ?? "") !== "";

/**
 * A person's statuses, each with its place. Entries of a list are told apart by
 * their id or value.
 */
export function placedStatuses(
  person: Fields,
  fields: readonly StatedField[] = statusFields,
): { field: StatedField; key: string; path: Path; status: PersonStatus }[] {
  return fields.flatMap((field) => {
    const value = person[field];
    if (isFields(value))
      return [
        { field, key: field, path: [field], status: value as PersonStatus },
      ];
    if (!Array.isArray(value)) return [];
    return value.filter(isFields).map((status, index) => ({
      field,
      key: `${field}/${String(status.id ?? status.value)}`,
      path: [field, index],
      status: status as PersonStatus,
    }));
  });
}

/**
 * The codes of a person's statuses in a field, or the term of a sentence, each
 * with its date.
 */
export const codesIn = (
  person: object | undefined,
  field: StatedField,
): { code: string; asOf: string }[] =>
  placedStatuses((person ?? {}) as Fields, [field]).flatMap(
    ({ status: { value, asOf } }) => {
      const code = isFields(value) ? value.duration : value;
      return typeof code === "string" ? [{ code, asOf: asOf?.date ?? "" }] : [];
    },
  );

/**
 * The published status that an edited one replaces.
 * @param path of the status in the draft, such as `["people", 0, "custody"]`
 */
export function publishedStatus(
  fields: UnfinishedCase,
  base: Case | null,
  path: readonly (string | number)[],
): unknown {
  const [, index, ...rest] = path;
  const person = fields.people?.[index as number] as Fields | undefined;
  const before = base?.people.find(({ id }) => id === person?.id) as
    | Fields
    | undefined;
  if (!person || !before) return undefined;
  const own = placedStatuses(person).find((one) => isSame(one.path, rest));
  return placedStatuses(before).find(({ key }) => key === own?.key)?.status;
}

/**
 * Every status of a published person that says something else than the newest
 * revision, or that is new.
 */
export function statusChanges({
  case: { people = [] },
  base,
}: StatusDraft): StatusChange[] {
  return people.flatMap((person, index) => {
    const published = base?.case.people.find(({ id }) => id === person?.id);
    if (!person || !published) return [];
    const known = new Map(
      placedStatuses(published as unknown as Fields).map(({ key, status }) => [
        key,
        status,
      ]),
    );
    return placedStatuses(person as Fields).flatMap(
      ({ field, key, path, status }) => {
        const before = known.get(key);
        if (
          !isComplete(field, status.value) ||
          isSame(valueIn(before), valueIn(status))
        )
          return [];
        const at = `people/${person.id}/${key}`;
        return [
          {
            field,
            path: ["people", index, ...path],
            at,
            name: nameOf(person),
            before,
            after: status,
          },
        ];
      },
    );
  });
}

/**
 * The earlier terms of a changed sentence: those known before, and the term
 * that it replaces.
 */
export function earlierTerms({ before, after }: StatusChange): Fields[] {
  const { earlier: known = [], ...term } = (before?.value ?? {}) as Fields & {
    earlier?: Fields[];
  };
  const own = ((after.value as Fields | undefined)?.earlier ??
    known) as Fields[];
  const replaced = {
    ...term,
    ...(before?.source === undefined ? {} : { source: before.source }),
  };
  return own.some(
    (one) =>
      one.duration === term.duration && isSame(one.imposedOn, term.imposedOn),
  )
    ? own
    : [...own, replaced];
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

/**
 * The event of a changed status, with its date and source. Its text is left to
 * the editor.
 */
export function eventOf({
  field,
  after: { value, asOf, source },
}: StatusChange): Fields {
  const kind = field === "sentence" ? "sentence" : eventKinds[String(value)];
  return {
    ...(asOf && { date: asOf }),
    ...(kind && { kind }),
    ...(source && { source }),
  };
}
