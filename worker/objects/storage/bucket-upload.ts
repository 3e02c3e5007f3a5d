import { withinTime } from "../../reads/within-time.ts";
import { log } from "../../runtime/log.ts";
import {
  keyOf,
  type StoredKind,
  uploadEncrypted,
} from "../../runtime/upload.ts";

/** A file is small. One that isn't there after this time is uploaded again. */
const UPLOAD_TIMEOUT_MS = 30_000;
/**
 * The delay after the first failure; it doubles with each further one. The cron
 * trigger tries each minute too.
 */
const RETRY_DELAY_MS = 1_000;
const MAX_RETRY_DELAY_MS = 60_000;
/**
 * Announcements of the same moment go first, and erasures that come together
 * make one list.
 */
const PRECEDENCE_MS = 100;
/**
 * If the object ends during an upload, the alarm starts the next one after this
 * time.
 */
const RECOVERY_DELAY_MS = UPLOAD_TIMEOUT_MS + 5_000;
const SECOND_MS = 1_000;

/** Times are in milliseconds since the epoch. */
interface Stored {
  /** When the newest file in the bucket was made. */
  newest?: number;
  /** Changes that the newest file lacks. */
  waiting?: {
    /** When the first of them was made. */
    since: number;
    /** Counts them, so that an upload knows whether more came meanwhile. */
    count: number;
    /** The failures since the last upload. */
    attempts: number;
    dueAt: number;
  };
}

export interface BucketUploadStatus {
  /**
   * When the newest file in the bucket was made; null before the first, and
   * without a bucket.
   */
  newest: number | null;
  /** When the oldest change was made that it lacks; null for none. */
  since: number | null;
  /** The failures since the object started. */
  failures: number;
}

interface BucketUploadPorts {
  env(): Env;
  kind: StoredKind;
  /** The file as NDJSON. */
  content(): string | ReadableStream<Uint8Array>;
  /**
   * Called when it is in the bucket. While it fails, the file is uploaded
   * again.
   */
  stored?(key: string): void | Promise<void>;
  /** Sets the alarm, which calls `run`. */
  arm(): void;
  machine?(): number;
}

/**
 * Puts an object's list of erasures, or what it committed, into the bucket
 * within seconds, and again until it is there. A deployment without a bucket
 * stores nothing here.
 */
export class BucketUpload {
  readonly #kv: SyncKvStorage;
  readonly #ports: BucketUploadPorts;
  readonly #machine: () => number;
  readonly #key: string;
  #isUnderWay = false;
  #failures = 0;

  constructor(storage: DurableObjectStorage, ports: BucketUploadPorts) {
    this.#kv = storage.kv;
    this.#ports = ports;
    this.#key = `upload of ${ports.kind}`;
    this.#machine = ports.machine ?? Date.now;
  }

  #read(): Stored {
    return this.#kv.get<Stored>(this.#key) ?? {};
  }

  /**
   * Called in the transaction of a change, so that the file is uploaded even if
   * the object ends at once.
   */
  changed(): void {
    if (!this.#ports.env().BACKUPS) return;
    const now = this.#machine();
    const { waiting, ...rest } = this.#read();
    const { since = now, count = 0, attempts = 0, dueAt = now } = waiting ?? {};
    this.#kv.put<Stored>(this.#key, {
      ...rest,
      waiting: { since, count: count + 1, attempts, dueAt },
    });
  }

  /**
   * When the alarm must come, in milliseconds since the epoch; null when there
   * is nothing to upload.
   */
  nextDue(): number | null {
    return (this.#ports.env().BACKUPS && this.#read().waiting?.dueAt) ?? null;
  }

  /**
   * Uploads the file if that is due. Nothing waits for it.
   * @param early true to try again before the delay after a failure has passed
   */
  run(early = false): void {
    const now = this.#machine();
    const { waiting, ...rest } = this.#read();
    if (
      this.#isUnderWay ||
      !waiting ||
      !this.#ports.env().BACKUPS ||
      (!early && waiting.dueAt > now)
    )
      return;
    this.#isUnderWay = true;
    this.#kv.put<Stored>(this.#key, {
      ...rest,
      waiting: { ...waiting, dueAt: now + RECOVERY_DELAY_MS },
    });
    void this.#upload();
  }

  async #upload(): Promise<void> {
    try {
      await scheduler.wait(PRECEDENCE_MS);
      const now = this.#machine();
      const content = this.#ports.content();
      const count = this.#read().waiting?.count;
      // Named by the next second, because the daily backup's list of this
      // second may be older.
      const key = keyOf(
        this.#ports.kind,
        this.#ports.kind === "changes" ? now : now + SECOND_MS,
      );
      const body =
        typeof content === "string" ? new Blob([content]).stream() : content;
      await withinTime(
        UPLOAD_TIMEOUT_MS,
        uploadEncrypted(this.#ports.env(), key, body),
      );
      await this.#ports.stored?.(key);
      const { waiting } = this.#read();
      const more = waiting && waiting.count !== count;
      this.#kv.put<Stored>(this.#key, {
        newest: now,
        ...(more && {
          waiting: {
            ...waiting,
            since: now,
            attempts: 0,
            dueAt: this.#machine() + RETRY_DELAY_MS,
          },
        }),
      });
    } catch (error) {
      this.#failures++;
      log.error(`Backup: uploading ${this.#ports.kind} failed`, error);
      const { waiting, ...rest } = this.#read();
      if (waiting) {
        const delay = Math.min(
          RETRY_DELAY_MS * 2 ** waiting.attempts,
          MAX_RETRY_DELAY_MS,
        );
        const next = {
          ...waiting,
          attempts: waiting.attempts + 1,
          dueAt: this.#machine() + delay,
        };
        this.#kv.put<Stored>(this.#key, { ...rest, waiting: next });
      }
    } finally {
      this.#isUnderWay = false;
      this.#ports.arm();
    }
  }

  get status(): BucketUploadStatus {
    const { newest = null, waiting } = this.#read();
    return { newest, since: waiting?.since ?? null, failures: this.#failures };
  }
}
