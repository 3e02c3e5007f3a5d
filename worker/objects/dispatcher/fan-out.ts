/**
 * Turns an announcement into a delivery for each follower, page by page, so
 * that 100,000 followers don't block other work.
 */
import type { FollowScope } from "../../../bot/ports.ts";
import type { Announcement } from "../../reads/state.ts";
import { StoragePart } from "../storage/queries.ts";
import {
  pushRanks,
  type Rank,
  type Ranks,
  rankOf,
  telegramRanks,
} from "./rank.ts";
import { isReminder, type Reminder } from "./reminders.ts";

/** Followers in one transaction: about 10 ms of work. */
const PAGE_FOLLOWERS = 500;

/**
 * SQL for the scopes whose followers get a revision: the case, `all`, and the
 * places that this revision or a later one was announced for. Earlier places
 * count, so that a later revision without a place doesn't drop a message that
 * waits.
 */
export const scopesOf = (id: string, number: string) =>
  `(SELECT s.value FROM announced a, json_each(a.scopes) s WHERE a.case_id = ${id} AND a.number >=
     MIN(${number}, (SELECT MAX(number) FROM announced WHERE case_id = ${id})) UNION SELECT ${id} UNION SELECT 'all')`;

/**
 * An announcement whose deliveries by a carrier are not all written, and the
 * last follower that has one.
 */
interface Page {
  case_id: string;
  number: number;
  live_at: number;
  notify: string;
  scopes: string;
  rank: Rank;
  last_rank: Rank;
  /** The index in `scopes`. */
  scope: number;
  chat: number;
  topic: number;
}

export class FanOut extends StoragePart {
  readonly #size: number;
  readonly #carriers: readonly Ranks[];

  /**
   * @param size followers a page
   * @param carriers the ranks of each
   */
  constructor(
    storage: DurableObjectStorage,
    size = PAGE_FOLLOWERS,
    carriers: readonly Ranks[] = [telegramRanks],
  ) {
    super(storage);
    this.#size = size;
    this.#carriers = carriers;
  }

  /**
   * Commits an announcement. Idempotent. Followers of a place that this
   * revision removes from the case are announced to as well.
   * @param scopes the case's places and the rows of followed words that it
   * contains; null to use those of the previous announcement,
   *   when the content is erased
   * @param erased the rows of followed words that this revision erases
   */
  announce(
    { id, number, liveAt, notify, kind }: Announcement,
    now: number,
    scopes: FollowScope[] | null = null,
    erased: FollowScope[] = [],
  ): void {
    const before = this.sql.firstRow<{
      scopes: string;
      own: number;
      notify: string;
    }>(
      "SELECT scopes, own, notify FROM announced WHERE case_id = ? AND number BETWEEN 1 AND ? - 1 ORDER BY number DESC LIMIT 1",
      id,
      number,
    );
    const former = before
      ? (JSON.parse(before.scopes) as string[])
      : [id, "all"];
    const standing = former.slice(0, before?.own);
    const own = scopes ? [id, "all", ...scopes] : standing;
    // A previous announcement with `notify: "none"` sent no messages, so places
    // that it removed are announced to now.
    const left = (before?.notify === "none" ? former : standing).filter(
      (scope) => !own.includes(scope),
    );
    const all = [...new Set([...own, ...left, ...erased])];
    // A device keeps what it was sent until the next message replaces it, so
    // that it hears of what denies or erases that in any case.
    const mustHear = (ranks: Ranks) =>
      notify !== "none" || (ranks === pushRanks && kind !== "update");
    this.#commit(
      {
        id,
        number,
        liveAt: Date.parse(liveAt),
        notify,
        kind,
        scopes: all,
        own: own.length,
      },
      now,
      mustHear,
    );
  }

  #commit(
    one: {
      id: string;
      number: number;
      liveAt: number;
      notify: string;
      kind: string;
      scopes: string[];
      own: number;
    },
    now: number,
    mustHear: (ranks: Ranks) => boolean,
    from: Rank = 0,
  ): void {
    const { id, number, liveAt, notify, kind, scopes, own } = one;
    this.storage.transactionSync(() => {
      const key = { case_id: id, number, live_at: liveAt };
      const announced = {
        ...key,
        at: now,
        notify,
        kind,
        scopes: JSON.stringify(scopes),
        own,
      };
      if (!this.sql.insert("announced", announced, "INSERT OR IGNORE")) return;
      for (const [first, last] of this.#carriers.filter(mustHear))
        this.sql.insert("pages", {
          ...key,
          last_rank: last,
          rank: Math.max(from, first),
        });
    });
  }

  /**
   * Commits a reminder to the groups and private chats that follow a case
   * itself. Idempotent.
   */
  remind({ id, number, at }: Reminder, now: number): void {
    const reminder = {
      id,
      number,
      liveAt: at,
      notify: "loud",
      kind: "reminder",
      scopes: [id],
      own: 1,
    };
    this.#commit(reminder, now, () => true, rankOf.group);
  }

  /** A carrier's next page; null when every announcement was fanned out. */
  next([, last]: Ranks = telegramRanks): Page | null {
    return this.sql.firstRow<Page>(
      "SELECT p.*, notify, scopes FROM pages p JOIN announced USING (case_id, number) WHERE last_rank = ? ORDER BY rank, p.live_at LIMIT 1",
      last,
    );
  }

  /** Writes a page of deliveries and moves the cursor, in one transaction. */
  page(page: Page, now: number): void {
    const { case_id, number, live_at, notify, rank, scope } = page;
    const scopes = JSON.parse(page.scopes) as string[];
    this.storage.transactionSync(() => {
      const followers = this.sql.allRows<{
        chat: number;
        topic: number;
        told: number;
      }>(
        `SELECT f.chat, f.topic, COALESCE(t.number, 0) AS told FROM follows f
         LEFT JOIN told t ON t.case_id = ? AND t.chat = f.chat AND t.topic = f.topic
         WHERE f.scope = ? AND f.rank = ? AND (f.chat, f.topic) > (?, ?)
           AND (? OR NOT EXISTS (SELECT 1 FROM chats c WHERE c.id = f.chat AND c.manner ->> 'reminders' = 0))
         ORDER BY f.chat, f.topic LIMIT ?`,
        case_id,
        scopes[scope] ?? "",
        rank,
        page.chat,
        page.topic,
        isReminder(page) ? 0 : 1,
        this.#size,
      );
      const untold = followers.filter(
        ({ told }) => told < number || isReminder(page),
      );
      this.sql.exec(
        `INSERT OR IGNORE INTO deliveries (case_id, number, chat, topic, live_at, rank, silent, state, due_at)
         SELECT ?, ?, value ->> 'chat', value ->> 'topic', ?, ?, ?, 'pending', ? FROM json_each(?)`,
        ...[
          case_id,
          number,
          live_at,
          rank,
          notify === "loud" ? 0 : 1,
          now,
          JSON.stringify(untold),
        ],
      );
      const last =
        followers.length === this.#size ? followers.at(-1) : undefined;
      // Every scope for channels, then every scope for groups, then every scope
      // for private chats.
      const next =
        scope + 1 < scopes.length
          ? { rank, scope: scope + 1 }
          : { rank: rank + 1, scope: 0 };
      const cursor = last
        ? { rank, scope, ...last }
        : { ...next, chat: 0, topic: 0 };
      const where = "WHERE case_id = ? AND number = ? AND last_rank = ?";
      const key = [case_id, number, page.last_rank];
      if (cursor.rank > page.last_rank)
        this.sql.exec(`DELETE FROM pages ${where}`, ...key);
      else
        this.sql.exec(
          `UPDATE pages SET rank = ?, scope = ?, chat = ?, topic = ? ${where}`,
          ...[cursor.rank, cursor.scope, cursor.chat, cursor.topic, ...key],
        );
    });
  }

  /**
   * Queues the newest announced revision after `told`, for a follower who saw
   * an older one when the follow began.
   */
  catchUp(
    id: string,
    chat: number,
    topic: number,
    rank: Rank,
    told: number,
    now: number,
  ): void {
    this.sql.exec(
      `INSERT OR IGNORE INTO deliveries (case_id, number, chat, topic, live_at, rank, silent, state, due_at)
       SELECT case_id, number, ?2, ?3, live_at, ?4, notify = 'silent', 'pending', ?6 FROM announced
       WHERE case_id = ?1 AND number > ?5 AND notify != 'none' ORDER BY number DESC LIMIT 1`,
      id,
      chat,
      topic,
      rank,
      told,
      now,
    );
  }

  /**
   * Queues the newest revision of each case that was announced to a chat's
   * follows while it had paused.
   */
  resume(chat: number, now: number): void {
    this.sql.exec(
      `INSERT OR IGNORE INTO deliveries (case_id, number, chat, topic, live_at, rank, silent, state, due_at)
       SELECT a.case_id, a.number, f.chat, f.topic, a.live_at, f.rank, a.notify = 'silent', 'pending', ?2
       FROM follows f JOIN chats c ON c.id = f.chat, announced a, json_each(a.scopes) s
       WHERE f.chat = ?1 AND s.value = f.scope AND a.notify != 'none' AND a.at >= c.paused_at AND a.number > COALESCE(
         (SELECT number FROM told t WHERE t.case_id = a.case_id AND t.chat = f.chat AND t.topic = f.topic), 0)
         AND a.number = (SELECT MAX(number) FROM announced b WHERE b.case_id = a.case_id AND b.notify != 'none')`,
      chat,
      now,
    );
  }

  /**
   * Announced revisions after `told` and before `before`, oldest first, without
   * those with `notify: "none"`.
   * @param told the newest revision sent to the place; 0 for none: then only
   * announcements since it began to follow count
   * @param since when the follow began, in milliseconds since the epoch
   */
  announcedBetween(
    id: string,
    told: number,
    since: number,
    before: number,
  ): number[] {
    return this.sql.allValues(
      `SELECT number FROM announced WHERE case_id = ?1 AND number > ?2 AND number < ?4 AND notify != 'none'
         AND (?2 > 0 OR at >= ?3) ORDER BY number`,
      id,
      told,
      since,
      before,
    );
  }

  /**
   * The number of deliveries still to be written, and the moment of the oldest
   * announcement among them.
   */
  backlog(): { count: number; oldest: number | null } {
    return this.sql
      .exec<{ count: number; oldest: number | null }>(
        `SELECT COUNT(*) AS count, MIN(a.live_at) AS oldest FROM pages p JOIN announced a USING (case_id, number), json_each(a.scopes) s
         JOIN follows f ON f.scope = s.value AND (f.rank, s.key, f.chat, f.topic) > (p.rank, p.scope, p.chat, p.topic)
           AND f.rank <= p.last_rank
         LEFT JOIN told t ON t.case_id = a.case_id AND t.chat = f.chat AND t.topic = f.topic
         WHERE COALESCE(t.number, 0) < a.number`,
      )
      .one();
  }
}
