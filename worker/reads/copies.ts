import type { Epoch } from "../ledger/lease.ts";
import type { SharedQuestion } from "./shared-question.ts";

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
const OVERHEAD_BYTES = 1_000;

/** Memory for each character of a value's JSON. With one serialized body 3.3 were measured; a case often has a second one. */
const BYTES_PER_CHARACTER = 4;

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

/** Copies by key, up to a number of bytes. The least recently used one is dropped first. */
export class Copies {
  // biome-ignore lint/suspicious/noExplicitAny: each key has its own type of value
  readonly #copies = new Map<string, LeasedCopy<any>>();
  readonly #limit: number;
  #bytes = 0;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get<T>(key: string): LeasedCopy<T> | undefined {
    const copy = this.#copies.get(key);
    if (copy) {
      this.#copies.delete(key);
      this.#copies.set(key, copy);
    }
    return copy;
  }

  add<T>(key: string, copy: LeasedCopy<T>): void {
    this.#copies.set(key, copy);
    this.#bytes += copy.bytes;
    this.#drop();
  }

  /** Call it when a copy has another value. */
  resize<T>(key: string, copy: LeasedCopy<T>): void {
    const bytes = OVERHEAD_BYTES + JSON.stringify(copy.kept?.value ?? null).length * BYTES_PER_CHARACTER;
    if (this.#copies.get(key) === copy) this.#bytes += bytes - copy.bytes;
    copy.bytes = bytes;
    this.#drop();
  }

  #drop(): void {
    for (const [key, { bytes }] of this.#copies) {
      if (this.#bytes <= this.#limit) return;
      this.#copies.delete(key);
      this.#bytes -= bytes;
    }
  }
}
