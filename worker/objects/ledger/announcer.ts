import { withinTime } from "../../reads/within-time.ts";
import { channelFor, dispatcherFor } from "../../runtime/bindings.ts";
import { log } from "../../runtime/log.ts";
import { channelShardsOf } from "../../runtime/settings.ts";
import type { DueAnnouncement } from "./announcements.ts";
import { LedgerPart } from "./ledger-part.ts";
import type { Observations } from "./observations.ts";

/**
 * After a moment that many cases share there is much to say, and each Channel
 * takes as long to wake as ten reads.
 */
const MAX_PLACES = 32;

/**
 * One that is silent for longer gives its place to the next. Its answer still
 * counts.
 */
const PLACE_MS = 1_000;

/** One that is silent for longer is told again later. */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Answers that come this close together are written together, because messages
 * to other objects wait for each commit before them.
 */
const TOGETHER_MS = 10;

interface Host {
  observations: Observations;
  env: () => Env;
  /** Runs work that nothing waits for, with the deployment's own Worker. */
  inBackground: (observe: (worker: Fetcher) => Promise<void>) => void;
  /** Calls `announceDue` and sets the alarm. */
  goOn: () => void;
}

/** Tells Channels, the Dispatcher and search engines of what went live. */
export class Announcer extends LedgerPart {
  readonly #host: Host;
  /** Places of a window that slides over the announcements that are due. */
  #taken = 0;
  /** Functions that write the answers. */
  readonly #answered: (() => void)[] = [];
  #goesOn = false;

  constructor(journal: WholeJournal, host: Host) {
    super(journal);
    this.#host = host;
  }

  /**
   * Writes the answers, and sends as many of the announcements that are due as
   * there are places for. Nothing waits for the answers: each one, and each
   * place that is given up, goes on with the announcements that are due by
   * then.
   */
  announceDue(): void {
    for (
      let write = this.#answered.shift();
      write;
      write = this.#answered.shift()
    )
      write();
    for (const announcement of this.journal.announcements.due(
      MAX_PLACES - this.#taken,
    )) {
      void this.#tellInPlace(announcement);
    }
  }

  #goOnSoon(): void {
    if (this.#goesOn) return;
    this.#goesOn = true;
    void scheduler.wait(TOGETHER_MS).then(() => {
      this.#goesOn = false;
      this.#host.goOn();
    });
  }

  async #tellInPlace(announcement: DueAnnouncement): Promise<void> {
    this.journal.announcements.begin(announcement);
    this.#taken++;
    await withinTime(PLACE_MS, this.#tell(announcement)).catch(() => {});
    this.#taken--;
    this.#goOnSoon();
  }

  /**
   * Reads what readers read, to observe when it shows the revision. Nothing
   * waits for it.
   */
  #probe(announcement: DueAnnouncement): void {
    this.#host.inBackground((worker) =>
      this.#host.observations.probe(
        announcement,
        this.#host.env().PUBLIC_URL,
        (request) => worker.fetch(request),
      ),
    );
  }

  /**
   * Tells the Channels of a case that may have sockets.
   * @returns the number of sockets
   */
  async #push(id: string): Promise<number> {
    const shards = this.journal.registrations.toTell(
      id,
      channelShardsOf(this.#host.env()),
    );
    if (shards.length === 0) return 0;
    const state = this.journal.readings.case(id).value;
    const sockets = await Promise.all(
      shards.map((shard) =>
        withinTime(
          ANSWER_TIMEOUT_MS,
          channelFor(this.#host.env(), id, shard).push(id, state),
        ),
      ),
    );
    return sockets.reduce((sum, count) => sum + count, 0);
  }

  /** Tells the audience. Its answer is written with the next announcements. */
  async #tell(announcement: DueAnnouncement): Promise<void> {
    const { announcements } = this.journal;
    const { audience, ...rest } = announcement;
    let isTold = false;
    try {
      if (audience === "channel") {
        this.#host.observations.record(
          announcement,
          "widgets",
          await this.#push(rest.id),
        );
        this.#probe(announcement);
      } else {
        // Without a bot there is nobody to tell. A bot that is added later
        // tells of later moments only.
        const dispatcher = dispatcherFor(this.#host.env());
        if (dispatcher)
          await withinTime(ANSWER_TIMEOUT_MS, dispatcher.announce(rest));
        if (dispatcher)
          this.#host.observations.record(announcement, "telegram");
      }
      isTold = true;
    } catch (error) {
      log.error(
        `Ledger: announcing ${rest.id} revision ${rest.number} to the ${audience} failed`,
        error,
        {
          case: rest.id,
          revision: rest.number,
          audience,
        },
      );
    }
    this.#answered.push(() => {
      if (isTold) announcements.acknowledge(announcement);
      else announcements.postpone(announcement);
    });
    this.#goOnSoon();
  }
}
