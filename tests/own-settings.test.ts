/** A developer's .dev.vars changes the result of no test. */
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect, it } from "vitest";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { configuredVars } from "../worker/tools/local/configuration.ts";
import { root } from "./support/root.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { workerBindings } from "./support/worker-bindings.ts";

const folder = temporaryFolder();

it("What Wrangler reads from the file reaches no Worker under test", async () => {
  const config = join(folder, "wrangler.toml");
  await copyFile(join(root, "wrangler.toml"), config);
  const example = await readFile(join(root, ".dev.vars.example"), "utf8");
  const names = [
    ...Object.keys(parseEnv(example.replace(/^# (?=[A-Z_]+=)/gm, ""))),
    ...Object.keys(workerBindings),
  ];
  await writeFile(
    join(folder, ".dev.vars"),
    names.map((name) => `${name}=from-the-file`).join("\n"),
  );
  const bindings = unstable_getMiniflareWorkerOptions(config).workerOptions
    .bindings as Record<string, unknown>;
  expect(bindings).toMatchObject({ PROFILE: "from-the-file" });
  expect(JSON.stringify({ ...bindings, ...workerBindings })).not.toContain(
    "from-the-file",
  );
});

it("Commands of the shell have the profile of wrangler.toml", () => {
  expect(process.env.PROFILE).toBe(configuredVars().PROFILE);
});
