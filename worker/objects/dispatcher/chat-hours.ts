/** The hours and sounds that a chat chose, in the Dispatcher's SQLite, and the deliveries that wait for its hours. */
import { type Hours, restUntil } from "../../../bot/hours.ts";

/** A type alias, because rows of SQLite must have an index signature. */
export type HoursColumns = {
  zone: string | null;
  quiet_from: number;
  quiet_to: number;
  digest_at: number;
  urgent: number;
};

export const hoursColumns = "zone, quiet_from, quiet_to, digest_at, urgent";

export function hoursOf({ zone, quiet_from, quiet_to, digest_at, urgent }: HoursColumns): Hours | null {
  if (zone === null) return null;
  return {
    zone,
    ...(quiet_from >= 0 ? { quiet: { from: quiet_from, to: quiet_to } } : {}),
    ...(digest_at >= 0 ? { digest: digest_at } : {}),
    ...(urgent === 1 ? { urgent: true } : {}),
  };
}

export function setHours(sql: SqlStorage, chat: number, hours: Hours | null): void {
  sql.exec(
    "UPDATE chats SET zone = ?, quiet_from = ?, quiet_to = ?, digest_at = ?, urgent = ? WHERE id = ?",
    hours?.zone ?? null,
    hours?.quiet?.from ?? -1,
    hours?.quiet?.to ?? -1,
    hours?.digest ?? -1,
    hours?.urgent ? 1 : 0,
    chat,
  );
}

/** A delivery that is due, with its chat's hours. */
export type HoursOfDelivery = HoursColumns & { live_at: number; silent: number; kind: string | null };

/** Until when a delivery waits for its chat's hours; null when it may be sent now. */
export function restOf(delivery: HoursOfDelivery, now: number): number | null {
  const hours = hoursOf(delivery);
  const { kind, silent, live_at } = delivery;
  const isUrgent = silent === 0 && (kind === "correction" || kind === "withdrawal");
  return hours === null || (hours.urgent && isUrgent) ? null : restUntil(hours, live_at, now);
}

/** Makes deliveries due that wait for hours which were changed. The outbox looks at the new ones when it takes them. */
export function wakeResting(sql: SqlStorage, chat: number, now: number): void {
  sql.exec("UPDATE deliveries SET due_at = ?2, rests_until = ?2 WHERE chat = ?1 AND rests_until > ?2", chat, now);
}

/** The followed cases of a place whose sound was chosen; null when there are none. */
export function ringsOf(sql: SqlStorage, chat: number | null, topic: number): Record<string, boolean> | null {
  const rows = sql
    .exec<{ scope: string; silent: number }>(
      "SELECT scope, silent FROM follows WHERE chat = ? AND topic = ? AND silent IS NOT NULL ORDER BY scope",
      chat,
      topic,
    )
    .toArray();
  return rows.length === 0 ? null : Object.fromEntries(rows.map(({ scope, silent }) => [scope, silent === 0]));
}

/** Stores the sounds of followed cases; a case that the place doesn't follow is ignored. */
export function setRings(sql: SqlStorage, chat: number, topic: number, rings: Record<string, boolean> = {}): void {
  for (const [scope, isLoud] of Object.entries(rings))
    sql.exec(
      "UPDATE follows SET silent = ? WHERE scope = ? AND chat = ? AND topic = ?",
      isLoud ? 0 : 1,
      scope,
      chat,
      topic,
    );
}
