/**
 * The launcher behind every npm script: what it installs, runs, forwards and
 * stops. A stand-in replaces npm.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { root } from "../support/root.ts";
import { eventually } from "../support/waiting.ts";

const folder = mkdtempSync(join(tmpdir(), "casewire-run-"));
const bin = join(folder, "node_modules/.bin");
const packages = {
  "": {},
  "node_modules/hono": { version: "1.0.0" },
  "node_modules/vitest": { version: "2.0.0", dev: true },
  "node_modules/node-other-system": { version: "24.0.0", optional: true },
};

/**
 * Records its arguments, waits until the file "go" is there if told so, and
 * makes the packages' folders and their record as npm does.
 */
const npm = `#!/usr/bin/env node
const { appendFileSync, existsSync, mkdirSync, writeFileSync, readFileSync } = require("node:fs");
appendFileSync("asked.txt", process.argv.slice(2).join(" ") + "\\n");
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
if (process.env.FAILS) {
  console.error(process.env.FAILS);
  process.exit(1);
}
writeFileSync("npm.pid", String(process.pid));
for (let turn = 0; process.env.WAITS && !existsSync("go") && turn < 3000; turn++) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
const omit = process.argv.includes("--omit=dev");
const kept = Object.entries(packages).filter(([path, entry]) => path && !entry.optional && !(omit && entry.dev));
for (const [path] of kept) mkdirSync(path, { recursive: true });
writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: Object.fromEntries(kept) }));
`;

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "worker/tools/local"), { recursive: true });
  mkdirSync(join(folder, "worker/tools/cli"), { recursive: true });
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(folder, "path"));
  cpSync(
    join(root, "worker/tools/run.mjs"),
    join(folder, "worker/tools/run.mjs"),
  );
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ scripts: manifest.scripts }),
  );
  writeFileSync(
    join(folder, "package-lock.json"),
    JSON.stringify({ packages }),
  );
  writeFileSync(join(folder, "path/npm"), npm);
  chmodSync(join(folder, "path/npm"), 0o755);
  symlinkSync(process.execPath, join(bin, "node"));
  writeFileSync(join(bin, "vitest"), "#!/bin/sh\necho vitest $@\n");
  chmodSync(join(bin, "vitest"), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const script = (path: string, text: string) =>
  writeFileSync(join(folder, "worker/tools", path), text);
const recordedCalls = () =>
  existsSync(join(folder, "asked.txt"))
    ? readFileSync(join(folder, "asked.txt"), "utf8").trim().split("\n")
    : [];
const environment = (more: Record<string, string> = {}) => {
  const { npm_execpath: _, npm_lifecycle_event: __, ...env } = process.env;
  return {
    ...env,
    ...more,
    PATH: `${join(folder, "path")}:${process.env.PATH}`,
  };
};
const run = (args: string[], more?: Record<string, string>) =>
  spawnSync(process.execPath, ["worker/tools/run.mjs", ...args], {
    cwd: folder,
    env: environment(more),
    encoding: "utf8",
  });

function start(more?: Record<string, string>) {
  const child = spawn(process.execPath, ["worker/tools/run.mjs", "reset"], {
    cwd: folder,
    env: environment(more),
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      text += chunk;
    });
  return {
    child,
    code: new Promise((resolve) => child.once("close", resolve)),
    output: () => text,
  };
}
/** @returns the id of the stand-in's process */
const npmStarted = () =>
  eventually(
    () =>
      (existsSync(join(folder, "npm.pid")) &&
        Number(readFileSync(join(folder, "npm.pid"), "utf8"))) ||
      false,
    () => "npm did not start",
  );

test("every npm script goes through the launcher, and one that is misspelt is named", () => {
  for (const script of Object.values(manifest.scripts))
    expect(script).toMatch(/^node worker\/tools\/run\.mjs ./);
  expect(run(["nothing"])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("nothing could not be started"),
  });
});

test("uses its own Node on a system without a pinned one", () => {
  script(
    "local/reset.ts",
    'const version: string = process.version; console.log("on", version)',
  );
  rmSync(join(bin, "node"));
  expect(run(["reset"]).stdout).toContain(`on ${process.version}`);
});

test("the shell's names of files are meant from the folder in which npm was called", () => {
  script(
    "cli/casewire.ts",
    "console.log(process.cwd(), ...process.argv.slice(2))",
  );
  script("local/reset.ts", "console.log(process.cwd())");
  const caller = join(folder, "path");
  const env = { npm_lifecycle_event: "casewire", INIT_CWD: caller };
  expect(run(["casewire", "check", "a case.json"], env).stdout).toContain(
    `${caller} check a case.json`,
  );
  expect(run(["casewire"]).stdout).toContain(folder);
  expect(
    run(["reset"], { ...env, npm_lifecycle_event: "reset" }).stdout.trim(),
  ).toBe(folder);
});

describe("installs", () => {
  test("a start's packages once, then the tests' packages, and everything again after a change", () => {
    script("local/reset.ts", 'console.log("reset", ...process.argv.slice(2))');
    expect(run(["reset", "--yes"]).stdout).toContain("reset --yes");
    expect(run(["reset"]).stdout).not.toContain("installing");
    expect(recordedCalls()).toEqual([
      expect.stringMatching(/^ci --omit=dev --ignore-scripts/),
    ]);

    expect(run(["test", "tests/one.test.ts"]).stdout).toContain(
      "vitest run --config tests/vitest.config.ts tests/one.test.ts",
    );
    run(["test"]);
    expect(recordedCalls().slice(1)).toEqual([
      expect.stringMatching(
        /^install --no-save --include=dev --ignore-scripts/,
      ),
    ]);

    const newer = { ...packages, "node_modules/hono": { version: "1.0.1" } };
    writeFileSync(
      join(folder, "package-lock.json"),
      JSON.stringify({ packages: newer }),
    );
    run(["reset"]);
    expect(recordedCalls().slice(2)).toEqual([
      expect.stringMatching(/^ci --include=dev/),
    ]);
  });

  test("nothing, runs nothing and says so when npm fails", () => {
    script("local/reset.ts", 'console.log("reset")');
    const { status, stdout, stderr } = run(["reset"], {
      FAILS: "npm error code ENOTEMPTY",
    });
    expect(status).toBe(1);
    expect(stdout).not.toContain("reset");
    expect(stderr).toContain("npm ci");
    expect(stderr).toContain("ENOTEMPTY");
    rmSync(join(folder, "package-lock.json"));
    expect(run(["reset"]).stderr).toMatch(
      /^package-lock\.json is missing or damaged.*\n$/,
    );
  });

  test("a package whose folder is gone", () => {
    script("local/reset.ts", "");
    run(["reset"]);
    rmSync(join(folder, "node_modules/hono"), { recursive: true });
    run(["reset"]);
    expect(recordedCalls()).toHaveLength(2);
  });

  test("nothing on a disk without room for the packages, and says how much they need", () => {
    const full = `import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module"; fs.statfsSync = () => ({ bavail: 5, bsize: 1e6 }); syncBuiltinESMExports();`;
    const NODE_OPTIONS = `--import="data:text/javascript,${encodeURIComponent(full)}"`;
    const { status, stderr } = run(["reset"], { NODE_OPTIONS });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /The packages need 590 MB, and .* has 5 MB free\. Make room, and try again\.\n/,
    );
    expect(recordedCalls()).toEqual([]);
  });

  test("again what a full disk cut short, once, and says which program can't run", () => {
    script("local/reset.ts", 'console.log("reset")');
    run(["reset"]);
    rmSync(join(folder, "node_modules/.cache"), { recursive: true });
    const workerd = join(bin, "workerd");
    writeFileSync(workerd, "#!/bin/sh\nkill -SEGV $$\n", { mode: 0o755 });
    expect(run(["reset"]).stdout).toMatch(
      /a package is damaged\ninstalling.*\nreset\n/s,
    );
    expect(recordedCalls()).toHaveLength(2);
    run(["reset"]);
    expect(recordedCalls()).toHaveLength(2);

    rmSync(join(folder, "node_modules/.cache"), { recursive: true });
    const broken =
      "#!/bin/sh\nmkdir -p node_modules/.bin; cp path/broken node_modules/.bin/workerd\nexec path/npm-of-the-test $@\n";
    writeFileSync(join(folder, "path/broken"), "#!/bin/sh\nexit 139\n", {
      mode: 0o755,
    });
    renameSync(join(folder, "path/npm"), join(folder, "path/npm-of-the-test"));
    writeFileSync(join(folder, "path/npm"), broken, { mode: 0o755 });
    rmSync(join(folder, "node_modules/hono"), { recursive: true });
    const { status, stderr } = run(["reset"]);
    expect(status).toBe(1);
    expect(stderr).toContain("workerd can't run on this system");
  });

  test("says within seconds that it waits for the registry", () => {
    const { stdout, stderr } = run(["reset"], {
      FAILS:
        "npm http fetch GET https://registry.example/hono attempt 1 failed with ENOTFOUND\nnpm error offline",
    });
    expect(stdout).toContain(
      "waiting for the npm registry, which can't be reached (ENOTFOUND)",
    );
    expect(stderr).toMatch(/^npm error offline\n/);
  });

  test("once when two commands start together", async () => {
    script("local/reset.ts", 'console.log("reset")');
    const first = start({ WAITS: "yes" });
    await npmStarted();
    const second = start();
    const hasSaid = () =>
      second.output().includes("waiting for another command");
    await eventually(hasSaid, () => second.output());
    writeFileSync(join(folder, "go"), "");
    expect([await first.code, await second.code]).toEqual([0, 0]);
    expect(second.output()).toContain("reset");
    expect(recordedCalls()).toHaveLength(1);
  });

  test("nothing more after SIGTERM, and then runs nothing", async () => {
    script("local/reset.ts", 'console.log("reset")');
    const { child, code, output } = start({ WAITS: "yes" });
    const npmPid = await npmStarted();
    child.kill("SIGTERM");
    expect(await code).toBe(1);
    expect(output()).toMatch(/stopped\n$/);
    expect(() => process.kill(npmPid, 0)).toThrow("ESRCH");
    expect(run(["reset"]).stdout).toContain("reset");
  });
});

test("exit codes and signals are the script's", async () => {
  script("local/reset.ts", "process.exit(7)");
  expect(run(["reset"]).status).toBe(7);
  script("local/reset.ts", 'process.kill(process.pid, "SIGKILL")');
  expect(run(["reset"]).signal).toBe("SIGKILL");

  script(
    "local/reset.ts",
    'process.on("SIGTERM", () => process.exit(3)); setInterval(() => {}, 1000); console.log("up")',
  );
  const child = spawn(process.execPath, ["worker/tools/run.mjs", "reset"], {
    cwd: folder,
    env: environment(),
  });
  await new Promise<void>((resolve) =>
    child.stdout.on("data", (text) => String(text).includes("up") && resolve()),
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  expect(await ended).toBe(3);
});
