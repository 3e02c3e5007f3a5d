/** Queries of SQLite whose columns the caller knows. */

export const allRows = <T extends object>(sql: SqlStorage, query: string, ...values: SqlStorageValue[]): T[] =>
  sql.exec(query, ...values).toArray() as T[];

/** The first row; null when there is none. */
export const firstRow = <T extends object>(sql: SqlStorage, query: string, ...values: SqlStorageValue[]): T | null =>
  allRows<T>(sql, query, ...values)[0] ?? null;

/** The first column of every row. */
export const allValues = <T>(sql: SqlStorage, query: string, ...values: SqlStorageValue[]): T[] =>
  allRows(sql, query, ...values).map((row) => Object.values(row)[0]);

/** The first column of the only row. */
export const oneValue = <T = number>(sql: SqlStorage, query: string, ...values: SqlStorageValue[]): T =>
  Object.values(sql.exec(query, ...values).one())[0] as T;

/**
 * Columns with words of a case stand last in their tables, after a column `pad` of this many bytes: more than SQLite keeps of a row in a page
 * that rows share (its usable size of 4096 less 35). Words are then only in pages of their own, which are overwritten in place, and never copied
 * when SQLite moves rows.
 */
export const PAD_BYTES = 4061;

/** The columns with words, by their tables. */
const wordColumns: Record<string, readonly string[]> = {
  revisions: ["summary", "changes", "salt", "note", "answers", "source", "content"],
  drafts: ["title", "returned_reason", "content"],
  proposals: ["salt", "refused", "command"],
  portraits: ["person", "salt", "consent", "content"],
  places: ["note"],
  staged: ["line"],
};
const wordsOf = (table: string) => wordColumns[table] as readonly string[];

/**
 * Overwrites words with as many bytes, before they become NULL or their rows are deleted: SQLite leaves freed bytes in the file, and
 * neither `VACUUM` nor `secure_delete` is allowed in a Durable Object. A NULL stays empty.
 */
export function overwrite(sql: SqlStorage, table: string, where: string, ...values: SqlStorageValue[]): void {
  const zeros = wordsOf(table).map((column) => `${column} = zeroblob(octet_length(${column}))`);
  sql.exec(`UPDATE ${table} SET ${zeros.join(", ")} WHERE ${where}`, ...values);
}

/** Deletes rows, after their words. @returns true if there were any */
export function erase(sql: SqlStorage, table: string, where: string, ...values: SqlStorageValue[]): boolean {
  overwrite(sql, table, where, ...values);
  return sql.exec(`DELETE FROM ${table} WHERE ${where}`, ...values).rowsWritten > 0;
}

/** Changes rows whose size changes with it. SQLite then writes them to other pages, so the words are overwritten before. */
export function rewrite(
  sql: SqlStorage,
  table: string,
  changes: Record<string, SqlStorageValue>,
  where: string,
  ...values: SqlStorageValue[]
): void {
  const rows = allRows<Record<string, SqlStorageValue>>(
    sql,
    `SELECT rowid AS row, ${wordsOf(table).join(", ")} FROM ${table} WHERE ${where}`,
    ...values,
  );
  for (const { row, ...kept } of rows) {
    overwrite(sql, table, "rowid = ?", row as number);
    const next = { ...kept, ...changes };
    const columns = Object.keys(next).map((column) => `${column} = ?`);
    sql.exec(`UPDATE ${table} SET ${columns.join(", ")} WHERE rowid = ?`, ...Object.values(next), row as number);
  }
}

/** Inserts a row by the names of its columns. */
export function insert(sql: SqlStorage, table: string, row: object, verb = "INSERT"): void {
  const names = Object.keys(row);
  sql.exec(`${verb} INTO ${table} (${names}) VALUES (${names.map(() => "?")})`, ...Object.values(row));
}
