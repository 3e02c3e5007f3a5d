/** What goes to Telegram at the token's one pace: cards that show what must go, then messages, then other cards. */
import type { CardEdit, SqlCards } from "./cards.ts";
import type { Delivery, Outbox, Unsent } from "./drain.ts";
import type { Pace } from "./pace.ts";
import type { Verdict } from "./verdict.ts";

/** One turn in so many looks at the cards first: an hour of messages must not leave every card an hour behind. */
const CARDS_EVERY = 10;

export type Job = Delivery | CardEdit;
export const isEdit = (job: Job): job is CardEdit => "card" in job;

export class Queue implements Outbox<Job> {
  readonly #messages: Outbox<Delivery>;
  readonly #cards: SqlCards;
  readonly #pace: Pace;
  #turn = 0;

  constructor(messages: Outbox<Delivery>, cards: SqlCards, pace: Pace) {
    this.#messages = messages;
    this.#cards = cards;
    this.#pace = pace;
  }

  pausedUntil(): number {
    return this.#pace.pausedUntil();
  }

  take(now: number): Job | null {
    this.#turn = (this.#turn + 1) % CARDS_EVERY;
    return this.#turn === 0 || this.#cards.hasUrgent()
      ? (this.#cards.take(now) ?? this.#messages.take(now))
      : (this.#messages.take(now) ?? this.#cards.take(now));
  }

  settle(job: Job, verdict: Verdict | Unsent, now: number, told: number): Promise<void> {
    if (verdict.do === "again-silently") this.#pace.unanswered(now);
    else if (!["wait", "drop", "hold", "again"].includes(verdict.do)) this.#pace.answered();
    if (verdict.do === "done") this.#pace.worked();
    return isEdit(job) ? this.#cards.settle(job, verdict, now, told) : this.#messages.settle(job, verdict, now, told);
  }
}
