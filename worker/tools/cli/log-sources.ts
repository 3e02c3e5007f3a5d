/** A signed log on a deployment, and in the folder of a mirror. */
import { paths } from "../../../shared/addresses.ts";
import { ApiError } from "../../editing/contract/client.ts";
import { type Tile, tilePath } from "../../editing/contract/log-entry.ts";
import type { PublicDeployment } from "./deployment.ts";
import type { LogSource } from "./log-copy.ts";
import type { MirrorFiles } from "./mirror-files.ts";
import { Stop } from "./outcome.ts";

const addressOfTile = (tile: Tile): string =>
  paths.logTile.replace("{tilePath}", tilePath(tile));

/** The refusal of everything that doesn't fit a log. */
export const logBroken = (detail: string): Stop =>
  new Stop("refused", {
    title: "Not verified",
    detail,
    remedy:
      "Keep your checkpoint and what you were shown. Ask the newsroom, and compare with someone else's checkpoint.",
  });

export const isWithoutLog = (error: unknown): boolean =>
  error instanceof ApiError && error.is("no-log");

export const deploymentLog = (deployment: PublicDeployment): LogSource => ({
  key: async () => (await deployment.readLogKey()).text(),
  checkpoint: async () => (await deployment.readLogCheckpoint()).text(),
  bundle: (tile) => deployment.bytes(addressOfTile(tile)),
});

/** The name of a file in a mirror, which is its path on the deployment. */
const fileAt = (path: string) => path.slice(1);
export const logFiles = {
  key: fileAt(paths.logKey),
  checkpoint: fileAt(paths.logCheckpoint),
  tile: (tile: Tile) => fileAt(addressOfTile(tile)),
};

export function mirrorLog(files: MirrorFiles): LogSource {
  const bytes = async (name: string): Promise<Uint8Array> => {
    const content = await files.bytes(name);
    if (content) return content;
    throw new Stop("refused", {
      title: "The mirror has no such file",
      detail: `${files.folder}/${name} is missing. A mirror of a deployment without LOG_KEY has no log.`,
      remedy: "Bring the mirror up to date with `mirror`.",
    });
  };
  const text = async (name: string) =>
    new TextDecoder().decode(await bytes(name));
  return {
    key: () => text(logFiles.key),
    checkpoint: () => text(logFiles.checkpoint),
    bundle: (tile) => bytes(logFiles.tile(tile)),
  };
}
