/**
 * Pauses all sending while Telegram asks for it or seems down, and stops it while Telegram refuses the token. One state for every kind
 * of send, since Telegram's limits are per token. Stored in the table `pace`, so that it survives restarts.
 */

import { log } from "../../runtime/log.ts";
import type { SendAnswer } from "./verdict.ts";

/** After this many sends in a row without an answer, Telegram counts as down: two for each of four lanes. */
const OUTAGE_AFTER_SENDS = 8;
/** The first and the longest pause; each further send without an answer doubles the pause. */
const FIRST_OUTAGE_PAUSE_MS = 1_000;
const MAX_OUTAGE_PAUSE_MS = 30_000;
/** The delay of the second probe (`getMe`); it doubles with each further one. The first probe comes at once: a refusal may be a mistake. */
const PROBE_DELAY_MS = 60_000;
const MAX_PROBE_DELAY_MS = 600_000;

type StateRow = { paused_until: number; stopped_for: string | null; questions: number; ask_at: number };

export class CircuitBreaker {
  readonly #sql: SqlStorage;
  readonly #token: string;
  /** Sends in a row without an answer. In memory only: a restart resets it. */
  #unansweredSends = 0;

  /** @param token a fingerprint of the bot's token: a stop holds only for the token that was refused */
  constructor(storage: DurableObjectStorage, token: string) {
    this.#sql = storage.sql;
    this.#token = token;
  }

  #row(): StateRow {
    return this.#sql.exec<StateRow>("SELECT paused_until, stopped_for, questions, ask_at FROM pace").one();
  }

  /** Until when nothing may be sent, in milliseconds since the epoch; infinite while the token is refused. */
  pausedUntil(): number {
    const { paused_until, stopped_for } = this.#row();
    return stopped_for === this.#token ? Number.POSITIVE_INFINITY : paused_until;
  }

  /** When to probe a refused token, in milliseconds since the epoch; null while the token isn't refused. */
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

  /** Pauses with exponential backoff once Telegram seems down: otherwise an outage would leave every message uncertain. */
  recordNoAnswer(now: number): void {
    const beyond = ++this.#unansweredSends - OUTAGE_AFTER_SENDS;
    if (beyond >= 0) this.pause(now + Math.min(MAX_OUTAGE_PAUSE_MS, FIRST_OUTAGE_PAUSE_MS * 2 ** beyond));
  }

  /** Telegram refused the token for a send or a probe. The next probe is at once, then after 1, 2, 4, 8, then every 10 minutes. */
  refuseToken(now: number): void {
    const { stopped_for, questions } = this.#row();
    // The count also grows when the token works only for probes, so that its probes become rarer too.
    const probes = stopped_for === null || stopped_for === this.#token ? questions : 0;
    this.#sql.exec(
      "UPDATE pace SET stopped_for = ?, questions = ?, ask_at = ?",
      this.#token,
      probes + 1,
      now + (probes === 0 ? 0 : Math.min(MAX_PROBE_DELAY_MS, PROBE_DELAY_MS * 2 ** Math.min(probes - 1, 9))),
    );
    log.error(
      "Dispatcher: Telegram refuses BOT_TOKEN. Nothing is sent until Telegram accepts it again or another token is configured.",
    );
  }

  /** Probes a refused token when due: it may have been refused by mistake. */
  async probe(now: number, getMe: () => Promise<SendAnswer>): Promise<void> {
    const at = this.probeAt();
    if (at === null || at > now) return;
    const answer = await getMe();
    if (answer.ok) this.#sql.exec("UPDATE pace SET stopped_for = NULL");
    else if (answer.code === 401 || answer.code === 404) this.refuseToken(now);
    else this.#sql.exec("UPDATE pace SET ask_at = ?", now + Math.max(PROBE_DELAY_MS, (answer.retryAfter ?? 0) * 1_000));
  }

  /** A send succeeded, so the delay of probes starts over. */
  recordSuccess(): void {
    this.#sql.exec("UPDATE pace SET questions = 0 WHERE questions > 0");
  }
}
