import { channelFor, dispatcherFor, type Env } from "../bindings.ts";
import { log } from "../log.ts";
import type { CaseState } from "../reads/state.ts";
import { withinTime } from "../reads/within-time.ts";
import { channelShardsOf } from "../settings.ts";
import type { DueAnnouncement } from "./announcements.ts";
import { submitToIndexNow } from "./index-now.ts";
import type { Journal } from "./journal.ts";
import type { ChannelKey } from "./known-channels.ts";
import type { Observations } from "./observations.ts";

/** After a moment that many cases share there is much to say, and each Channel takes as long to wake as ten reads. */
const MAX_ANNOUNCED_AT_ONCE = 32;

/** One that acknowledges nothing for longer is told again later, so that others don't wait for it. */
const ACKNOWLEDGEMENT_TIMEOUT_MS = 10_000;

/** Tells Channels, the Dispatcher and search engines of what went live. */
export class Announcer {
  readonly #journal: Journal;
  readonly #observations: Observations;
  readonly #env: () => Env;
  readonly #inBackground: (observe: (worker: Fetcher) => Promise<void>) => void;

  /** @param inBackground runs what nothing waits for, with the deployment's own Worker */
  constructor(
    journal: Journal,
    observations: Observations,
    env: () => Env,
    inBackground: (observe: (worker: Fetcher) => Promise<void>) => void,
  ) {
    this.#journal = journal;
    this.#observations = observations;
    this.#env = env;
    this.#inBackground = inBackground;
  }

  /** Announces a batch of what is due. What comes due meanwhile is in the next one, in its own place. */
  async announceDue(): Promise<void> {
    const { announcements, channels } = this.#journal;
    const done: DueAnnouncement[] = [];
    await channels.inRound(async (noteEmpty) => {
      const next = announcements.due().values();
      const announceRest = async () => {
        for (const announcement of next) if (await this.#announce(announcement, noteEmpty)) done.push(announcement);
      };
      await Promise.all(Array.from({ length: MAX_ANNOUNCED_AT_ONCE }, announceRest));
      // Together: what is sent to other objects waits for each commit before it.
      for (const announcement of done) announcements.acknowledge(announcement);
    });
  }

  /** Asks a Channel that says that it is empty, as at a moment: it may have got a socket since, and its word may come late. */
  async checkChannel(channel: ChannelKey): Promise<void> {
    const { channels, readings } = this.#journal;
    if (channels.isEmpty(channel)) return;
    const state = readings.case(channel.id).value;
    await channels.inRound(async (noteEmpty) => void (await this.#pushTo(channel, state, noteEmpty)));
  }

  /** Reads what readers read, to observe when it shows the revision. Nothing waits for it. */
  #probe(announcement: DueAnnouncement): void {
    this.#inBackground((worker) =>
      this.#observations.probe(announcement, this.#env().PUBLIC_URL, (request) => worker.fetch(request)),
    );
  }

  /** @returns the number of its sockets */
  async #pushTo(channel: ChannelKey, state: CaseState, noteEmpty: (channel: ChannelKey) => void): Promise<number> {
    const push = channelFor(this.#env(), channel.id, channel.shard).push(channel.id, state);
    const sockets = await withinTime(ACKNOWLEDGEMENT_TIMEOUT_MS, push);
    if (sockets === null) noteEmpty(channel);
    // A Channel of an older version doesn't count.
    return sockets ?? 0;
  }

  /**
   * Tells the Channels of a case, except those that are known to be empty. Also of a first revision: a socket from before a restore may
   * have another one.
   * @returns the number of their sockets
   */
  async #push(id: string, noteEmpty: (channel: ChannelKey) => void): Promise<number> {
    const shards = this.#journal.channels.toTell(id, channelShardsOf(this.#env()));
    if (shards.length === 0) return 0;
    const state = this.#journal.readings.case(id).value;
    const counts = await Promise.all(shards.map((shard) => this.#pushTo({ id, shard }, state, noteEmpty)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** @returns true when the audience has acknowledged it */
  async #announce(announcement: DueAnnouncement, noteEmpty: (channel: ChannelKey) => void): Promise<boolean> {
    const { audience, ...rest } = announcement;
    try {
      if (audience === "search") {
        // Not awaited: a slow search engine must not hold up the next moment. The row comes due again unless it is acknowledged.
        this.#journal.announcements.postpone(announcement);
        void submitToIndexNow(this.#env(), announcement).then((isDone) => {
          if (isDone) this.#journal.announcements.acknowledge(announcement);
        });
        return false;
      }
      if (audience === "channel") {
        const sockets = await this.#push(rest.id, noteEmpty);
        this.#observations.record(announcement, "widgets", sockets);
        this.#probe(announcement);
      } else {
        // Without a bot there is nobody to tell. A bot that is added later tells of later moments only.
        const dispatcher = dispatcherFor(this.#env());
        if (dispatcher) await withinTime(ACKNOWLEDGEMENT_TIMEOUT_MS, dispatcher.announce(rest));
        if (dispatcher) this.#observations.record(announcement, "telegram");
      }
      return true;
    } catch (error) {
      log.error(`Ledger: announcing ${rest.id} revision ${rest.number} to the ${audience} failed`, error, {
        case: rest.id,
        revision: rest.number,
        audience,
      });
      this.#journal.announcements.postpone(announcement);
      return false;
    }
  }
}
