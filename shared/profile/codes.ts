/** The codes that a newsroom's cases may use: the common ones, and those of its profile. */
import { custodyStates, proceedingStates } from "../case/schema.ts";
import type { Profile, Word } from "./schema.ts";

export type CodeList = "series" | "designations" | "custody" | "proceedings" | "documents";

const valuesOf = (words: readonly Word[]) => words.map(({ value }) => value);

/** @param list `documents` are the kinds of documents */
export function codesOf(list: CodeList, profile: Profile): string[] {
  switch (list) {
    case "series":
      return profile.series.map(({ code }) => code);
    case "designations":
      return valuesOf(profile.designations);
    case "custody":
      return [...custodyStates, ...valuesOf(profile.custody)];
    case "proceedings":
      return [...proceedingStates, ...valuesOf(profile.proceedings)];
    case "documents":
      return valuesOf(profile.documents.kinds);
  }
}
