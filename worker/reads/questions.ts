/**
 * Questions about the list of cases. Until an isolate's list is filled, the Ledger answers them (`worker/ledger/case-list.ts`);
 * afterwards the isolate does. Both give the same answers, and none of them grows with the list.
 */
import type { Profile } from "../../shared/profile/schema.ts";
import type { CaseSummary, StoredSummary, Summaries } from "../../shared/view/summary.ts";
import type { Leased } from "../ledger/lease.ts";
import { DEMO_KEY, keysOf, ownPlaceNamed, placeKey, stemKeysIn, type WordPair } from "./case-keys.ts";
import { casesById, codesIn, type PageQuery, type Selection, select } from "./list.ts";

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
  /** A page of the list, with what can be chosen from. An older Ledger's answer has no `authorities`. */
  page: {
    asked: { query: PageQuery };
    answer: { selection: Selection; countries: string[]; authorities?: string[] };
  };
  /**
   * Cases with these ids, and the newest ones that have one of the keys, or, of those, a name whose form stands in `names`; newest
   * change first. An older Ledger doesn't read `names`.
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
  /** The cases of the answer, a list of summaries, in place of those of `value`. Absent in answers of older versions. */
  text?: string;
}

/** The answer with its cases. */
export function parseList<T extends Topic>({ about }: ListQuestion<T>, { value, text }: LeasedList<T>): ListAnswer<T> {
  if (text === undefined) return value;
  const cases = JSON.parse(text) as CaseSummary[];
  if (about === "cases" || about === "calendar") return cases as ListAnswer<T>;
  if (about !== "page") return value;
  const page = value as ListAnswer<"page">;
  return { ...page, selection: { ...page.selection, page: cases } } as ListAnswer<T>;
}

/** The last day with an entry in the calendar; null for a case without one. */
export function lastDayOf({ action, until, hearings = [] }: Omit<StoredSummary, "number">): string | null {
  const days = [...(action === "active" && until ? [until] : []), ...hearings.map(({ date }) => date)];
  return days.toSorted().at(-1) ?? null;
}

/** The case's own language, and those of its title. */
export const titleLanguagesOf = ({ title, language }: StoredSummary): string[] => [language, ...Object.keys(title)];

const byKey = new WeakMap<CaseSummary[], Map<string, CaseSummary[]>>();

function casesByKey(cases: CaseSummary[]): Map<string, CaseSummary[]> {
  const known = byKey.get(cases);
  if (known) return known;
  const index = new Map<string, CaseSummary[]>();
  for (const summary of cases)
    for (const key of keysOf(summary)) {
      const same = index.get(key);
      if (same) same.push(summary);
      else index.set(key, [summary]);
    }
  byKey.set(cases, index);
  return index;
}

const positions = new WeakMap<CaseSummary[], Map<CaseSummary, number>>();

/** Sorts some of a list's cases into the order of the list. */
function inOrder(some: Set<CaseSummary>, cases: CaseSummary[]): CaseSummary[] {
  const places = positions.get(cases) ?? new Map(cases.map((summary, index) => [summary, index]));
  positions.set(cases, places);
  return [...some].sort((a, b) => (places.get(a) as number) - (places.get(b) as number));
}

function casesWith(cases: CaseSummary[], { ids, keys, names, limit }: ListQuestions["cases"]["asked"]): CaseSummary[] {
  const index = casesByKey(cases);
  const wanted = names?.flatMap(stemKeysIn) ?? keys;
  const byKeys = inOrder(new Set(wanted.flatMap((key) => index.get(key) ?? [])), cases).slice(0, limit);
  return inOrder(new Set([...ids.flatMap((id) => casesById(cases).get(id) ?? []), ...byKeys]), cases);
}

function calendarCases(cases: CaseSummary[], today: string): CaseSummary[] {
  const dated = cases.flatMap((summary) => {
    const day = lastDayOf(summary);
    return day === null ? [] : { summary, day };
  });
  const sorted = dated.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  const ahead = sorted.filter(({ day }) => day >= today);
  const past = sorted.filter(({ day }) => day < today).reverse();
  const chosen = [...ahead, ...past].slice(0, MAX_CALENDAR_CASES).map(({ summary }) => summary);
  return inOrder(new Set(chosen), cases);
}

const answers: {
  [T in Topic]: (list: Summaries, asked: ListQuestions[T]["asked"], now: number, profile: Profile) => ListAnswer<T>;
} = {
  page: (list, { query }, now, profile) => ({
    selection: select(list, query, now, profile),
    countries: codesIn(list.cases).filter((code) => code.length === 2),
    authorities: codesIn(list.cases, "authorities"),
  }),
  cases: ({ cases }, asked) => casesWith(cases, asked),
  places({ cases }, { name }) {
    const [newest] = casesByKey(cases).get(placeKey(name)) ?? [];
    return { codes: codesIn(cases), own: newest ? ownPlaceNamed(name, newest) : null };
  },
  example({ cases }) {
    const [invented] = casesByKey(cases).get(DEMO_KEY) ?? [];
    const withPlace = cases.find(({ places }) => places.length > 0);
    return { number: (invented ?? cases[0])?.number ?? null, place: withPlace?.places[0] ?? null };
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
  calendar: ({ cases }, { day }) => calendarCases(cases, day),
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
