/** Which Channels have sockets, as far as the Ledger knows. */

/** A Channel by its case and shard. */
export interface ChannelKey {
  id: string;
  shard: number;
}

/** The answer of a Channel that was told, or asked. */
export interface ChannelAnswer extends ChannelKey {
  /** The number of its sockets; null when there are none and the next one will be registered. Undefined for a Channel of an older version. */
  sockets: number | null | undefined;
}

const keyOf = ({ id, shard }: ChannelKey) => JSON.stringify([id, shard]);

/**
 * A Channel _listens_ once it has registered a socket that it accepted, or has answered a push with sockets. It is _empty_ once it has
 * answered that it has none; then it registers the next one, and isn't woken until then. One of which nothing is known is told, so
 * forgetting a row is safe.
 */
export class KnownChannels {
  readonly #sql: SqlStorage;
  readonly #version: string;
  readonly #onChange: (id: string) => void;
  /** For each round in which Channels are being told: those that registered since it began. */
  readonly #rounds = new Set<Set<string>>();

  /**
   * @param version of the deployed code. After another deployment nothing counts as empty: code that registers nothing may have run meanwhile.
   * @param onChange called when a Channel of the case may have begun or ended to listen
   */
  constructor(sql: SqlStorage, version: string, onChange: (id: string) => void) {
    this.#sql = sql;
    this.#version = version;
    this.#onChange = onChange;
  }

  register(channel: ChannelKey): void {
    for (const registered of this.#rounds) registered.add(keyOf(channel));
    // Writes nothing for one that listens already.
    const { rowsWritten } = this.#sql.exec(
      "INSERT INTO channels VALUES (?, ?, NULL) ON CONFLICT DO UPDATE SET empty_in = NULL WHERE empty_in IS NOT NULL",
      channel.id,
      channel.shard,
    );
    if (rowsWritten > 0) this.#onChange(channel.id);
  }

  isEmpty({ id, shard }: ChannelKey): boolean {
    const [known] = this.#sql
      .exec<{ empty_in: string | null }>("SELECT empty_in FROM channels WHERE case_id = ? AND shard = ?", id, shard)
      .toArray();
    return known?.empty_in === this.#version;
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

  /**
   * Begins a round in which Channels are told. One that registers meanwhile listens, whatever it has answered.
   * @returns a function that ends it with what they have answered
   */
  beginRound(): (answers: readonly ChannelAnswer[]) => void {
    const registered = new Set<string>();
    this.#rounds.add(registered);
    return (answers) => {
      this.#rounds.delete(registered);
      for (const channel of answers) {
        // After a restore of the Ledger, Channels that are open never register again.
        if (channel.sockets) this.register(channel);
        if (channel.sockets !== null || registered.has(keyOf(channel))) continue;
        this.#sql.exec("INSERT OR REPLACE INTO channels VALUES (?, ?, ?)", channel.id, channel.shard, this.#version);
        this.#onChange(channel.id);
      }
    };
  }
}
