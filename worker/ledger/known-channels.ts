/** Which Channels have sockets, as far as the Ledger knows. */

/** A Channel by its case and shard. */
export interface ChannelKey {
  id: string;
  shard: number;
}

const keyOf = ({ id, shard }: ChannelKey) => JSON.stringify([id, shard]);

/**
 * A Channel _listens_ once it has registered, which it does when it accepts a socket. It is _empty_ once it has answered a push with no
 * sockets; then it registers the next one, and isn't woken until then. One of which nothing is known is told, so forgetting a row is safe.
 */
export class KnownChannels {
  readonly #sql: SqlStorage;
  readonly #version: string;
  /** Those that registered while Channels were being told; null when none is. */
  #registered: Set<string> | null = null;

  /** @param version of the deployed code. After another deployment nothing counts as empty: code that registers nothing may have run meanwhile. */
  constructor(sql: SqlStorage, version: string) {
    this.#sql = sql;
    this.#version = version;
  }

  register(channel: ChannelKey): void {
    this.#registered?.add(keyOf(channel));
    // Writes nothing for one that listens already.
    this.#sql.exec(
      "INSERT INTO channels VALUES (?, ?, NULL) ON CONFLICT DO UPDATE SET empty_in = NULL WHERE empty_in IS NOT NULL",
      channel.id,
      channel.shard,
    );
  }

  /** The shards of a case that must be told, which may be more than the configured ones: their number may have been lowered. */
  toTell(id: string, shards: number): number[] {
    const told = new Set(Array.from({ length: shards }, (_, shard) => shard));
    const known = this.#sql.exec<{ shard: number; empty_in: string | null }>(
      "SELECT shard, empty_in FROM channels WHERE case_id = ?",
      id,
    );
    for (const { shard, empty_in } of known) {
      if (empty_in === null) told.add(shard);
      else if (empty_in === this.#version) told.delete(shard);
    }
    return [...told];
  }

  /** Call it before Channels are told, and `noteEmpty` with their answers afterwards. */
  startTelling(): void {
    this.#registered = new Set();
  }

  /** @param channels those that answered that they have no sockets; one that registered meanwhile listens */
  noteEmpty(channels: readonly ChannelKey[]): void {
    const registered = this.#registered;
    this.#registered = null;
    for (const channel of channels)
      if (!registered?.has(keyOf(channel)))
        this.#sql.exec("INSERT OR REPLACE INTO channels VALUES (?, ?, ?)", channel.id, channel.shard, this.#version);
  }
}
