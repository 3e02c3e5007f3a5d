/** Tells the Ledger that a Channel has sockets, once for as long as it has some. */
export class Registration {
  readonly #register: () => Promise<void>;
  readonly #isKept: () => boolean;
  #current: Promise<void> | null = null;

  /**
   * @param register calls the Ledger
   * @param isKept true when an open socket is known to be registered, also from before the object slept
   */
  constructor(register: () => Promise<void>, isKept: () => boolean) {
    this.#register = register;
    this.#isKept = isKept;
  }

  /** Call it once the socket is accepted, so that a push counts it meanwhile. Resolves when the Ledger knows. */
  async ensure(): Promise<void> {
    if (this.#current === null && this.#isKept()) this.#current = Promise.resolve();
    this.#current ??= this.#register();
    const current = this.#current;
    try {
      await current;
    } catch (error) {
      if (this.#current === current) this.#current = null;
      throw error;
    }
  }

  /** Call it with an answer that there are no sockets. The Ledger may have got a registration that is under way before that answer. */
  end(): void {
    this.#current = null;
  }
}
