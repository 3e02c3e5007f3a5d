import type { Leased } from "../runtime/lease.ts";
import type { AllCases } from "./all-cases.ts";
import { Bodies, type Body, type Source, serialOf } from "./bodies.ts";
import {
  Copies,
  type Copy,
  type CopyName,
  LeasedCopy,
  type Start,
} from "./copies.ts";
import { counts } from "./counts.ts";
import type { OwnClock } from "./own-clock.ts";
import type { Renewals } from "./renewals.ts";
import type { KeepAlive } from "./shared-question.ts";

/** The list of all cases, which is no copy: the index has it. */
const ALL_CASES: CopyName = { key: "all cases", id: null };

/**
 * Reads a value from the Ledger, and may give the text that most of it was
 * parsed from.
 */
export type ReadValue<T> = () => Promise<Leased<T> & { text?: string }>;

/**
 * Copies of what the Ledger holds. A read gets a copy while its lease lasts,
 * and otherwise asks, together with all who wait.
 */
export class LeasedCopies {
  readonly #renewals: Renewals;
  readonly #clock: OwnClock;
  readonly #keepAlive: KeepAlive;
  readonly #copies: Copies;
  /** Finished answers, in the same memory as the copies. */
  readonly bodies: Bodies;

  /** @param maxBytes memory for copies */
  constructor(
    renewals: Renewals,
    clock: OwnClock,
    keepAlive: KeepAlive,
    maxBytes: number,
  ) {
    this.#renewals = renewals;
    this.#clock = clock;
    this.#keepAlive = keepAlive;
    this.#copies = new Copies(maxBytes);
    this.bodies = new Bodies(this.#copies);
  }

  /** This isolate's clock, on which `expires` is counted. */
  now(): number {
    return this.#clock.now();
  }

  start(): Start {
    const at = this.#clock.now();
    return { at, era: this.#clock.era };
  }

  /** True if a read may use a value whose lease ends then. */
  #covers({ at, era }: Start, expires: number): boolean {
    return era === this.#clock.era && at < expires;
  }

  /**
   * When the lease of a copy ends: its own, or the one that the last answer
   * gives to every current copy.
   */
  #expiry<T>({ kept }: LeasedCopy<T>, id: string | null): number {
    if (!kept) return Number.NEGATIVE_INFINITY;
    const isCurrent = this.#renewals.isCurrent(id, kept.epoch);
    if (isCurrent === false) return Number.NEGATIVE_INFINITY;
    const own =
      kept.era === this.#clock.era ? kept.expires : Number.NEGATIVE_INFINITY;
    return isCurrent ? Math.max(own, this.#renewals.until(id)) : own;
  }

  #copy<T>(
    key: string,
    read: ReadValue<T>,
    isUnchanged: (before: T, after: T) => boolean,
  ): LeasedCopy<T> {
    const existing = this.#copies.get<LeasedCopy<T>>(key);
    if (existing) return existing;
    const ask = async (copy: LeasedCopy<T>) => {
      const asked = this.#clock.now();
      const { era } = this.#clock;
      const { value, text, validFor, epoch } = await read();
      const before = copy.kept;
      const isOlder =
        before?.epoch && before.epoch.history === epoch?.history
          ? epoch.number < before.epoch.number
          : before?.era === era && asked < before.asked;
      if (isOlder) return;
      const isSame = before !== null && isUnchanged(before.value, value);
      copy.kept = {
        value: isSame ? before.value : value,
        expires: asked + validFor,
        asked,
        era,
        epoch,
      };
      if (!isSame)
        this.#copies.resize(key, copy, (text ?? JSON.stringify(value)).length);
    };
    const copy = new LeasedCopy<T>(ask, this.#keepAlive);
    this.#copies.add(key, copy);
    return copy;
  }

  /**
   * Reads a value of a case, or one that depends on all cases.
   * @param isUnchanged when true, the kept value stays the same object, so that
   * bodies cached for it stay valid
   */
  protected async read<T>(
    name: CopyName,
    read: ReadValue<T>,
    isUnchanged: (before: T, after: T) => boolean = () => false,
  ): Promise<Copy<T>> {
    const { key, id } = name;
    const copy = this.#copy(key, read, isUnchanged);
    const start = this.start();
    const isFresh = () => this.#covers(start, this.#expiry(copy, id));
    const isCurrent = () =>
      this.#renewals.isCurrent(id, copy.kept?.epoch) === true;
    const isAtHand = isFresh();
    counts.add(isAtHand ? "readsFromMemory" : "readsThatWaited");
    if (isAtHand) this.#renewals.refresh(start.at);
    else {
      // The copy that is asked for below can be renewed only if changes are
      // known from now on.
      if (!this.#renewals.isBegun) this.#renewals.refresh(start.at);
      let isConfirmed = isCurrent();
      if (isConfirmed) {
        await this.#renewals.join(isFresh);
        isConfirmed = isCurrent();
      }
      if (!isConfirmed) await copy.question.join(isFresh);
    }
    return { value: copy.kept!.value, expires: this.#expiry(copy, id), name };
  }

  /** A copy that is in memory already, without waiting. */
  protected atHand<T>(name: CopyName): Copy<T> | null {
    const copy = this.#copies.get<LeasedCopy<T>>(name.key);
    if (!copy?.kept) return null;
    const now = this.#clock.now();
    const expires = this.#expiry(copy, name.id);
    if (now >= expires) return null;
    this.refresh(now);
    return { value: copy.kept.value, expires, name };
  }

  /** Reads all cases, for which an isolate that doesn't have them waits. */
  async allCases(start = this.start()): Promise<Copy<AllCases>> {
    const renewals = this.#renewals;
    const isFresh = () =>
      renewals.complete !== null && this.#covers(start, renewals.until(null));
    if (isFresh()) renewals.refresh(this.#clock.now());
    else
      for (;;) {
        await renewals.fill();
        if (isFresh()) break;
        await renewals.join(isFresh);
        // It answers this reader, unless the Ledger has another history now.
        if (renewals.complete) break;
      }
    return {
      value: renewals.complete!.all,
      expires: renewals.until(null),
      name: ALL_CASES,
    };
  }

  /**
   * Resolves when a read that starts now may use what the last answer says of a
   * case.
   */
  protected async renewed(id: string): Promise<void> {
    const start = this.start();
    const isFresh = () => this.#covers(start, this.#renewals.until(id));
    if (isFresh()) this.#renewals.refresh(start.at);
    else await this.#renewals.join(isFresh);
  }

  /**
   * When the shortest lease of values ends that were read before; in the past
   * when a copy has another value now or isn't in memory.
   */
  expiryOf(of: readonly Source[]): number {
    let soonest = Number.POSITIVE_INFINITY;
    for (const source of of)
      soonest = Math.min(soonest, this.#expiryOf(source));
    return soonest;
  }

  #expiryOf({ copy: { key, id }, serial }: Source): number {
    if (key === ALL_CASES.key)
      return this.#isNewestList(serial)
        ? this.#renewals.until(null)
        : Number.NEGATIVE_INFINITY;
    const copy = this.#copyWith(key, serial);
    return copy ? this.#expiry(copy, id) : Number.NEGATIVE_INFINITY;
  }

  #isNewestList(serial: number): boolean {
    const index = this.#renewals.complete;
    return index !== null && serialOf(index.all) === serial;
  }

  /** The copy with this key if it still has this value. */
  #copyWith(key: string, serial: number): LeasedCopy<object | null> | null {
    const copy = this.#copies.get<LeasedCopy<object | null>>(key);
    return copy?.kept && serialOf(copy.kept.value) === serial ? copy : null;
  }

  /**
   * Asks the Ledger to confirm the values of a finished answer when its lease
   * has ended, as in the last seconds before a moment. All readers who wait
   * share the questions.
   * @param find gives the answer at hand after the wait: another reader may
   * have replaced it
   * @returns the answer and when its shortest lease ends, which may be in the
   * past; null when a value isn't the newest one
   */
  async confirmed<B extends Pick<Body, "of">>(
    body: B,
    find: () => B | null,
    start: Start,
  ): Promise<{ body: B; expires: number } | null> {
    const isFresh = ({ of }: B) => this.#covers(start, this.expiryOf(of));
    const isCurrent = ({ copy: { key, id }, serial }: Source) =>
      key === ALL_CASES.key
        ? this.#isNewestList(serial)
        : this.#renewals.isCurrent(
            id,
            this.#copyWith(key, serial)?.kept?.epoch,
          ) === true;
    if (!body.of.every(isCurrent)) return null;
    await this.#renewals.join(() => isFresh(body));
    const newest = find();
    const mayGive =
      newest === body
        ? body.of.every(isCurrent)
        : newest !== null && isFresh(newest);
    if (!newest || !mayGive) return null;
    counts.add("readsThatWaited");
    return { body: newest, expires: this.expiryOf(newest.of) };
  }

  /**
   * Asks the Ledger in the background when the lease is about to end. Call it
   * when an answer is given from memory.
   */
  refresh(now: number): void {
    counts.add("readsFromMemory");
    this.#renewals.refresh(now);
  }
}
