/**
 * The isolate's clock. It notices steps back, after which no lease counted on
 * it is valid.
 */
export class OwnClock {
  readonly #read: () => number;
  #latest = 0;
  /** Grows with each step back. */
  era = 0;

  /**
   * @param read in milliseconds; only differences count, so it may be wrong by
   * hours
   */
  constructor(read: () => number) {
    this.#read = read;
  }

  now(): number {
    const now = this.#read();
    if (now < this.#latest) this.era++;
    this.#latest = now;
    return now;
  }
}
