/**
 * The codes that a newsroom's cases may use: the common ones, and those of its
 * profile.
 */
import { type CodedField, codedFields, commonCodes } from "../case/schema.ts";
import type { Profile, Word } from "./schema.ts";

export type CodeList = "series" | "documents" | CodedField;

/**
 * The list of a field that holds a code, by the name of its object or list and
 * its own.
 */
export function codeListOf(parent: string, name: string): CodeList | undefined {
  if (parent === "number" && name === "series") return "series";
  if (parent === "documents" && name === "kind") return "documents";
  return name === "value"
    ? codedFields.find((field) => field === parent)
    : undefined;
}

const valuesOf = (words: readonly Word[]) => words.map(({ value }) => value);

/** @param list `documents` are the kinds of documents */
export function codesOf(list: CodeList, profile: Profile): string[] {
  switch (list) {
    case "series":
      return profile.series.map(({ code }) => code);
    case "documents":
      return valuesOf(profile.documents.kinds);
    default:
      return [...(commonCodes[list] ?? []), ...valuesOf(profile[list])];
  }
}
