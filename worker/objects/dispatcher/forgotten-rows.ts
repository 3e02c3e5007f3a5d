import { iso } from "../../runtime/iso.ts";
import { MAX_BACKUP_DAYS } from "../../runtime/settings.ts";
import {
  FORGOTTEN,
  type ForgottenLine,
  Section,
} from "../storage/backup-lines.ts";
import { BucketUpload } from "../storage/bucket-upload.ts";
import { StoragePart } from "../storage/queries.ts";

/** A followers' file is deleted in the night after its last day. */
const KEPT_MS = (MAX_BACKUP_DAYS + 2) * 86_400_000;

/**
 * The numbers of the rows that /forget or an erasure deleted while a followers'
 * file from before it may be kept, so that a restore of that file doesn't bring
 * them back. In the Dispatcher's SQLite and, encrypted, in the bucket; without
 * a bucket nothing is stored.
 *
 * A group's row that was merged into another one is not listed when that other
 * one is forgotten.
 */
export class ForgottenRows extends StoragePart {
  readonly #env: () => Env;
  readonly upload: BucketUpload;

  /** @param arm sets the alarm, which runs the upload */
  constructor(storage: DurableObjectStorage, env: () => Env, arm: () => void) {
    super(storage);
    this.#env = env;
    this.upload = new BucketUpload(storage, {
      env,
      kind: "forgotten",
      content: () => this.#list(),
      arm,
    });
  }

  /**
   * Called when a followers' file was written or restored, so that the bucket
   * gets a list that is newer than the file.
   */
  renew(): void {
    this.upload.changed();
    this.upload.run();
  }

  /**
   * Called in the turn in which the rows are deleted. Null for a row that there
   * was not.
   */
  add(
    rows: Partial<Record<ForgottenLine["kind"], number | null>>,
    now: number,
  ): void {
    const lines = Object.entries(rows).flatMap(([kind, number]) =>
      number === null
        ? []
        : { kind: kind as ForgottenLine["kind"], number, at: iso(now) },
    );
    if (!this.#env().BACKUPS || lines.length === 0) return;
    this.insert(lines);
    this.renew();
  }

  insert(lines: readonly Omit<ForgottenLine, "row">[]): void {
    for (const { kind, number, at } of lines)
      this.sql.exec(
        "INSERT OR REPLACE INTO forgotten VALUES (?, ?, ?)",
        kind,
        number,
        Date.parse(at),
      );
  }

  dropOld(now: number): void {
    this.sql.exec("DELETE FROM forgotten WHERE at < ?", now - KEPT_MS);
  }

  #list(): string {
    const madeAt = iso(Date.now());
    const { section, line } = Section.begin({
      format: FORGOTTEN,
      madeAt,
      mark: madeAt,
    });
    const rows = this.sql
      .allRows<{ kind: ForgottenLine["kind"]; number: number; at: number }>(
        "SELECT kind, number, at FROM forgotten ORDER BY at, kind",
      )
      .map(({ at, ...row }) =>
        section.write({ row: "forgotten", ...row, at: iso(at) }),
      );
    return [line, ...rows, section.seal().line].join("");
  }
}
