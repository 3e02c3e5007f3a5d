/** How long a reader waits for another reader's question before it asks again. */
const JOIN_TIMEOUT_MS = 2_000;

/**
 * How long a question waits for more readers when several shared the one before. Busy readers come in waves: without it, the first of
 * a wave would ask alone, and all others would need a second question.
 */
const GATHER_MS = 2;

/** Keeps work alive after the request that started it (`waitUntil`). */
export type KeepAlive = (promise: Promise<unknown>) => void;

interface Question {
  /** Infinite until it is sent, so that whoever comes before that may use its answer. */
  serial: number;
  readers: number;
  /** Never rejects. */
  ended: Promise<{ error?: unknown }>;
}

/**
 * A question that many readers share. All that start while one is under way share the next one, so however many there are, they ask
 * at most once a round trip.
 */
export class SharedQuestion {
  readonly #ask: () => Promise<unknown>;
  readonly #keepAlive: KeepAlive;
  #sent = 0;
  #current: Question | null = null;
  /** Readers of the question that was answered last. */
  #lastReaders = 0;

  /** @param ask sends the question and keeps the answer */
  constructor(ask: () => Promise<unknown>, keepAlive: KeepAlive) {
    this.#ask = ask;
    this.#keepAlive = keepAlive;
  }

  #send(): Question {
    const ask = () => {
      question.serial = ++this.#sent;
      return this.#ask();
    };
    const question: Question = { serial: Number.POSITIVE_INFINITY, readers: 0, ended: Promise.resolve({}) };
    const answered = this.#lastReaders > 1 ? delay(GATHER_MS).then(ask) : ask();
    const ended = answered.then(
      () => ({}),
      (error: unknown) => ({ error }),
    );
    question.ended = ended;
    this.#current = question;
    // The request that asked may be cancelled; readers that joined it must still get an answer.
    this.#keepAlive(
      ended.then(() => {
        this.#lastReaders = question.readers;
        if (this.#current === question) this.#current = null;
      }),
    );
    return question;
  }

  /** Asks without waiting, unless a question is under way. */
  refresh(): void {
    if (!this.#current) this.#send();
  }

  /**
   * Resolves when a question that was sent after this call has been answered, or earlier when `isFresh`.
   * @param isFresh true when this reader may use what is known, whenever it was asked for
   * @throws the question's error
   */
  async join(isFresh: () => boolean): Promise<void> {
    const before = this.#sent;
    let own: Question | null = null;
    let timeouts = 0;
    let failures = 0;
    for (;;) {
      if (!own && !this.#current) own = this.#send();
      const question = own ?? (this.#current as Question);
      question.readers++;
      const isPatient = own !== null || timeouts > 1;
      const outcome = await (isPatient ? question.ended : withTimeout(question.ended));
      if (isFresh()) return;
      if (outcome === null) {
        timeouts++;
        if (this.#current === question) own = this.#send();
      } else if ("error" in outcome) {
        // A joined question may also fail because the request that sent it was cancelled, so try once more.
        if (own || (question.serial > before && ++failures > 1)) throw outcome.error;
      } else if (question.serial > before) return;
    }
  }
}

const delay = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** @returns null when it takes too long */
async function withTimeout<T>(promise: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), JOIN_TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
