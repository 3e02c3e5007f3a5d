/**
 * The outbox of messages, one row per delivery, in the Dispatcher's SQLite.
 * Every method is one transaction.
 */
import type { RevisionKind } from "../../../shared/revision.ts";
import type { OutboxStatus } from "../../editing/contract/operating.ts";
import type { Parked } from "../../editing/rules/desk.ts";
import { log } from "../../runtime/log.ts";
import { StoragePart } from "../storage/queries.ts";
import type { Carrier } from "./carrier.ts";
import { type HoursOfDelivery, restOf } from "./chat-hours.ts";
import type { CircuitBreaker, ServiceBreakers } from "./circuit-breaker.ts";
import type { Delivery, Outbox, SendOutcome, Unsent } from "./drain.ts";
import { dropIdleChat } from "./idle-chats.ts";
import type { Parts } from "./parts.ts";
import { CHAT_INTERVAL_MS, type Rank, telegramRanks } from "./rank.ts";
import { deliveryName } from "./reminders.ts";
import type { Sealed } from "./vault.ts";
import type { Verdict } from "./verdict.ts";

/** When the first delivery that waits for its chat's hours is due. */
const FIRST_RESTING =
  "SELECT MIN(due_at) FROM deliveries INDEXED BY resting WHERE resting = 1";

/** SQL: one delivery. */
const THIS_ONE = "WHERE case_id = ? AND number = ? AND chat = ? AND topic = ?";

/**
 * The most deliveries that one transaction lets wait for their chats' hours:
 * about 10 ms of work.
 */
const MAX_RESTS = 500;

interface DeliveryRow extends HoursOfDelivery {
  case_id: string;
  number: number;
  chat: number;
  topic: number;
  attempts: number;
  trouble: string | null;
  kind: RevisionKind | "reminder" | null;
  service: string;
  /** How many revisions of the case wait for the same place. */
  same: number;
}

/** What the outbox knows of a carrier. */
type Carried = Pick<Carrier, "ranks" | "repeat">;

/**
 * The outbox of one carrier. What it says of all messages, and what an operator
 * does with them, is about every carrier.
 */
export class SqlOutbox extends StoragePart implements Outbox {
  readonly #parts: Pick<
    Parts,
    "storage" | "followers" | "fanOut" | "vault" | "cards"
  >;
  readonly #breakers: CircuitBreaker | ServiceBreakers;
  readonly #carrier: Carried;
  readonly #signs: () => Partial<OutboxStatus>;
  /**
   * Milliseconds between the moment and the sending of the last message; null
   * before the first.
   */
  #lag: number | null = null;

  constructor(
    parts: Pick<Parts, "storage" | "followers" | "fanOut" | "vault" | "cards">,
    breakers: CircuitBreaker | ServiceBreakers,
    carrier: Carried = { ranks: telegramRanks, repeat: "duplicates" },
    signs: () => Partial<OutboxStatus> = () => ({}),
  ) {
    super(parts.storage);
    this.#parts = parts;
    this.#breakers = breakers;
    this.#carrier = carrier;
    this.#signs = signs;
  }

  /**
   * SQL: the key of a delivery's chat is configured. Else its message waits for
   * that key.
   */
  get #isOpen(): string {
    return `(SELECT key_id IN (${this.#parts.vault.keyIds.map((id) => `'${id}'`)}) FROM chats WHERE id = d.chat) IS NOT FALSE`;
  }

  /**
   * A message that may have arrived is sent again; without a notification where
   * it would be a second one.
   */
  get #silentAgain(): 0 | 1 {
    return this.#carrier.repeat === "duplicates" ? 1 : 0;
  }

  /** Messages that were being sent when the process died may have arrived. */
  recover(now: number): void {
    this.sql.exec(
      `UPDATE deliveries SET state = 'uncertain', silent = MAX(silent, ?), attempts = attempts + 1, trouble = 'interrupted', due_at = ?
       WHERE state = 'sending' AND rank BETWEEN ? AND ?`,
      ...[this.#silentAgain, now, ...this.#carrier.ranks],
    );
  }

  pausedUntil(): number {
    return this.#breakers.pausedUntil();
  }

  /** The next due deliveries, one for each chat. */
  #due(now: number, count: number): DeliveryRow[] {
    const chats = new Set<number>();
    return this.sql
      .allRows<DeliveryRow>(
        // A newer message waits while an uncertain one for the same case and
        // place may still arrive. The limit isn't bound, because SQLite
        // prepares a statement again whenever its limit is bound, which takes
        // longer than to run this one.
        `SELECT case_id, number, chat, topic, live_at, rank, silent, attempts, trouble,
         (SELECT kind FROM announced a WHERE a.case_id = d.case_id AND a.number = d.number) AS kind,
         (SELECT COUNT(*) FROM deliveries s WHERE s.chat = d.chat AND s.case_id = d.case_id AND s.topic = d.topic
            AND d.number > 0 AND s.number > 0 AND s.state IN ('pending', 'uncertain')) AS same,
         (SELECT manner FROM chats WHERE id = d.chat) AS manner, (SELECT service FROM chats WHERE id = d.chat) AS service
       FROM deliveries d
       WHERE rank BETWEEN ?2 AND ?3 AND state IN ('pending', 'uncertain') AND resting = 0 AND due_at <= ?1 AND ${this.#isOpen}
         AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.chat = d.chat AND (o.state = 'sending' OR
           (o.state = 'uncertain' AND o.due_at > ?1 AND o.case_id = d.case_id AND o.topic = d.topic)))
       ORDER BY rank, live_at, due_at LIMIT ${Math.floor(count)}`,
        ...[now, ...this.#carrier.ranks],
      )
      .filter(({ chat }) => chats.size < chats.add(chat).size);
  }

  /**
   * Makes a page of deliveries due whose chats' hours have ended, groups before
   * private chats.
   */
  #wakeResting(now: number): void {
    const due = this.sql.oneValue<number | null>(FIRST_RESTING);
    if (due === null || due > now) return;
    this.sql.exec(
      `UPDATE deliveries SET resting = 0 WHERE (case_id, number, chat, topic) IN (SELECT case_id, number, chat, topic
         FROM deliveries INDEXED BY resting WHERE resting = 1 AND due_at <= ? ORDER BY due_at, rank LIMIT ?)`,
      now,
      MAX_RESTS,
    );
  }

  take(now: number, count: number): Delivery[] {
    return this.storage.transactionSync(() => {
      this.#wakeResting(now);
      for (let rested = 0; rested < MAX_RESTS; ) {
        // Once one rests, many of the next ones may.
        const found = this.#due(now, rested === 0 ? count : MAX_RESTS);
        const rows: DeliveryRow[] = [];
        for (const row of found)
          if (rows.length < count && !this.#rest(row, now)) rows.push(row);
        if (rows.length === 0 && found.length > 0) {
          rested += found.length;
          continue;
        }
        // A page is written only when its rank is next, so that channels of a
        // later update go before private chats of an earlier one.
        const page = this.#parts.fanOut.next(this.#carrier.ranks);
        const first = rows.filter(
          (row) =>
            !page ||
            row.rank < page.rank ||
            (row.rank === page.rank && row.live_at <= page.live_at),
        );
        if (!page || first.length > 0)
          return this.#take(
            first.map((row) => (row.same > 1 ? this.#merged(row) : row)),
          );
        this.#parts.fanOut.page(page, now);
      }
      // More wait for their chats' hours. The alarm fires again at once for
      // those.
      return [];
    });
  }

  /**
   * Lets a delivery wait for the hours of its chat, and for a pause of its
   * service.
   * @returns false when it may be sent now
   */
  #rest(row: DeliveryRow, now: number): boolean {
    const key = [row.case_id, row.number, row.chat, row.topic];
    const paused =
      row.service === "" ? 0 : this.#breakers.of(row.service).pausedUntil();
    if (paused > now) {
      this.sql.exec(
        `UPDATE deliveries SET due_at = ? ${THIS_ONE}`,
        paused,
        ...key,
      );
      return true;
    }
    const until = restOf(row, now);
    if (until === null) {
      if (row.service !== "") this.#breakers.of(row.service).ask(now);
      return false;
    }
    // A newer message must not wait until then for one that may have arrived.
    // The latter stays silent.
    const rests = "state = 'pending', due_at = ?, rests_until = ?, resting = 1";
    this.sql.exec(
      `UPDATE deliveries SET ${rests} ${THIS_ONE}`,
      until,
      until,
      ...key,
    );
    return true;
  }

  /**
   * Merges all revisions of a case that wait for the same place into one
   * message, which is silent only if all of them are.
   */
  #merged(row: DeliveryRow): DeliveryRow {
    const { case_id, chat, topic } = row;
    const same =
      "case_id = ? AND number > 0 AND chat = ? AND topic = ? AND state IN ('pending', 'uncertain')";
    const query = `SELECT MAX(number) AS number, MIN(silent) AS silent FROM deliveries WHERE ${same}`;
    const { number, silent } = this.sql
      .exec<{ number: number; silent: number }>(query, case_id, chat, topic)
      .one();
    this.sql.exec(
      `DELETE FROM deliveries WHERE ${same} AND number < ?`,
      case_id,
      chat,
      topic,
      number,
    );
    return { ...row, number, silent };
  }

  /** Commits rows as being sent. */
  #take(rows: DeliveryRow[]): Delivery[] {
    if (rows.length > 0)
      this.sql.exec(
        `UPDATE deliveries SET state = 'sending', resting = 0, silent = j.value ->> 4, attempts = j.value ->> 5, trouble = j.value ->> 6
         FROM json_each(?) j WHERE case_id = j.value ->> 0 AND number = j.value ->> 1 AND chat = j.value ->> 2 AND topic = j.value ->> 3`,
        JSON.stringify(
          rows.map((row) => [
            row.case_id,
            row.number,
            row.chat,
            row.topic,
            row.silent,
            row.attempts,
            row.trouble,
          ]),
        ),
      );
    return rows.map(
      ({
        case_id,
        number,
        chat,
        topic,
        service,
        silent,
        attempts,
        trouble,
      }) => ({
        ...{ caseId: case_id, number, chat, topic, silent: silent === 1 },
        ...(service === "" ? {} : { service }),
        ...{ attempts, trouble },
      }),
    );
  }

  async settle(outcomes: SendOutcome<Delivery>[], now: number): Promise<void> {
    // Seal first: it is asynchronous, and a transaction must not await.
    const moved = new Map<Delivery, Sealed>();
    for (const { job, verdict } of outcomes)
      if (verdict.do === "migrate")
        moved.set(job, await this.#parts.vault.seal(verdict.to));
    this.storage.transactionSync(() => {
      for (const { job, verdict, ...sent } of outcomes) {
        const to = moved.get(job);
        if (to) this.#parts.followers.move(job.chat, to);
        if (verdict.do === "done") this.#accept(job, sent, now);
        else this.#settle(job, verdict, now);
      }
    });
  }

  /**
   * Stores that a message was accepted, and what that means for the other
   * deliveries to its chat.
   */
  #accept(
    job: Delivery,
    { told, post }: Pick<SendOutcome<Delivery>, "told" | "post">,
    now: number,
  ): void {
    const { caseId, number, chat, topic } = job;
    // Before the delivery ends: that may end the row of its chat.
    if (post) this.#parts.cards.addPost({ ...job, post, shown: told }, now);
    const sent = this.sql.firstRow<{
      live_at: number;
      since: number;
      rank: Rank;
    }>(
      `DELETE FROM deliveries ${THIS_ONE} RETURNING live_at, MAX(live_at, rests_until) AS since, rank`,
      ...[caseId, number, chat, topic],
    );
    if (sent) this.#lag = now - sent.since;
    if (number > 0 && told > 0) {
      // The end of a follow deletes the row, and then nothing is stored about
      // the chat unless another follow matches.
      if (sent || this.#parts.followers.recipient(job))
        this.#parts.followers.recordTold({ caseId, chat, topic, number: told });
      // The text was the head's, so deliveries of revisions up to it are done
      // too.
      const done =
        "case_id = ? AND chat = ? AND topic = ? AND number BETWEEN 1 AND ? AND state != 'sending'";
      this.sql.exec(
        `DELETE FROM deliveries WHERE ${done}`,
        caseId,
        chat,
        topic,
        told,
      );
    }
    if (!sent) return;
    // Only one of the messages that waited for the same hours, or for one
    // digest, rings.
    const waited = !job.silent && sent.since > sent.live_at;
    if (waited && !this.#parts.followers.recipient(job)?.manner.silent)
      this.sql.exec(
        "UPDATE deliveries SET silent = 1 WHERE chat = ? AND state = 'pending' AND rests_until BETWEEN 1 AND ?",
        chat,
        now,
      );
    this.sql.exec(
      "UPDATE deliveries SET due_at = MAX(due_at, ?) WHERE chat = ? AND state IN ('pending', 'uncertain')",
      now + CHAT_INTERVAL_MS[sent.rank],
      chat,
    );
  }

  #settle(
    delivery: Delivery,
    verdict: Exclude<Verdict | Unsent, { do: "done" }>,
    now: number,
  ): unknown {
    const key = [
      delivery.caseId,
      delivery.number,
      delivery.chat,
      delivery.topic,
    ] as const;
    const wait = (until: number) =>
      this.sql.exec(
        `UPDATE deliveries SET state = 'pending', due_at = ? ${THIS_ONE}`,
        until,
        ...key,
      );
    const again = (
      state: string,
      after: number,
      trouble: string,
      silent: boolean,
    ) =>
      this.sql.exec(
        `UPDATE deliveries SET state = ?, due_at = ?, attempts = attempts + 1, trouble = ?, silent = MAX(silent, ?) ${THIS_ONE}`,
        state,
        now + after,
        trouble,
        silent ? 1 : 0,
        ...key,
      );
    switch (verdict.do) {
      case "drop":
        this.sql.exec(`DELETE FROM deliveries ${THIS_ONE}`, ...key);
        return dropIdleChat(this.sql, delivery.chat);
      case "wait":
        return wait(now + verdict.after);
      case "migrate":
        return wait(now);
      case "end":
        return this.#parts.followers.delete(delivery.chat);
      case "end-topic":
        return this.#parts.followers.endTopic(delivery);
      case "again":
        return again("pending", verdict.after, verdict.trouble, false);
      case "again-silently":
        return again(
          "uncertain",
          verdict.after,
          verdict.trouble,
          this.#silentAgain === 1,
        );
      case "park":
        again("parked", 0, verdict.trouble, false);
        return log.error(
          `Dispatcher: a delivery of ${delivery.caseId} ${deliveryName(delivery)} is parked: ${verdict.trouble}`,
          undefined,
          {
            case: delivery.caseId,
            ...(delivery.number > 0 ? { revision: delivery.number } : {}),
          },
        );
      case "pause":
        this.#breakers.of(delivery.service ?? "").pause(now + verdict.for);
        return wait(now);
      case "stop":
        this.#breakers.of(delivery.service ?? "").refuseToken(now);
        return again("pending", 0, verdict.trouble, false);
    }
  }

  /**
   * When the next message can be sent, in milliseconds since the epoch; null
   * when there is none or the token is refused.
   */
  nextDue(now: number): number | null {
    const paused = this.pausedUntil();
    if (!Number.isFinite(paused)) return null;
    if (
      this.#parts.fanOut.next(this.#carrier.ranks) ||
      this.#due(now, 1).length > 0
    )
      return paused;
    // A due message that #due skips waits for another message to its chat,
    // whose end calls this again.
    const next = this.sql.oneValue<number | null>(
      `SELECT MIN(due_at) FROM (SELECT due_at FROM deliveries WHERE state = 'sending' AND rank BETWEEN ?2 AND ?3 UNION ALL
         SELECT due_at FROM deliveries INDEXED BY waiting WHERE state IN ('pending', 'uncertain') AND resting = 0
           AND rank BETWEEN ?2 AND ?3 AND due_at > ?1
         UNION ALL ${FIRST_RESTING})`,
      ...[now, ...this.#carrier.ranks],
    );
    return next === null ? null : Math.max(next, paused);
  }

  /**
   * Parked messages by case, revision (0 for a reminder or a message to
   * editors) and reason, newest moment first. Doesn't reveal the chats.
   */
  parked(): Parked[] {
    return this.sql.allRows<Parked>(
      `SELECT case_id AS id, MAX(number, 0) AS revision, trouble, COUNT(*) AS count FROM deliveries WHERE state = 'parked'
       GROUP BY case_id, number, trouble ORDER BY MAX(live_at) DESC, case_id, trouble`,
    );
  }

  /**
   * Queues parked messages again, as if they had never been tried.
   * @param chat only messages to this chat; all when absent
   * @returns the number of messages
   */
  retryParked(now: number, chat?: number): number {
    const where = `WHERE state = 'parked' ${chat === undefined ? "" : "AND chat = ?"}`;
    const of = chat === undefined ? [] : [chat];
    return this.storage.transactionSync(() => {
      const count = this.sql.oneValue(
        `SELECT COUNT(*) FROM deliveries ${where}`,
        ...of,
      );
      const query = `UPDATE deliveries SET due_at = ?, state = 'pending', attempts = 0, trouble = NULL ${where}`;
      this.sql.exec(query, now, ...of);
      return count;
    });
  }

  status(now = Date.now()): OutboxStatus {
    const waiting = this.sql
      .exec<{ count: number; oldest: number | null }>(
        `SELECT COUNT(*) AS count, MIN(MAX(live_at, rests_until)) AS oldest FROM deliveries d
         WHERE state IN ('pending', 'uncertain', 'sending') AND ${this.#isOpen}`,
      )
      .one();
    const coming = this.#parts.fanOut.backlog();
    const count = (where: string) =>
      this.sql.oneValue(`SELECT COUNT(*) FROM deliveries d WHERE ${where}`);
    const oldest = Math.min(
      waiting.oldest ?? Number.POSITIVE_INFINITY,
      coming.oldest ?? Number.POSITIVE_INFINITY,
    );
    return {
      depth: waiting.count + coming.count,
      oldest: Number.isFinite(oldest) ? Math.max(0, now - oldest) : 0,
      lag: this.#lag,
      parked: count("state = 'parked'"),
      held: count(`state != 'parked' AND NOT (${this.#isOpen})`),
      running: this.#breakers.isAccepted,
      devices: true,
      webhook: true,
      ...this.#signs(),
    };
  }
}
