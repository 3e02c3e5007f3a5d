/** A logged stack trace of the minified Worker can be read. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { workerBundle } from "../support/harness.ts";
import { root } from "../support/root.ts";
import { runShell } from "./casewire-cli.ts";

const MESSAGE = "sealed with a key that FOLLOWER_KEY doesn't contain";
const SOURCE = "worker/objects/dispatcher/vault.ts";

const placeIn = (text: string) => {
  const lines = text.slice(0, text.indexOf(MESSAGE)).split("\n");
  return { line: lines.length, column: lines.at(-1)!.length };
};

it("`stack` names the file and line of a place in the bundle", async () => {
  const bundle = await workerBundle();
  const code = await readFile(bundle, "utf8");
  expect(
    code.length / code.split("\n").length,
    "characters a line",
  ).toBeGreaterThan(500);
  const { line, column } = placeIn(code);
  const { line: expected } = placeIn(
    await readFile(join(root, SOURCE), "utf8"),
  );
  const words = ["stack", "--map", `${bundle}.map`];
  const trace = `Error: x\\n    at a (index.js:${line}:${column})\\n    at b (https://casewire.test/index.js:${line}:${column})`;
  const { code: exit, out } = await runShell(words, {
    on: { url: "", editorToken: "" },
    input: trace,
  });
  expect({ exit, out }).toEqual({
    exit: 0,
    out: expect.stringMatching(
      new RegExp(
        `^Error: x\n {4}at a \\(${SOURCE}:${expected}:\\d+\\)\n {4}at b \\(${SOURCE}:${expected}:\\d+\\)\n$`,
      ),
    ),
  });
});
