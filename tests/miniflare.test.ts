import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { GROWTH_STEP, OUTBOUND_WORKER } from "../worker/tools/local/miniflare.ts";
import { root } from "./root.ts";

test("The installed Miniflare still has the code that local runs change", async () => {
  const source = await readFile(join(root, "node_modules/miniflare/dist/src/index.js"), "utf8");
  expect(source).toMatch(GROWTH_STEP);
  expect(source).toMatch(OUTBOUND_WORKER);
});
