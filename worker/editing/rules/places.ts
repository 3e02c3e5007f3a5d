/** Pages elsewhere that quote a case: what an editor says of them, and what a look found. */
import * as v from "valibot";
import { line } from "../../../shared/case/schema.ts";
import { described } from "../../../shared/described.ts";
import { localeTags } from "../../../shared/locale.ts";

/**
 * `current`: it says what the case says, or shows the case itself. `old`: it says what an earlier revision said. `moved`: it is elsewhere.
 * `unreachable`: there was no page. `unknown`: the look can't tell.
 */
export const verdicts = ["current", "old", "moved", "unreachable", "unknown"] as const;
export type Verdict = (typeof verdicts)[number];

/** `asks`: for appeals after the closing. `request`: it quotes an outdated one. `status`: one that was corrected. `erased`: what was erased. */
export const oldReasons = ["asks", "request", "status", "erased"] as const;
export type OldReason = (typeof oldReasons)[number];

export const placeOrigins = ["link", "editor", "partner"] as const;
export type PlaceOrigin = (typeof placeOrigins)[number];

export const MAX_PLACES_PER_CASE = 100;
/** Pages that partners told of and nobody has looked at, in all cases. */
export const MAX_WAITING_PLACES = 200;

const told = {
  case: v.pipe(v.string(), v.maxLength(80, "must be the id of a case")),
  url: v.pipe(v.string(), v.trim(), v.maxLength(2000, "must be at most 2000 characters")),
  contact: described(v.exactOptional(line(200)), "How the page's owner is reached, if it is published"),
  note: v.exactOptional(line(1000)),
};

export const NewPlace = v.strictObject({
  ...told,
  lang: described(
    v.exactOptional(v.picklist(localeTags)),
    "The page's language, for letters; that of the case when absent",
  ),
});
export type NewPlace = v.InferOutput<typeof NewPlace>;

/** What a visitor's form sends. */
export const ToldPlace = v.strictObject(told);

const Letter = v.object({
  lang: v.picklist(localeTags),
  to: v.nullable(v.string()),
  subject: v.string(),
  text: v.string(),
});
export type Letter = v.InferOutput<typeof Letter>;

export const Place = v.object({
  id: v.string(),
  case: v.string(),
  number: described(v.string(), "The case's, as printed"),
  url: v.string(),
  contact: v.nullable(v.string()),
  note: v.nullable(v.string()),
  lang: v.nullable(v.picklist(localeTags)),
  origin: described(v.picklist(placeOrigins), "Where the newsroom knows it from"),
  waits: described(v.boolean(), "True until an editor accepts what a partner told"),
  verdict: described(v.nullable(v.picklist(verdicts)), "What the last look found; null before the first"),
  shows: described(v.boolean(), "True when it shows the widget, the frame, the badge or the include"),
  reason: v.nullable(v.picklist(oldReasons)),
  olderThan: described(v.nullable(v.number()), "The revision that the page is older than"),
  since: described(v.nullable(v.string()), "The day since when what it says is out of date"),
  movedTo: v.nullable(v.string()),
  lookedOn: described(v.nullable(v.string()), "The day of the last look"),
  next: described(v.nullable(v.string()), "The day of the next look"),
  letter: described(v.nullable(Letter), "To the page's owner, in the page's language; only for an old page"),
});
export type Place = v.InferOutput<typeof Place>;

const DAY_MS = 86_400_000;
/** After a change, the page is looked at again on these days, and then every month. */
const LOOK_DAYS = [1, 7, 30];
const MONTH_DAYS = 30;

/**
 * When a page is looked at next, in the night (UTC), so that the tasks of a morning tell of it.
 * @param changedAt the moment of the newest revision
 * @param lookedAt the time of the last look
 * @param shows true for a page that shows the case itself, which needs no look after a change
 */
export function nextLook(changedAt: number, lookedAt: number, shows: boolean): number {
  const nightAfter = (time: number, days: number) => (Math.floor(time / DAY_MS) + days) * DAY_MS;
  const due = shows ? undefined : LOOK_DAYS.map((days) => nightAfter(changedAt, days)).find((at) => at > lookedAt);
  return due ?? nightAfter(lookedAt, MONTH_DAYS);
}
