/**
 * Drains an outbox to a carrier at a steady rate. Storage, clock and send are
 * parameters.
 */
import type { SentPost } from "./card-rows.ts";
import {
  NOT_SENT,
  type SendAnswer,
  type Verdict,
  verdictOn as verdictOfTelegram,
} from "./verdict.ts";

export interface Delivery {
  caseId: string;
  /** The announced revision. The text is that of the head at send time. */
  number: number;
  /** `chats.id`. */
  chat: number;
  topic: number;
  /**
   * The service whose pauses the place shares: a keyed hash of a push service's
   * host. Absent where the carrier has one for all.
   */
  service?: string;
  silent: boolean;
  attempts: number;
  /** The last failure. */
  trouble: string | null;
}

/**
 * Why a job was not sent. `drop`: no follow asks for it any more. `wait`: the
 * case can't be read yet; try again after so many milliseconds.
 */
export type Unsent = { do: "drop" } | { do: "wait"; after: number };

/**
 * `told` is the revision that the message was about. `post` is present when it
 * must stay true after later changes.
 */
export type Sent =
  | { answer: SendAnswer; told: number; post?: SentPost }
  | Unsent;

/**
 * The delay before another try when a case can't be read, or doesn't have the
 * announced revision yet.
 */
export const READ_RETRY_MS = 250;
/**
 * The delay before a case that can't be shown is read again. A person has to
 * fix it first.
 */
export const UNSHOWABLE_RETRY_MS = 60_000;

/**
 * The result for a job that can never be sent. It is parked, like a message
 * that Telegram refuses.
 */
export const unusable = (description: string): Sent => ({
  answer: { ok: false, code: 400, description },
  told: 0,
});

/** Earlier tries of a job; the meaning of Telegram's answer depends on them. */
export interface Tried {
  attempts: number;
  trouble: string | null;
}

/** The end of a job. */
export interface SendOutcome<Job> {
  job: Job;
  verdict: Verdict | Unsent;
  /** The revision that the message was about; 0 when nothing was sent. */
  told: number;
  post?: SentPost;
}

export function outcomeOf<Job extends Tried>(
  job: Job,
  sent: Sent,
  verdictOn = verdictOfTelegram,
): SendOutcome<Job> {
  if ("do" in sent) return { job, verdict: sent, told: 0 };
  const { answer, ...rest } = sent;
  return {
    job,
    verdict: verdictOn(answer, job.attempts, job.trouble),
    ...rest,
  };
}

export interface Outbox<Job extends Tried = Delivery> {
  /**
   * Until when nothing may be sent, in milliseconds since the epoch; infinite
   * while our credentials are refused.
   */
  pausedUntil(): number;
  /**
   * Takes the next due jobs, at most `count`, and commits them as being sent,
   * all in one transaction. May return fewer than are due, but none only when
   * none is due. Each chat and each card has at most one job under way, so that
   * each gets its revisions in order.
   */
  take(now: number, count: number): Job[];
  /** Commits the outcomes of jobs. */
  settle(outcomes: SendOutcome<Job>[], now: number): Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** A token bucket: spreads sends evenly. */
export class TokenBucket {
  readonly #interval: number;
  readonly #burst: number;
  #next = 0;

  /**
   * @param rate sends per second
   * @param burst sends that may start at once after an idle time
   */
  constructor(rate: number, burst: number) {
    this.#interval = 1000 / rate;
    this.#burst = burst;
  }

  /**
   * How long until so many sends may start, in milliseconds. Less than one is
   * none, because clocks have no fractions.
   */
  delay(now: number, count = 1): number {
    const next = Math.max(this.#next, now - this.#interval * (this.#burst - 1));
    return Math.max(0, Math.floor(next + (count - 1) * this.#interval - now));
  }

  /** How many sends may start now. */
  available(now: number): number {
    const next = Math.max(this.#next, now - this.#interval * (this.#burst - 1));
    return Math.max(0, Math.ceil((now + 1 - next) / this.#interval));
  }

  spend(now: number): void {
    this.#next =
      Math.max(this.#next, now - this.#interval * (this.#burst - 1)) +
      this.#interval;
  }
}

export interface DrainOptions<Job extends Tried = Delivery> {
  outbox: Outbox<Job>;
  clock: Clock;
  /** Builds the text from the head and sends it; never throws. */
  send: (job: Job) => Promise<Sent>;
  bucket: TokenBucket;
  /** The most sends under way at once. */
  lanes: number;
  /** How many are taken together; 1 when absent. */
  batch?: number;
  /** What an answer means; Telegram's table when absent. */
  verdictOn?: typeof verdictOfTelegram;
  /**
   * The most sends of all: the platform refuses an invocation more requests.
   */
  sends?: number;
  /** When to stop taking more, in milliseconds since the epoch. */
  until: number;
}

const MIN_LANES = 4;
/** The platform opens at most six connections at once for one alarm. */
export const MAX_LANES = 6;
/** The longest that Telegram usually takes for a send. */
const SEND_S = 0.1;

/**
 * How many lanes a rate needs, in sends a second. More would only leave more
 * messages in doubt after a crash.
 */
export const lanesFor = (rate: number): number =>
  Math.min(MAX_LANES, Math.max(MIN_LANES, Math.ceil(rate * SEND_S)));

/**
 * How long an outcome waits for others, so that one commit serves them all: a
 * commit takes milliseconds, and nothing is sent meanwhile. Short beside
 * Telegram's 60 to 100 ms.
 */
const SETTLE_DELAY_MS = 5;

/**
 * How often to look for a job, and whether a pause is over, while sends are
 * under way.
 */
const POLL_MS = 20;

/**
 * Runs until nothing is due, sending is paused beyond `until`, `until` has
 * passed, or an invocation's sends are used up. A job counts as under way until
 * its outcome is committed, so a crash leaves at most `lanes` jobs in doubt.
 * Jobs that end at about the same time are settled in one transaction, and the
 * next ones are taken with them.
 * @returns the number of successful sends
 */
export async function drain<Job extends Tried = Delivery>({
  outbox,
  clock,
  send,
  bucket,
  lanes,
  batch = 1,
  verdictOn = verdictOfTelegram,
  sends = Number.POSITIVE_INFINITY,
  until,
}: DrainOptions<Job>): Promise<number> {
  let sending = 0;
  let started = 0;
  /**
   * A send was refused by the platform, and so would be all others of this
   * invocation.
   */
  let isRefused = false;
  let done = 0;
  let failure: { error: unknown } | null = null;
  let ended: SendOutcome<Job>[] = [];
  let wake = () => {};

  const run = async (job: Job): Promise<void> => {
    try {
      // Awaited first, because `ended` may be another list afterwards.
      const sent = await send(job);
      isRefused ||=
        batch === 1 &&
        "answer" in sent &&
        !sent.answer.ok &&
        sent.answer.description === NOT_SENT;
      ended.push(outcomeOf(job, sent, verdictOn));
    } catch (error) {
      failure ??= { error };
    }
    sending--;
    wake();
  };
  /** Waits for the end of a send, at most so long. */
  const rest = (milliseconds: number): Promise<void> => {
    const end = new Promise<void>((resolve) => {
      wake = resolve;
    });
    return Number.isFinite(milliseconds)
      ? Promise.race([end, clock.sleep(milliseconds)])
      : end;
  };

  /**
   * Takes and starts what may start now.
   * @returns how long to wait before the next call; null when there is nothing
   * to wait for
   */
  const start = (now: number): number | null => {
    const pause = outbox.pausedUntil() - now;
    if (
      failure ||
      isRefused ||
      started >= sends ||
      now >= until ||
      now + pause >= until
    )
      return sending > 0 ? Number.POSITIVE_INFINITY : null;
    // While a send is under way, its answer may still end the drain or prolong
    // the pause.
    if (pause > 0) return sending > 0 ? Math.min(pause, POLL_MS) : null;
    const free = lanes - sending;
    if (free < batch) return Number.POSITIVE_INFINITY;
    const delay = bucket.delay(now, batch);
    if (delay > 0) return delay;
    const jobs = outbox.take(
      now,
      Math.min(free, sends - started, bucket.available(now)),
    );
    for (const job of jobs) {
      bucket.spend(now);
      sending++;
      started++;
      void run(job);
    }
    if (jobs.length > 0) return 0;
    return sending > 0 ? POLL_MS : null;
  };

  for (;;) {
    try {
      if (ended.length > 0 && sending > 0) await clock.sleep(SETTLE_DELAY_MS);
      const outcomes = ended;
      ended = [];
      if (outcomes.length > 0) await outbox.settle(outcomes, clock.now());
      done += outcomes.filter(({ verdict }) => verdict.do === "done").length;
      const wait = ended.length > 0 ? 0 : start(clock.now());
      if (wait === null) break;
      if (wait > 0) await rest(wait);
    } catch (error) {
      // A send that is still under way would count as interrupted if the drain
      // ended without it.
      failure ??= { error };
    }
  }
  if (failure) throw (failure as { error: unknown }).error;
  return done;
}
