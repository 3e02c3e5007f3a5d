/**
 * The entries of the signed log, and the paths and bytes of their bundles (C2SP
 * tlog-tiles).
 */
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";
import * as v from "valibot";
import { revisionKinds, withdrawalReasons } from "../../../shared/revision.ts";
import { HASH_BYTES, hashesAt, TILE_WIDTH } from "./log-tree.ts";

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/**
 * A revision that went live. Nothing in it is erased later, so it must hold
 * nothing that confirms a guess of erased content.
 */
const LogEntry = v.strictObject({
  version: v.literal(2),
  case: v.string(),
  number: v.number(),
  kind: v.picklist(revisionKinds),
  /**
   * Why the case was withdrawn, of a withdrawal. It is public, and says nothing
   * of the content.
   */
  reason: v.exactOptional(v.picklist(withdrawalReasons)),
  liveAt: v.string(),
  /**
   * The revision's hash, which covers its content with a secret salt, and the
   * revision before.
   */
  hash,
  /**
   * A commitment to the newest line of the audit log. It covers a secret salt,
   * so that it doesn't confirm a guess of an editor's name.
   */
  audit: hash,
});
export type LogEntry = v.InferOutput<typeof LogEntry>;

/** The bytes of an entry: canonical JSON (RFC 8785). */
export const entryBytes = (entry: LogEntry): Uint8Array =>
  utf8ToBytes(canonicalize(entry) as string);

/** @throws Error when the bytes are not an entry */
export const entryIn = (bytes: Uint8Array): LogEntry =>
  v.parse(
    LogEntry,
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)),
  );

/** Each entry after its length, a big-endian number of 16 bits. */
export const bundleOf = (
  entries: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    concatBytes(
      ...entries.flatMap((entry) => [
        new Uint8Array([entry.length >> 8, entry.length & 255]),
        entry,
      ]),
    ),
  );

/** @throws Error when the bundle is cut off */
export function entriesIn(bundle: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length; ) {
    const length = ((bundle[at] as number) << 8) | (bundle[at + 1] ?? 0);
    const entry = bundle.subarray(at + 2, at + 2 + length);
    if (entry.length !== length)
      throw new Error("The bundle of entries is cut off.");
    entries.push(entry);
    at += 2 + length;
  }
  return entries;
}

/** A tile of hashes, or with `level` "entries" a bundle of entries. */
export interface Tile {
  level: number | "entries";
  number: number;
  /** Below 256 for a partial tile. */
  width: number;
}

/** The path below `/v1/log/tile/`: `0/x001/x234/067`, `entries/000.p/5`. */
export function tilePath({ level, number, width }: Tile): string {
  const groups: string[] = [];
  for (
    let rest = number;
    groups.length === 0 || rest > 0;
    rest = Math.floor(rest / 1000)
  )
    groups.unshift(String(rest % 1000).padStart(3, "0"));
  const index = groups
    .map((group, at) => (at < groups.length - 1 ? `x${group}` : group))
    .join("/");
  return `${level}/${index}${width < TILE_WIDTH ? `.p/${width}` : ""}`;
}

/** @returns null when no tile has this path */
export function tileAt(path: string): Tile | null {
  const [, level = "", index = "", width] =
    /^(entries|\d{1,2})\/((?:x\d{3}\/){0,3}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(
      path,
    ) ?? [];
  const tile: Tile = {
    level: level === "entries" ? level : Number(level),
    number: Number(index.replace(/[x/]/g, "")),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  return level !== "" && tile.width > 0 && tilePath(tile) === path
    ? tile
    : null;
}

/** True if the tile has its full width in a tree of `size` entries. */
export const isComplete = (
  { level, number, width }: Tile,
  size: number,
): boolean =>
  number * TILE_WIDTH + width <=
  hashesAt(level === "entries" ? 0 : level, size);

/** The tiles of a level in a tree of `size` entries, the partial one last. */
export function tilesAt(level: Tile["level"], size: number): Tile[] {
  const hashes = hashesAt(level === "entries" ? 0 : level, size);
  return Array.from(
    { length: Math.ceil(hashes / TILE_WIDTH) },
    (_, number) => ({
      level,
      number,
      width: Math.min(TILE_WIDTH, hashes - number * TILE_WIDTH),
    }),
  );
}

export const tileBytes = (
  hashes: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> => new Uint8Array(concatBytes(...hashes));

/** The hashes in the bytes of a tile. */
export const hashesIn = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length / HASH_BYTES }, (_, index) =>
    bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
