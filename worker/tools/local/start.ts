import { createServer } from "node:net";
import { Command, Option } from "commander";
import { paths } from "../../../shared/addresses.ts";
import type { Note } from "../../../shared/case/schema.ts";
import { locales } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import { type ReviewMode, reviews } from "../../../shared/revision.ts";
import { ApiError, clientOf } from "../../editing/contract/client.ts";
import { confirmAll } from "../../editing/rules/answers.ts";
import type { PublishedRevision } from "../../editing/rules/desk.ts";
import { once } from "../../runtime/once.ts";
import { readConfiguredProfile } from "./configuration.ts";
import { startDemoDevice } from "./demo-device.ts";
import { firstCasesOf, readFirstCase } from "./first-cases.ts";
import type { HomeSettings } from "./home/settings.ts";
import { homeFile, servePartner } from "./home-files.ts";
import { buildLocal, bundle, pages } from "./local-build.ts";
import { loadMiniflare } from "./miniflare.ts";
import { serveWorker, wranglerEnv } from "./runtime.ts";
import {
  completeSettings,
  type LocalSettings,
  localSettings,
} from "./settings.ts";
import { standInBot, startStandIn } from "./stand-in.ts";
import { lockStorage, stateFolder } from "./state.ts";

Object.assign(process.env, wranglerEnv, { NODE_ENV: "production" });
// Of `npm run dev`: with it, the builds' own processes would report their
// imports, to a minifier that expects code.
delete process.env.WATCH_REPORT_DEPENDENCIES;

const STOP_TIMEOUT_MS = 3_000;
const PARENT_CHECK_INTERVAL_MS = 500;
const CRON_INTERVAL_MS = 60_000;
const DEFAULT_PORT = "8787";
const MIN_PORT = 1024;
/** A run uses three ports in a row. */
const MAX_PORT = 65_535 - 2;

/** Functions that close what was started, called in the opposite order. */
const cleanups: (() => unknown)[] = [];
let isStopping = false;

const closeAll = once(async () => {
  for (const close of cleanups.reverse())
    await Promise.resolve(close()).catch(() => {});
});

async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  // The process ends even if something doesn't close.
  setTimeout(() => process.exit(code), STOP_TIMEOUT_MS).unref();
  await closeAll();
  process.exit(code);
}

/**
 * Ends the run. `npm run dev` then waits for the next save, and starts again.
 */
function fail(message: string): Promise<never> {
  // A failure after the Worker is closed means nothing.
  if (!isStopping) console.error(message);
  return stop(1) as Promise<never>;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => void stop(0));
// The launcher stops this process when npm dies; this covers the launcher being
// killed.
const parent = process.ppid;
setInterval(
  () => process.ppid !== parent && void stop(0),
  PARENT_CHECK_INTERVAL_MS,
).unref();

async function isFree(port: number): Promise<boolean> {
  const listens = (host: string) =>
    new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", (error: NodeJS.ErrnoException) =>
        resolve(error.code !== "EADDRINUSE"),
      );
      server.listen(port, host, () => server.close(() => resolve(true)));
    });
  // Browsers also try ::1 for localhost, so another program there would get
  // their requests.
  return (await listens("127.0.0.1")) && (await listens("::1"));
}

const command =
  process.env.npm_lifecycle_event === "dev" ? "npm run dev" : "npm start";
const options = new Command(`${command} --`)
  .description(
    "Runs Casewire on this machine. npm run dev takes the same options, and starts again at each change.",
  )
  .addOption(
    new Option("--port <number>", "the first of three ports in a row")
      .env("PORT")
      .default(DEFAULT_PORT),
  )
  .addOption(
    new Option(
      "--review <mode>",
      "with two, every revision waits for a second editor",
    )
      .choices(reviews)
      .default("one"),
  )
  .option("--no-bot", "run without a Telegram bot, as a deployment may")
  .option(
    "--empty",
    "don't load the first cases, for example to restore a backup after npm run reset",
  )
  .parse()
  .opts<{ port: string; review: ReviewMode; bot: boolean; empty?: boolean }>();

async function choosePort(text: string): Promise<number> {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= MIN_PORT && port <= MAX_PORT))
    return fail(
      `Invalid port "${text}". Use a whole number from ${MIN_PORT} to ${MAX_PORT}: ${command} -- --port 9000, or PORT=9000 ${command}.`,
    );
  for (const wanted of [port, port + 1, port + 2])
    if (!(await isFree(wanted)))
      return fail(
        `Port ${wanted} is taken by another program. Casewire needs three ports in a row. Try: ${command} -- --port ${port + 100}`,
      );
  return port;
}

const damagedHint =
  "If every start ends like this, the storage is damaged: begin anew with npm run reset, and restore a backup (docs/shell.md).";

/**
 * True when an administrator has a passkey in this storage, so that the token
 * of the local run opens nothing.
 */
let isDoorClosed = false;

/**
 * Publishes a case without notifying followers.
 * @returns null when the case already exists, or can't be published with the
 * token
 */
async function loadCase(
  origin: string,
  { editorToken, secondToken }: LocalSettings,
  id: string,
): Promise<PublishedRevision | null> {
  const fields = await readFirstCase(id);
  const note: Note = Object.fromEntries(
    profile.languages.map((tag) => [tag, message(tag, "page.history.first")]),
  );
  const body = { case: fields, note, kind: "update", notify: "none" } as const;
  try {
    const editor = clientOf({ origin, token: editorToken });
    // Whoever wrote these cases has confirmed what they say.
    const answers = confirmAll(
      (await editor.listQuestions({ id, body, basedOn: 0 })).questions,
    );
    const answer = await editor.publish({
      id,
      body: { ...body, answers },
      basedOn: 0,
    });
    if ("revision" in answer) return answer;
    // With `--review two`, the first cases need a second editor too.
    const second = clientOf({ origin, token: secondToken });
    const proposal = { id: answer.proposal };
    const { hash, questions } = await second.readProposal(proposal);
    return await second.approveProposal({
      ...proposal,
      basedOn: hash,
      body: { answers: confirmAll(questions) },
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    isDoorClosed = error.is("door-closed");
    return error.status === 412 || isDoorClosed
      ? null
      : fail(
          `Loading the case ${id} failed:\n${JSON.stringify(error.problem, null, 2)}${error.status === 503 ? `\n${damagedHint}` : ""}`,
        );
  }
}

const { review, empty } = options;
const port = await choosePort(options.port);
const other = lockStorage(port);
if (other)
  await fail(
    `Casewire is already running in this folder (process ${other.pid}). Stop it first.`,
  );

await completeSettings();
const configured = readConfiguredProfile();
if ("faults" in configured) await fail(configured.faults.join("\n"));
const { profile } = configured as Extract<
  typeof configured,
  { profile: unknown }
>;
const hasBot = options.bot && profile.bot !== undefined;
const settings = await localSettings(review, hasBot).catch((error: Error) =>
  fail(error.message),
);
const home = `http://localhost:${port}`;
const partner = `http://localhost:${port + 1}`;
const standIn = hasBot ? `http://127.0.0.1:${port + 2}` : null;
const botToken = `${standInBot.id}:local-stand-in`;
const firstCases = await firstCasesOf(profile).catch((error: Error) =>
  fail(error.message),
);
const page: HomeSettings = {
  partner,
  editorToken: settings.editorToken,
  firstCases,
  languages: profile.languages.map((tag) => ({ tag, name: locales[tag].name })),
  telegram:
    standIn === null ? null : { standIn, username: standInBot.username },
};

const building = buildLocal();
// This slow import runs while child processes build.
const loading = loadMiniflare();
await building.catch((error: Error) => fail(error.message));
const { Response: RuntimeResponse } = await loading;

const webhook = {
  botToken,
  webhookUrl: `${home}${paths.telegram}`,
  webhookSecret: settings.vars.WEBHOOK_SECRET ?? "",
};
// Started before the Worker, which may still have deliveries from the last run.
if (standIn)
  cleanups.push((await startStandIn({ port: port + 2, ...webhook })).close);

const { PUSH_KEY = "" } = settings.vars;
const device = firstCases[0]
  ? await startDemoDevice(home, firstCases[0].id, PUSH_KEY)
  : null;
if (device) cleanups.push(device.close);

const worker = await serveWorker({
  bundle,
  port,
  persistTo: stateFolder,
  vars: {
    ...settings.vars,
    ...(process.env.PROFILE ? { PROFILE: process.env.PROFILE } : {}),
    REVIEW: review,
    PUBLIC_URL: home,
    // The storage on this machine has one place.
    JURISDICTION: "",
    ...(standIn && {
      BOT_TOKEN: botToken,
      BOT_INFO: JSON.stringify(standInBot),
      TELEGRAM_API_ROOT: standIn,
    }),
  },
  services: {
    async HOME(request) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === "/local/device")
        return RuntimeResponse.json(
          (await device?.messages(searchParams.get("lang") ?? "en")) ?? [],
        );
      const file = await homeFile(pathname, page, pages);
      return file
        ? new RuntimeResponse(file.body, file)
        : new RuntimeResponse("File not found.\n", { status: 404 });
    },
  },
  onWait: console.log,
}).catch((error: Error) => fail(error.message));
cleanups.push(worker.close);

const health = await fetch(`${home}/healthz`).catch((error: Error) =>
  fail(`The Worker does not respond: ${error.message}`),
);
if (!health.ok)
  await fail(`The Worker is not healthy:\n${await health.text()}`);

const courier = await servePartner(port + 1, home, firstCases);
cleanups.push(() => {
  courier.closeAllConnections();
  courier.close();
});

const cron = setInterval(
  () => void worker.scheduled().catch(() => {}),
  CRON_INTERVAL_MS,
);
cleanups.push(() => clearInterval(cron));

console.log(`home: ${home}`);
if (firstCases.length > 0) console.log(`partner page: ${partner}`);
if (standIn) console.log(`chat: ${home}/#chat`);
console.log(`desk: ${home}${paths.desk}`);
console.log(`editor token: ${settings.editorToken}`);
if (review === "two")
  console.log(`second editor token: ${settings.secondToken}`);

const loaded: PublishedRevision[] = [];
for (const { id } of empty ? [] : firstCases.toReversed()) {
  const published = await loadCase(home, settings, id);
  if (published) loaded.push(published);
}
if (isDoorClosed)
  console.log(
    "editors: an administrator has a passkey here, so the editor token opens nothing. Sign in to the desk with that passkey, or begin anew with npm run reset.",
  );
if (loaded.length > 0) {
  const moment = Math.max(...loaded.map(({ liveAt }) => Date.parse(liveAt)));
  console.log(
    `first cases: live in ${Math.ceil((moment - Date.now()) / 1000)} s, like every update`,
  );
  await new Promise((resolve) => setTimeout(resolve, moment - Date.now()));
  console.log("first cases: live");
}
