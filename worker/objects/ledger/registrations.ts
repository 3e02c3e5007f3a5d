import { REGISTRATION_TERM_MS } from "../channel/lease.ts";
import { LedgerPart } from "./ledger-part.ts";

/**
 * Which Channels have sockets, as far as the Ledger knows: those whose
 * registration hasn't run out.
 */
export class Registrations extends LedgerPart {
  /**
   * Until one term after the start, every Channel of a case is told. Every open
   * socket's Channel has renewed by then, also when the storage is another one
   * than before, as after a restore.
   */
  readonly #everyoneUntil = this.#machine() + REGISTRATION_TERM_MS;

  /** The machine's clock. */
  #machine(): number {
    return this.journal.clock.machine();
  }

  /**
   * A Channel has sockets. It calls this before it reads the head for the first
   * of them, and again before the term ends.
   */
  register(id: string, shard: number): void {
    const until = this.#machine() + REGISTRATION_TERM_MS;
    this.sql.insert(
      "channels",
      { case_id: id, shard, until },
      "INSERT OR REPLACE",
    );
  }

  /**
   * The shards of a case that are told of an update. They may be more than the
   * configured ones: their number may have been lowered.
   * @param shards how many are configured
   */
  toTell(id: string, shards: number): number[] {
    const now = this.#machine();
    const query = "SELECT shard FROM channels WHERE case_id = ? AND until > ?";
    const registered = this.sql.allValues<number>(query, id, now);
    const all =
      now < this.#everyoneUntil
        ? Array.from({ length: shards }, (_, shard) => shard)
        : [];
    return [...new Set([...registered, ...all])];
  }
}
