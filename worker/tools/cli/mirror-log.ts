/**
 * The signed log in a mirror. Each sync checks that the log continues the one
 * that the mirror has.
 */

import {
  bundleOf,
  type Tile,
  tileBytes,
  tilesAt,
} from "../../editing/contract/log-entry.ts";
import { hashesAt, TILE_WIDTH } from "../../editing/contract/log-tree.ts";
import { keyLine } from "../../runtime/checkpoint.ts";
import type { PublicDeployment } from "./deployment.ts";
import { copyLog, type LogCopy, LogFault, mustContinue } from "./log-copy.ts";
import {
  deploymentLog,
  isWithoutLog,
  logBroken,
  logFiles,
  mirrorLog,
} from "./log-sources.ts";
import type { MirrorFiles } from "./mirror-files.ts";

/** @returns null when the mirror has no log yet */
async function logIn(files: MirrorFiles): Promise<LogCopy | null> {
  return (await files.read(logFiles.checkpoint)) === null
    ? null
    : copyLog(mirrorLog(files));
}

/** The number of entries in the deployment's log; null when it signs none. */
export async function logSize(
  deployment: PublicDeployment,
): Promise<number | null> {
  const note = await deploymentLog(deployment)
    .checkpoint()
    .catch((error: unknown) => {
      if (isWithoutLog(error)) return null;
      throw error;
    });
  return note === null ? null : Number(note.split("\n")[1]);
}

/**
 * Copies what was added to the log. Nothing of the mirror's log changes when
 * the deployment's doesn't continue it.
 * @throws Stop when it doesn't
 */
export async function syncLog(
  deployment: PublicDeployment,
  files: MirrorFiles,
): Promise<void> {
  await copyOnward(deployment, files).catch((error: unknown) => {
    throw error instanceof LogFault ? logBroken(error.message) : error;
  });
}

async function copyOnward(
  deployment: PublicDeployment,
  files: MirrorFiles,
): Promise<void> {
  const before = await logIn(files);
  const source = deploymentLog(deployment);
  const log = await copyLog(source, before?.key, before?.leaves).catch(
    (error: unknown) => {
      // Read whole, a log that was rewritten can be told from one that is
      // broken.
      if (before && error instanceof LogFault)
        return copyLog(source, before.key);
      throw error;
    },
  );
  if (before) mustContinue(log.tree, before.checkpoint, "the mirror's log");
  const { tree, leaves, note, key } = log;
  const bytesOf = ({ level, number }: Tile) =>
    level === "entries"
      ? bundleOf(leaves.slice(number * TILE_WIDTH, (number + 1) * TILE_WIDTH))
      : tileBytes(tree.tile(level, number));
  const levels: Tile["level"][] = ["entries"];
  for (let level = 0; hashesAt(level, tree.size) > 0; level++)
    levels.push(level);
  for (const tile of levels.flatMap((level) => tilesAt(level, tree.size))) {
    const name = logFiles.tile(tile);
    if ((await files.bytes(name)) === null) {
      // The partial tiles of earlier checkpoints.
      await files.remove(`${logFiles.tile({ ...tile, width: TILE_WIDTH })}.p`);
      await files.write(name, bytesOf(tile));
    }
  }
  await files.write(logFiles.key, `${keyLine(key)}\n`);
  await files.write(logFiles.checkpoint, note);
}
