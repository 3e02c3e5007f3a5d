/**
 * Converts, checks and inserts the rows that a backup copies column by column.
 */
import { base64Of, bytesIn } from "../../../shared/base64.ts";
import { BadLine, type TableLine } from "./backup-lines.ts";
import type { Queries } from "./queries.ts";

type Columns = TableLine["columns"];

/** @param row a row from SQLite; BLOBs become base64 */
export const columnsOf = (row: Record<string, SqlStorageValue>): Columns =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof ArrayBuffer
        ? { base64: base64Of(new Uint8Array(value)) }
        : value,
    ]),
  );

/** Decodes a BLOB. @throws BadLine when the value is not base64 */
export function bytesOf(
  value: Columns[string] | undefined,
): Uint8Array<ArrayBuffer> {
  try {
    return bytesIn((value as { base64: string }).base64);
  } catch {
    throw new BadLine("a value that must be base64 is not");
  }
}

export const isEmptyTable = (sql: Queries, table: string): boolean =>
  sql.oneValue(`SELECT EXISTS (SELECT 1 FROM ${table})`) === 0;

const kinds: Record<string, string> = {
  INTEGER: "number",
  TEXT: "string",
  BLOB: "object",
};

/** @throws BadLine when the columns don't match the table's schema */
export function checkColumns(
  sql: Queries,
  table: string,
  columns: Columns,
): void {
  const known = sql.allRows<{
    name: string;
    type: string;
    notnull: number;
    dflt_value: string | null;
  }>(`PRAGMA table_info(${table})`);
  for (const { name, type, notnull, dflt_value } of known) {
    const value = columns[name];
    // A backup may lack columns that a later release added: they have a
    // default, or may be empty.
    const mayBeEmpty = notnull === 0;
    const fits =
      typeof value === kinds[type] ||
      (value === null && mayBeEmpty) ||
      (value === undefined && (dflt_value !== null || mayBeEmpty));
    if (!fits)
      throw new BadLine(
        `/columns/${name} has the wrong type for the table ${table}`,
      );
  }
  const unknown = Object.keys(columns).find(
    (name) => !known.some((column) => column.name === name),
  );
  if (unknown !== undefined)
    throw new BadLine(`/columns/${unknown} is not a known field`);
}

/** @throws BadLine when a constraint of the table fails */
export function insertColumns(
  sql: Queries,
  table: string,
  columns: Columns,
  verb = "INSERT",
): void {
  const values = Object.entries(columns).map(([name, value]) => [
    name,
    typeof value === "object" && value !== null ? bytesOf(value) : value,
  ]);
  try {
    sql.insert(table, Object.fromEntries(values), verb);
  } catch (error) {
    throw new BadLine(
      `a row of ${table} is duplicated or violates a constraint (${(error as Error).message})`,
    );
  }
}
