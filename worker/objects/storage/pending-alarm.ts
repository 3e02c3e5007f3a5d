/**
 * For so long, an alarm that is due is taken to be on its way, and not for
 * lost.
 */
const ON_ITS_WAY_MS = 1_000;

/**
 * The alarm of an object that is set often. One on its way isn't moved: it
 * comes anyway and sets the next, and the runtime would report that what fires
 * and what is stored differ.
 */
export class PendingAlarm {
  readonly #storage: DurableObjectStorage;
  readonly #setAgain: () => void;
  /** The time that it was set to, until it comes. */
  #time = Number.POSITIVE_INFINITY;

  /**
   * @param setAgain sets it to what is due: called when one that was on its way
   * has not come
   */
  constructor(storage: DurableObjectStorage, setAgain: () => void) {
    this.#storage = storage;
    this.#setAgain = setAgain;
  }

  set(next: number): void {
    const time = this.#time;
    const late = Date.now() - time;
    if (late >= 0 && late < ON_ITS_WAY_MS) {
      void scheduler
        .wait(ON_ITS_WAY_MS)
        .then(() => this.#time === time && this.#setAgain());
      return;
    }
    this.#time = next;
    void this.#storage.setAlarm(next);
  }

  /** Call it first when the alarm has come. */
  came(): void {
    this.#time = Number.POSITIVE_INFINITY;
  }

  /** Cloudflare gives up an alarm that fails too often. */
  async isMissing(): Promise<boolean> {
    const alarm = await this.#storage.getAlarm();
    this.#time = alarm ?? Number.POSITIVE_INFINITY;
    return alarm === null;
  }
}
