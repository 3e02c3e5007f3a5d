/** An object's SQLite, and its parts, which share it. */
import { RpcTarget } from "cloudflare:workers";

/**
 * Columns with words of a case stand last in their tables, after a column `pad`
 * of this many bytes: more than SQLite keeps of a row in a page that rows share
 * (its usable size of 4096 less 35). Words are then only in pages of their own,
 * which are overwritten in place, and never copied when SQLite moves rows.
 */
export const PAD_BYTES = 4061;

/** The columns with words, by their tables. */
const wordColumns: Record<string, readonly string[]> = {
  revisions: [
    "summary",
    "changes",
    "salt",
    "note",
    "answers",
    "source",
    "content",
  ],
  drafts: ["title", "returned_reason", "content"],
  proposals: ["salt", "refused", "command"],
  portraits: ["person", "salt", "consent", "content"],
  places: ["note", "url"],
  staged: ["line"],
};
const wordsOf = (table: string) => wordColumns[table] as readonly string[];

/** Queries whose columns the caller knows. */
export class Queries {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  exec<T extends Record<string, SqlStorageValue>>(
    query: string,
    ...values: unknown[]
  ): SqlStorageCursor<T> {
    return this.#sql.exec<T>(query, ...values);
  }

  allRows<T extends object>(query: string, ...values: SqlStorageValue[]): T[] {
    return this.#sql.exec(query, ...values).toArray() as T[];
  }

  /** The first row; null when there is none. */
  firstRow<T extends object>(
    query: string,
    ...values: SqlStorageValue[]
  ): T | null {
    return this.allRows<T>(query, ...values)[0] ?? null;
  }

  /** The first column of every row. */
  allValues<T>(query: string, ...values: SqlStorageValue[]): T[] {
    return this.allRows(query, ...values).map((row) => Object.values(row)[0]);
  }

  /** The first column of the only row. */
  oneValue<T = number>(query: string, ...values: SqlStorageValue[]): T {
    return Object.values(this.#sql.exec(query, ...values).one())[0] as T;
  }

  /**
   * Inserts a row by the names of its columns.
   * @returns false if `verb` ignores one that is there
   */
  insert(table: string, row: object, verb = "INSERT"): boolean {
    const names = Object.keys(row);
    const query = `${verb} INTO ${table} (${names}) VALUES (${names.map(() => "?")})`;
    return this.#sql.exec(query, ...Object.values(row)).rowsWritten > 0;
  }

  /**
   * Overwrites words with as many bytes, before they become NULL or their rows
   * are deleted: SQLite leaves freed bytes in the file, and neither `VACUUM`
   * nor `secure_delete` is allowed in a Durable Object. A NULL stays empty.
   */
  overwrite(table: string, where: string, ...values: SqlStorageValue[]): void {
    const zeros = wordsOf(table).map(
      (column) => `${column} = zeroblob(octet_length(${column}))`,
    );
    this.#sql.exec(
      `UPDATE ${table} SET ${zeros.join(", ")} WHERE ${where}`,
      ...values,
    );
  }

  /** Deletes rows, after their words. @returns true if there were any */
  erase(table: string, where: string, ...values: SqlStorageValue[]): boolean {
    this.overwrite(table, where, ...values);
    return (
      this.#sql.exec(`DELETE FROM ${table} WHERE ${where}`, ...values)
        .rowsWritten > 0
    );
  }

  /**
   * Changes rows whose size changes with it. SQLite then writes them to other
   * pages, so the words are overwritten before.
   */
  rewrite(
    table: string,
    changes: Record<string, SqlStorageValue>,
    where: string,
    ...values: SqlStorageValue[]
  ): void {
    const query = `SELECT rowid AS row, ${wordsOf(table).join(", ")} FROM ${table} WHERE ${where}`;
    for (const { row, ...kept } of this.allRows<
      Record<string, SqlStorageValue>
    >(query, ...values)) {
      this.overwrite(table, "rowid = ?", row as number);
      const next = { ...kept, ...changes };
      const columns = Object.keys(next).map((column) => `${column} = ?`);
      this.#sql.exec(
        `UPDATE ${table} SET ${columns.join(", ")} WHERE rowid = ?`,
        ...Object.values(next),
        row as number,
      );
    }
  }
}

/**
 * A part of an object. Other objects can call its methods, and can't reach its
 * fields.
 */
export class StoragePart extends RpcTarget {
  protected readonly storage: DurableObjectStorage;
  protected readonly sql: Queries;

  constructor(storage: DurableObjectStorage) {
    super();
    this.storage = storage;
    this.sql = new Queries(storage.sql);
  }
}
