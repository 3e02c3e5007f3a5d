/** Puts a status that a person accepted into the case. This is the only place that knows where each status belongs. */
import type { PartialDate } from "../../../shared/case/schema.ts";
import type { UnfinishedCase } from "../../editorial/desk.ts";
import type { Candidate } from "../../importer/finding.ts";
import { type Path, valueAt } from "./path.ts";

export type Proposal = Candidate["proposals"][number];

/** The parts of a status that the importer never proposes: a person states them. */
export interface Statement {
  asOf: PartialDate;
  statedBy: string;
  /** The id of the document that the sentence is in. */
  source: string;
}

/** @returns the path and the new value of the field to edit */
export function accepted(
  fields: UnfinishedCase,
  person: number,
  { field, value }: Proposal,
  statement: Statement,
): [path: Path, value: unknown] {
  const own: Path = ["people", person];
  if (field === "sentence") return [[...own, "sentence"], { value: { duration: value }, ...statement }];
  if (field !== "designation") return [[...own, field], { value, ...statement }];
  const known = (valueAt(fields, [...own, "designations"]) ?? []) as { value?: string }[];
  return [
    [...own, "designations"],
    [...known.filter((one) => one.value !== value), { value, ...statement }],
  ];
}
