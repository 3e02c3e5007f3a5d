import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Invented secrets for the tests that run inside the runtime; `local` signs in with the token "test-token". */
const secrets = {
  BOT_TOKEN: "1:test-bot-token",
  BOT_INFO: JSON.stringify({ id: 1, is_bot: true, first_name: "Casewire", username: "casewire_test_bot" }),
  WEBHOOK_SECRET: "test-webhook-secret",
  EDITORS: JSON.stringify({ local: "4c5dc9b7708905f77f5e5d16316b5dfb425e68cb326dcd55a860e90a7707031e" }),
  FOLLOWER_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
};

/** The whole Worker inside workerd, its storage in memory. Telegram is a closed port: no test reaches the network. */
const workerd = () =>
  cloudflareTest({
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: {
      bindings: { ...secrets, TELEGRAM_API_ROOT: "http://127.0.0.1:9", PUBLIC_URL: "https://casewire.test" },
    },
  });

const inWorkerd = { maxWorkers: 2, globalSetup: "tests/scripts-setup.ts", testTimeout: 20_000 };

/** Files whose objects have names of their own and start empty: one runtime serves all of them, which saves its starts. */
const parts = [
  "tests/worker/{reads,site}/**/*.test.{ts,tsx}",
  "tests/worker/dispatcher/{cards,dispatcher,drain,followers,key-rotation,vault}.test.ts",
  "tests/worker/ledger/{backup,journal}.test.ts",
];

const timed = ["tests/contract/moment.test.ts"];

const blackBox = {
  environment: "node",
  globalSetup: "tests/contract-setup.ts",
  // Tests that wait for a moment wait together.
  maxConcurrency: 20,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Long, since the machine is shared; a poll ends as soon as it can. No test is ever retried: one that fails now and then has a fault.
  expect: { poll: { timeout: 15_000 } },
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/*.test.ts", "tests/{shared,bot,importer,editorial,desk}/**/*.test.{ts,tsx}"],
          environment: "node",
          maxWorkers: 2,
          // Pure: nothing that one file does is seen by another.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        plugins: [workerd()],
        test: {
          ...inWorkerd,
          name: "worker",
          include: ["tests/worker/**/*.test.{ts,tsx}"],
          exclude: parts,
        },
      },
      {
        plugins: [workerd()],
        test: {
          ...inWorkerd,
          name: "worker-parts",
          include: parts,
          isolate: false,
        },
      },
      {
        // Black box: real processes, a real browser, the Telegram stand-in. They mostly wait, so four files run side by side.
        test: {
          ...blackBox,
          name: "contract",
          include: ["tests/contract/**/*.test.{ts,tsx}", "tests/widget/**/*.test.{ts,tsx}"],
          exclude: timed,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // What is measured against the clock has the machine to itself.
        test: {
          ...blackBox,
          name: "timed",
          include: timed,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
