/**
 * Merges messages and card edits into one queue: cards that show erased
 * content, then messages, with other edits in between.
 */
import type { CardEdit } from "./card-rows.ts";
import type { SqlCards } from "./cards.ts";
import type { CircuitBreaker, ServiceBreakers } from "./circuit-breaker.ts";
import type { Delivery, Outbox, SendOutcome } from "./drain.ts";

/**
 * One job in this many is an edit if one is due, so that an hour of messages
 * doesn't delay every card by an hour.
 */
const JOBS_PER_CARD_TURN = 10;
/** The same while posts wait that show erased words. */
const JOBS_PER_ERASED_POST_TURN = 2;

export type Job = Delivery | CardEdit;
export const isEdit = (job: Job): job is CardEdit => "card" in job;

export class Queue implements Outbox<Job> {
  readonly #messages: Outbox<Delivery>;
  readonly #cards: SqlCards | null;
  readonly #breakers: CircuitBreaker | ServiceBreakers;
  #turn = 0;

  /** @param cards null for a carrier without cards */
  constructor(
    messages: Outbox<Delivery>,
    cards: SqlCards | null,
    breakers: CircuitBreaker | ServiceBreakers,
  ) {
    this.#messages = messages;
    this.#cards = cards;
    this.#breakers = breakers;
  }

  pausedUntil(): number {
    return this.#breakers.pausedUntil();
  }

  take(now: number, count: number): Job[] {
    if (this.#cards === null) return this.#messages.take(now, count);
    this.#turn += count;
    const { erased, urgent } = this.#cards.waiting(now);
    const turn = erased ? JOBS_PER_ERASED_POST_TURN : JOBS_PER_CARD_TURN;
    const isCardTurn = this.#turn >= turn;
    if (isCardTurn) this.#turn %= turn;
    const first = urgent ? count : Number(isCardTurn);
    const cards = this.#takeCards(now, first);
    const messages =
      cards.length < count
        ? this.#messages.take(now, count - cards.length)
        : [];
    const left =
      messages.length === 0 && cards.length === first
        ? count - cards.length
        : 0;
    return [...cards, ...messages, ...this.#takeCards(now, left)];
  }

  #takeCards(now: number, count: number): CardEdit[] {
    const edits: CardEdit[] = [];
    while (edits.length < count) {
      const edit = this.#cards?.take(now);
      if (!edit) break;
      edits.push(edit);
    }
    return edits;
  }

  async settle(outcomes: SendOutcome<Job>[], now: number): Promise<void> {
    const messages: SendOutcome<Delivery>[] = [];
    for (const outcome of outcomes) {
      const { job, verdict, told } = outcome;
      this.#breakers
        .of((isEdit(job) ? undefined : job.service) ?? "")
        .record(verdict, now);
      if (isEdit(job)) this.#cards?.settle(job, verdict, now, told);
      else messages.push({ ...outcome, job });
    }
    if (messages.length > 0) await this.#messages.settle(messages, now);
  }
}
