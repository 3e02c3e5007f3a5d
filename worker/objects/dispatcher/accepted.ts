/** Stores the outcomes of messages that Telegram accepted: one statement per table, because an update has thousands of them. */
import { allRows } from "../storage/queries.ts";
import type { Delivery, SendOutcome } from "./drain.ts";
import type { FanOut } from "./fan-out.ts";
import type { SqlFollowers } from "./followers.ts";
import { SqlPosts } from "./posts.ts";
import { CHAT_INTERVAL_MS, type Rank } from "./rank.ts";

/** SQL: whether the chat of a row that is being deleted has other deliveries. */
const othersOfChat = `EXISTS (SELECT 1 FROM deliveries o WHERE o.chat = deliveries.chat
  AND (o.case_id, o.number, o.topic) != (deliveries.case_id, deliveries.number, deliveries.topic))`;

/** A deleted delivery. */
interface SentRow {
  case_id: string;
  number: number;
  chat: number;
  topic: number;
  live_at: number;
  since: number;
  rank: Rank;
  others: number;
}

const keyOf = (caseId: string, number: number, chat: number, topic: number) => `${caseId} ${number} ${chat} ${topic}`;

export class AcceptedMessages {
  readonly #sql: SqlStorage;
  readonly #followers: SqlFollowers;
  readonly #fanOut: FanOut;
  readonly #posts: SqlPosts;
  /** Milliseconds between the moment and the sending of the last message; null before the first. */
  lag: number | null = null;

  constructor(sql: SqlStorage, followers: SqlFollowers, fanOut: FanOut) {
    this.#sql = sql;
    this.#followers = followers;
    this.#fanOut = fanOut;
    this.#posts = new SqlPosts(sql);
  }

  /** Called in a transaction. @param outcomes of deliveries to different chats */
  settle(outcomes: SendOutcome<Delivery>[], now: number): void {
    if (outcomes.length === 0) return;
    // Before the deliveries end: that may end the rows of their chats.
    this.#posts.add(
      outcomes.flatMap(({ job, told, post }) =>
        post ? [{ ...job, post, shown: told, later: this.#fanOut.changeAfter(job.caseId, told) }] : [],
      ),
      now,
    );
    const sentRows = this.#delete(outcomes.map(({ job }) => job));
    const accepted = outcomes.map(({ job, told }) => ({
      job,
      told: job.number > 0 ? told : 0,
      sent: sentRows.get(keyOf(job.caseId, job.number, job.chat, job.topic)),
    }));
    // The end of a follow deletes the row, and then nothing is stored about the chat unless another follow matches.
    this.#followers.recordTold(
      accepted
        .filter(({ job, told, sent }) => told > 0 && (sent || this.#followers.recipient(job)))
        .map(({ job: { caseId, chat, topic }, told }) => ({ caseId, chat, topic, number: told })),
    );
    for (const { job, told, sent } of accepted) {
      if (sent) this.lag = now - sent.since;
      if (sent?.others !== 0) this.#settleOthers(job, told, sent, now);
    }
  }

  #delete(jobs: Delivery[]): Map<string, SentRow> {
    const rows = allRows<SentRow>(
      this.#sql,
      `DELETE FROM deliveries WHERE (case_id, number, chat, topic) IN
         (SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?))
       RETURNING case_id, number, chat, topic, live_at, MAX(live_at, rests_until) AS since, rank, ${othersOfChat} AS others`,
      JSON.stringify(jobs.map(({ caseId, number, chat, topic }) => [caseId, number, chat, topic])),
    );
    return new Map(rows.map((row) => [keyOf(row.case_id, row.number, row.chat, row.topic), row]));
  }

  /** What the message means for the other deliveries to its chat. */
  #settleOthers(
    { caseId, chat, topic, number, silent }: Delivery,
    told: number,
    sent: SentRow | undefined,
    now: number,
  ) {
    // The text was the head's, so deliveries of revisions up to it are done too.
    this.#sql.exec(
      "DELETE FROM deliveries WHERE case_id = ? AND chat = ? AND topic = ? AND number BETWEEN 1 AND ? AND state != 'sending'",
      caseId,
      chat,
      topic,
      told,
    );
    if (!sent) return;
    // Only one of the messages that waited for the same hours, or for one digest, rings.
    if (
      !silent &&
      sent.since > sent.live_at &&
      !this.#followers.recipient({ caseId, number, chat, topic })?.manner.silent
    )
      this.#sql.exec(
        "UPDATE deliveries SET silent = 1 WHERE chat = ? AND state = 'pending' AND rests_until BETWEEN 1 AND ?",
        chat,
        now,
      );
    this.#sql.exec(
      "UPDATE deliveries SET due_at = MAX(due_at, ?) WHERE chat = ? AND state IN ('pending', 'uncertain')",
      now + CHAT_INTERVAL_MS[sent.rank],
      chat,
    );
  }
}
