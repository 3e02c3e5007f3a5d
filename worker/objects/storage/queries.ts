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

/**
 * Overwrites columns with as many bytes, before they become NULL or their rows are deleted: SQLite leaves freed bytes in the file, and
 * neither `VACUUM` nor `secure_delete` is allowed in a Durable Object. A NULL stays empty.
 */
export function overwrite(
  sql: SqlStorage,
  table: string,
  columns: readonly string[],
  where: string,
  ...values: SqlStorageValue[]
): void {
  const zeros = columns.map((column) => `${column} = zeroblob(octet_length(${column}))`);
  sql.exec(`UPDATE ${table} SET ${zeros.join(", ")} WHERE ${where}`, ...values);
}

/**
 * Changes rows whose size changes with it. SQLite then writes them to other pages, so the words are overwritten before.
 * @param words every column of the table that holds words
 */
export function rewrite(
  sql: SqlStorage,
  table: string,
  words: readonly string[],
  changes: Record<string, SqlStorageValue>,
  where: string,
  ...values: SqlStorageValue[]
): void {
  const rows = allRows<Record<string, SqlStorageValue>>(
    sql,
    `SELECT rowid AS row, ${words.join(", ")} FROM ${table} WHERE ${where}`,
    ...values,
  );
  for (const { row, ...kept } of rows) {
    overwrite(sql, table, words, "rowid = ?", row as number);
    const next = { ...kept, ...changes };
    const columns = Object.keys(next).map((column) => `${column} = ?`);
    sql.exec(`UPDATE ${table} SET ${columns.join(", ")} WHERE rowid = ?`, ...Object.values(next), row as number);
  }
}
