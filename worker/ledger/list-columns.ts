/** The columns of `changes` that are derived from a case's summary, so that lists and searches don't read summaries that they don't show. */
import type { SearchWords } from "../../shared/case/names.ts";
import { caseNumberIn, numberOf } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { placeCodesOf, type StoredSummary } from "../../shared/view/summary.ts";
import { ownPlaceWords, peopleWords } from "../reads/list-filters.ts";
import { lastDayOf, titleLanguagesOf } from "../reads/questions.ts";
import { searchableWords } from "../reads/search-index.ts";

/** Columns with the folded words of a search, and with those of them that are Arabic. */
export const wordColumns = {
  all: ["words", "arabic"],
  people: ["people", "people_arabic"],
  places: ["own_places", "own_places_arabic"],
} as const;

/** The codes that filters look for, each with the kind of its filter. */
export const codeOf = {
  place: (code: string) => `place:${code}`,
  authority: (code: string) => `authority:${code}`,
  custody: (code: string) => `custody:${code}`,
  series: (code: string) => `series:${code}`,
};

/** Between spaces, and with one at both ends, so that a whole entry can be looked for. */
const spaced = (entries: Iterable<string>): string => ` ${[...new Set(entries)].join(" ")} `;

const wordsColumns = (words: SearchWords[]): [string, string] => [
  spaced(words.flatMap(({ all }) => all)),
  [...new Set(words.flatMap(({ arabic }) => arabic))].join(" "),
];

/** The columns of a case that isn't in the list. */
const NONE = {
  ...{ action: null, until: null, places: null, codes: null, words: null, arabic: null },
  ...{ people: null, people_arabic: null, own_places: null, own_places_arabic: null, day: null, languages: null },
};

/**
 * @param summary null for a case that isn't in the list
 * @param known words of texts that were folded before
 */
export function listColumns(
  id: string,
  summary: StoredSummary | null,
  profile: Profile,
  known: Map<string, SearchWords>,
): Record<keyof typeof NONE, string | null> {
  if (!summary) return NONE;
  const series = caseNumberIn(id, profile)?.series;
  const [words, arabic] = wordsColumns(searchableWords({ ...summary, number: numberOf(id, profile) }, profile, known));
  const [people, people_arabic] = wordsColumns([peopleWords(summary)]);
  const [own_places, own_places_arabic] = wordsColumns([ownPlaceWords(summary)]);
  return {
    action: summary.action,
    until: summary.until ?? null,
    places: spaced(summary.places),
    codes: spaced([
      ...placeCodesOf(summary).map(codeOf.place),
      ...(summary.authorities ?? []).map(codeOf.authority),
      ...(summary.custody ?? []).map(codeOf.custody),
      ...(series === undefined ? [] : [codeOf.series(series)]),
    ]),
    ...{ words, arabic, people, people_arabic, own_places, own_places_arabic },
    day: lastDayOf(summary),
    languages: titleLanguagesOf(summary).join(" "),
  };
}
