/** Telegram's limits are the token's: one pause and one stop for whatever is sent, kept over restarts. */

import type { Answer } from "./verdict.ts";

/** After so many sends in a row without an answer Telegram is taken to be away: two for each lane. */
const OUTAGE_AFTER_SENDS = 8;
/** The longest wait before it is tried again, in milliseconds. */
const MAX_OUTAGE_PAUSE_MS = 30_000;
/** How long after a refusal Telegram is asked whether the token works, and at most how long after the last time; in milliseconds. */
const PROBE_DELAY_MS = 60_000;
const MAX_PROBE_DELAY_MS = 600_000;

type StateRow = { paused_until: number; stopped_for: string | null; questions: number; ask_at: number };

export class CircuitBreaker {
  readonly #sql: SqlStorage;
  readonly #token: string;
  /** How many sends in a row had no answer. In memory only: a restart begins anew. */
  #unansweredSends = 0;

  /** @param token a fingerprint of the bot's token: a new token lifts the stop that an old one caused */
  constructor(storage: DurableObjectStorage, token: string) {
    this.#sql = storage.sql;
    this.#token = token;
  }

  #row(): StateRow {
    return this.#sql.exec<StateRow>("SELECT paused_until, stopped_for, questions, ask_at FROM pace").one();
  }

  /** Until when nothing may be sent, in milliseconds since the epoch; infinite when the token was refused. */
  pausedUntil(): number {
    const { paused_until, stopped_for } = this.#row();
    return stopped_for === this.#token ? Number.POSITIVE_INFINITY : paused_until;
  }

  /** When Telegram is to be asked whether the refused token works after all, in milliseconds since the epoch; null while it does. */
  probeAt(): number | null {
    const { stopped_for, ask_at } = this.#row();
    return stopped_for === this.#token ? ask_at : null;
  }

  /** @param until milliseconds since the epoch */
  pause(until: number): void {
    this.#sql.exec("UPDATE pace SET paused_until = MAX(paused_until, ?)", until);
  }

  recordAnswer(): void {
    this.#unansweredSends = 0;
  }

  /** Everything waits, longer each time, once Telegram seems away: an outage must not put every message in doubt. */
  recordNoAnswer(now: number): void {
    const beyond = ++this.#unansweredSends - OUTAGE_AFTER_SENDS;
    if (beyond >= 0) this.pause(now + Math.min(MAX_OUTAGE_PAUSE_MS, 1_000 * 2 ** beyond));
  }

  /** Telegram refused the token, to a message or to the question: it is asked after 1, 2, 4, 8, then every 10 minutes. */
  refuseToken(now: number): void {
    const { stopped_for, questions } = this.#row();
    // A token that only works between two refusals is asked about ever less often too.
    const probes = stopped_for === null || stopped_for === this.#token ? questions : 0;
    this.#sql.exec(
      "UPDATE pace SET stopped_for = ?, questions = ?, ask_at = ?",
      this.#token,
      probes + 1,
      now + Math.min(MAX_PROBE_DELAY_MS, PROBE_DELAY_MS * 2 ** Math.min(probes, 9)),
    );
    console.error("Telegram refuses BOT_TOKEN: nothing is sent until it takes it again, or another is configured");
  }

  /** Asks whether a refused token works after all, if it is time: it may have been refused by mistake. */
  async probe(now: number, getMe: () => Promise<Answer>): Promise<void> {
    const at = this.probeAt();
    if (at === null || at > now) return;
    const answer = await getMe();
    if (answer.ok) this.#sql.exec("UPDATE pace SET stopped_for = NULL");
    else if (answer.code === 401 || answer.code === 404) this.refuseToken(now);
    else this.#sql.exec("UPDATE pace SET ask_at = ?", now + Math.max(PROBE_DELAY_MS, (answer.retryAfter ?? 0) * 1_000));
  }

  /** A message left with this token: the next refusal is the first again. */
  recordSuccess(): void {
    this.#sql.exec("UPDATE pace SET questions = 0 WHERE questions > 0");
  }
}
