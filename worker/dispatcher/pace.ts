/** Telegram's limits are the token's: one pause and one stop for whatever is sent, kept over restarts. */
export class Pace {
  readonly #sql: SqlStorage;
  readonly #token: string;

  /** @param token a fingerprint of the bot's token: a new token lifts the stop that an old one caused */
  constructor(storage: DurableObjectStorage, token: string) {
    this.#sql = storage.sql;
    this.#token = token;
  }

  /** Until when nothing may be sent, in milliseconds since the epoch; infinite when the token was refused. */
  pausedUntil(): number {
    const { paused_until, stopped_for } = this.#sql
      .exec<{ paused_until: number; stopped_for: string | null }>("SELECT paused_until, stopped_for FROM pace")
      .one();
    return stopped_for === this.#token ? Number.POSITIVE_INFINITY : paused_until;
  }

  /** @param until milliseconds since the epoch */
  pause(until: number): void {
    this.#sql.exec("UPDATE pace SET paused_until = MAX(paused_until, ?)", until);
  }

  stop(): void {
    this.#sql.exec("UPDATE pace SET stopped_for = ?", this.#token);
    console.error("Telegram refuses the bot's token: nothing is sent until BOT_TOKEN is replaced");
  }
}
