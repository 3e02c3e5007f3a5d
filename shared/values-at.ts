/**
 * The values of a finished or unfinished object at the places that a Valibot
 * schema names.
 */
import { isFields } from "./fields.ts";

export type Path = (string | number)[];

/** The members of a schema that lead to those within it. */
export interface SchemaNode {
  entries?: Record<string, unknown>;
  wrapped?: unknown;
  item?: unknown;
}

/**
 * The value of each member that has one of the wanted schemas itself, with its
 * path; undefined where it is missing.
 */
export function valuesAt(
  wanted: readonly unknown[],
  value: unknown,
  schema: unknown,
  path: Path = [],
): { path: Path; value: unknown }[] {
  const { entries, wrapped, item } = schema as SchemaNode;
  if (wrapped) return valuesAt(wanted, value, wrapped, path);
  if (item && Array.isArray(value))
    return value.flatMap((child, index) =>
      valuesAt(wanted, child, item, [...path, index]),
    );
  if (!entries || !isFields(value)) return [];
  return Object.entries(entries).flatMap(([key, entry]) =>
    wanted.includes(entry)
      ? [{ path: [...path, key], value: value[key] }]
      : valuesAt(wanted, value[key], entry, [...path, key]),
  );
}
