/** `npm start` and `npm run dev`: everything on this machine, no account, no network. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { paths } from "../../../shared/addresses.ts";
import type { Case, Text } from "../../../shared/case/schema.ts";
import { locales, localeTags } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import { ApiError, clientOf } from "../../contract/client.ts";
import type { Published } from "../../editorial/desk.ts";
import { type Review, reviews } from "../../editorial/desk.ts";
import type { HomeSettings } from "./home/settings.ts";
import { type Files, homeFiles, homeHeaders, servePartner } from "./home-files.ts";
import { buildLocal } from "./local-build.ts";
import { quiet, root, serveWorker } from "./runtime.ts";
import { type LocalSettings, localSettings } from "./settings.ts";
import { standInBot, startStandIn } from "./stand-in.ts";
import { hold, holder, release, stateFolder } from "./state.ts";
import { relayUpdates, whoAmI } from "./telegram-relay.ts";
import { watchSources } from "./watch.ts";

Object.assign(process.env, quiet, { NODE_ENV: "production" });

/** What was started, newest last; closed in the opposite order. */
const started: (() => unknown)[] = [];
let stopping = false;

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  // Whatever hangs, the run ends.
  setTimeout(() => process.exit(code), 3_000).unref();
  for (const close of started.reverse()) await Promise.resolve(close()).catch(() => {});
  process.exit(code);
}

function fail(message: string): Promise<never> {
  console.error(message);
  return stop(1) as Promise<never>;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
// The launcher stops this process when npm dies; this covers the launcher being killed.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && void stop(0), 500).unref();

async function isFree(port: number): Promise<boolean> {
  const listens = (host: string) =>
    new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "EADDRINUSE"));
      server.listen(port, host, () => server.close(() => resolve(true)));
    });
  // Browsers try ::1 for localhost too: a stranger there would answer in our place.
  return (await listens("127.0.0.1")) && (await listens("::1"));
}

const portUsage = "Use a whole number from 1024 to 65533: npm start -- --port 9000, or PORT=9000 npm start.";
const reviewUsage = "To try two pairs of eyes: npm start -- --review two";
const emptyUsage = "To restore a backup here: npm run reset, then npm start -- --empty, which loads no cases.";

async function options(): Promise<{ port: number; review: Review; empty: boolean; watch: boolean }> {
  let asked: { port?: string; review?: string; empty?: boolean; watch?: boolean };
  try {
    const known = {
      port: { type: "string" },
      review: { type: "string" },
      empty: { type: "boolean" },
      watch: { type: "boolean" },
    } as const;
    asked = parseArgs({ options: known }).values;
  } catch (error) {
    return fail(`${(error as Error).message}\n${portUsage}\n${reviewUsage}\n${emptyUsage}`);
  }
  const review = reviews.find((one) => one === (asked.review ?? "one"));
  if (!review) return fail(`"${asked.review}" is not a number of editors. ${reviewUsage}`);
  return { port: await choosePort(asked.port), review, empty: asked.empty ?? false, watch: asked.watch ?? false };
}

async function choosePort(asked: string | undefined): Promise<number> {
  const text = asked ?? (process.env.PORT || "8787");
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 1024 && port <= 65533)) return fail(`"${text}" is not a port to run on. ${portUsage}`);
  for (const wanted of [port, port + 1, port + 2])
    if (!(await isFree(wanted)))
      return fail(
        `Port ${wanted} is taken by another program. Casewire needs three in a row; choose others: npm start -- --port ${port + 100}`,
      );
  return port;
}

/** Loads a case that is not there yet; its followers, if any, hear nothing. @returns null when it was there */
async function loadCase(
  origin: string,
  { editorToken, secondToken }: LocalSettings,
  id: string,
): Promise<Published | null> {
  const fields = JSON.parse(await readFile(join(root, `worker/tools/local/cases/${id}.json`), "utf8")) as Case;
  const note: Text = Object.fromEntries(localeTags.map((tag) => [tag, message(tag, "page.history.first")]));
  const body = { case: fields, note, kind: "update", notify: "none" } as const;
  try {
    const answer = await clientOf({ origin, token: editorToken }).publish({ id, body, basedOn: 0 });
    if ("revision" in answer) return answer;
    // With two pairs of eyes, the first cases too need a second editor.
    const second = clientOf({ origin, token: secondToken });
    const { hash } = await second.readProposal({ id: answer.proposal });
    return await second.approveProposal({ id: answer.proposal, basedOn: hash });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 412 ? null : fail(`The case ${id} was refused:\n${JSON.stringify(error.problem, null, 2)}`);
  }
}

const { port, review, empty, watch } = await options();
const other = await holder();
if (other) await fail(`Casewire already runs on this folder's storage (process ${other}). Stop it first.`);
await hold(port);
started.push(release);

const settings = await localSettings(review);
const home = `http://localhost:${port}`;
const partner = `http://localhost:${port + 1}`;
const standIn = settings.botToken ? null : `http://127.0.0.1:${port + 2}`;
const apiRoot = standIn ?? settings.vars.TELEGRAM_API_ROOT ?? "https://api.telegram.org";
const bot = settings.botToken
  ? await whoAmI(apiRoot, settings.botToken).catch((error: Error) =>
      fail(`${error.message}\nRemove it to use the local stand-in.`),
    )
  : standInBot;
const botToken = settings.botToken ?? `${standInBot.id}:local-stand-in`;
const page: HomeSettings = {
  partner,
  editorToken: settings.editorToken,
  languages: localeTags.map((tag) => ({ tag, name: locales[tag].name })),
  telegram: { standIn, username: bot.username },
};

const building = buildLocal();
// Imported while child processes build.
const loading = Promise.all([import("miniflare"), import("wrangler")]);
const { bundle, pages } = await building.catch((error: Error) => fail(error.message));
const [{ Response: RuntimeResponse }] = await loading;
let files: Files = await homeFiles(page, pages);

const webhook = { botToken, webhookUrl: `${home}${paths.telegram}`, webhookSecret: settings.vars.WEBHOOK_SECRET };
// Before the Worker, which may have messages waiting from the run before.
if (standIn) started.push((await startStandIn({ port: port + 2, ...webhook })).close);

const worker = await serveWorker({
  bundle,
  port,
  persistTo: stateFolder,
  vars: {
    ...settings.vars,
    REVIEW: review,
    PUBLIC_URL: home,
    BOT_TOKEN: botToken,
    BOT_INFO: JSON.stringify(bot),
    TELEGRAM_API_ROOT: apiRoot,
  },
  services: {
    HOME(request) {
      const file = files.get(new URL(request.url).pathname);
      if (!file) return new RuntimeResponse("There is no such file.\n", { status: 404 });
      return new RuntimeResponse(file.body, { headers: homeHeaders(file.type, page) });
    },
  },
}).catch((error: Error) => fail(error.message));
started.push(worker.close);

const health = await fetch(`${home}/healthz`).catch((error: Error) =>
  fail(`The Worker does not answer: ${error.message}`),
);
if (!health.ok) await fail(`The Worker refuses to serve:\n${await health.text()}`);

if (watch) {
  const show = (next: Files, reload: string) => {
    files = next.set("/local/reload.js", { type: "text/javascript", body: reload });
  };
  started.push(await watchSources(worker, bundle, () => homeFiles(page, pages), show, console.log));
}
if (!standIn) started.push(relayUpdates({ apiRoot, ...webhook }, console.log));
const courier = await servePartner(port + 1, home);
started.push(() => {
  courier.closeAllConnections();
  courier.close();
});

const cron = setInterval(() => void worker.scheduled().catch(() => {}), 60_000);
started.push(() => clearInterval(cron));

console.log(`home: ${home}`);
console.log(`partner page: ${partner}`);
console.log(`chat: ${standIn ? `${home}/#chat` : `https://t.me/${bot.username}`}`);
console.log(`desk: ${home}${paths.desk}`);
console.log(`every state: ${home}/local/states`);
console.log(`editor token: ${settings.editorToken}`);
if (review === "two") console.log(`second editor token: ${settings.secondToken}`);

const loaded: Published[] = [];
for (const id of empty ? [] : ["ua-126-19", "ua-0-00"]) {
  const published = await loadCase(home, settings, id);
  if (published) loaded.push(published);
}
if (loaded.length > 0) {
  const moment = Math.max(...loaded.map(({ liveAt }) => Date.parse(liveAt)));
  console.log(`first cases: live in ${Math.ceil((moment - Date.now()) / 1000)} s, as every update is`);
  await new Promise((resolve) => setTimeout(resolve, moment - Date.now()));
  console.log("first cases: live");
}
