import type { Epoch } from "../runtime/lease.ts";
import { type KeepAlive, SharedQuestion } from "./shared-question.ts";

/** Names a copy in this isolate's memory. */
export interface CopyName {
  key: string;
  /** The case that it depends on; null for all. */
  id: string | null;
}

export interface Copy<T> {
  value: T;
  /** When the lease ends, in milliseconds on this isolate's clock. */
  expires: number;
  /** Absent when no copy is in memory, as for an unknown case. */
  name?: CopyName;
}

/**
 * When a read starts, on this isolate's clock. It may use whatever is known at
 * that time or becomes known later.
 */
export interface Start {
  at: number;
  era: number;
}

/** A value read from the Ledger. */
export interface Kept<T> {
  value: T;
  /**
   * The end of the lease with which it was read, in milliseconds on the
   * isolate's clock.
   */
  expires: number;
  asked: number;
  /** The era of the isolate's clock. */
  era: number;
  epoch: Epoch | undefined;
}

/** The memory of a copy without its value: objects, maps and keys. */
export const OVERHEAD_BYTES = 1_000;

/**
 * How many used entries may queue again for one new entry. Without a limit, a
 * request that comes when all were used would look at every one, which takes up
 * to 40 ms.
 */
const MAX_SECOND_CHANCES = 100;

/**
 * The share of the limit that may be added to it, until the queue's next unused
 * entry is found.
 */
const EXCESS = 1 / 50;

/** Memory for each character of a value's JSON; 2.3 were measured. */
const BYTES_PER_CHARACTER = 3;

/** A copy of one value, and the question that readers of the value share. */
export class LeasedCopy<T> {
  kept: Kept<T> | null = null;
  readonly question: SharedQuestion;
  /** An estimate. */
  bytes = OVERHEAD_BYTES;

  constructor(
    ask: (copy: LeasedCopy<T>) => Promise<void>,
    keepAlive: KeepAlive,
  ) {
    this.question = new SharedQuestion(() => ask(this), keepAlive);
  }
}

interface Sized {
  bytes: number;
  /** Since it came to the end of the queue. */
  wasUsed?: boolean;
}

/**
 * Copies, and the bodies made of them, by key, up to a number of bytes. They
 * queue to be dropped, and those that were used meanwhile queue again ("second
 * chance"). Moving each one that is used to the end would cost a hot read a
 * tenth of its time.
 */
export class Copies {
  /** The queue, oldest first. */
  readonly #entries = new Map<string, Sized>();
  readonly #limit: number;
  #bytes = 0;

  /**
   * @param limit in bytes. It is passed a little while the oldest entries are
   * in use
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The caller knows the type of the entry by its key. */
  get<E extends Sized>(key: string): E | undefined {
    const entry = this.#entries.get(key);
    if (entry) entry.wasUsed = true;
    return entry as E | undefined;
  }

  add(key: string, entry: Sized): void {
    this.#remove(key);
    if (entry.bytes > this.#limit) return;
    let chances = MAX_SECOND_CHANCES;
    for (const [oldest, other] of this.#entries) {
      const excess = this.#bytes + entry.bytes - this.#limit;
      // The next entry that is added goes on from here.
      if (excess <= (chances > 0 ? 0 : this.#limit * EXCESS)) break;
      this.#remove(oldest);
      // The loop may come to it again.
      if (other.wasUsed && chances-- > 0) this.#append(oldest, other);
    }
    this.#append(key, entry);
  }

  /**
   * Call it when a copy has another value.
   * @param characters of the value's JSON
   */
  resize<T>(key: string, copy: LeasedCopy<T>, characters: number): void {
    const isKept = this.#entries.get(key) === copy;
    if (isKept) this.#remove(key);
    copy.bytes = OVERHEAD_BYTES + characters * BYTES_PER_CHARACTER;
    if (isKept) this.add(key, copy);
  }

  #append(key: string, entry: Sized): void {
    entry.wasUsed = false;
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry && this.#entries.delete(key)) this.#bytes -= entry.bytes;
  }
}
