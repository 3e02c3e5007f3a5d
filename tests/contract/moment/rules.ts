/**
 * The judge: which replies break the promise of the moment. Pure, so that a test can show it a lie and see it noticed.
 *
 * All clocks are one machine's. Instants are whole milliseconds, cut and not rounded, on both sides: a reply that ended within
 * `ROUNDING` of the moment is not called early, and one that started within it is not called late.
 */

/** Milliseconds. */
export const ROUNDING = 1;

/** What a surface showed: the number of a revision, or one of these two. */
export const ABSENT = 0;
export const WITHDRAWN = Number.POSITIVE_INFINITY;

export interface Moment {
  number: number;
  /** Milliseconds since the epoch, as the Ledger answered. */
  liveAt: number;
  withdrawal?: true;
}

export interface Plan {
  /** Oldest first. */
  moments: Moment[];
  /** Undone or replaced before their moment: no surface may ever show them. */
  cancelled: number[];
}

/** One reply. `start` is just before the request was sent, `end` just after its last byte came; milliseconds since the epoch. */
export interface Reply {
  start: number;
  end: number;
  shown: number;
  /** The newest revision of which any word stands in the reply. */
  trace: number;
  /** The revision asked for, where an address names one. */
  of?: number;
}

/** What a client that stays was shown, in order: a socket, a widget, a follower. */
export interface Stay {
  from: number;
  until: number;
  /** What the client had before it came, and need not be told. */
  known: number;
  arrivals: { at: number; shown: number }[];
}

export type Kind =
  /** Shows the head. */
  | "head"
  /** Leaves out what is withdrawn. */
  | "list"
  /** One revision by its number. */
  | "revision";

export interface Violation {
  rule: string;
  /** Milliseconds after the moment that was broken; negative for too early. */
  off: number;
  text: string;
}

export interface Skew {
  /** Milliseconds after each moment when it was first seen, one a moment. */
  first: number[];
  /** Milliseconds after the moment when the newest reply that still showed the old truth had started; the worst moment's. */
  lastOld: number;
}

export interface Verdict {
  violations: Violation[];
  skew: Skew;
}

/** Places in the order of moments: 1 for the first; 0 for nothing, and for what never had a moment. */
function placeOf(shown: number, { moments }: Plan): number {
  if (shown === ABSENT) return 0;
  return (
    1 +
    moments.findIndex(({ number, withdrawal }) =>
      withdrawal ? shown === WITHDRAWN || shown === number : shown === number,
    )
  );
}

/** The place of the head at an instant. */
const placeAt = ({ moments }: Plan, at: number) => moments.filter(({ liveAt }) => liveAt <= at).length;

const name = (shown: number) =>
  shown === ABSENT ? "nothing" : shown === WITHDRAWN ? "the withdrawal" : `revision ${shown}`;

export function judgeReplies(kind: Kind, replies: Reply[], plan: Plan): Verdict {
  const violations: Violation[] = [];
  const last = plan.moments.length;
  const withdrawal = plan.moments.findIndex((moment) => moment.withdrawal) + 1 || Number.POSITIVE_INFINITY;
  const seen = new Array<number>(last + 1).fill(Number.POSITIVE_INFINITY);
  const old = new Array<number>(last + 1).fill(Number.NEGATIVE_INFINITY);
  const before = new Array<boolean>(last + 1).fill(false);
  const liveAt = (place: number) => plan.moments[place - 1]?.liveAt ?? Number.NaN;

  for (const reply of replies) {
    const must = placeAt(plan, reply.start - ROUNDING - 1);
    const may = placeAt(plan, reply.end + ROUNDING);
    const blame = (rule: string, off: number, text: string) => violations.push({ rule, off, text });
    for (const number of new Set([reply.shown, reply.trace]))
      if (plan.cancelled.includes(number)) blame("a cancelled revision appeared", 0, name(number));
    const trace = placeOf(reply.trace, plan);
    if (reply.trace > 0 && trace > may)
      blame("shown before its moment", reply.end - liveAt(trace), `words of ${name(reply.trace)}`);

    // The newest place this reply can stand for, and the oldest.
    let newest: number;
    let oldest: number;
    if (kind === "revision" && reply.of !== undefined) {
      const own = placeOf(reply.of, plan);
      if (plan.cancelled.includes(reply.of) || own < 1) {
        if (reply.shown !== ABSENT) blame("a cancelled revision appeared", 0, `an answer about ${name(reply.of)}`);
        continue;
      }
      [oldest, newest] =
        reply.shown === ABSENT ? [0, own - 1] : reply.shown === WITHDRAWN ? [withdrawal, last] : [own, withdrawal - 1];
      // Only the moments that this address shows: its own, and the withdrawal.
      for (const place of [own, withdrawal]) if (place <= last) note(place);
    } else {
      const place = placeOf(reply.shown, plan);
      if (place === 0 && reply.shown !== ABSENT) {
        if (!plan.cancelled.includes(reply.shown)) blame("what was never published appeared", 0, name(reply.shown));
        continue;
      }
      [oldest, newest] = [place, place];
      if (kind === "list" && reply.shown === ABSENT) {
        // Not listed: not yet there, or withdrawn.
        if (may >= withdrawal) [oldest, newest] = must === 0 ? [0, last] : [withdrawal, last];
      }
      for (let each = 1; each <= last; each++) note(each);
    }
    if (newest < must) blame("the old shown after the moment", reply.start - liveAt(newest + 1), name(reply.shown));
    if (oldest > may) blame("shown before its moment", reply.end - liveAt(oldest), name(reply.shown));

    function note(place: number) {
      if (oldest >= place) seen[place] = Math.min(seen[place]!, reply.end - liveAt(place));
      else if (newest < place) old[place] = Math.max(old[place]!, reply.start - liveAt(place));
      if (reply.end < liveAt(place)) before[place] = true;
    }
  }
  const watched = [...before.keys()].filter((place) => before[place] && Number.isFinite(seen[place]));
  return {
    violations,
    skew: {
      first: watched.map((place) => seen[place]!),
      lastOld: Math.max(Number.NEGATIVE_INFINITY, ...watched.map((place) => old[place]!)),
    },
  };
}

export interface StayRules {
  /** How long after a moment a client that is there must have heard, in milliseconds. */
  within: number;
  /** The clients are told apart by no more than this: a moment that follows the one before sooner may be told with it. */
  apart?: number;
}

export function judgeStays(stays: Stay[], plan: Plan, { within, apart = 0 }: StayRules): Verdict {
  const violations: Violation[] = [];
  const first: number[] = [];
  for (const stay of stays) {
    let place = placeOf(stay.known, plan);
    for (const { at, shown } of stay.arrivals) {
      const next = placeOf(shown, plan);
      if (plan.cancelled.includes(shown))
        violations.push({ rule: "a cancelled revision appeared", off: 0, text: name(shown) });
      else if (next === 0 && shown !== ABSENT)
        violations.push({ rule: "what was never published appeared", off: 0, text: name(shown) });
      if (next < place) violations.push({ rule: "a client went back", off: 0, text: `to ${name(shown)}` });
      if (next > placeAt(plan, at + ROUNDING))
        violations.push({
          rule: "shown before its moment",
          off: at - plan.moments[next - 1]!.liveAt,
          text: name(shown),
        });
      place = Math.max(place, next);
    }
    // A client that came only just now may still wait for its first word.
    const head = stay.until - stay.from < within ? 0 : placeAt(plan, stay.until - within);
    if (place < head)
      violations.push({
        rule: "a client did not end on the head",
        off: stay.until - plan.moments[head - 1]!.liveAt,
        text: `it stayed on ${name(place === 0 ? ABSENT : plan.moments[place - 1]!.number)}`,
      });
    for (const [index, moment] of plan.moments.entries()) {
      if (stay.from > moment.liveAt || stay.until < moment.liveAt + within) continue;
      if (index > 0 && moment.liveAt - plan.moments[index - 1]!.liveAt < apart) continue;
      const heard = stay.arrivals.find(({ shown }) => placeOf(shown, plan) > index);
      if (!heard) continue;
      const off = heard.at - moment.liveAt;
      first.push(off);
      if (off > within)
        violations.push({ rule: `not within ${within} ms of the moment`, off, text: name(heard.shown) });
    }
  }
  return { violations, skew: { first, lastOld: Number.NEGATIVE_INFINITY } };
}
