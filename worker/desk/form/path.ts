/**
 * Locations in a case: paths (lists of keys) and JSON Pointers (RFC 6901),
 * which problems, warnings and drafts use.
 */
export {
  pathOf,
  pointerTo as pointerOf,
  valueAt,
} from "../../editing/rules/pointers.ts";

export type FieldPath = readonly (string | number)[];

/** Whether a pointer is `ancestor` or below it. */
export const isWithin = (pointer: string, ancestor: string): boolean =>
  `${pointer}/`.startsWith(`${ancestor}/`);

/**
 * A copy with another value at the path; `undefined` removes an object's key.
 * Parts that don't change are shared with the original.
 */
export function withValue<T>(value: T, path: FieldPath, next: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return next as T;
  const copy: Record<string | number, unknown> = Array.isArray(value)
    ? ([...value] as never)
    : { ...((value ?? (typeof key === "number" ? [] : {})) as object) };
  const container =
    value === undefined && typeof key === "number" ? ([] as never) : copy;
  const child = withValue(container[key], rest, next);
  if (child === undefined && !Array.isArray(container)) delete container[key];
  else container[key] = child;
  return container as T;
}
