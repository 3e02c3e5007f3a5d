import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  ANY_STACK,
  GROWTH_STEP,
  INTERNAL_STACK,
  OUTBOUND_WORKER,
} from "../worker/tools/local/miniflare.ts";
import { root } from "./support/root.ts";

test("The installed Miniflare still has the code that local runs change", async () => {
  const source = await readFile(
    join(root, "node_modules/miniflare/dist/src/index.js"),
    "utf8",
  );
  expect(source).toMatch(GROWTH_STEP);
  expect(source).toMatch(OUTBOUND_WORKER);
  const line = source.split("\n").find((one) => INTERNAL_STACK.test(one))!;
  const [, internal] = /\/(stack.+)\/\.test/.exec(
    line.replace(INTERNAL_STACK, ANY_STACK),
  )!;
  const said =
    "e = lookup failed\nstack: /a/workerd@28a3c60 /a/workerd@3ac7580 /a/workerd@3ad0770; sentryErrorContext = x";
  expect(said).toMatch(new RegExp(internal!));
});
