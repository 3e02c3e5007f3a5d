/** Summaries of cases, for lists and search. */
import * as v from "valibot";
import { actionStates, PartialDate, Text } from "../case/schema.ts";
import { described } from "../described.ts";
import { Revision } from "../revision.ts";
import { newsUntil } from "./age.ts";
import { SummaryView } from "./schema.ts";

const { number, kind, liveAt } = Revision.entries;

/** An entry of `GET /v1/cases`. */
export const PublicSummary = v.object({
  id: v.string(),
  number: v.string(),
  demo: v.boolean(),
  title: Text,
  language: v.string(),
  issuer: v.string(),
  action: v.picklist(actionStates),
  deadline: v.exactOptional(
    described(v.pipe(v.string(), v.isoDate()), "The last day of the appeal"),
  ),
  asOf: described(v.string(), "EDTF (ISO 8601-2)"),
  inferred: v.exactOptional(
    described(
      PartialDate.entries.inferred.wrapped,
      "The parts of the date that its source leaves out",
    ),
  ),
  places: described(
    v.array(v.string()),
    "ISO 3166 codes of the places, with each place's country",
  ),
  authorities: described(
    v.array(v.string()),
    "ISO 3166 codes of the responsible authorities",
  ),
  custody: described(
    v.array(v.string()),
    "The states of custody of the case's people, each once",
  ),
  people: described(v.array(v.string()), "Preferred names"),
  revision: v.object({ number, kind, liveAt }),
  correction: v.exactOptional(
    described(
      v.object({ number, kind, liveAt }),
      "The newest earlier correction, for two weeks; the head itself is in `revision`",
    ),
  ),
  /** Finished text; only when the request names a `lang`. */
  view: v.exactOptional(SummaryView),
});
export type PublicSummary = v.InferOutput<typeof PublicSummary>;

const CustodyCount = v.object({
  state: v.string(),
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
  asOf: PartialDate,
  statedBy: v.string(),
});
/** How many people are in a state of custody, with its date and source. */
export type CustodyCount = v.InferOutput<typeof CustodyCount>;

/**
 * A summary as it is stored. What it says beyond `PublicSummary` is for search,
 * pages and editors.
 */
export const StoredSummary = v.object({
  ...v.omit(PublicSummary, [
    "number",
    "deadline",
    "revision",
    "correction",
    "view",
  ]).entries,
  /**
   * Those of the responsible authorities too: what a follower of a country
   * hears of.
   */
  places: v.array(v.string()),
  until: v.exactOptional(v.pipe(v.string(), v.isoDate())),
  /**
   * The words that a search finds it by, as `caseWords` in
   * `worker/reads/case-words.ts` has them.
   */
  words: v.record(v.string(), v.string()),
  /** Every spelling of every person's name. */
  spellings: v.array(v.string()),
  /**
   * For editors: the state of custody of each of `people`; empty for one
   * without.
   */
  states: v.exactOptional(v.array(v.string())),
  /**
   * The first person, and the state of custody that all people share on the day
   * of the facts, as the issuer states it, or how many are in each of a few
   * states. Absent in cases without people.
   */
  first: v.exactOptional(
    v.object({
      lang: v.string(),
      gender: v.picklist(["he", "she", "they"]),
      custody: v.exactOptional(v.string()),
      counts: v.exactOptional(v.array(CustodyCount)),
    }),
  ),
  /** The names of the case's places in its languages. */
  placeNames: v.array(
    v.object({
      names: v.array(v.string()),
      iso3166: v.exactOptional(v.string()),
    }),
  ),
  /** Hearings that were announced, for the calendar. */
  hearings: v.array(
    v.object({ date: v.pipe(v.string(), v.isoDate()), text: Text }),
  ),
  /** The number of outdated translations, for editors. */
  outdated: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

export type StoredSummary = v.InferOutput<typeof StoredSummary>;

/** What a case says in half a line. */
export type Brief = Pick<
  StoredSummary,
  "title" | "language" | "people" | "first"
>;

/** The printed number isn't stored, because the profile decides on its form. */
export type CaseSummary = StoredSummary &
  Pick<PublicSummary, "number" | "revision" | "correction">;

/**
 * The part of an entry that anybody may read: what `PublicSummary` names, with
 * a correction while readers should still hear of it.
 * @param now milliseconds since the epoch
 */
export function publicSummaryOf(
  { correction, ...entry }: CaseSummary,
  now: number,
): PublicSummary {
  const shown: PublicSummary = {
    ...entry,
    places: [...new Set(placeCodesOf(entry))],
    ...(entry.until ? { deadline: entry.until } : {}),
    ...(correction && now < newsUntil(correction) ? { correction } : {}),
  };
  const named = Object.entries(shown as object).filter(([key]) =>
    Object.hasOwn(PublicSummary.entries, key),
  );
  return Object.fromEntries(named) as PublicSummary;
}

/**
 * The corrections that readers of a list should still hear of, the head among
 * them.
 * @param now milliseconds since the epoch
 */
export const standingCorrections = (
  { revision, correction }: Pick<CaseSummary, "revision" | "correction">,
  now: number,
) =>
  [revision, ...(correction ? [correction] : [])].filter(
    (one) => one.kind === "correction" && now < newsUntil(one),
  );

/**
 * ISO 3166 codes of the case's places and of their countries, without the
 * responsible authorities.
 */
export const placeCodesOf = ({
  placeNames: places,
}: Pick<StoredSummary, "placeNames">): string[] =>
  places.flatMap(({ iso3166 }) =>
    iso3166 ? [iso3166, iso3166.slice(0, 2)] : [],
  );

/** A live case whose stored content can't be shown. */
export const Unshowable = v.object({
  id: v.string(),
  number: described(v.string(), "As printed"),
});
export type Unshowable = v.InferOutput<typeof Unshowable>;
