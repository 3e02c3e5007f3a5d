/**
 * Questions about the list of cases. Until an isolate's list is filled, the Ledger answers them (`worker/objects/ledger/case-list.ts`);
 * afterwards the isolate does. Both give the same answers, and none of them grows with the list.
 */
import type { Profile } from "../../shared/profile/schema.ts";
import type { CaseSummary, StoredSummary, Summaries } from "../../shared/view/summary.ts";
import type { Leased } from "../runtime/lease.ts";
import { ownPlaceNamed, placeKey, type WordPair } from "./case-keys.ts";
import { indexOf, type PageQuery, type Selection, select } from "./list.ts";

/** Cases in a part of the sitemap: few enough to be read for each request. The format allows 50,000 addresses. */
export const CASES_PER_PART = 200;

/** Cases in the calendar of all cases. */
export const MAX_CALENDAR_CASES = 100;

export interface SitemapEntry {
  id: string;
  /** ISO 8601 */
  liveAt: string;
  /** The case's own language, and those of its title. */
  languages: string[];
}

/** Each question with its answer. */
export interface ListQuestions {
  /** A page of the list, with what can be chosen from. */
  page: {
    asked: { query: PageQuery };
    answer: { selection: Selection; countries: string[]; authorities: string[] };
  };
  /**
   * Cases with these ids, and the newest ones that have one of the keys, or, of those, a name whose form stands in `names`; newest
   * change first.
   */
  cases: {
    asked: { ids: string[]; keys: string[]; names?: WordPair[]; limit: number };
    answer: CaseSummary[];
  };
  /** The codes of all cases' places and authorities, and the place that a case calls by this name. */
  places: { asked: { name: string }; answer: { codes: string[]; own: string | null } };
  /** Values for examples: the number of an invented case, if there is one, and a place. */
  example: { asked: object; answer: { number: string | null; place: string | null } };
  /** When the newest case of each part changed, and the entries of one part. With a part, only the parts up to it. */
  sitemap: { asked: { part: number | null }; answer: { parts: string[]; entries: SitemapEntry[] } };
  /** Cases with deadlines and hearings, newest change first. When there are too many, those from that day on come first. */
  calendar: { asked: { day: string }; answer: CaseSummary[] };
}
export type Topic = keyof ListQuestions;
export type ListQuestion<T extends Topic = Topic> = { [K in T]: { about: K } & ListQuestions[K]["asked"] }[T];
export type ListAnswer<T extends Topic = Topic> = ListQuestions[T]["answer"];

/** The Ledger's answer. Its cases come as they are stored, in JSON, because parsing them costs more than reading them. */
export interface LeasedList<T extends Topic = Topic> extends Leased<ListAnswer<T>> {
  /** The cases of the answer, a list of summaries, in place of those of `value`. */
  text: string;
  /** The half day of the Ledger's clock in which the answer holds. */
  halfDay: number;
}

/** The answer with its cases. */
export function parseList<T extends Topic>({ about }: ListQuestion<T>, { value, text }: LeasedList<T>): ListAnswer<T> {
  const cases = JSON.parse(text) as CaseSummary[];
  if (about === "cases" || about === "calendar") return cases as ListAnswer<T>;
  if (about !== "page") return value;
  const page = value as ListAnswer<"page">;
  return { ...page, selection: { ...page.selection, page: cases } } as ListAnswer<T>;
}

/** The case's own language, and those of its title. */
export const titleLanguagesOf = ({ title, language }: StoredSummary): string[] => [language, ...Object.keys(title)];

/** Cases at some positions in a list, in its order. */
const inOrder = (positions: number[], cases: CaseSummary[]): CaseSummary[] =>
  [...new Set(positions)].sort((a, b) => a - b).map((position) => cases[position] as CaseSummary);

const answers: {
  [T in Topic]: (list: Summaries, asked: ListQuestions[T]["asked"], now: number, profile: Profile) => ListAnswer<T>;
} = {
  page: (list, { query }, now, profile) => ({
    selection: select(list, query, now, profile),
    countries: indexOf(list.cases, profile)
      .codes("at")
      .filter((code) => code.length === 2),
    authorities: indexOf(list.cases, profile).codes("authority"),
  }),
  cases({ cases }, { ids, keys, names, limit }, _, profile) {
    const index = indexOf(cases, profile);
    const found = names ? index.named(names, limit) : index.withKeys(keys, limit);
    return inOrder([...index.withIds(ids), ...found], cases);
  },
  places({ cases }, { name }, _, profile) {
    const index = indexOf(cases, profile);
    const [newest] = inOrder(index.withKeys([placeKey(name)], 1), cases);
    return { codes: index.codes("at"), own: newest ? ownPlaceNamed(name, newest) : null };
  },
  example({ cases }) {
    const shown = cases.find(({ demo }) => demo) ?? cases[0];
    const withPlace = cases.find(({ places }) => places.length > 0);
    return { number: shown?.number ?? null, place: withPlace?.places[0] ?? null };
  },
  sitemap({ cases }, { part }) {
    const parts = cases
      .filter((_, index) => index % CASES_PER_PART === 0)
      .slice(0, part ?? undefined)
      .map(({ revision }) => revision.liveAt);
    const shown = part === null ? [] : cases.slice((part - 1) * CASES_PER_PART, part * CASES_PER_PART);
    const entries = shown.map((summary) => {
      const { id, revision } = summary;
      return { id, liveAt: revision.liveAt, languages: titleLanguagesOf(summary) };
    });
    return { parts, entries };
  },
  calendar: ({ cases }, { day }, _, profile) => inOrder(indexOf(cases, profile).dated(day, MAX_CALENDAR_CASES), cases),
};

/** Answers a question from the whole list. @param now milliseconds since the epoch */
export function answerFrom<T extends Topic>(
  list: Summaries,
  question: ListQuestion<T>,
  now: number,
  profile: Profile,
): ListAnswer<T> {
  return answers[question.about as T](list, question, now, profile);
}
