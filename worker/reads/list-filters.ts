/** The filters of the list of cases. */
import { matcher, type SearchWords, searchWords } from "../../shared/case/names.ts";
import { type FieldIssue, Refusal } from "../../shared/failure.ts";
import { codesOf } from "../../shared/profile/codes.ts";
import { caseNumberIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { hasLapsed } from "../../shared/view/age.ts";
import { type CaseSummary, placeCodesOf } from "../../shared/view/summary.ts";
import type { ListQuery } from "../contract/parameters.ts";
import { placeWords } from "./search-index.ts";

type Filters = Omit<ListQuery, "lang">;

const filters = ["place", "authority", "custody", "person", "series", "changedSince"] as const;

/** True for a query with a filter besides `q` and `action`. */
export const isFiltered = (query: Filters): boolean => filters.some((filter) => query[filter] !== undefined);

/** @throws Refusal `invalid-query` for a code that the profile doesn't have */
export function requireKnownCodes(query: ListQuery, profile: Profile): void {
  const issues = (["custody", "series"] as const).flatMap((list): FieldIssue[] => {
    const [code, known] = [query[list], codesOf(list, profile)];
    return code === undefined || known.includes(code)
      ? []
      : [{ pointer: `/${list}`, message: `must be one of ${known.join(", ")}` }];
  });
  if (issues.length > 0) throw new Refusal({ tag: "invalid-query", issues });
}

type Test = (summary: CaseSummary) => boolean;

/** Folded words of each case, made once, because a copy of a list serves many queries. */
const wordsOf = { people: new WeakMap<CaseSummary, SearchWords>(), places: new WeakMap<CaseSummary, SearchWords>() };

type Words = (summary: CaseSummary) => SearchWords;

function wordsIn(kind: keyof typeof wordsOf, summary: CaseSummary, words: Words): SearchWords {
  const known = wordsOf[kind].get(summary) ?? words(summary);
  wordsOf[kind].set(summary, known);
  return known;
}

/** The code that the filter for places names; null for a name. */
export const placeCodeIn = (place: string): string | null =>
  /^[a-z]{2}(-[a-z0-9]{1,3})?$/i.test(place) ? place.toUpperCase() : null;

/** A test for the code of a place that has this name in one of our languages. */
export function isCodeNamed(name: string): (code: string) => boolean {
  const isMatch = matcher(name);
  const byCode = new Map<string, boolean>();
  return (code) => {
    const known = byCode.get(code) ?? isMatch(placeWords(code));
    byCode.set(code, known);
    return known;
  };
}

/** The words of the names of a case's people. */
export const peopleWords = ({ spellings }: Pick<CaseSummary, "spellings">): SearchWords =>
  searchWords(spellings.join(" "));

/** The words of the names of a case's places in its languages. */
export const ownPlaceWords = ({ placeNames: places = [] }: Pick<CaseSummary, "placeNames">): SearchWords =>
  searchWords(places.flatMap(({ names }) => names).join(" "));

/** A test for the code of a place, or for a name of a place in any of our languages or of its case's. */
function isAtPlace(place: string): Test {
  const code = placeCodeIn(place);
  if (code !== null) return (summary) => placeCodesOf(summary).includes(code);
  const isMatch = matcher(place);
  const isNamed = isCodeNamed(place);
  return (summary) => placeCodesOf(summary).some(isNamed) || isMatch(wordsIn("places", summary, ownPlaceWords));
}

function hasPerson(name: string): Test {
  const isMatch = matcher(name);
  return (summary) => isMatch(wordsIn("people", summary, peopleWords));
}

/**
 * The cases that pass every filter, in their order.
 * @param now milliseconds since the epoch
 */
export function filterCases(cases: CaseSummary[], query: Filters, now: number, profile: Profile): CaseSummary[] {
  const { action, place, authority, custody, person, series, changedSince } = query;
  const tests: Test[] = [
    // A filter for active cases leaves out cases whose deadline has passed.
    ...(action
      ? [(one: CaseSummary) => one.action === action && !(action === "active" && hasLapsed(one.until, now))]
      : []),
    ...(authority ? [(one: CaseSummary) => one.authorities?.includes(authority) ?? false] : []),
    ...(custody ? [(one: CaseSummary) => one.custody?.includes(custody) ?? false] : []),
    ...(series ? [(one: CaseSummary) => caseNumberIn(one.id, profile)?.series === series] : []),
    ...(changedSince === undefined ? [] : [(one: CaseSummary) => Date.parse(one.revision.liveAt) >= changedSince]),
    ...(place ? [isAtPlace(place)] : []),
    ...(person ? [hasPerson(person)] : []),
  ];
  return tests.length === 0 ? cases : cases.filter((one) => tests.every((test) => test(one)));
}
