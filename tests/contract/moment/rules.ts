/**
 * The judge: decides which replies break the promise of the moment. It is pure,
 * so that a test can check that it notices violations.
 *
 * All clocks are one machine's. Instants are truncated to whole milliseconds,
 * so a reply that ends or starts within `ROUNDING_MS` of the moment is neither
 * early nor late.
 */

export const ROUNDING_MS = 1;

/** Within this time of a moment, everything is read more often. */
export const NEAR_MS = 500;

/** A surface shows the number of a revision, or one of these two values. */
export const ABSENT = 0;
export const WITHDRAWN = Number.POSITIVE_INFINITY;

export interface Moment {
  number: number;
  /** Milliseconds since the epoch, as returned by the Ledger. */
  liveAt: number;
  withdrawal?: true;
}

export interface Plan {
  /** Oldest first. */
  moments: Moment[];
  /**
   * Undone or replaced before their moment, so no surface may ever show them.
   */
  cancelled: number[];
}

/**
 * One reply. `start` is just before the request was sent, `end` just after the
 * last byte arrived, in milliseconds since the epoch.
 */
export interface Reply {
  start: number;
  end: number;
  shown: number;
  /** The newest revision of which any text appears in the reply. */
  trace: number;
  /** The requested revision, when the URL names one. */
  of?: number;
}

/**
 * Revisions shown to one connected client (a socket, a widget or a follower),
 * in order.
 */
export interface Session {
  from: number;
  until: number;
  /** The revision that the client already had, which it needn't receive. */
  known: number;
  arrivals: { at: number; shown: number }[];
}

export type Kind =
  /** Shows the head. */
  | "head"
  /** Shows the head, and omits withdrawn cases. */
  | "list"
  /** Shows one revision by its number. */
  | "revision";

export interface Violation {
  rule: string;
  /** Milliseconds after the moment; negative when too early. */
  off: number;
  text: string;
}

export interface Skew {
  /** For each moment, milliseconds until it was first seen. */
  first: number[];
  /**
   * Milliseconds after a moment at which the last reply that still showed the
   * old revision had started; the worst of all moments.
   */
  lastOld: number;
}

export interface Verdict {
  violations: Violation[];
  skew: Skew;
}

/**
 * Index of a shown revision among the moments, from 1; 0 for nothing, and for
 * revisions that never went live.
 */
function placeOf(shown: number, { moments }: Plan): number {
  if (shown === ABSENT) return 0;
  return (
    1 +
    moments.findIndex(({ number, withdrawal }) =>
      withdrawal ? shown === WITHDRAWN || shown === number : shown === number,
    )
  );
}

/** Index of the head at an instant. */
const placeAt = ({ moments }: Plan, at: number) =>
  moments.filter(({ liveAt }) => liveAt <= at).length;

function name(shown: number): string {
  if (shown === ABSENT) return "nothing";
  return shown === WITHDRAWN ? "the withdrawal" : `revision ${shown}`;
}

export function judgeReplies(
  kind: Kind,
  replies: Reply[],
  plan: Plan,
): Verdict {
  const violations: Violation[] = [];
  const last = plan.moments.length;
  const withdrawal =
    plan.moments.findIndex((moment) => moment.withdrawal) + 1 ||
    Number.POSITIVE_INFINITY;
  const seen = new Array<number>(last + 1).fill(Number.POSITIVE_INFINITY);
  const old = new Array<number>(last + 1).fill(Number.NEGATIVE_INFINITY);
  const before = new Array<boolean>(last + 1).fill(false);
  const liveAt = (place: number) =>
    plan.moments[place - 1]?.liveAt ?? Number.NaN;

  for (const reply of replies) {
    const must = placeAt(plan, reply.start - ROUNDING_MS - 1);
    const may = placeAt(plan, reply.end + ROUNDING_MS);
    const report = (rule: string, off: number, text: string) =>
      violations.push({ rule, off, text });
    for (const number of new Set([reply.shown, reply.trace]))
      if (plan.cancelled.includes(number))
        report("a cancelled revision appeared", 0, name(number));
    const trace = placeOf(reply.trace, plan);
    if (reply.trace > 0 && trace > may)
      report(
        "shown before its moment",
        reply.end - liveAt(trace),
        `words of ${name(reply.trace)}`,
      );

    // The oldest and the newest index that this reply can stand for.
    let newest: number;
    let oldest: number;
    if (kind === "revision" && reply.of !== undefined) {
      const own = placeOf(reply.of, plan);
      if (plan.cancelled.includes(reply.of) || own < 1) {
        if (reply.shown !== ABSENT)
          report(
            "a cancelled revision appeared",
            0,
            `an answer about ${name(reply.of)}`,
          );
        continue;
      }
      [oldest, newest] = [own, withdrawal - 1];
      if (reply.shown === ABSENT) [oldest, newest] = [0, own - 1];
      if (reply.shown === WITHDRAWN) [oldest, newest] = [withdrawal, last];
      // This URL changes only at its own moment and at the withdrawal.
      for (const place of [own, withdrawal]) if (place <= last) note(place);
    } else {
      const place = placeOf(reply.shown, plan);
      if (place === 0 && reply.shown !== ABSENT) {
        if (!plan.cancelled.includes(reply.shown))
          report("what was never published appeared", 0, name(reply.shown));
        continue;
      }
      [oldest, newest] = [place, place];
      if (kind === "list" && reply.shown === ABSENT) {
        // Not listed: either not live yet, or withdrawn.
        if (may >= withdrawal)
          [oldest, newest] = must === 0 ? [0, last] : [withdrawal, last];
      }
      for (let each = 1; each <= last; each++) note(each);
    }
    if (newest < must)
      report(
        "the old shown after the moment",
        reply.start - liveAt(newest + 1),
        name(reply.shown),
      );
    if (oldest > may)
      report(
        "shown before its moment",
        reply.end - liveAt(oldest),
        name(reply.shown),
      );

    function note(place: number) {
      if (oldest >= place)
        seen[place] = Math.min(seen[place]!, reply.end - liveAt(place));
      else if (newest < place)
        old[place] = Math.max(old[place]!, reply.start - liveAt(place));
      if (reply.end < liveAt(place)) before[place] = true;
    }
  }
  const watched = [...before.keys()].filter(
    (place) => before[place] && Number.isFinite(seen[place]),
  );
  return {
    violations,
    skew: {
      first: watched.map((place) => seen[place]!),
      lastOld: Math.max(
        Number.NEGATIVE_INFINITY,
        ...watched.map((place) => old[place]!),
      ),
    },
  };
}

export interface SessionRules {
  /**
   * Time after a moment in which a connected client must have received it, in
   * milliseconds.
   */
  withinMs: number;
  /**
   * The least time between two messages to a client, in milliseconds. Moments
   * that are closer may arrive together.
   */
  apartMs?: number;
}

export function judgeSessions(
  sessions: Session[],
  plan: Plan,
  { withinMs, apartMs = 0 }: SessionRules,
): Verdict {
  const violations: Violation[] = [];
  const first: number[] = [];
  for (const session of sessions) {
    let place = placeOf(session.known, plan);
    for (const { at, shown } of session.arrivals) {
      const next = placeOf(shown, plan);
      if (plan.cancelled.includes(shown))
        violations.push({
          rule: "a cancelled revision appeared",
          off: 0,
          text: name(shown),
        });
      else if (next === 0 && shown !== ABSENT)
        violations.push({
          rule: "what was never published appeared",
          off: 0,
          text: name(shown),
        });
      if (next < place)
        violations.push({
          rule: "a client went back",
          off: 0,
          text: `to ${name(shown)}`,
        });
      if (next > placeAt(plan, at + ROUNDING_MS))
        violations.push({
          rule: "shown before its moment",
          off: at - plan.moments[next - 1]!.liveAt,
          text: name(shown),
        });
      place = Math.max(place, next);
    }
    // A client that has just connected may still be waiting for its first
    // message.
    const head =
      session.until - session.from < withinMs
        ? 0
        : placeAt(plan, session.until - withinMs);
    if (place < head)
      violations.push({
        rule: "a client did not end on the head",
        off: session.until - plan.moments[head - 1]!.liveAt,
        text: `it stayed on ${name(place === 0 ? ABSENT : plan.moments[place - 1]!.number)}`,
      });
    for (const [index, moment] of plan.moments.entries()) {
      if (
        session.from > moment.liveAt ||
        session.until < moment.liveAt + withinMs
      )
        continue;
      if (
        index > 0 &&
        moment.liveAt - plan.moments[index - 1]!.liveAt < apartMs
      )
        continue;
      const heard = session.arrivals.find(
        ({ shown }) => placeOf(shown, plan) > index,
      );
      if (!heard) continue;
      const off = heard.at - moment.liveAt;
      first.push(off);
      if (off > withinMs)
        violations.push({
          rule: `not within ${withinMs} ms of the moment`,
          off,
          text: name(heard.shown),
        });
    }
  }
  return { violations, skew: { first, lastOld: Number.NEGATIVE_INFINITY } };
}
