/** Telegram's limits are the token's: one pause and one stop for whatever is sent, kept over restarts. */

/** After so many sends in a row without an answer Telegram is taken to be away: two for each lane. */
const AWAY = 8;
/** The longest wait before it is tried again, in milliseconds. */
const LONGEST = 30_000;

export class Pace {
  readonly #sql: SqlStorage;
  readonly #token: string;
  /** How many sends in a row had no answer. In memory only: a restart begins anew. */
  #unanswered = 0;

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

  answered(): void {
    this.#unanswered = 0;
  }

  /** Everything waits, longer each time, once Telegram seems away: an outage must not put every message in doubt. */
  unanswered(now: number): void {
    const beyond = ++this.#unanswered - AWAY;
    if (beyond >= 0) this.pause(now + Math.min(LONGEST, 1_000 * 2 ** beyond));
  }

  stop(): void {
    this.#sql.exec("UPDATE pace SET stopped_for = ?", this.#token);
    console.error("Telegram refuses the bot's token: nothing is sent until BOT_TOKEN is replaced");
  }
}
