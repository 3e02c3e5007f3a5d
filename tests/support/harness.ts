/** Runs the real Worker on real workerd, for black-box tests. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Case, Note } from "../../shared/case/schema.ts";
import type { WithdrawalReason } from "../../shared/revision.ts";
import {
  ApiError,
  type Client,
  clientOf,
} from "../../worker/editing/contract/client.ts";
import type { PublishedRevision } from "../../worker/editing/rules/desk.ts";
import type {
  ObjectsElsewhere,
  WorkerSettings,
} from "../../worker/tools/local/runtime.ts";
import { publishConfirmed } from "./confirming.ts";
import { root } from "./root.ts";
import { freePort } from "./stand-in-process.ts";
import { untilInstant } from "./waiting.ts";
import {
  runInHost,
  startWorkerHost,
  type WorkerHost,
  type WorkerRun,
} from "./worker-run.ts";

export interface WorkerOptions {
  /** Default: 1, because tests wait for moments. */
  leaseSeconds?: number;
  /**
   * Folder of the storage, for tests that restart the Worker. Default: a new
   * folder, removed at close.
   */
  persistTo?: string;
  /** Without a bot, none of its settings is given. Default: true. */
  bot?: boolean;
  /** Default: a free port. */
  port?: number;
  /** Settings and secrets that override the defaults below. */
  env?: Record<string, string>;
  /** A port for debuggers. Default: none. */
  inspectorPort?: number;
  /** The bundle to run. Default: that of this test run. */
  bundle?: string;
  /** True for a test that sets the clock forward. Default: false. */
  clock?: boolean;
  /** Durable Objects that run another bundle. */
  objects?: ObjectsElsewhere;
  /**
   * The editor's token, for tests that restart the Worker. Default: a new one.
   */
  editorToken?: string;
  /** Tokens of further editors, by name. */
  editors?: Record<string, string>;
}

export interface PublishOptions {
  note?: Note;
  kind?: "update" | "correction";
  liveAt?: string;
  notify?: "loud" | "silent" | "none";
  /** Number of the pending revision to replace. */
  replace?: number;
}

export interface TestWorker {
  url: string;
  editorToken: string;
  env: Record<string, string>;
  editor: Client;
  /** Sends a request with the editor's token, for tests about HTTP itself. */
  asEditor(path: string, init?: RequestInit): Promise<Response>;
  /** Publishes on top of the newest revision. @throws ApiError */
  publish(fields: Case, options?: PublishOptions): Promise<PublishedRevision>;
  /** Withdraws a live case. @throws ApiError */
  withdraw(
    id: string,
    reason?: WithdrawalReason,
  ): Promise<PublishedRevision & { cancelled: number[] }>;
  /** Resolves shortly after the moment, to allow for the runtime's clock. */
  untilLive(published: PublishedRevision): Promise<void>;
  /** The Worker's time, in milliseconds since the epoch. */
  now(): number;
  /**
   * Sets the Worker's clock forward, then runs the cron trigger, as each minute
   * does. Needs the option `clock`.
   */
  timePasses(milliseconds: number): Promise<void>;
  /** Returns everything printed so far, errors included. */
  output(): string;
  close(): Promise<void>;
}

let bundling: Promise<string> | null = null;

/**
 * Bundles the Worker once. A test run passes the bundle to its workers in
 * CASEWIRE_BUNDLE.
 */
export function workerBundle(): Promise<string> {
  const ready = process.env.CASEWIRE_BUNDLE;
  if (ready) return Promise.resolve(ready);
  bundling ??= mkdtemp(join(tmpdir(), "casewire-bundle-")).then(
    async (folder) => {
      // Imported here because it loads Wrangler, which files that only start
      // Workers don't need.
      const { buildScripts, bundleWorker, wranglerEnv } = await import(
        "../../worker/tools/local/runtime.ts"
      );
      Object.assign(process.env, wranglerEnv);
      if (
        !["widget-release.json", "workshop/workshop.js", "page.css"].every(
          (file) => existsSync(join(root, "dist", file)),
        )
      )
        await buildScripts();
      return bundleWorker("worker/web/index.ts", folder);
    },
  );
  return bundling;
}

/**
 * Copies a bundle and puts the module in front of it that can set its clock
 * forward.
 */
async function withClock(bundle: string, folder: string): Promise<string> {
  await cp(dirname(bundle), folder, { recursive: true });
  await rename(join(folder, basename(bundle)), join(folder, "worker.mjs"));
  await cp(
    join(root, "tests/support/clock-module.mjs"),
    join(folder, "clock.mjs"),
  );
  return join(folder, "clock.mjs");
}

const sha256 = (text: string) =>
  createHash("sha256").update(text).digest("hex");

const botEnv = async () => ({
  // Nothing leaves the machine: until there is a stand-in (`spawnStandIn`), the
  // port is closed.
  TELEGRAM_API_ROOT: `http://127.0.0.1:${await freePort()}`,
  BOT_TOKEN: "4242:test-bot-token",
  BOT_INFO: JSON.stringify({
    id: 4242,
    is_bot: true,
    first_name: "Casewire",
    username: "casewire_test_bot",
  }),
  WEBHOOK_SECRET: "test-webhook-secret",
  FOLLOWER_KEY: randomBytes(32).toString("base64"),
});

export async function startWorker(
  options: WorkerOptions = {},
): Promise<TestWorker> {
  const host = process.env.CASEWIRE_WORKER_HOST;
  return host
    ? startedWorker(options, (settings) => runInHost(host, settings))
    : startWorkerProcess(options);
}

/** Further editors of the deployment that files share. */
export const editorTokens = {
  "Demo Editor One": "invented-token-one",
  "Demo Editor Two": "invented-token-two",
};

export const METRICS_TOKEN = "an-invented-metrics-token-of-43-characters.";

let shared: Promise<TestWorker> | undefined;

/**
 * The deployment of this test process, without a bot's Telegram, for tests
 * whose cases nobody else has. Files that need an untouched one start their
 * own, which takes half a second of the processor. It ends with the process.
 */
export function sharedWorker(): Promise<TestWorker> {
  shared ??= freePort().then((port) =>
    startWorker({
      port,
      editors: editorTokens,
      env: { PUBLIC_URL: `http://localhost:${port}`, METRICS_TOKEN },
    }),
  );
  return shared;
}

export interface TestWorkerProcess extends TestWorker {
  /** The parent process of workerd. */
  pid: number;
  /**
   * Ends workerd and starts it again, with the same port, storage, token and
   * settings.
   */
  again(change: {
    env?: Record<string, string>;
    isKilled?: boolean;
  }): Promise<TestWorkerProcess>;
}

/** For tests that kill the Worker or measure its process. */
export async function startWorkerProcess(
  options: WorkerOptions = {},
  last?: WorkerHost,
): Promise<TestWorkerProcess> {
  const host = last ?? (await startWorkerHost());
  const worker = await startedWorker(options, (settings) =>
    runInHost(host.url, settings, host.printed),
  );
  return {
    ...worker,
    pid: host.pid,
    async close() {
      await worker.close();
      await host.close();
    },
    async again({ env = {}, isKilled = false }) {
      if (isKilled) await host.kill();
      await worker.close();
      const same = {
        editorToken: worker.editorToken,
        port: Number(new URL(worker.url).port),
      };
      return startWorkerProcess(
        { ...options, ...same, env: { ...worker.env, ...env } },
        host,
      );
    },
  };
}

async function startedWorker(
  options: WorkerOptions,
  run: (settings: WorkerSettings) => Promise<WorkerRun>,
): Promise<TestWorker> {
  const editorToken = options.editorToken ?? randomBytes(16).toString("hex");
  const env: Record<string, string> = {
    LEASE_SECONDS: String(options.leaseSeconds ?? 1),
    PUBLIC_URL: "https://casewire.test",
    JURISDICTION: "",
    LOG_KEY: randomBytes(32).toString("base64"),
    EDITORS: JSON.stringify(
      Object.fromEntries(
        Object.entries({ ...options.editors, tester: editorToken }).map(
          ([name, token]) => [name, sha256(token)],
        ),
      ),
    ),
    ...(options.bot === false ? {} : await botEnv()),
    ...options.env,
  };
  const ownFolder = options.persistTo
    ? null
    : await mkdtemp(join(tmpdir(), "casewire-state-"));
  const bundle = options.bundle ?? (await workerBundle());
  const clockFolder = options.clock
    ? await mkdtemp(join(tmpdir(), "casewire-clock-"))
    : null;
  const { url, output, cron, close } = await run({
    bundle: clockFolder ? await withClock(bundle, clockFolder) : bundle,
    // With its own storage it may be restarted, and then needs the same port.
    port:
      options.port ?? (options.persistTo === undefined ? 0 : await freePort()),
    vars: env,
    persistTo: options.persistTo ?? (ownFolder as string),
    ...(options.objects ? { objects: options.objects } : {}),
    ...(options.inspectorPort === undefined
      ? {}
      : { inspectorPort: options.inspectorPort }),
  });

  /** How far the Worker's clock is ahead, in milliseconds. */
  let ahead = 0;
  const editor = clientOf({ origin: url, token: editorToken });
  const asEditor = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set("Authorization", `Bearer ${editorToken}`);
    return fetch(url + path, { ...init, headers });
  };
  return {
    url,
    editorToken,
    env,
    editor,
    asEditor,
    async publish(
      fields,
      {
        note = { [fields.language]: "A test's revision" },
        kind = "update",
        replace,
        ...rest
      } = {},
    ) {
      const newest = await editor
        .readDeskCase({ id: fields.id })
        .catch((error) => {
          if (error instanceof ApiError && error.is("unknown-case"))
            return null;
          throw error;
        });
      const published = await publishConfirmed(editor, {
        id: fields.id,
        body: { case: fields, note, kind, notify: "none", ...rest },
        basedOn:
          (replace === undefined ? newest?.revision.number : newest?.live) ?? 0,
        ...(replace === undefined ? {} : { replace: String(replace) }),
      });
      if ("revision" in published) return published;
      throw new Error(`${fields.id} waits for a second editor`);
    },
    async withdraw(id, reason = "consent") {
      const { revision: newest } = await editor.readDeskCase({ id });
      const done = await editor.withdraw({
        id,
        reason,
        basedOn: newest.number,
      });
      if ("proposal" in done)
        throw new Error(`the withdrawal of ${id} waits for a second editor`);
      const { cancelled, revision, liveAt } = done;
      if (revision === undefined || liveAt === undefined)
        throw new Error(`${id} was never live`);
      return { cancelled, revision, liveAt };
    },
    untilLive: ({ liveAt }) => untilInstant(Date.parse(liveAt) - ahead + 20),
    now: () => Date.now() + ahead,
    async timePasses(milliseconds) {
      if (!clockFolder) throw new Error("this Worker's clock can't be set");
      const answer = await fetch(`${url}/test/clock`, {
        method: "POST",
        body: JSON.stringify({ by: milliseconds }),
      });
      if (!answer.ok)
        throw new Error(`the clock was not set: ${answer.status}`);
      ahead += milliseconds;
      await cron();
    },
    output,
    close: async () => {
      await close();
      for (const folder of [ownFolder, clockFolder])
        if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}
