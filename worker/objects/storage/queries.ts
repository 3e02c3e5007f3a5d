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
