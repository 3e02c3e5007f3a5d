import type { Epoch } from "../ledger/lease.ts";
import type { SharedQuestion } from "./shared-question.ts";

/** Names a copy in this isolate's memory. */
export interface CopyName {
  key: string;
  /** The case that it depends on; null for all. */
  id: string | null;
}

/** A value read from the Ledger. */
export interface Kept<T> {
  value: T;
  /** The end of the lease with which it was read, in milliseconds on the isolate's clock. */
  expires: number;
  asked: number;
  /** The era of the isolate's clock. */
  era: number;
  epoch: Epoch | undefined;
}

/** The memory of a copy without its value: objects, maps and keys. */
export const OVERHEAD_BYTES = 1_000;

/** Memory for each character of a value's JSON; 2.3 were measured. */
const BYTES_PER_CHARACTER = 3;

/** A copy of one value, and the question that readers of the value share. */
export class LeasedCopy<T> {
  kept: Kept<T> | null = null;
  readonly question: SharedQuestion;
  /** An estimate. */
  bytes = OVERHEAD_BYTES;

  constructor(ask: (copy: LeasedCopy<T>) => Promise<void>, question: (ask: () => Promise<void>) => SharedQuestion) {
    this.question = question(() => ask(this));
  }
}

interface Sized {
  bytes: number;
}

/** Copies, and the bodies made of them, by key, up to a number of bytes. The least recently used one is dropped first. */
export class Copies {
  readonly #entries = new Map<string, Sized>();
  readonly #limit: number;
  #bytes = 0;
  /** The key that was used last, which needs no move. */
  #newest = "";

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The caller knows the type of the entry by its key. */
  get<E extends Sized>(key: string): E | undefined {
    const entry = this.#entries.get(key);
    if (entry && key !== this.#newest) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
      this.#newest = key;
    }
    return entry as E | undefined;
  }

  add(key: string, entry: Sized): void {
    this.#bytes += entry.bytes - (this.#entries.get(key)?.bytes ?? 0);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#newest = key;
    this.#drop();
  }

  /** Call it when a copy has another value. @param characters of the value's JSON */
  resize<T>(key: string, copy: LeasedCopy<T>, characters: number): void {
    const bytes = OVERHEAD_BYTES + characters * BYTES_PER_CHARACTER;
    if (this.#entries.get(key) === copy) this.#bytes += bytes - copy.bytes;
    copy.bytes = bytes;
    this.#drop();
  }

  #drop(): void {
    for (const [key, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#limit) return;
      this.#entries.delete(key);
      this.#bytes -= bytes;
    }
  }
}
