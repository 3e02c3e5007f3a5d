import type { Epoch } from "../runtime/lease.ts";
import type { CaseIndex } from "./case-index.ts";
import type { OwnClock } from "./own-clock.ts";
import { type KeepAlive, SharedQuestion } from "./shared-question.ts";
import type { CasePage, Renewal } from "./state.ts";

/**
 * With less than this left, or less than the share below, a lease is renewed in
 * the background while it is still in use.
 */
const RENEW_BELOW_MS = 3_000;
const RENEW_BELOW_SHARE = 0.6;

/** The least time between two questions in the background. */
const BACKGROUND_GAP_MS = 1_000;

const NEVER = Number.NEGATIVE_INFINITY;

/** Asks the Ledger. */
export interface ChangeSource {
  changesSince(since: Epoch | null): Promise<Renewal>;
  casesBetween(after: number, upTo: number): Promise<CasePage>;
}

/**
 * What the Ledger's last answer says of every case, and until when. One
 * question, "what changed since this epoch?", renews every copy: a copy is
 * current if it was made at or after the epoch of its case's last change.
 */
export class Renewals {
  readonly #clock: OwnClock;
  readonly #source: ChangeSource;
  readonly #newIndex: () => CaseIndex;
  readonly #question: SharedQuestion;
  readonly #page: SharedQuestion;
  /** Null until the first question is answered. */
  #index: CaseIndex | null = null;
  #lease = {
    asked: NEVER,
    until: NEVER,
    era: 0,
    terms: new Map<string, number>(),
    soonest: NEVER,
  };
  /** When to ask in the background. */
  #renewAt = NEVER;

  constructor(
    source: ChangeSource,
    clock: OwnClock,
    keepAlive: KeepAlive,
    newIndex: () => CaseIndex,
  ) {
    this.#source = source;
    this.#clock = clock;
    this.#newIndex = newIndex;
    this.#question = new SharedQuestion(() => this.#renew(), keepAlive);
    this.#page = new SharedQuestion(() => this.#fillPage(), keepAlive);
  }

  /** True when changes are known from some epoch on. */
  get isBegun(): boolean {
    return this.#index !== null;
  }

  /** The index, once it has every case. */
  get complete(): CaseIndex | null {
    return this.#index?.isComplete ? this.#index : null;
  }

  /**
   * True when a copy is of the newest known state of its case, false when a
   * later change is known.
   * @param id null for a copy that depends on all cases
   * @returns undefined when the copy's epoch can't be compared
   */
  isCurrent(id: string | null, epoch: Epoch | undefined): boolean | undefined {
    const known = this.#index?.epoch;
    if (!this.#index || !known || epoch?.history !== known.history)
      return undefined;
    return epoch.number >= this.#index.changedAt(id);
  }

  /**
   * The end of what the last answer says of a case, or of all cases when `id`
   * is null, in milliseconds on the isolate's clock.
   */
  until(id: string | null): number {
    const { era, until, terms, soonest } = this.#lease;
    if (era !== this.#clock.era) return NEVER;
    return id === null ? soonest : (terms.get(id) ?? until);
  }

  /**
   * Asks in the background when the lease is about to end. A case with a moment
   * ahead gets no longer term by asking.
   */
  refresh(now: number): void {
    if (now < this.#renewAt) return;
    this.#renewAt = now + BACKGROUND_GAP_MS;
    this.#question.refresh();
  }

  /**
   * Resolves when the last answer may be used by a read that starts now.
   * @param isFresh true when this reader may use what is known, whenever it was
   * asked for
   */
  join(isFresh: () => boolean): Promise<void> {
    return this.#question.join(() => this.isBegun && isFresh());
  }

  /**
   * Resolves when the index has every case. All who wait share the pages; if
   * the request that asked for one is cancelled, another goes on from there.
   */
  async fill(): Promise<void> {
    while (!this.complete) await this.#page.join(() => this.complete !== null);
  }

  /** Asks for the next page without waiting. */
  fillFurther(): void {
    if (!this.complete) this.#page.refresh();
  }

  async #fillPage(): Promise<void> {
    const index = this.#index;
    const missing = index?.missing;
    if (missing) {
      const page = await this.#source.casesBetween(missing.after, missing.upTo);
      if (page.epoch.history === index.epoch?.history)
        return index.add(page, missing.after);
    }
    // The changes up to the last page are still missing, or the whole index is
    // of another history.
    await this.#question.join(() => this.complete !== null);
  }

  async #renew(): Promise<void> {
    let index = this.#index ?? this.#newIndex();
    for (;;) {
      const step = await this.#step(index);
      index = step.index;
      if (step.isLast) break;
    }
  }

  /**
   * Asks once, and renews the lease by the last answer.
   * @returns the index to go on with
   */
  async #step(
    index: CaseIndex,
  ): Promise<{ index: CaseIndex; isLast: boolean }> {
    const since = index.epoch;
    const asked = this.#clock.now();
    const { era } = this.#clock;
    const answer = await this.#source.changesSince(since);
    const { epoch } = answer;
    // The Ledger doesn't know this index's epoch: it was restored, or its code
    // has changed.
    const isUnknown =
      since &&
      (answer.since !== since.number || epoch.history !== since.history);
    const next = isUnknown ? this.#newIndex() : index;
    const isOlder = next.epoch !== null && epoch.number < next.epoch.number;
    if (!isOlder) next.apply(answer);
    // Another question may have filled the index only in part, beyond what this
    // answer says.
    const isLast = !answer.more && !isOlder;
    if (isLast) this.#accept(next, answer, asked, era);
    return { index: next, isLast };
  }

  #accept(
    index: CaseIndex,
    { validFor, terms }: Renewal,
    asked: number,
    era: number,
  ): void {
    const current = this.#index;
    const isSameHistory = current?.epoch?.history === index.epoch?.history;
    // Times of different eras can't be compared.
    const isLate =
      era < this.#lease.era ||
      (era === this.#lease.era && asked < this.#lease.asked);
    if (current && current !== index) {
      // Another question was answered meanwhile.
      if (
        isSameHistory ? current.changedAt(null) > index.changedAt(null) : isLate
      )
        return;
    }
    this.#index = index;
    this.#clock.now();
    if (
      era !== this.#clock.era ||
      (era === this.#lease.era && asked < this.#lease.asked)
    )
      return;
    const until = asked + validFor;
    const own = terms.map(
      ([id, term]) => [id, Math.min(until, asked + term)] as const,
    );
    const soonest = Math.min(until, ...own.map(([, end]) => end));
    this.#lease = { asked, until, era, terms: new Map(own), soonest };
    this.#renewAt =
      until - Math.min(RENEW_BELOW_MS, validFor * RENEW_BELOW_SHARE);
  }
}
