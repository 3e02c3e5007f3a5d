/** Values that several parts of the desk read from an unfinished case. */
import type { Case } from "../../../shared/case/schema.ts";
import type { UnfinishedCase } from "../../editorial/desk.ts";

/** The Urgent Action number; null while a part of it is missing. */
export function completeNumber({ number }: UnfinishedCase): Case["number"] | null {
  const isComplete = number?.series !== undefined && number.number !== undefined && number.year !== undefined;
  return isComplete ? (number as Case["number"]) : null;
}

/** A text of at most `most` characters, with an ellipsis when it was cut. */
export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 2)}…` : text;
