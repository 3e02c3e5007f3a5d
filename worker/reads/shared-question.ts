/**
 * How long a question waits for more readers when several shared the one
 * before. Busy readers come in waves: without it, the first of a wave would ask
 * alone, and all others would need a second question.
 */
const GATHER_MS = 4;

/**
 * A reader that waits for another reader's question looks for the answer after
 * this time, and then after half as long again each time. With many readers, a
 * timer of its own costs a reader a quarter of what a promise of another
 * request costs.
 */
const FIRST_PAUSE_MS = 8;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 500;

/**
 * How long a reader waits for another reader's question before it asks again:
 * the request that sent it may have been cancelled.
 */
const PATIENCE_MS = 2_000;

/** Keeps work alive after the request that started it (`waitUntil`). */
export type KeepAlive = (promise: Promise<unknown>) => void;

/**
 * A question that many readers share. Readers who start while one is under way
 * share the next one. However many there are, they ask at most once a round
 * trip, or once in `PATIENCE_MS` while a round trip takes longer.
 */
export class SharedQuestion {
  readonly #ask: () => Promise<unknown>;
  readonly #keepAlive: KeepAlive;
  /**
   * How many were sent. A question is sent a little after it was begun, so that
   * more readers may use its answer.
   */
  #sent = 0;
  /**
   * The number of the newest question that was answered, and of the newest that
   * failed.
   */
  #answered = 0;
  #failed = 0;
  #error: unknown;
  #current: { isShared: boolean } | null = null;
  #wasShared = false;

  /** @param ask sends the question and keeps the answer */
  constructor(ask: () => Promise<unknown>, keepAlive: KeepAlive) {
    this.#ask = ask;
    this.#keepAlive = keepAlive;
  }

  /** Resolves when the question has been answered or has failed. */
  #begin(): Promise<void> {
    const question = { isShared: false };
    this.#current = question;
    const ask = async () => {
      if (this.#wasShared) await delay(GATHER_MS);
      const number = ++this.#sent;
      try {
        await this.#ask();
        this.#answered = Math.max(this.#answered, number);
      } catch (error) {
        if (number > this.#failed) this.#error = error;
        this.#failed = Math.max(this.#failed, number);
      }
      this.#wasShared = question.isShared;
      if (this.#current === question) this.#current = null;
    };
    const ended = ask();
    // The request that asks may be cancelled; readers that joined it must still
    // get an answer.
    this.#keepAlive(ended);
    return ended;
  }

  /** Asks without waiting, unless a question is under way. */
  refresh(): void {
    if (!this.#current) void this.#begin();
  }

  /**
   * Resolves when a question that was sent after this call has been answered,
   * or earlier when `isFresh`.
   * @param isFresh true when this reader may use what is known, whenever it was
   * asked for
   * @throws the question's error
   */
  async join(isFresh: () => boolean): Promise<void> {
    const before = this.#sent;
    let seen = before;
    let failures = 0;
    let question = this.#current;
    let waited = 0;
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      if (this.#current !== question) waited = 0;
      question = this.#current;
      const isOwn = question === null;
      if (question === null) await this.#begin();
      else {
        // Not awaited: while the Ledger says nothing, each reader would have to
        // wait for a question of its own.
        if (waited >= PATIENCE_MS) void this.#begin();
        question.isShared = true;
        await delay(pause);
        waited += pause;
        pause = Math.min(pause * PAUSE_GROWTH, LONGEST_PAUSE_MS);
      }
      if (isFresh() || this.#answered > before) return;
      if (this.#failed > seen) {
        seen = this.#failed;
        // A joined question may also fail because the request that sent it was
        // cancelled, so try once more.
        if (isOwn || ++failures > 1) throw this.#error;
      }
    }
  }
}

const delay = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
