/** The filters of the list of cases. */
import { matcher } from "../../shared/case/names.ts";
import { Refusal } from "../../shared/failure.ts";
import { regionName } from "../../shared/intl.ts";
import { codesOf } from "../../shared/profile/codes.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import type { FieldIssue } from "../../shared/refusals/refusals.ts";
import type { ListQuery } from "../editing/contract/parameters.ts";
import { placeWords } from "./case-words.ts";

/** The filters of a question for a page of the list. */
export interface Filters extends Omit<ListQuery, "lang" | "limit" | "cursor"> {
  /** The ISO 3166 code of a place or of a responsible authority. */
  at?: string | undefined;
}

const filters = [
  "place",
  "authority",
  "custody",
  "person",
  "series",
  "changedSince",
] as const;

/**
 * True for a query with a filter besides `q` and `action`. One that was left
 * empty is none.
 */
export const isFiltered = (query: Filters): boolean =>
  filters.some((filter) => query[filter] !== undefined && query[filter] !== "");

/** @throws Refusal `invalid-query` for a code that the profile doesn't have */
export function requireKnownCodes(query: ListQuery, profile: Profile): void {
  const issues = (["custody", "series"] as const).flatMap(
    (list): FieldIssue[] => {
      const [code, known] = [query[list], codesOf(list, profile)];
      return code === undefined || known.includes(code)
        ? []
        : [
            {
              pointer: `/${list}`,
              message: `must be one of ${known.join(", ")}`,
            },
          ];
    },
  );
  // Invented cases have ZZ.
  if (
    query.authority &&
    query.authority !== "ZZ" &&
    !regionName("en", query.authority)
  )
    issues.push({
      pointer: "/authority",
      message: "must be the ISO 3166 code of a country, such as RU",
    });
  if (issues.length > 0) throw new Refusal({ tag: "invalid-query", issues });
}

/** The code that the filter for places names; null for a name. */
export const placeCodeIn = (place: string): string | null =>
  /^[a-z]{2}(-[a-z0-9]{1,3})?$/i.test(place) ? place.toUpperCase() : null;

/**
 * A test for the code of a place that has this name in one of our languages.
 */
export function isCodeNamed(name: string): (code: string) => boolean {
  const isMatch = matcher(name);
  const byCode = new Map<string, boolean>();
  return (code) => {
    const known = byCode.get(code) ?? isMatch(placeWords(code));
    byCode.set(code, known);
    return known;
  };
}
