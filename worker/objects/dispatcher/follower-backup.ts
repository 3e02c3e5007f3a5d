/**
 * Exports followers and cards as NDJSON, and restores them. Chat ids stay sealed under FOLLOWER_KEY: without that key the file reveals
 * no ids and can't be restored. Deliveries are left out, so that nobody gets a message twice.
 */
import { RpcTarget } from "cloudflare:workers";
import type { Failure } from "../../../shared/failure.ts";
import {
  BadLine,
  discardBody,
  eachLine,
  FOLLOWERS,
  fileFailure,
  Section,
  type TableLine,
  type TableLineKind,
  tableNames,
  UnfitFile,
} from "../storage/backup-lines.ts";
import { allRows, allValues } from "../storage/queries.ts";
import { Staging } from "../storage/staging.ts";
import { bytesOf, checkColumns, columnsOf, insertColumns, isEmptyTable } from "../storage/table-rows.ts";
import type { Vault } from "./vault.ts";

const rows = ["chat", "follow", "told", "announced", "sharer", "card"] as const satisfies TableLineKind[];
/** Rows in memory at once. */
const PAGE_ROWS = 500;
/** The size of a stream chunk. */
const CHUNK_CHARS = 256 * 1024;

/** Rows that contain a sealed id. */
const sealed: TableLineKind[] = ["chat", "sharer", "card"];

export interface RestoredFollowers {
  chats: number;
  follows: number;
  cards: number;
}

interface BackupPorts {
  /** Logs an export. @param sha256 of the file */
  record(editor: string, sha256: string): Promise<void>;
  onRestored(): void;
}

export class FollowerBackup extends RpcTarget {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #vault: Vault;
  readonly #staging: Staging;
  readonly #ports: BackupPorts;
  #running = false;

  constructor(storage: DurableObjectStorage, vault: Vault, ports: BackupPorts) {
    super();
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#vault = vault;
    this.#staging = new Staging(storage.sql);
    this.#ports = ports;
  }

  /**
   * Streams the file row by row. Followers may change meanwhile: the chats come last, so a chat that is forgotten during the export
   * is not in it, and `restore` drops rows of chats that the file doesn't have. The export is logged before the file's last line is sent.
   */
  stream(editor: string): ReadableStream<Uint8Array> {
    const at = new Date().toISOString();
    const { section, line } = Section.begin({ format: FOLLOWERS, madeAt: at, mark: at });
    const lines = this.#lines(section);
    let text = line;
    return new ReadableStream({
      type: "bytes",
      pull: async (controller) => {
        let isDone = false;
        while (text.length < CHUNK_CHARS && !isDone) {
          const { done, value } = lines.next();
          isDone = done === true;
          if (value) text += value;
        }
        if (isDone) {
          const seal = section.seal();
          await this.#ports.record(editor, seal.sha256);
          text += seal.line;
        }
        controller.enqueue(new TextEncoder().encode(text));
        text = "";
        if (isDone) controller.close();
      },
    });
  }

  *#lines(section: Section): Generator<string> {
    for (const row of rows.toReversed()) {
      const table = tableNames[row];
      const query = `SELECT name FROM pragma_table_info('${table}') WHERE pk > 0 ORDER BY pk`;
      const names = allValues<string>(this.#sql, query);
      const key = names.join(", ");
      for (let after: SqlStorageValue[] | null = null; ; ) {
        const where = after ? `WHERE (${key}) > (${names.map(() => "?").join(", ")})` : "";
        const next: string = `SELECT * FROM ${table} ${where} ORDER BY ${key} LIMIT ${PAGE_ROWS}`;
        const page: Record<string, SqlStorageValue>[] = allRows(this.#sql, next, ...(after ?? []));
        for (const columns of page) yield section.write({ row, columns: columnsOf(columns) });
        const last: Record<string, SqlStorageValue> | undefined = page.at(-1);
        if (!last) break;
        after = names.map((name) => last[name] as SqlStorageValue);
      }
    }
  }

  /** Restores all or nothing, and only where there are no followers yet. */
  async restore(
    body: ReadableStream<Uint8Array>,
  ): Promise<{ done: RestoredFollowers & { sha256: string } } | { failure: Failure }> {
    if (this.#running || !this.#empty()) {
      const failure = { tag: this.#running ? "restore-under-way" : "followers-there" } as const;
      await discardBody(body);
      return { failure };
    }
    this.#running = true;
    try {
      const { sha256, counts } = await this.#stage(body);
      if (!this.#empty()) return { failure: { tag: "followers-there" } };
      this.#storage.transactionSync(() => {
        for (const line of this.#staging.lines()) this.#insert(JSON.parse(line));
        this.#dropOrphans();
      });
      this.#ports.onRestored();
      return { done: { sha256, chats: counts.chat ?? 0, follows: counts.follow ?? 0, cards: counts.card ?? 0 } };
    } catch (error) {
      if (error instanceof BadLine) return { failure: fileFailure(error) };
      throw error;
    } finally {
      this.#staging.clear();
      this.#running = false;
    }
  }

  #insert({ row, columns }: TableLine): void {
    // An unfinished announcement may have been finished after the backup, so it isn't fanned out again. Rows that this deployment wrote stay.
    if (row === "announced") insertColumns(this.#sql, "announced", { ...columns, done: 1 }, "INSERT OR IGNORE");
    else insertColumns(this.#sql, tableNames[row], row === "card" ? { ...columns, state: "idle" } : columns);
  }

  /** Drops the rows of chats that were forgotten while the file was written: another chat could get their numbers. */
  #dropOrphans(): void {
    for (const table of ["follows", "told"])
      this.#sql.exec(`DELETE FROM ${table} WHERE chat NOT IN (SELECT id FROM chats)`);
    this.#sql.exec("DELETE FROM cards WHERE sharer IS NOT NULL AND sharer NOT IN (SELECT id FROM card_sharers)");
  }

  #empty(): boolean {
    return rows.every((row) => row === "announced" || isEmptyTable(this.#sql, tableNames[row]));
  }

  async #stage(
    body: ReadableStream<Uint8Array>,
  ): Promise<{ sha256: string; counts: Partial<Record<TableLineKind, number>> }> {
    const counts: Partial<Record<TableLineKind, number>> = {};
    let section: Section | null = null;
    let sha256: string | null = null;
    await eachLine(body, async (line) => {
      if (sha256 !== null) throw new BadLine("nothing may follow the last line");
      if (section === null) {
        section = Section.from(line);
        if (section.header.format !== FOLLOWERS)
          throw new UnfitFile("wrong-file", `the format must be ${FOLLOWERS}, not ${section.header.format}`);
        return;
      }
      const read = section.read(line);
      if (read.row === "seal") {
        sha256 = read.sha256;
        return;
      }
      const row = rows.find((name) => name === read.row);
      if (!row || !("columns" in read))
        throw new BadLine(`a followers file must not contain rows of the kind ${read.row}`);
      checkColumns(this.#sql, tableNames[row], read.columns);
      if (sealed.includes(row)) await this.#unseal(read.columns as never);
      counts[row] = (counts[row] ?? 0) + 1;
      this.#staging.add(line);
    });
    if (sha256 === null) throw new BadLine("the file is truncated: its last line is missing");
    return { sha256, counts };
  }

  /** @throws BadLine when FOLLOWER_KEY can't decrypt the id */
  async #unseal(columns: { hash: string; key_id: string; sealed: { base64: string } }): Promise<void> {
    if (!this.#vault.holds(columns))
      throw new UnfitFile(
        "other-key",
        `an id is encrypted with the key ${columns.key_id}, which FOLLOWER_KEY doesn't contain`,
      );
    await this.#vault.unseal({ ...columns, sealed: bytesOf(columns.sealed).buffer }).catch(() => {
      throw new BadLine("an id can't be decrypted with FOLLOWER_KEY: it was changed");
    });
  }
}
