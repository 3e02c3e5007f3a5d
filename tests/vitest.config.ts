import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { replacements } from "../worker/tools/local/bundle.ts";
import { configuredVars } from "../worker/tools/local/configuration.ts";
import { workshop, wranglerEnv } from "../worker/tools/local/runtime.ts";
import { labNetwork } from "./places-lab/lab.ts";
import { LongestFirst, longestFiles } from "./support/longest-first.ts";
import { QuietRun } from "./support/quiet-run.ts";
import { root } from "./support/root.ts";
import { untouchedFiles } from "./support/untouched.ts";
import { testsOfCode, unchangedTests } from "./support/when-changed.ts";
import { workerBindings } from "./support/worker-bindings.ts";

Object.assign(process.env, wranglerEnv);
// Imported here, because it reads that environment at once.
const { cloudflareTest } = await import("@cloudflare/vitest-plugin");
// Wrangler warns of required secrets that only the bindings below have.
process.env.EDITORS ??= workerBindings.EDITORS;

// Without this, commands that tests run take it from the developer's .dev.vars.
process.env.PROFILE = configuredVars().PROFILE;

for (const path of [...longestFiles, ...untouchedFiles, ...testsOfCode])
  if (!existsSync(join(root, path)))
    throw new Error(`The settings of the tests name ${path}, which is gone.`);

const leftOut = unchangedTests();

/**
 * Only what hangs takes as long, on any machine. Tests are never retried: a
 * flaky test has a bug.
 */
const HANG_MS = 600_000;
const POLL_TIMEOUT_MS = 60_000;

/** Vitest wants one number of places for all projects of a group. */
const firstGroup = { maxWorkers: 3 };

/** As in the bundle. */
const alias = Object.entries(replacements).map(([find, path]) => ({
  find,
  replacement: join(root, path),
}));

/** The Worker imports built scripts and styles as texts. */
const builtTexts: Plugin = {
  name: "built-texts",
  enforce: "pre",
  load(id) {
    if (dirname(id) !== join(root, "dist") || !/\.(js|css)$/.test(id))
      return null;
    return `export default ${JSON.stringify(readFileSync(id, "utf8"))}`;
  },
};

/** No rule reads them, so these tests need no build. */
const emptyTexts: Plugin = {
  name: "empty-texts",
  enforce: "pre",
  resolveId: (id) =>
    /^[./]+\/dist\/[^/]+\.(js|css|json)$/.test(id) ? "\0empty" : null,
  load: (id) => (id === "\0empty" ? 'export default ""' : null),
};

const memoryRuntime = join(root, "tests/memory/runtime.ts");
/**
 * Tests of rules on stored rows. They need no more of workerd than its storage,
 * and take a quarter of the time.
 */
const inMemory = [
  "tests/worker/objects/ledger/{backup,changes,damaged-rows,desk-list,eras*,journal,leases,list-*,portraits,signed-log,versions}.test.ts",
  "tests/worker/objects/dispatcher/{cards,dispatcher,drain,followed-words,followers,key-rotation,posts,reminders,vault,webhook-*}.test.ts",
  "tests/worker/objects/{channel/socket-client,webhooks/hooks}.test.ts",
  "tests/worker/reads/{bodies,freshness,list,near-names,questions,reads,renewals,search-index}.test.ts",
  "tests/worker/web/site/{badge,caption,telegram-page}.test.ts",
];

export default defineConfig(({ mode }) => ({
  root,
  test: {
    provide: {
      // See scaled.ts.
      everyRun: mode === "properties",
      seed: Number(
        process.env.SEED ??
          (mode === "properties" ? Date.now() % 1_000_000 : 1),
      ),
    },
    // A passing run prints little; a test's own log is shown when it fails.
    // What the runtimes said stands before the failures, which are read first,
    // at the end.
    reporters: [
      new QuietRun(leftOut),
      process.stdout.isTTY ? "dot" : "minimal",
    ],
    silent: "passed-only",
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve: {
          alias: {
            "cloudflare:workers": memoryRuntime,
            "cloudflare:test": memoryRuntime,
          },
        },
        plugins: [emptyTexts],
        test: {
          name: "unit",
          include: [
            "tests/*.test.ts",
            "tests/{shared,bot,editing,desk,model}/**/*.test.{ts,tsx}",
            ...inMemory,
          ],
          exclude: ["tests/check.test.ts", ...leftOut],
          environment: "node",
          ...firstGroup,
          // These tests are pure, so files can't affect each other.
          isolate: false,
          testTimeout: HANG_MS,
        },
      },
      {
        // One command after the other, mostly on one core, beside files of the
        // Worker that often wait.
        test: {
          name: "check",
          include: ["tests/check.test.ts"],
          exclude: leftOut,
          globalSetup: "tests/support/scripts-setup.ts",
          environment: "node",
          ...firstGroup,
          testTimeout: HANG_MS,
        },
      },
      {
        // Runs tests and the whole Worker inside workerd, with storage in
        // memory.
        resolve: { alias },
        plugins: [
          builtTexts,
          cloudflareTest(async () => ({
            main: join(root, "worker/web/index.ts"),
            wrangler: { configPath: join(root, "wrangler.toml") },
            miniflare: {
              bindings: workerBindings,
              r2Buckets: ["TEST_BACKUPS"],
              workers: [
                {
                  ...(await workshop()),
                  outboundService: (request) =>
                    labNetwork(request as never) as never,
                },
              ],
            },
          })),
        ],
        test: {
          name: "worker",
          include: ["tests/worker/**/*.test.{ts,tsx}"],
          exclude: inMemory,
          globalSetup: "tests/support/scripts-setup.ts",
          // Files share few runtimes: each waits now and then. The setup gives
          // an untouched deployment to the files that need one.
          setupFiles: "tests/worker/setup.ts",
          isolate: false,
          ...firstGroup,
          testTimeout: HANG_MS,
          hookTimeout: HANG_MS,
          expect: { poll: { timeout: POLL_TIMEOUT_MS, interval: 10 } },
        },
      },
      {
        // Black-box tests with real processes, a real browser and the Telegram
        // stand-in. Much of their time is waiting, so eight files run in
        // parallel: with six, two cores idle for 27 of 220 seconds.
        test: {
          name: "contract",
          // Node imports these files itself and keeps what it has compiled.
          // Vite would transform each of them for a new checkout.
          experimental: { viteModuleRunner: false, nodeLoader: false },
          execArgv: [
            "--import",
            pathToFileURL(join(root, "tests/support/jsx.mjs")).href,
          ],
          include: ["tests/{contract,widget,fuzz,soak}/**/*.test.{ts,tsx}"],
          exclude: leftOut,
          globalSetup: "tests/support/contract-setup.ts",
          environment: "node",
          maxWorkers: 8,
          // A process runs one file after the other. They share its deployment,
          // its browser and the browser's empty pages.
          isolate: false,
          // Tests of a file wait for their moments concurrently.
          maxConcurrency: 20,
          testTimeout: HANG_MS,
          hookTimeout: HANG_MS,
          // A poll ends as soon as it can, and doesn't keep the machine busy by
          // asking more often than needed.
          expect: { poll: { timeout: POLL_TIMEOUT_MS, interval: 100 } },
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
}));
