/** Drains an outbox to Telegram at a steady rate. Storage, clock and send are parameters. */
import { type Answer, type Verdict, verdictOn } from "./verdict.ts";

export interface Delivery {
  caseId: string;
  /** The announced revision. The text is that of the head at send time. */
  number: number;
  /** `chats.id`. */
  chat: number;
  topic: number;
  silent: boolean;
  attempts: number;
  /** The last failure. */
  trouble: string | null;
}

/**
 * Why a job was not sent. `drop`: no follow asks for it any more. `wait`: the case can't be read yet; try again after so many
 * milliseconds. `hold`: its address is sealed with a key that is not configured.
 */
export type Unsent = { do: "drop" } | { do: "wait"; after: number } | { do: "hold" };

/** `told` is the revision that the message was about. */
export type Sent = { answer: Answer; told: number } | Unsent;

/** The delay before another try when a case can't be read, or doesn't have the announced revision yet. */
export const READ_RETRY_MS = 250;
/** The delay before a case that can't be shown is read again. A person has to fix it first. */
export const UNSHOWABLE_RETRY_MS = 60_000;

/** The result for a job that can never be sent. It is parked, like a message that Telegram refuses. */
export const unusable = (description: string): Sent => ({ answer: { ok: false, code: 400, description }, told: 0 });

/** Earlier tries of a job; the meaning of Telegram's answer depends on them. */
export interface Tried {
  attempts: number;
  trouble: string | null;
}

export interface Outbox<Job extends Tried = Delivery> {
  /** Until when nothing may be sent, in milliseconds since the epoch; infinite while the token is refused. */
  pausedUntil(): number;
  /**
   * Takes the next due job and commits it as being sent; null when none is due. Each chat and each card has at most one job under
   * way, so that each gets its revisions in order.
   */
  take(now: number): Job | null;
  /** Commits the outcome of a job. */
  settle(job: Job, verdict: Verdict | Unsent, now: number, told: number): Promise<void>;
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

  /** How long until the next send may start, in milliseconds. */
  delay(now: number): number {
    return Math.max(0, Math.ceil(this.#next - now));
  }

  spend(now: number): void {
    this.#next = Math.max(this.#next, now - this.#interval * (this.#burst - 1)) + this.#interval;
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
  /** When to stop taking more, in milliseconds since the epoch. */
  until: number;
}

/** How often an idle lane looks for a job while other lanes are busy. */
const IDLE_POLL_MS = 20;

/** How often a lane checks whether a pause is over. */
const PAUSE_POLL_MS = 100;

/** Runs until nothing is due, sending is paused beyond `until`, or `until` has passed. @returns the number of successful sends */
export async function drain<Job extends Tried = Delivery>({
  outbox,
  clock,
  send,
  bucket,
  lanes,
  until,
}: DrainOptions<Job>): Promise<number> {
  let busy = 0;
  let done = 0;

  const lane = async (): Promise<void> => {
    for (let now = clock.now(); now < until; now = clock.now()) {
      const pause = outbox.pausedUntil() - now;
      if (pause > 0) {
        // If all other lanes ended now while one waits for Telegram, that lane would be the only one after the pause.
        if (busy === 0 || now + pause >= until) return;
        await clock.sleep(Math.min(pause, PAUSE_POLL_MS));
        continue;
      }
      const delay = bucket.delay(now);
      if (delay > 0) {
        await clock.sleep(delay);
        continue;
      }
      const job = outbox.take(now);
      if (!job) {
        if (busy === 0) return;
        await clock.sleep(IDLE_POLL_MS);
        continue;
      }
      bucket.spend(now);
      busy++;
      try {
        const sent = await send(job);
        if ("do" in sent) await outbox.settle(job, sent, clock.now(), 0);
        else {
          const verdict = verdictOn(sent.answer, job.attempts, job.trouble);
          if (verdict.do === "done") done++;
          await outbox.settle(job, verdict, clock.now(), sent.told);
        }
      } finally {
        busy--;
      }
    }
  };

  // Wait for all lanes even if one fails: a send that is still under way would otherwise count as interrupted.
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return done;
}
