import { log } from "../../runtime/log.ts";
import type { BucketUpload } from "../storage/bucket-upload.ts";
import { PendingAlarm } from "../storage/pending-alarm.ts";
import { LedgerPart } from "./ledger-part.ts";
import type { RecentRows } from "./recent-rows.ts";

/** The delay of the next alarm after one that failed. */
const FAILED_ALARM_DELAY_MS = 1_000;

/**
 * The cron trigger comes each minute. After this time without it, editors are
 * told.
 */
const MAX_SILENCE_MS = 100_000;
/**
 * When the trigger came last, in milliseconds since the epoch, until its
 * silence was told.
 */
const WOKEN = "trigger came";

/**
 * When the Ledger's alarm comes: when the journal or a file for the bucket is
 * due, and at once while there is news.
 */
export class Alarm extends LedgerPart {
  readonly #alarm = new PendingAlarm(this.storage, () => this.set());
  readonly #kv = this.storage.kv;
  readonly #tellSilence: () => void;
  readonly #announceDue: () => void;
  readonly #uploads: BucketUpload[];
  /**
   * True when revisions were settled since the last announcements were sent.
   */
  #hasNews = false;
  /** True while `run` does what is due. It sets the alarm at its end. */
  #isRunning = false;

  constructor(
    journal: WholeJournal,
    {
      lists,
      changes,
      recent,
    }: { lists: BucketUpload; changes: BucketUpload; recent: RecentRows },
    announceDue: () => void,
    tellSilence: () => void,
  ) {
    super(journal);
    this.#tellSilence = tellSilence;
    this.#uploads = [lists, changes];
    this.#announceDue = announceDue;
    // A read or a write may settle what is due. A late alarm then doesn't delay
    // announcements for long.
    journal.onSettled = () => {
      this.#hasNews = true;
      changes.changed();
      this.set();
    };
    journal.onCommitted = () => {
      changes.changed();
      this.set();
    };
    journal.onErased = () => {
      recent.sweep();
      lists.changed();
      changes.changed();
      this.set();
    };
  }

  /** The cron trigger has come. */
  woken(): void {
    this.#kv.put(WOKEN, Date.now());
    this.set();
  }

  #silenceDue(): number | null {
    const woken = this.#kv.get<number>(WOKEN);
    return woken === undefined ? null : woken + MAX_SILENCE_MS;
  }

  /**
   * Runs in the same turn as the writes: the alarm and the rows become durable
   * together or not at all.
   */
  set(): void {
    if (this.#isRunning) return;
    const dues = this.#hasNews
      ? [Date.now()]
      : [
          this.#silenceDue(),
          this.journal.nextAlarm(),
          ...this.#uploads.map((one) => one.nextDue()),
        ];
    const next = Math.min(...dues.filter((due) => due !== null));
    if (Number.isFinite(next)) this.#alarm.set(next);
  }

  /** Sets it if there is none. */
  async ensure(): Promise<void> {
    if (await this.#alarm.isMissing()) this.set();
  }

  /** The alarm has come. */
  come(): void {
    this.#alarm.came();
    this.run();
  }

  /**
   * Settles and announces what is due. Waits for no answer, so that the alarm
   * of the next moment comes in time.
   */
  run(): void {
    this.#isRunning = true;
    try {
      this.journal.settle();
      this.#announceDue();
      for (const upload of this.#uploads) upload.run();
      if ((this.#silenceDue() ?? Number.POSITIVE_INFINITY) <= Date.now()) {
        this.#kv.delete(WOKEN);
        this.#tellSilence();
      }
      this.#hasNews = false;
      this.#isRunning = false;
      this.set();
    } catch (error) {
      log.error("Ledger: the alarm failed", error);
      // The work that failed is still due, and would otherwise fail again at
      // once, without end.
      this.#alarm.set(Date.now() + FAILED_ALARM_DELAY_MS);
    } finally {
      this.#isRunning = false;
    }
  }
}
