/** Draws the outlines of the locator maps, worker/web/site/map/outlines.txt. */
import { writeFile } from "node:fs/promises";
import { root } from "../support/root.ts";
import { drawMaps, readWorld } from "./draw.ts";

await writeFile(
  `${root}worker/web/site/map/outlines.txt`,
  `${(await drawMaps(await readWorld())).join("\n")}\n`,
);
