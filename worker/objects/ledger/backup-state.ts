import { LedgerPart } from "./ledger-part.ts";
import type { RecentRows } from "./recent-rows.ts";

export interface DailyBackup {
  /** When it was made, in milliseconds since the epoch. */
  at: number;
  /** The bytes of all its files. */
  bytes: number;
}

/**
 * A failed backup is tried again after this time, and a running one is not
 * started twice.
 */
const RETRY_MS = 30 * 60_000;
/** The night in Europe, when few editors publish. */
const BACKUP_HOUR_UTC = 2;
const DAY_MS = 86_400_000;

const KEY = "daily backup";

interface Stored {
  /** The last one that was completed. */
  last?: DailyBackup;
  /** When one was started last. */
  startedAt?: number;
  /** Until the next one is completed. */
  hasFailed?: boolean;
}

/** When the last backup was made. */
export class BackupState extends LedgerPart {
  readonly #kv = this.storage.kv;
  readonly #isEmpty: () => boolean;
  readonly #recent: RecentRows;

  /** @param isEmpty true when there is nothing to back up */
  constructor(
    journal: WholeJournal,
    isEmpty: () => boolean,
    recent: RecentRows,
  ) {
    super(journal);
    this.#isEmpty = isEmpty;
    this.#recent = recent;
  }

  #read(): Stored {
    return this.#kv.get<Stored>(KEY) ?? {};
  }

  get last(): DailyBackup | null {
    return this.#read().last ?? null;
  }

  get hasFailed(): boolean {
    return this.#read().hasFailed ?? false;
  }

  fail(): void {
    this.#kv.put<Stored>(KEY, { ...this.#read(), hasFailed: true });
  }

  /**
   * True when the day's backup is due and there is something to back up; the
   * caller then makes it.
   */
  claim(now: number): boolean {
    if (this.#isEmpty()) return false;
    const { last, startedAt } = this.#read();
    const dueAt =
      Math.floor(now / DAY_MS) * DAY_MS + BACKUP_HOUR_UTC * 3_600_000;
    const isMade =
      last !== undefined &&
      (last.at >= dueAt || now < dueAt) &&
      now - last.at < DAY_MS;
    if (isMade || (startedAt !== undefined && now - startedAt < RETRY_MS))
      return false;
    this.begin(now);
    return true;
  }

  begin(now: number): void {
    this.#kv.put<Stored>(KEY, { ...this.#read(), startedAt: now });
    this.#recent.nightBegins();
  }

  record(last: DailyBackup): void {
    this.#kv.put<Stored>(KEY, { last });
    this.#recent.nightEnds();
  }
}
