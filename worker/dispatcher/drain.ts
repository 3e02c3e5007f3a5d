/** Empties the outbox towards Telegram. Storage, clock and send are handed in; nothing here knows either. */
import { type Answer, type Verdict, verdictOn } from "./verdict.ts";

export interface Delivery {
  caseId: string;
  /** The revision whose moment asks for this message; the text is the head's at send time. */
  number: number;
  /** The row of the chat. */
  chat: number;
  topic: number;
  silent: boolean;
  attempts: number;
  trouble: string | null;
}

/**
 * What becomes of a delivery that was not sent: its reason is gone, the truth could not be read yet, or where it goes is sealed
 * with a key that is not configured.
 */
export type Unsent = { do: "drop" } | { do: "wait"; after: number } | { do: "hold" };

/** `told` is the revision the message told of. */
export type Sent = { answer: Answer; told: number } | Unsent;

/** What is known of an earlier try, which decides what Telegram's answer means. */
export interface Tried {
  attempts: number;
  trouble: string | null;
}

export interface Outbox<Job extends Tried = Delivery> {
  /** Until when nothing may be sent, in milliseconds since the epoch; infinite when the token was refused. */
  pausedUntil(): number;
  /**
   * Takes the next due job and commits it as being sent; null when none is due.
   * Never one of a chat, or a card, that has another under way, so that each hears in order.
   */
  take(now: number): Job | null;
  /** Commits what became of a job. */
  settle(job: Job, verdict: Verdict | Unsent, now: number, told: number): Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** Permission to send, evenly spread. */
export class TokenBucket {
  readonly #interval: number;
  readonly #burst: number;
  #next = 0;

  /**
   * @param rate sends per second
   * @param burst how many may go at once after a silence
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
  /** How many sends are under way at once. */
  lanes: number;
  /** When to stop taking more, in milliseconds since the epoch. */
  until: number;
}

/** How often an idle lane looks again while others are busy, in milliseconds. */
const IDLE_POLL_MS = 20;

/** How often it looks whether a pause is over, in milliseconds. */
const PAUSE_POLL_MS = 100;

/** @returns how many sends Telegram answered well */
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
        // While one lane still waits for Telegram nobody else would wake the others when the pause is over.
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

  // One lane that fails must not leave the others behind: what they send would count as interrupted.
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return done;
}
