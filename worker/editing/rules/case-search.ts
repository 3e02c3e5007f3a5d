/**
 * Searches a list of cases. Readers' list, the bot and the desk share it, so
 * that a query finds the same cases everywhere.
 */
import {
  matcher,
  type SearchWords,
  searchWords,
} from "../../../shared/case/names.ts";
import { placeNames } from "../../../shared/place-names.ts";
import { numberParts, typedIdsIn } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";

/** The words of a case that a search looks through. */
export interface Searchable {
  id: string;
  number: string;
  spellings: string[];
  titles: string[];
  /** Names of places in the case's languages. */
  placeNames: string[];
  /**
   * ISO 3166 codes of places, which are found by their names in all of
   * Casewire's languages.
   */
  places: string[];
}

/**
 * Each case's words, made once, because a copy of a list serves many searches.
 */
const wordsOf = new WeakMap<object, SearchWords>();

/**
 * A test of cases: true when a name, title, place or number matches the query.
 * A query in the form of a number must match the number.
 * @param searchable the words of a case; its result is remembered for each case
 */
export function caseMatcher<T extends { id: string }>(
  query: string,
  searchable: (one: T) => Searchable,
  profile: Profile,
): (one: T) => boolean {
  const ids = typedIdsIn(query, profile);
  if (ids) return ({ id }) => ids.includes(id);
  const isMatch = matcher(query);
  return (one) => {
    const known = wordsOf.get(one);
    if (known) return isMatch(known);
    const {
      id,
      number,
      spellings,
      titles,
      placeNames: named,
      places,
    } = searchable(one);
    const names = [
      ...(numberParts(id, profile) ?? [number]),
      ...spellings,
      ...titles,
      ...named,
      ...places.flatMap(placeNames),
    ];
    const words = searchWords([...new Set(names)].join(" "));
    wordsOf.set(one, words);
    return isMatch(words);
  };
}
