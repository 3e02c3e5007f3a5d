import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { GROWTH_STEP } from "../worker/tools/local/miniflare.ts";
import { root } from "./root.ts";

test("The installed Miniflare still has the constant that makes its start expensive", async () => {
  expect(await readFile(join(root, "node_modules/miniflare/dist/src/index.js"), "utf8")).toMatch(GROWTH_STEP);
});
