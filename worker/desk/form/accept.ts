/**
 * Puts a status that a person accepted into the case. This is the only place
 * that knows where each status belongs.
 */
import type { PartialDate } from "../../../shared/case/schema.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import type { OfferedStatus } from "../../editing/rules/reading.ts";
import { type FieldPath, valueAt } from "./path.ts";

/** The parts of a status that no sentence offers: a person states them. */
export interface Statement {
  asOf: PartialDate;
  statedBy: string;
  /**
   * The id of the document that the sentence is in; absent while the case
   * doesn't have it.
   */
  source?: string;
}

interface Sentenced {
  value?: { duration?: string; earlier?: unknown[] };
  source?: string;
}

/**
 * A term in place of the one in force, which becomes the last of the earlier
 * terms. The same term gets the new date and source.
 */
function sentenceWith(
  known: Sentenced | undefined,
  duration: string,
  statement: Statement,
) {
  const { earlier = [], ...term } = known?.value ?? {};
  if (term.duration === duration) return { ...known, ...statement };
  const before =
    term.duration === undefined
      ? earlier
      : [...earlier, { ...term, source: known?.source }];
  return {
    value: { duration, ...(before.length > 0 ? { earlier: before } : {}) },
    ...statement,
  };
}

/**
 * @param replaced the position of the proceeding or designation that this one
 * replaces; a new one is added without it
 * @returns the path and the new value of the field to edit
 */
export function accepted(
  fields: UnfinishedCase,
  person: number,
  { field, value }: Pick<OfferedStatus, "field" | "value">,
  statement: Statement,
  replaced?: number,
): [path: FieldPath, value: unknown] {
  const own: FieldPath = ["people", person];
  const known = (name: string) => valueAt(fields, [...own, name]);
  if (field === "custody") return [[...own, field], { value, ...statement }];
  if (field === "sentence")
    return [
      [...own, field],
      sentenceWith(known(field) as Sentenced | undefined, value, statement),
    ];
  if (field === "proceedings") {
    const all = (known(field) ?? []) as object[];
    // The form gives a new proceeding its id.
    const at = replaced ?? all.length;
    return [[...own, field, at], { ...all[at], value, ...statement }];
  }
  const designations = (known("designations") ?? []) as { value?: string }[];
  return [
    [...own, "designations"],
    [
      ...designations.filter(
        (one, at) => one.value !== value && at !== replaced,
      ),
      { value, ...statement },
    ],
  ];
}

type Person = NonNullable<NonNullable<UnfinishedCase["people"]>[number]>;

/**
 * What is stated of a person now, in the words of `accepted`. A draft may lack
 * anything.
 */
export function statedValues(
  person: Person,
  field: OfferedStatus["field"],
): { value: string; asOf?: { date?: string }; statedBy?: string }[] {
  const all =
    field === "custody"
      ? [person.custody]
      : field === "sentence"
        ? [{ ...person.sentence, value: person.sentence?.value?.duration }]
        : person[field === "designation" ? "designations" : "proceedings"];
  return (all ?? []).flatMap((one) =>
    one?.value ? [one as { value: string }] : [],
  );
}
