/**
 * Finds the cases that a text mentions: by number, by the address of one of our
 * pages, or by the name of a person.
 */
import { foldedWords } from "../../shared/case/names.ts";
import { caseIdAt, typedIdsIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import type { AllCases } from "./all-cases.ts";
import {
  BEGINNING_LENGTH,
  isForm,
  namesOf,
  type WordPair,
} from "./case-keys.ts";

/**
 * Longer texts are cut: Telegram's limit for a message, with room for the
 * addresses in it.
 */
const MAX_TEXT_LENGTH = 8_192;
/** In characters. No number of a series is longer. */
const MAX_NUMBER_LENGTH = 60;
/** Numbers in a text, of each form. */
const MAX_NUMBERS = 50;
/** Cases whose people's names may stand in a text: those that changed last. */
const MAX_CANDIDATES = 100;
/** Numbers that the list doesn't have. Each costs a read. */
const MAX_UNLISTED = 3;

interface Name {
  words: string[];
  summary: CaseSummary;
}

/** The names of a list by the beginning of their first word. */
function indexOf(cases: CaseSummary[]): Map<string, Name[]> {
  const names = cases.flatMap((summary) =>
    namesOf(summary).map((words) => ({ words, summary })),
  );
  return Map.groupBy(names, ({ words }) =>
    (words[0] as string).slice(0, BEGINNING_LENGTH),
  );
}

function idsOfNames(text: string, cases: CaseSummary[]): string[] {
  const index = indexOf(cases);
  return foldedWords(text).flatMap((words) =>
    words.flatMap((first, at) =>
      (index.get(first.slice(0, BEGINNING_LENGTH)) ?? [])
        .filter((name) =>
          name.words.every((word, offset) => isForm(words[at + offset], word)),
        )
        .map(({ summary }) => summary.id),
    ),
  );
}

/**
 * Ids of numbers with the name of their series, as in "UA 126/19" or in an
 * address, and of those without, as in "126/19".
 */
function idsOfNumbers(
  text: string,
  profile: Profile,
): { named: string[]; bare: string[] } {
  const named = [...text.matchAll(/(?<![\p{L}\p{N}])\p{L}/gu)].flatMap(
    ({ index }) => {
      const found = caseIdAt(
        text.slice(index, index + MAX_NUMBER_LENGTH),
        profile,
      );
      return found ? [found.id] : [];
    },
  );
  const bare = [
    ...text.matchAll(
      /(?<![\p{L}\p{N}/.-])\d{1,6} ?\/ ?\d{2,4}(?![\p{L}\p{N}/-]|\.\d)/gu,
    ),
  ].flatMap(([number]) => typedIdsIn(number, profile) ?? []);
  return {
    named: named.slice(0, MAX_NUMBERS),
    bare: bare.slice(0, MAX_NUMBERS),
  };
}

/** The result of `mentionsIn`. */
export interface CaseMentions {
  /** In the order of the list. */
  cases: CaseSummary[];
  /**
   * Ids of numbers in the text that the list doesn't have: of cases that are
   * withdrawn, unshowable or unknown.
   */
  unlisted: string[];
}

/**
 * Cases that a text may mention: those with the numbers in it, and the newest
 * ones of which a name may stand in it.
 */
function candidatesIn(
  all: AllCases,
  text: string,
  ids: string[],
): CaseSummary[] {
  const pairs = foldedWords(text).flatMap((words) =>
    words
      .slice(1)
      .map((word, index): WordPair => [words[index] as string, word]),
  );
  const names = [
    ...new Map(pairs.map((pair) => [pair.join(" "), pair])).values(),
  ];
  return all.mentioned(ids, names, MAX_CANDIDATES);
}

/** @param text in any language and script */
export function mentionsIn(
  all: AllCases,
  text: string,
  profile: Profile,
): CaseMentions {
  const read = text.slice(0, MAX_TEXT_LENGTH);
  const { named, bare } = idsOfNumbers(read, profile);
  const candidates = candidatesIn(all, read, [...new Set([...named, ...bare])]);
  const ids = new Set([...named, ...bare, ...idsOfNames(read, candidates)]);
  const listed = new Set(candidates.map(({ id }) => id));
  const unlisted = [...new Set(named)]
    .filter((id) => !listed.has(id))
    .slice(0, MAX_UNLISTED);
  return { cases: candidates.filter(({ id }) => ids.has(id)), unlisted };
}
