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
    this.#sql.exec(
      "INSERT INTO channels VALUES (?, ?, NULL) ON CONFLICT DO UPDATE SET empty_in = NULL WHERE empty_in IS NOT NULL",
      channel.id,
      channel.shard,
    );
    this.#onChange(channel.id);
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
   * Runs a round in which Channels are told. One that registers meanwhile listens, whatever it has answered.
   * @param tell gets a function to call for each that answers that it has no sockets
   */
  async inRound(tell: (noteEmpty: (channel: ChannelKey) => void) => Promise<void>): Promise<void> {
    const registered = new Set<string>();
    const empty: ChannelKey[] = [];
    this.#rounds.add(registered);
    try {
      await tell((channel) => empty.push(channel));
    } finally {
      this.#rounds.delete(registered);
    }
    for (const channel of empty) {
      if (registered.has(keyOf(channel))) continue;
      this.#sql.exec("INSERT OR REPLACE INTO channels VALUES (?, ?, ?)", channel.id, channel.shard, this.#version);
      this.#onChange(channel.id);
    }
  }
}
