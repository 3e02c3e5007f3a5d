/**
 * `npm start`, `npm run reset` and `npm run dev`, as a newcomer uses them. One
 * copy of the project is built once for all.
 */
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { step } from "../support/step.ts";
import { type LocalCopy, leftAfter, localCopy } from "./local-copy.ts";
import { dailyLoop } from "./start/daily-loop.ts";
import { editorsLives } from "./start/desk-editors.ts";
import { homePage } from "./start/home.ts";

let local: LocalCopy;
beforeAll(async () => {
  local = await localCopy();
});
afterEach(() => local.endRuns());
afterAll(() => local.remove());

/** Requests the home page with another `Host` header. */
async function asking(host: string): Promise<{ status: number; body: string }> {
  const asked = request({
    host: "127.0.0.1",
    port: local.port,
    path: "/",
    headers: { Host: host },
  }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: await text(answer) };
}

test("npm start makes fresh secrets, loads both cases, shows an update everywhere at its moment, keeps its state to itself and leaves no process behind", async () => {
  const first = local.npm(["start"], { PORT: String(local.port) });
  const [home, partner, chat, token] = [
    await first.value("home"),
    await first.value("partner page"),
    await first.value("chat"),
    await first.value("editor token"),
  ];
  expect(home).toBe(`http://localhost:${local.port}`);
  expect(partner).toBe(`http://localhost:${local.port + 1}`);
  expect(chat).toMatch(/^http:\/\/localhost:/);
  expect(statSync(join(local.folder, ".dev.vars")).mode & 0o777).toBe(0o600);

  const page = await fetch(home);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toContain(
    "default-src 'none'",
  );
  expect(await page.text()).toContain(token);
  // Every link to the list of cases has a query. The page shows no token.
  const front = await (await fetch(`${home}/?lang=en`)).text();
  expect(front).toContain("<h1>Human rights cases, with source and date</h1>");
  expect(front).not.toContain(token);
  expect(await (await fetch(partner)).text()).toContain(
    `<script src="${home}/widget.js" async crossorigin></script>`,
  );

  await first.value("first cases");
  await first.prints("first cases: live\n");
  for (const id of ["ua-126-19", "ua-0-00"])
    expect((await fetch(`${home}/v1/cases/${id}`)).status).toBe(200);
  await step(
    "On the home page, one click changes four surfaces at the same moment",
    () => homePage(home),
  );
  expect(first.output()).not.toMatch(/warn|error|\n\s+at /i);

  // Ctrl-C signals the whole process group.
  process.kill(-first.group, "SIGINT");
  expect(await leftAfter(first.group)).toEqual([]);

  // Without a bot, its page has no chat.
  const second = local.npm([
    "start",
    "--",
    "--no-bot",
    "--port",
    String(local.port),
  ]);
  expect(await second.value("editor token")).toBe(token);
  expect(
    (await fetch(`${home}/telegram`, { method: "POST", body: "{}" })).status,
  ).toBe(404);
  expect(await (await fetch(home)).text()).toContain('"telegram":null');
  const kept = (await (await fetch(`${home}/v1/cases/ua-126-19`)).json()) as {
    revision: { number: number };
  };
  expect(kept.revision.number).toBe(1);
  expect(second.output()).not.toMatch(/first cases|chat:/);

  // A site whose name resolves to this machine can't read the token.
  const stranger = await asking(`rebound.example:${local.port}`);
  expect(stranger.status).toBe(421);
  expect(stranger.body).not.toContain(token);

  // From here on, the token that the home page uses is refused: the first
  // administrator's passkey ends it.
  await step(
    "Editors accept invitations with passkeys, sign in, recover, make tokens and leave",
    () => editorsLives(`${home}/desk`, token),
  );

  const busy = local.script("reset", ["--yes"]);
  expect(await busy.exit()).toBe(1);
  expect(busy.output()).toContain("Stop it first");

  // A killed npm doesn't signal its children.
  process.kill(second.group, "SIGKILL");
  expect(await leftAfter(second.group)).toEqual([]);
});

test("npm start with a taken port ends with an error that names the way out", async () => {
  const stranger: Server = createServer().listen(local.port + 1, "127.0.0.1");
  await once(stranger, "listening");
  try {
    const run = local.script("start", [], { PORT: String(local.port) });
    expect(await run.exit()).toBe(1);
    expect(run.output()).toContain(`Port ${local.port + 1} is taken`);
    expect(run.output()).toContain("npm start -- --port");
    expect(run.output()).not.toMatch(/\n\s+at /);
  } finally {
    stranger.close();
  }
});

test("npm run reset asks first, and clears the storage when told", async () => {
  const state = join(local.folder, ".wrangler/casewire");
  expect(existsSync(state)).toBe(true);
  const unasked = local.script("reset");
  expect(await unasked.exit()).toBe(1);
  expect(existsSync(state)).toBe(true);

  const told = local.npm(["run", "reset", "--", "--yes"]);
  expect(await told.exit()).toBe(0);
  expect(existsSync(state)).toBe(false);
});

// Last, because it changes the copy's sources.
dailyLoop(() => local);
