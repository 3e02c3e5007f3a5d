/**
 * A question waits for more readers when several shared the one before: busy readers come in waves, and the first of a wave would else ask
 * alone. The wait is the CPU time that as many readers need, because they can't arrive faster.
 */
const GATHER_MS_PER_READER = 0.2;
const LONGEST_GATHER_MS = 25;

/**
 * A reader that waits for another reader's question looks for the answer when it should be there, and then after longer and longer pauses.
 * In a herd, a wait of its own costs a reader a quarter of what a promise of another request costs it.
 */
const FIRST_PAUSE_MS = 4;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 500;

/** How long a reader waits for another reader's question before it asks again: the request that sent it may have been cancelled. */
const PATIENCE_MS = 2_000;

/** Keeps work alive after the request that started it (`waitUntil`). */
export type KeepAlive = (promise: Promise<unknown>) => void;

interface Question {
  /** How many readers joined it. */
  joined: number;
  /** When its answer should be there, in milliseconds since the epoch. */
  due: number;
}

/**
 * A question that many readers share. All that start while one is under way share the next one, so however many there are, they ask
 * at most once a round trip.
 */
export class SharedQuestion {
  readonly #ask: () => Promise<unknown>;
  readonly #keepAlive: KeepAlive;
  /** How many were sent. A question is sent a little after it was begun, so that more readers may use its answer. */
  #sent = 0;
  /** The number of the newest question that was answered, and of the newest that failed. */
  #answered = 0;
  #failed = 0;
  #error: unknown;
  #current: Question | null = null;
  /** How many readers joined the last question, and how long its answer took. */
  #lastJoined = 0;
  #lastMs = 0;

  /** @param ask sends the question and keeps the answer */
  constructor(ask: () => Promise<unknown>, keepAlive: KeepAlive) {
    this.#ask = ask;
    this.#keepAlive = keepAlive;
  }

  /** Resolves when the question has been answered or has failed. */
  #begin(): Promise<void> {
    const gather = Math.min(this.#lastJoined * GATHER_MS_PER_READER, LONGEST_GATHER_MS);
    const question: Question = { joined: 0, due: Date.now() + gather + this.#lastMs };
    this.#current = question;
    const ask = async () => {
      if (gather >= 1) await scheduler.wait(gather);
      const number = ++this.#sent;
      const sent = Date.now();
      try {
        await this.#ask();
        this.#answered = Math.max(this.#answered, number);
      } catch (error) {
        if (number > this.#failed) this.#error = error;
        this.#failed = Math.max(this.#failed, number);
      }
      this.#lastMs = Date.now() - sent;
      this.#lastJoined = question.joined;
      if (this.#current === question) this.#current = null;
    };
    const ended = ask();
    // The request that asks may be cancelled; readers that joined it must still get an answer.
    this.#keepAlive(ended);
    return ended;
  }

  /** Asks without waiting, unless a question is under way. */
  refresh(): void {
    if (!this.#current) void this.#begin();
  }

  /**
   * Resolves when a question that was sent after this call has been answered, or earlier when `isFresh`.
   * @param isFresh true when this reader may use what is known, whenever it was asked for
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
      const isOwn = question === null || waited >= PATIENCE_MS;
      if (question === null || isOwn) await this.#begin();
      else {
        if (waited === 0) question.joined++;
        const left = question.due - Date.now() + 1;
        const wait = left > 0 ? Math.min(left, LONGEST_PAUSE_MS) : pause;
        if (left <= 0) pause = Math.min(pause * PAUSE_GROWTH, LONGEST_PAUSE_MS);
        await scheduler.wait(wait);
        waited += wait;
      }
      if (isFresh() || this.#answered > before) return;
      if (this.#failed > seen) {
        seen = this.#failed;
        // A joined question may also fail because the request that sent it was cancelled, so try once more.
        if (isOwn || ++failures > 1) throw this.#error;
      }
    }
  }
}
