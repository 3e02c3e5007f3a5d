/**
 * Reads a signed log whole, and checks it: its signature, the root of its tree,
 * and a checkpoint that was seen earlier.
 */

import {
  entriesIn,
  entryIn,
  type LogEntry,
  type Tile,
  tilesAt,
} from "../../editing/contract/log-entry.ts";
import { LogTree, TILE_WIDTH } from "../../editing/contract/log-tree.ts";
import {
  type Checkpoint,
  checkpointIn,
  isSigned,
  keyIn,
  keyLine,
  type LogHead,
  type VerifierKey,
} from "../../runtime/checkpoint.ts";

/** Where a log is read from. */
export interface LogSource {
  key(): Promise<string>;
  checkpoint(): Promise<string>;
  bundle(tile: Tile): Promise<Uint8Array>;
}

const BUNDLES_AT_ONCE = 8;

export interface LogCopy {
  key: VerifierKey;
  /** The signed note. */
  note: string;
  checkpoint: Checkpoint;
  /** The bytes of each entry. */
  leaves: Uint8Array[];
  entries: LogEntry[];
  tree: LogTree;
}

/**
 * Something that doesn't fit the log. The message is a sentence for the person
 * who verifies.
 */
export class LogFault extends Error {}

export function requireCheckpoint(note: string, where: string): Checkpoint {
  const checkpoint = checkpointIn(note);
  if (checkpoint) return checkpoint;
  throw new LogFault(`${where} is not a checkpoint.`);
}

export function requireKey(line: string): VerifierKey {
  const key = keyIn(line);
  if (key) return key;
  throw new LogFault(`“${line.trim()}” is not the public key of a log.`);
}

const sameBytes = (a: Uint8Array, b: Uint8Array) =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

/** Checks that a log continues an earlier head. @throws LogFault */
export function mustContinue(
  tree: LogTree,
  seen: LogHead,
  whose: string,
): void {
  if (seen.size > tree.size)
    throw new LogFault(
      `The log has ${tree.size} entries, but ${whose} has ${seen.size}: entries were removed.`,
    );
  if (!sameBytes(tree.rootAt(seen.size), seen.root))
    throw new LogFault(
      `The first ${seen.size} entries of the log are not those of ${whose}: the log was rewritten, or the deployment was restored from an older backup.`,
    );
}

/** @throws LogFault unless the log's key signed the checkpoint */
export async function mustBeSigned(
  checkpoint: Checkpoint,
  key: VerifierKey,
  which: string,
): Promise<void> {
  if (checkpoint.origin !== key.name)
    throw new LogFault(
      `${which} is of the log ${checkpoint.origin}, and the key is of the log ${key.name}.`,
    );
  if (!(await isSigned(checkpoint, key)))
    throw new LogFault(`${which} is not signed with the key ${keyLine(key)}.`);
}

/** @throws LogFault when the entries are not those of the checkpoint */
export function treeOf(
  leaves: readonly Uint8Array[],
  checkpoint: LogHead,
): LogTree {
  const tree = new LogTree(leaves);
  if (
    tree.size !== checkpoint.size ||
    !sameBytes(tree.rootAt(tree.size), checkpoint.root)
  )
    throw new LogFault(
      "The entries of the log are not those that its checkpoint signs.",
    );
  return tree;
}

/**
 * @param own a key that was noted earlier; the source's own when absent
 * @param known the first entries, which were read before
 * @throws LogFault
 */
export async function copyLog(
  source: LogSource,
  own?: VerifierKey,
  known: Uint8Array[] = [],
): Promise<LogCopy> {
  const note = await source.checkpoint();
  const checkpoint = requireCheckpoint(note, "The answer");
  const key = own ?? requireKey(await source.key());
  await mustBeSigned(checkpoint, key, "The checkpoint");
  const whole = Math.floor(
    Math.min(known.length, checkpoint.size) / TILE_WIDTH,
  );
  const bundles: Uint8Array[] = [];
  const tiles = tilesAt("entries", checkpoint.size).slice(whole);
  for (let from = 0; from < tiles.length; from += BUNDLES_AT_ONCE)
    bundles.push(
      ...(await Promise.all(
        tiles
          .slice(from, from + BUNDLES_AT_ONCE)
          .map((tile) => source.bundle(tile)),
      )),
    );
  const leaves = [
    ...known.slice(0, whole * TILE_WIDTH),
    ...bundles.flatMap(entriesIn),
  ];
  const tree = treeOf(leaves, checkpoint);
  return { key, note, checkpoint, leaves, entries: leaves.map(entryIn), tree };
}
