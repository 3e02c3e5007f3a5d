import type { ProposalEvent, WatchTrouble } from "../../reads/state.ts";
import { iso } from "../../runtime/iso.ts";

/**
 * What of the troubles is news since the last call, which is stored: each new
 * one, and the end of all.
 * @param key of what was told
 */
export function newsOfTroubles(
  kv: SyncKvStorage,
  key: string,
  troubles: readonly WatchTrouble[],
  now: number,
): ProposalEvent[] {
  const told = kv.get<WatchTrouble[]>(key) ?? [];
  if (told.join() === troubles.join()) return [];
  kv.put(key, [...troubles]);
  const actions =
    troubles.length === 0
      ? (["over"] as const)
      : troubles.filter((one) => !told.includes(one));
  return actions.map((action, index) => ({
    ...{
      change: now + index,
      id: "",
      isPublic: false,
      revision: { number: null },
      action,
    },
    ...{ editor: "", author: null, at: iso(now) },
  }));
}
