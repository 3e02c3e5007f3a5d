import type { Queries } from "../storage/queries.ts";
import { rankOf } from "./rank.ts";

/**
 * Deletes a chat's row when nothing refers to it: no follows, deliveries, posts
 * or link to the desk, and no setting was chosen, and it shares nothing. A
 * device says its settings with each follow.
 */
export function dropIdleChat(sql: Queries, chat: number): void {
  sql.exec(
    `DELETE FROM chats WHERE id = ?1 AND (rank = ${rankOf.device} OR (chosen IS NULL AND manner = '{}' AND shares_at = 0))
       AND NOT EXISTS (SELECT 1 FROM follows WHERE chat = ?1) AND NOT EXISTS (SELECT 1 FROM deliveries WHERE chat = ?1)
       AND NOT EXISTS (SELECT 1 FROM cards WHERE (chat = ?1 AND chat != 0) OR sharer = ?1)
       AND NOT EXISTS (SELECT 1 FROM desk_chats WHERE chat = ?1)`,
    chat,
  );
}
