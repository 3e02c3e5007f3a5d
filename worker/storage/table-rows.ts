/** Rows that a backup carries as they are, column by column. */
import { BadLine, type TableLine } from "./backup-lines.ts";

type Columns = TableLine["columns"];

const base64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** @param row as SQLite gives it; BLOBs become base64 */
export const columnsOf = (row: Record<string, SqlStorageValue>): Columns =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof ArrayBuffer ? { base64: base64(value) } : value,
    ]),
  );

/** @throws BadLine when base64 is none */
export function bytesOf(value: Columns[string] | undefined): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob((value as { base64: string }).base64), (letter) => letter.charCodeAt(0));
  } catch {
    throw new BadLine("what should be base64 is none");
  }
}

const kinds: Record<string, string> = { INTEGER: "number", TEXT: "string", BLOB: "object" };

/** @throws BadLine when they are not what the table takes */
export function checkColumns(sql: SqlStorage, table: string, columns: Columns): void {
  const known = sql.exec<{ name: string; type: string; notnull: number }>(`PRAGMA table_info(${table})`).toArray();
  for (const { name, type, notnull } of known) {
    const value = columns[name];
    const fits = value === null ? notnull === 0 : typeof value === kinds[type];
    if (!fits) throw new BadLine(`/columns/${name} is not what a row of ${table} has there`);
  }
  const unknown = Object.keys(columns).find((name) => !known.some((column) => column.name === name));
  if (unknown !== undefined) throw new BadLine(`/columns/${unknown} is not a known field`);
}

/** @throws BadLine when the table does not take it */
export function insertColumns(sql: SqlStorage, table: string, columns: Columns, verb = "INSERT"): void {
  const names = Object.keys(columns);
  const values = Object.values(columns).map((value) =>
    typeof value === "object" && value !== null ? bytesOf(value) : value,
  );
  try {
    sql.exec(`${verb} INTO ${table} (${names}) VALUES (${names.map(() => "?")})`, ...values);
  } catch (error) {
    throw new BadLine(`a row of ${table} is there twice, or does not fit (${(error as Error).message})`);
  }
}
