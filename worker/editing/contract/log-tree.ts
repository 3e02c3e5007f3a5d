/**
 * The Merkle tree of the signed log: RFC 6962 with SHA-256, in tiles of 256
 * hashes (C2SP tlog-tiles).
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";

export const HASH_BYTES = 32;
/** The most hashes of a tile, and the most entries of a bundle. */
export const TILE_WIDTH = 256;

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

export const leafHash = (entry: Uint8Array): Uint8Array =>
  sha256(concatBytes(LEAF, entry));
const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(concatBytes(NODE, left, right));

/** The root of a full subtree. @param hashes as many as a power of two */
export function fullRoot(hashes: readonly Uint8Array[]): Uint8Array {
  let level = hashes;
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, index) =>
      nodeHash(
        level[2 * index] as Uint8Array,
        level[2 * index + 1] as Uint8Array,
      ),
    );
  return level[0] as Uint8Array;
}

/** The number of hashes at a tile level in a tree of `size` entries. */
export const hashesAt = (level: number, size: number): number =>
  Math.floor(size / TILE_WIDTH ** level);

/**
 * The root of a tree of `size` entries.
 * @param tile the hashes of a tile; it is asked for the last, partial tile of
 * each level
 */
export function rootOf(
  size: number,
  tile: (level: number, number: number) => readonly Uint8Array[],
): Uint8Array {
  let root: Uint8Array | null = null;
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    const all = hashesAt(level, size);
    let width = all % TILE_WIDTH;
    if (width === 0) continue;
    const hashes = tile(level, Math.floor(all / TILE_WIDTH));
    // The full subtrees of this level, from the last and smallest to the first.
    for (let span = 1; width > 0; span *= 2) {
      if (width % (2 * span) === 0) continue;
      const subtree = fullRoot(hashes.slice(width - span, width));
      root = root === null ? subtree : nodeHash(subtree, root);
      width -= span;
    }
  }
  return root ?? sha256(new Uint8Array());
}

/** A whole tree in memory. */
export class LogTree {
  /** By tile level. */
  readonly #levels: Uint8Array[][];

  constructor(entries: readonly Uint8Array[]) {
    this.#levels = [entries.map(leafHash)];
    for (
      let below = this.#levels[0] as Uint8Array[];
      below.length >= TILE_WIDTH;
    ) {
      const above = Array.from(
        { length: hashesAt(1, below.length) },
        (_, index) =>
          fullRoot(below.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH)),
      );
      this.#levels.push(above);
      below = above;
    }
  }

  get size(): number {
    return this.#levels[0]?.length ?? 0;
  }

  /** The hashes of a tile, or as many of them as there are. */
  tile(level: number, number: number): Uint8Array[] {
    return (
      this.#levels[level]?.slice(
        number * TILE_WIDTH,
        (number + 1) * TILE_WIDTH,
      ) ?? []
    );
  }

  /**
   * The root that the tree had when it had `size` entries.
   * @param size at most today's size
   */
  rootAt(size: number): Uint8Array {
    return rootOf(size, (level, number) => this.tile(level, number));
  }
}
