/**
 * Exports followers and cards as NDJSON, and restores them. Chat ids and
 * followed words stay sealed under FOLLOWER_KEY: without that key the file
 * reveals neither and can't be restored. Deliveries are left out, so that
 * nobody gets a message twice.
 */
import type { Failure } from "../../../shared/failure.ts";
import {
  BadLine,
  discardBody,
  eachLine,
  FOLLOWERS,
  FORGOTTEN,
  type ForgottenLine,
  fileFailure,
  Section,
  type TableLine,
  type TableLineKind,
  tableNames,
  UnfitFile,
} from "../storage/backup-lines.ts";
import type { BucketUploadStatus } from "../storage/bucket-upload.ts";
import { streamOf } from "../storage/line-stream.ts";
import { StoragePart } from "../storage/queries.ts";
import { Staging } from "../storage/staging.ts";
import {
  bytesOf,
  checkColumns,
  columnsOf,
  insertColumns,
  isEmptyTable,
} from "../storage/table-rows.ts";
import type { Parts } from "./parts.ts";

const rows = [
  "chat",
  "word",
  "follow",
  "told",
  "announced",
  "card",
] as const satisfies TableLineKind[];
/** Rows in memory at once. */
const PAGE_ROWS = 500;

/** Rows that contain a sealed id. */
const sealed: TableLineKind[] = ["chat", "word", "card"];

class ListMissing extends UnfitFile {}

interface StagedFollowers {
  sha256: string;
  counts: Partial<Record<TableLineKind, number>>;
  forgotten: ForgottenLine[];
}

type BackupParts = Pick<
  Parts,
  "storage" | "vault" | "words" | "forgotten" | "arm"
>;

/** Logs an export. @param sha256 of the file */
type RecordExport = (editor: string, sha256: string) => Promise<void>;

/**
 * True for a row of a chat that sent /forget, or of a word that was erased,
 * after the file was begun. Numbers are never given again.
 */
function isForgotten(
  { row, columns }: TableLine,
  forgotten: Map<string, string>,
  madeAt: string,
): boolean {
  const chat = row === "chat" ? columns.id : columns.chat;
  const word = row === "word" ? columns.id : String(columns.scope).slice(1);
  return [`chat ${chat}`, `chat ${columns.sharer}`, `word ${word}`].some(
    (key) => (forgotten.get(key) ?? "") > madeAt,
  );
}

export class FollowerBackup extends StoragePart {
  readonly #parts: BackupParts;
  readonly #staging = new Staging(this.sql);
  readonly #record: RecordExport;
  #running = false;

  constructor(parts: BackupParts, record: RecordExport) {
    super(parts.storage);
    this.#parts = parts;
    this.#record = record;
  }

  /**
   * Streams the file row by row. Followers may change meanwhile: the chats come
   * last, so a chat that is forgotten during the export is not in it, and
   * `restore` drops rows of chats that the file doesn't have. The export is
   * logged before the file's last line is sent.
   */
  stream(editor: string): ReadableStream<Uint8Array> {
    const at = new Date().toISOString();
    const { section, line } = Section.begin({
      format: FOLLOWERS,
      madeAt: at,
      mark: at,
    });
    return streamOf(this.#file(line, section, editor));
  }

  *#file(
    header: string,
    section: Section,
    editor: string,
  ): Generator<string, Promise<string>> {
    yield header;
    yield* this.#lines(section);
    const { sha256, line } = section.seal();
    return this.#record(editor, sha256).then(() => {
      this.#parts.forgotten.renew();
      return line;
    });
  }

  /** How far the list of forgotten chats is in the bucket, for metrics. */
  listed(): BucketUploadStatus {
    return this.#parts.forgotten.upload.status;
  }

  *#lines(section: Section): Generator<string> {
    for (const row of rows.toReversed()) {
      const table = tableNames[row];
      const query = `SELECT name FROM pragma_table_info('${table}') WHERE pk > 0 ORDER BY pk`;
      const names = this.sql.allValues<string>(query);
      const key = names.join(", ");
      for (let after: SqlStorageValue[] | null = null; ; ) {
        const where = after
          ? `WHERE (${key}) > (${names.map(() => "?").join(", ")})`
          : "";
        const next: string = `SELECT * FROM ${table} ${where} ORDER BY ${key} LIMIT ${PAGE_ROWS}`;
        const page: Record<string, SqlStorageValue>[] = this.sql.allRows(
          next,
          ...(after ?? []),
        );
        for (const columns of page)
          yield section.write({ row, columns: columnsOf(columns) });
        const last: Record<string, SqlStorageValue> | undefined = page.at(-1);
        if (!last) break;
        after = names.map((name) => last[name] as SqlStorageValue);
      }
    }
  }

  /**
   * Restores all or nothing, and only where there are no followers yet.
   * @param body the newest file in `forgotten/`, followed by a followers' file
   * @param withoutList true when the caller states that there is none
   */
  async restore(
    body: ReadableStream<Uint8Array>,
    withoutList: boolean,
  ): Promise<
    | {
        done: { chats: number; follows: number; cards: number; sha256: string };
      }
    | { failure: Failure }
  > {
    if (this.#running || !this.#empty()) {
      const failure = {
        tag: this.#running ? "restore-under-way" : "followers-there",
      } as const;
      await discardBody(body);
      return { failure };
    }
    this.#running = true;
    try {
      const { sha256, counts, forgotten } = await this.#stage(
        body,
        withoutList,
      );
      if (!this.#empty()) return { failure: { tag: "followers-there" } };
      this.storage.transactionSync(() => {
        for (const line of this.#staging.lines())
          this.#insert(JSON.parse(line));
        this.#dropOrphans();
        this.#parts.forgotten.insert(forgotten);
      });
      this.#parts.forgotten.renew();
      this.#parts.arm();
      return {
        done: {
          sha256,
          chats: counts.chat ?? 0,
          follows: counts.follow ?? 0,
          cards: counts.card ?? 0,
        },
      };
    } catch (error) {
      if (error instanceof ListMissing)
        return { failure: { tag: "erasures-missing" } };
      if (error instanceof BadLine) return { failure: fileFailure(error) };
      throw error;
    } finally {
      this.#staging.clear();
      this.#running = false;
    }
  }

  #insert({ row, columns }: TableLine): void {
    // Not fanned out again: that may have been done after the backup. Rows that
    // this deployment wrote stay.
    if (row === "announced")
      insertColumns(this.sql, "announced", columns, "INSERT OR IGNORE");
    else insertColumns(this.sql, tableNames[row], columns);
  }

  /**
   * Drops the rows of chats that were forgotten while the file was written:
   * another chat could get their numbers.
   */
  #dropOrphans(): void {
    for (const table of ["follows", "told"])
      this.sql.exec(
        `DELETE FROM ${table} WHERE chat NOT IN (SELECT id FROM chats)`,
      );
    this.#parts.words.dropUnpaired();
    this.sql.exec(
      "DELETE FROM cards WHERE sharer IS NOT NULL AND sharer NOT IN (SELECT id FROM chats)",
    );
    this.sql.exec(
      "DELETE FROM cards WHERE chat != 0 AND chat NOT IN (SELECT id FROM chats)",
    );
  }

  #empty(): boolean {
    return rows.every(
      (row) => row === "announced" || isEmptyTable(this.sql, tableNames[row]),
    );
  }

  /**
   * @throws BadLine, also when the list is missing and the caller didn't state
   * that there is none
   */
  async #stage(
    body: ReadableStream<Uint8Array>,
    withoutList: boolean,
  ): Promise<StagedFollowers> {
    const counts: Partial<Record<TableLineKind, number>> = {};
    const forgotten: ForgottenLine[] = [];
    /** When, by the row's kind and number. */
    const forgottenAt = new Map<string, string>();
    let listMadeAt: string | null = null;
    let section: Section | null = null;
    let sha256: string | null = null;
    await eachLine(body, async (line) => {
      if (sha256 !== null)
        throw new BadLine("nothing may follow the last line");
      if (section === null) {
        section = Section.from(line);
        const { format, madeAt } = section.header;
        if (format === FORGOTTEN && listMadeAt === null) listMadeAt = madeAt;
        else if (format !== FOLLOWERS)
          throw new UnfitFile(
            "wrong-file",
            `the format must be ${FOLLOWERS}, not ${format}`,
          );
        else if (listMadeAt === null && !withoutList)
          throw new ListMissing("wrong-file", "the list is missing");
        else if (listMadeAt !== null && listMadeAt < madeAt)
          throw new UnfitFile(
            "older-erasures",
            `the list of forgotten chats was made at ${listMadeAt}, before the followers file (${madeAt}), so it may lack some`,
          );
        return;
      }
      const { format, madeAt } = section.header;
      const read = section.read(line);
      if (read.row === "seal") {
        if (format === FOLLOWERS) sha256 = read.sha256;
        section = null;
        return;
      }
      if (format === FORGOTTEN) {
        if (read.row !== "forgotten")
          throw new BadLine(
            `a list of forgotten chats must not contain rows of the kind ${read.row}`,
          );
        forgotten.push(read);
        forgottenAt.set(`${read.kind} ${read.number}`, read.at);
        return;
      }
      const row = rows.find((name) => name === read.row);
      if (!row || !("columns" in read))
        throw new BadLine(
          `a followers file must not contain rows of the kind ${read.row}`,
        );
      checkColumns(this.sql, tableNames[row], read.columns);
      if (isForgotten(read, forgottenAt, madeAt)) return;
      if (sealed.includes(row)) await this.#unseal(read.columns as never);
      counts[row] = (counts[row] ?? 0) + 1;
      this.#staging.add(line);
    });
    if (sha256 === null)
      throw new BadLine("the file is truncated: its last line is missing");
    return { sha256, counts, forgotten };
  }

  /** @throws BadLine when FOLLOWER_KEY can't decrypt the id */
  async #unseal(columns: {
    hash: string;
    key_id: string;
    sealed: { base64: string };
  }): Promise<void> {
    if (!this.#parts.vault.holds(columns))
      throw new UnfitFile(
        "other-key",
        `an id is encrypted with the key ${columns.key_id}, which FOLLOWER_KEY doesn't contain`,
      );
    await this.#parts.vault
      .unseal({ ...columns, sealed: bytesOf(columns.sealed).buffer })
      .catch(() => {
        throw new BadLine(
          "an id can't be decrypted with FOLLOWER_KEY: it was changed",
        );
      });
  }
}
