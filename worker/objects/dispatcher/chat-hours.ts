/**
 * The hours and sounds that a chat chose, in the Dispatcher's SQLite, and the
 * deliveries that wait for its hours.
 */
import { restUntil } from "../../../bot/hours.ts";
import type { Manner } from "../../../bot/ports.ts";
import type { Queries } from "../storage/queries.ts";
import { type Rank, rankOf } from "./rank.ts";

/** A delivery that is due, with its chat's settings. */
export interface HoursOfDelivery {
  /** As JSON; null for a chat that is gone. */
  manner: string | null;
  live_at: number;
  silent: number;
  kind: string | null;
  rank: Rank;
}

/**
 * Until when a delivery waits for its chat's hours; null when it may be sent
 * now.
 */
export function restOf(
  { manner, kind, silent, live_at, rank }: HoursOfDelivery,
  now: number,
): number | null {
  const {
    hours,
    silent: quiet,
    neutral,
  }: Partial<Manner> = JSON.parse(manner ?? "{}");
  // A device must not show what was erased until the morning.
  const erases =
    rank === rankOf.device && (kind === "redaction" || kind === "withdrawal");
  const isUrgent =
    erases ||
    (silent === 0 &&
      !quiet &&
      !neutral &&
      (kind === "correction" || kind === "withdrawal"));
  return !hours || isUrgent ? null : restUntil(hours, live_at, now);
}

/**
 * Makes deliveries due that wait for hours which were changed. The outbox looks
 * at the new ones when it takes them.
 */
export function wakeResting(sql: Queries, chat: number, now: number): void {
  sql.exec(
    "UPDATE deliveries SET due_at = ?2, rests_until = ?2 WHERE chat = ?1 AND rests_until > ?2",
    chat,
    now,
  );
}

/**
 * The followed cases of a place whose sound was chosen; null when there are
 * none.
 */
export function ringsOf(
  sql: Queries,
  chat: number | null,
  topic: number,
): Record<string, boolean> | null {
  const query =
    "SELECT scope, silent FROM follows WHERE chat = ? AND topic = ? AND silent IS NOT NULL ORDER BY scope";
  const rows = sql.allRows<{ scope: string; silent: number }>(
    query,
    chat,
    topic,
  );
  return rows.length === 0
    ? null
    : Object.fromEntries(
        rows.map(({ scope, silent }) => [scope, silent === 0]),
      );
}

/**
 * Stores the sounds of followed cases; a case that the place doesn't follow is
 * ignored.
 */
export function setRings(
  sql: Queries,
  chat: number,
  topic: number,
  rings: Record<string, boolean> = {},
): void {
  const query =
    "UPDATE follows SET silent = ? WHERE scope = ? AND chat = ? AND topic = ?";
  for (const [scope, isLoud] of Object.entries(rings))
    sql.exec(query, isLoud ? 0 : 1, scope, chat, topic);
}
