/** JSON Pointers (RFC 6901), and what stands at one. */
import type { Path } from "../../../shared/values-at.ts";

export const pointerTo = (keys: readonly unknown[]): string =>
  keys
    .map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");

export const pathOf = (pointer: string): Path =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key));

export const valueAt = (value: unknown, path: Readonly<Path>): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      (at as Record<string | number, unknown> | null | undefined)?.[key],
    value,
  );
