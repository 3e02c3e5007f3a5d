/** What is derived from a case's summary, so that lists and searches don't read summaries that they don't show. */
import type { SearchWords } from "../../shared/case/names.ts";
import { caseNumberIn, numberOf } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { placeCodesOf, type StoredSummary } from "../../shared/view/summary.ts";
import { keysOf } from "../reads/case-keys.ts";
import { ownPlaceWords, peopleWords } from "../reads/list-filters.ts";
import { lastDayOf, titleLanguagesOf } from "../reads/questions.ts";
import { ownWords } from "../reads/search-index.ts";

/** Keys of the codes that filters look for. */
export const codeKey = {
  /** A place or a responsible authority. */
  at: (code: string) => `at:${code}`,
  place: (code: string) => `place:${code}`,
  authority: (code: string) => `authority:${code}`,
  custody: (code: string) => `custody:${code}`,
  series: (code: string) => `series:${code}`,
};

/** What a key of a folded word begins with, by the texts that have the word. */
export const wordKeys = {
  all: { word: "word ", arabic: "word-arabic " },
  people: { word: "person ", arabic: "person-arabic " },
  places: { word: "own-place ", arabic: "own-place-arabic " },
} as const;

/** A case with a place or a responsible authority that has a code. */
export const PLACED_KEY = "placed";

const keysOfWords = (kind: keyof typeof wordKeys, { all, arabic }: SearchWords): string[] => [
  ...all.map((word) => wordKeys[kind].word + word),
  ...arabic.map((word) => wordKeys[kind].arabic + word),
];

/**
 * The keys by which the Ledger finds a case. Names of places in our languages aren't among them, because their codes are.
 * @param known words of texts that were folded before
 */
export function listKeys(
  id: string,
  summary: StoredSummary,
  profile: Profile,
  known: Map<string, SearchWords>,
): string[] {
  const series = caseNumberIn(id, profile)?.series;
  return [
    ...keysOf(summary),
    ...(summary.places.length > 0 ? [PLACED_KEY] : []),
    ...summary.places.map(codeKey.at),
    ...placeCodesOf(summary).map(codeKey.place),
    ...(summary.authorities ?? []).map(codeKey.authority),
    ...(summary.custody ?? []).map(codeKey.custody),
    ...(series === undefined ? [] : [codeKey.series(series)]),
    ...ownWords({ ...summary, number: numberOf(id, profile) }, profile, known).flatMap((words) =>
      keysOfWords("all", words),
    ),
    ...keysOfWords("people", peopleWords(summary)),
    ...keysOfWords("places", ownPlaceWords(summary)),
  ];
}

/** The columns of `changes`. @param summary null for a case that isn't in the list */
export const listColumns = (summary: StoredSummary | null) => ({
  action: summary?.action ?? null,
  until: summary?.until ?? null,
  day: summary && lastDayOf(summary),
  languages: summary && titleLanguagesOf(summary).join(" "),
});
