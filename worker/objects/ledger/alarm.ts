import { log } from "../../runtime/log.ts";
import type { ErasureUpload } from "../storage/erasure-upload.ts";
import type { Journal } from "./journal.ts";

/** The delay of the next alarm after one that failed. */
const FAILED_ALARM_DELAY_MS = 1_000;

/** When the Ledger's alarm comes: when the journal or the list of erasures has something due, and at once while there is news. */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  readonly #journal: Journal;
  readonly #announceDue: () => void;
  readonly #upload: ErasureUpload;
  /** True when revisions were settled since the last announcements were sent. */
  #hasNews = false;

  constructor(storage: DurableObjectStorage, journal: Journal, upload: ErasureUpload, announceDue: () => void) {
    this.#storage = storage;
    this.#journal = journal;
    this.#upload = upload;
    this.#announceDue = announceDue;
    // A read or a write may settle what is due. A late alarm then doesn't delay announcements for long.
    journal.onSettled = () => {
      this.#hasNews = true;
      void storage.setAlarm(Date.now());
    };
    journal.onCommitted = () => this.set();
    journal.onErased = () => {
      upload.changed();
      this.set();
    };
  }

  /** Runs in the same turn as the writes: the alarm and the rows become durable together or not at all. */
  set(): void {
    const dues = this.#hasNews ? [Date.now()] : [this.#journal.nextAlarm(), this.#upload.nextDue()];
    const next = Math.min(...dues.filter((due) => due !== null));
    if (Number.isFinite(next)) void this.#storage.setAlarm(next);
  }

  /** Sets it if there is none. Cloudflare gives up an alarm that fails too often. */
  async ensure(): Promise<void> {
    if ((await this.#storage.getAlarm()) === null) this.set();
  }

  /** Settles and announces what is due. Waits for no answer, so that the alarm of the next moment comes in time. */
  run(): void {
    try {
      this.#journal.settle();
      this.#announceDue();
      this.#upload.run();
      this.#hasNews = false;
      this.set();
    } catch (error) {
      log.error("Ledger: the alarm failed", error);
      // The work that failed is still due, and would otherwise fail again at once, without end.
      void this.#storage.setAlarm(Date.now() + FAILED_ALARM_DELAY_MS);
    }
  }
}
