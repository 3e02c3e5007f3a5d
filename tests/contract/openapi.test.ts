/** The OpenAPI document, checked with the tools that its readers use. */
import { execFile } from "node:child_process";
import { copyFile, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import { paths } from "../../shared/addresses.ts";
import { sharedWorker, type TestWorker } from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { root } from "../support/root.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

let worker: TestWorker;
const folder = temporaryFolder();
const fixture = (name: string) =>
  join(root, "tests/contract/openapi-client", name);
const bin = (command: string) => join(root, "node_modules/.bin", command);

/** Runs a package's command in the folder. Rejects with its output. */
async function run(command: string, ...args: string[]): Promise<string> {
  const env = {
    ...process.env,
    REDOCLY_TELEMETRY: "off",
    REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
    NO_COLOR: "1",
  };
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, {
      cwd: folder,
      env,
      shell: process.platform === "win32",
    });
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(" ")}:\n${stdout}${stderr}`);
  }
}

beforeAll(async () => {
  worker = await sharedWorker();
  await symlink(
    join(root, "node_modules"),
    join(folder, "node_modules"),
    "junction",
  );
  const document = await (await fetch(worker.url + paths.openapi)).text();
  await writeFile(
    join(folder, "openapi.json"),
    document.replaceAll(worker.url, "https://casewire.test"),
  );
});

it("Redocly's recommended rules find nothing in the OpenAPI document", async () => {
  const output = await run(
    bin("redocly"),
    "lint",
    "--config",
    fixture("redocly.yaml"),
    "openapi.json",
  );
  expect(output).not.toMatch(/warning/i);
});

it("A whole number is an integer, in a parameter as in an answer", async () => {
  const document = await readFile(join(folder, "openapi.json"), "utf8");
  const { parameters } = JSON.parse(document).paths[paths.cases].get;
  expect(parameters).toContainEqual(
    expect.objectContaining({
      name: "limit",
      schema: { type: "integer", minimum: 1, maximum: 100, default: 50 },
    }),
  );
  // The seconds before a moment may have a fraction.
  expect(document.match(/"type":"number"/g)).toHaveLength(1);
});

it("A strict TypeScript client generated from the document reads a name, a change and a refusal's view", async () => {
  await run(
    fixture("node_modules/.bin/openapi-typescript"),
    "openapi.json",
    "--output",
    "api.d.ts",
  );
  await copyFile(fixture("reader.ts"), join(folder, "reader.ts"));
  // The example of docs/api.md, as it stands there.
  const example =
    /```ts\n(.*?)```/s.exec(
      await readFile(join(root, "docs/api.md"), "utf8"),
    )?.[1] ?? "";
  await writeFile(join(folder, "copy.ts"), example);
  const flags =
    "--noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --skipLibCheck false";
  await run(
    bin("tsc"),
    ...flags.split(" "),
    ..."--module esnext --moduleResolution bundler --target es2024".split(" "),
    "reader.ts",
    "copy.ts",
  );

  const { update } = await import(pathToFileURL(join(folder, "copy.ts")).href);
  const copy = new Map();
  const cursor = await update(copy, worker.url);
  const first = inventedCase(972);
  const before = await worker.publish(first);
  await worker.untilLive(before);
  const people = first.people.map((person) => ({
    ...person,
    custody: {
      value: "released" as const,
      asOf: { date: "2026-11-20" },
      statedBy: "Invented Issuer",
      source: "first",
    },
  }));
  await worker.untilLive(await worker.publish({ ...first, people }));
  const { read } = await import(pathToFileURL(join(folder, "reader.ts")).href);
  const { names, changes, refusal } = await read(
    worker.url,
    first.id,
    "ua-9-99",
  );
  expect(names).toEqual(first.people.map(({ names }) => names[0]?.value));
  expect(changes).toContainEqual(
    expect.stringMatching(/: custody from .* to released$/),
  );
  expect(refusal).toBe("No such case");
  await update(copy, worker.url, cursor);
  const states = [...copy.get(first.id)].map(
    ([number, { state, case: fields }]) => [
      number,
      state,
      fields.people[0].custody.value,
    ],
  );
  expect(states).toEqual([
    [1, "present", "pre-trial-detention"],
    [2, "present", "released"],
  ]);
});
