/** Merges messages and card edits into one queue: cards that show erased content, then messages, then other cards. */
import type { CardEdit, SqlCards } from "./cards.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { Delivery, Outbox, Unsent } from "./drain.ts";
import type { Verdict } from "./verdict.ts";

/** One job in this many is a card if one is due, so that an hour of messages doesn't delay every card by an hour. */
const JOBS_PER_CARD_TURN = 10;

export type Job = Delivery | CardEdit;
export const isEdit = (job: Job): job is CardEdit => "card" in job;

export class Queue implements Outbox<Job> {
  readonly #messages: Outbox<Delivery>;
  readonly #cards: SqlCards;
  readonly #breaker: CircuitBreaker;
  #turn = 0;

  constructor(messages: Outbox<Delivery>, cards: SqlCards, breaker: CircuitBreaker) {
    this.#messages = messages;
    this.#cards = cards;
    this.#breaker = breaker;
  }

  pausedUntil(): number {
    return this.#breaker.pausedUntil();
  }

  take(now: number): Job | null {
    this.#turn = (this.#turn + 1) % JOBS_PER_CARD_TURN;
    return this.#turn === 0 || this.#cards.hasUrgent()
      ? (this.#cards.take(now) ?? this.#messages.take(now))
      : (this.#messages.take(now) ?? this.#cards.take(now));
  }

  settle(job: Job, verdict: Verdict | Unsent, now: number, told: number): Promise<void> {
    if (verdict.do === "again-silently") this.#breaker.recordNoAnswer(now);
    else if (!["wait", "drop", "hold", "again"].includes(verdict.do)) this.#breaker.recordAnswer();
    if (verdict.do === "done") this.#breaker.recordSuccess();
    return isEdit(job) ? this.#cards.settle(job, verdict, now, told) : this.#messages.settle(job, verdict, now, told);
  }
}
