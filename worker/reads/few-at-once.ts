import type { OwnClock } from "./own-clock.ts";

/** How often a call that waits looks for a free place. A promise of another request would cost more, and might never be kept. */
const PAUSE_MS = 8;

/** Lets few calls run at once. */
export class FewAtOnce {
  readonly #limit: number;
  readonly #longestMs: number;
  readonly #clock: OwnClock;
  /** When each call under way gives its place up at the latest: a request that is cancelled never ends. */
  readonly #ends = new Set<{ at: number }>();

  /** @param longestMs how long a call takes at most */
  constructor(limit: number, longestMs: number, clock: OwnClock) {
    this.#limit = limit;
    this.#longestMs = longestMs;
    this.#clock = clock;
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      const now = this.#clock.now();
      // After a step back of the clock, an end lies too far ahead.
      for (const end of this.#ends) if (end.at <= now || end.at > now + this.#longestMs) this.#ends.delete(end);
      if (this.#ends.size < this.#limit) break;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    const end = { at: this.#clock.now() + this.#longestMs };
    this.#ends.add(end);
    try {
      return await call();
    } finally {
      this.#ends.delete(end);
    }
  }
}
