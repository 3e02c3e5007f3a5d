/** Values that several parts of the desk read from an unfinished case. */
import type { Case } from "../../../shared/case/schema.ts";
import { hasYear } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";

/** The case's number; null while a part of it is missing. */
export function completeNumber({ number }: UnfinishedCase, profile: Profile): Case["number"] | null {
  const series = profile.series.find(({ code }) => code === number?.series);
  const isComplete = series && number?.number !== undefined && (number.year !== undefined || !hasYear(series));
  return isComplete ? (number as Case["number"]) : null;
}

/** A text of at most `most` characters, with an ellipsis when it was cut. */
export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 2)}…` : text;
