/**
 * Pauses sending while a carrier asks for it or seems down, and stops it while
 * the carrier refuses our credentials. One state for whatever shares a limit:
 * all that a bot sends, or all that goes to one push service. Stored in the
 * table `paces`, so that it survives restarts.
 */

import { log } from "../../runtime/log.ts";
import { StoragePart } from "../storage/queries.ts";
import type { Unsent } from "./drain.ts";
import type { SendAnswer, Verdict } from "./verdict.ts";

/**
 * After this many sends in a row without an answer, the carrier counts as down:
 * two for each of four lanes.
 */
const OUTAGE_AFTER_SENDS = 8;
/**
 * The first and the longest pause; each further send without an answer doubles
 * the pause.
 */
const FIRST_OUTAGE_PAUSE_MS = 1_000;
const MAX_OUTAGE_PAUSE_MS = 30_000;
/** By then, a send has been answered or given up. */
const ANSWER_MS = 11_000;
/**
 * The delay of the second probe; it doubles with each further one. The first
 * probe comes at once: a refusal may be a mistake.
 */
const PROBE_DELAY_MS = 60_000;
const MAX_PROBE_DELAY_MS = 600_000;

/** While our credentials are refused, `paused_until` is when to ask again. */
type StateRow = {
  paused_until: number;
  stopped_for: string | null;
  questions: number;
};
const fresh: StateRow = { paused_until: 0, stopped_for: null, questions: 0 };

const TOKEN_REFUSED =
  "Dispatcher: Telegram refuses BOT_TOKEN. Nothing is sent until Telegram accepts it again or another token is configured.";
const PUSH_KEY_REFUSED =
  "Dispatcher: a push service refuses PUSH_KEY or the newsroom's contact. Nothing is sent there until it accepts them again.";

export class CircuitBreaker extends StoragePart {
  readonly #key: string;
  readonly #name: string;
  /** Sends in a row without an answer. In memory only: a restart resets it. */
  #unansweredSends = 0;

  /**
   * @param key a fingerprint of the credentials: a stop holds only for those
   * that were refused
   * @param name "telegram", or the keyed hash of a push service, which nothing
   * but messages can ask whether it accepts us again
   */
  constructor(storage: DurableObjectStorage, key: string, name = "telegram") {
    super(storage);
    this.#key = key;
    this.#name = name;
  }

  get #canProbe(): boolean {
    return this.#name === "telegram";
  }

  /**
   * The breaker of a service of the carrier: this one, for a carrier with one
   * limit.
   */
  of(_service: string): CircuitBreaker {
    return this;
  }

  #row(): StateRow {
    const query =
      "SELECT paused_until, stopped_for, questions FROM paces WHERE name = ?";
    return this.sql.firstRow<StateRow>(query, this.#name) ?? fresh;
  }

  #change(changes: Partial<StateRow>): void {
    const { paused_until, stopped_for, questions } = {
      ...this.#row(),
      ...changes,
    };
    const query =
      "INSERT OR REPLACE INTO paces (name, paused_until, stopped_for, questions) VALUES (?, ?, ?, ?)";
    this.sql.exec(query, this.#name, paused_until, stopped_for, questions);
  }

  /**
   * Until when nothing may be sent, in milliseconds since the epoch; infinite
   * while only a probe may ask.
   */
  pausedUntil(): number {
    const { paused_until, stopped_for } = this.#row();
    // Other credentials may send at once.
    if (stopped_for !== null && stopped_for !== this.#key) return 0;
    return this.#canProbe && stopped_for !== null
      ? Number.POSITIVE_INFINITY
      : paused_until;
  }

  /** False while our credentials are refused. */
  get isAccepted(): boolean {
    return this.#row().stopped_for !== this.#key;
  }

  /**
   * When to probe refused credentials, in milliseconds since the epoch; null
   * while they aren't refused.
   */
  probeAt(): number | null {
    const { stopped_for, paused_until } = this.#row();
    return stopped_for === this.#key ? paused_until : null;
  }

  /** @param until milliseconds since the epoch */
  pause(until: number): void {
    this.#change({ paused_until: Math.max(this.#row().paused_until, until) });
  }

  /**
   * Called before a send: while the carrier seems down, one message asks, and
   * the others wait for what becomes of it.
   */
  ask(now: number): void {
    if (this.#unansweredSends >= OUTAGE_AFTER_SENDS)
      this.pause(now + ANSWER_MS);
  }

  /** Counts what an outcome says of the carrier. */
  record(verdict: Verdict | Unsent, now: number): void {
    if (verdict.do === "again-silently") this.#recordNoAnswer(now);
    else if (!["wait", "drop", "again"].includes(verdict.do))
      this.#unansweredSends = 0;
    if (verdict.do !== "done") return;
    const { questions, stopped_for } = this.#row();
    // The delay of probes starts over. A message that was accepted is a probe
    // too.
    if (questions > 0)
      this.#change({
        questions: 0,
        stopped_for: this.#canProbe ? stopped_for : null,
      });
  }

  /**
   * Pauses with exponential backoff once the carrier seems down: otherwise an
   * outage would leave every message uncertain.
   */
  #recordNoAnswer(now: number): void {
    const beyond = ++this.#unansweredSends - OUTAGE_AFTER_SENDS;
    if (beyond >= 0)
      this.pause(
        now +
          Math.min(MAX_OUTAGE_PAUSE_MS, FIRST_OUTAGE_PAUSE_MS * 2 ** beyond),
      );
  }

  /**
   * Our credentials were refused for a send or a probe. The next probe is at
   * once, then after 1, 2, 4, 8, then every 10 minutes.
   */
  refuseToken(now: number): void {
    const { stopped_for, questions } = this.#row();
    // The count also grows when the token works only for probes, so that its
    // probes become rarer too.
    const probes =
      stopped_for === null || stopped_for === this.#key ? questions : 0;
    const delay =
      probes === 0
        ? 0
        : Math.min(
            MAX_PROBE_DELAY_MS,
            PROBE_DELAY_MS * 2 ** Math.min(probes - 1, 9),
          );
    this.#change({
      stopped_for: this.#key,
      questions: probes + 1,
      paused_until: now + delay,
    });
    log.error(this.#canProbe ? TOKEN_REFUSED : PUSH_KEY_REFUSED);
  }

  /** Probes a refused token when due: it may have been refused by mistake. */
  async probe(now: number, getMe: () => Promise<SendAnswer>): Promise<void> {
    const at = this.probeAt();
    if (at === null || at > now) return;
    const answer = await getMe();
    if (answer.ok) this.#change({ stopped_for: null, paused_until: 0 });
    else if (answer.code === 401 || answer.code === 404) this.refuseToken(now);
    else
      this.#change({
        paused_until:
          now + Math.max(PROBE_DELAY_MS, (answer.retryAfter ?? 0) * 1_000),
      });
  }
}

/**
 * The breakers of a carrier whose followers' devices have services of their
 * own: a pause of one delays no other.
 */
export class ServiceBreakers extends StoragePart {
  readonly #key: string;
  readonly #known = new Map<string, CircuitBreaker>();

  constructor(storage: DurableObjectStorage, key: string) {
    super(storage);
    this.#key = key;
  }

  of(service: string): CircuitBreaker {
    const known =
      this.#known.get(service) ??
      new CircuitBreaker(this.storage, this.#key, service);
    this.#known.set(service, known);
    return known;
  }

  pausedUntil(): number {
    return 0;
  }

  /**
   * Forgets services that no device has any more: nothing is sent there that
   * could find us accepted again.
   */
  dropIdle(): void {
    const query =
      "DELETE FROM paces WHERE name != 'telegram' AND name NOT IN (SELECT service FROM chats) RETURNING name";
    for (const name of this.sql.allValues<string>(query))
      this.#known.delete(name);
  }

  get isAccepted(): boolean {
    const query =
      "SELECT 1 FROM paces WHERE name != 'telegram' AND stopped_for = ?";
    return this.sql.firstRow(query, this.#key) === null;
  }
}
