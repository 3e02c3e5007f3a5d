/** Draws the outlines of the locator maps, worker/site/map/outlines.txt. */
import { writeFile } from "node:fs/promises";
import { root } from "../root.ts";
import { drawMaps, readWorld } from "./draw.ts";

await writeFile(`${root}worker/site/map/outlines.txt`, `${(await drawMaps(await readWorld())).join("\n")}\n`);
