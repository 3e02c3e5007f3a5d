/**
 * Pages elsewhere that quote a case: what an editor says of them, and what a
 * look found.
 */
import * as v from "valibot";
import { type Case, line } from "../../../shared/case/schema.ts";
import { Count as count, described } from "../../../shared/described.ts";
import { localeTags } from "../../../shared/locale.ts";
import type { RevisionKind } from "../../../shared/revision.ts";

/** For editors, without those that partners told of and that wait. */
export const MAX_PLACES_PER_CASE = 100;
/** Pages that partners told of and nobody has looked at, in all cases. */
export const MAX_WAITING_PLACES = 200;

/** Empty fields of forms say nothing. */
const words = (max: number) =>
  v.nullish(v.union([v.literal(""), line(max)]), "");

export const NewPlace = v.strictObject({
  case: v.pipe(v.string(), v.maxLength(80, "must be the id of a case")),
  url: v.pipe(
    v.string(),
    v.trim(),
    v.maxLength(2000, "must be at most 2000 characters"),
  ),
  contact: described(
    words(200),
    "How the page's owner is reached, if it is published",
  ),
  note: words(1000),
});
export type NewPlace = v.InferOutput<typeof NewPlace>;

const language = v.picklist(localeTags);
/**
 * `current`: it says what the case says, or shows the case itself. `old`: it says what an earlier revision said. `moved`: it is elsewhere.
 * `unreachable`: there was no page. `unknown`: the look can't tell.
 * `asks`: for appeals after the closing. `request`: it quotes an outdated one. `status`: one that was corrected. `erased`: what was erased.
 */
const Finding = v.object({
  state: v.picklist(["current", "old", "moved", "unreachable", "unknown"]),
  reason: described(
    v.exactOptional(v.picklist(["asks", "request", "status", "erased"])),
    "Why it is old",
  ),
  olderThan: described(
    v.exactOptional(count),
    "The revision that the page is older than",
  ),
  movedTo: v.exactOptional(v.string()),
  shows: described(
    v.exactOptional(v.boolean()),
    "True when it shows the widget, the frame, the badge or the include",
  ),
  lang: described(v.exactOptional(language), "The page's language"),
});
export const Place = v.object({
  ...Finding.entries,
  ...v.entriesFromList(["id", "case", "url"], v.string()),
  ...v.entriesFromList(["contact", "note"], v.nullable(v.string())),
  number: described(v.string(), "The case's, as printed"),
  origin: described(
    v.picklist(["link", "editor", "partner"]),
    "Where the newsroom knows it from",
  ),
  waits: described(
    v.boolean(),
    "True until an editor accepts what a partner told",
  ),
  state: described(
    v.nullable(Finding.entries.state),
    "What the last look found; null before the first",
  ),
  since: described(
    v.nullable(v.string()),
    "The day since when what it says is out of date",
  ),
  lookedOn: described(v.nullable(v.string()), "The day of the last look"),
  /** To the page's owner, in the page's language; only for an old page. */
  letter: v.nullable(
    v.object({ lang: language, subject: v.string(), text: v.string() }),
  ),
});
export type Place = v.InferOutput<typeof Place>;

/**
 * What is kept of a look. `judged` is the revision that the page was compared
 * with, `digest` that of the page, salted.
 */
export type PlaceFinding = v.InferOutput<typeof Finding> & {
  digest?: string;
  etag?: string | null;
  judged?: number;
};

/** A revision that readers saw. */
export type SeenRevision = {
  number: number;
  kind: RevisionKind;
  liveAt: string;
  case: Case;
};

/**
 * Names and sentences that an erasure takes out of some cases, in memory only.
 */
export type ErasedWords = {
  names: string[];
  sentences: string[];
  cases: { id: string; revision: number }[];
};

/**
 * A case that a page quotes: what the last look found, the number of its head,
 * and what readers saw.
 */
type Subject = {
  place: string;
  id: string;
  last: PlaceFinding | null;
  judged: number;
  history: SeenRevision[];
};
export type DuePage = { url: string; subjects: Subject[] };

export const DAY_MS = 86_400_000;

/**
 * When a page is looked at next: a day, a week and a month after a change, and
 * then every month. In the night (UTC), so that the tasks of a morning tell of
 * it.
 * @param changedAt the moment of the newest revision; 0 for a page that shows
 * the case itself, and needs no look after a change
 */
export function nextLook(changedAt: number, lookedAt: number): number {
  const nightAfter = (time: number, days: number) =>
    (Math.floor(time / DAY_MS) + days) * DAY_MS;
  const nights = [1, 7, 30].map((days) => nightAfter(changedAt, days));
  return nights.find((at) => at > lookedAt) ?? nightAfter(lookedAt, 30);
}
