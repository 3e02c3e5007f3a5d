/** `npm start` and `npm run reset`, as a newcomer runs them, on a copy of the project with storage and secrets of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { root } from "../../worker/local/runtime.ts";

interface Run {
  child: ChildProcess;
  output(): string;
  /** The value of a `name: value` line, once it is printed. */
  value(name: string): Promise<string>;
}

let copy: string;
let port: number;
const running: ChildProcess[] = [];

/** The first of three free ports in a row. */
async function threeFreePorts(): Promise<number> {
  for (let first = 20_000 + Math.floor(Math.random() * 20_000); ; first += 3) {
    const free = await Promise.all(
      [first, first + 1, first + 2].map(async (candidate) => {
        const server = createServer().listen(candidate, "127.0.0.1");
        const listens = await once(server, "listening").then(
          () => true,
          () => false,
        );
        server.close();
        return listens;
      }),
    );
    if (free.every(Boolean)) return first;
  }
}

function npm(args: string[], env: Record<string, string> = {}): Run {
  // A group of its own, so that what it leaves behind can be found and ended.
  const child = spawn("npm", args, {
    cwd: copy,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let text = "";
  child.stdout!.on("data", (chunk) => {
    text += chunk;
  });
  child.stderr!.on("data", (chunk) => {
    text += chunk;
  });
  const value = async (name: string) => {
    for (let waited = 0; waited < 40_000; waited += 50) {
      const found = new RegExp(`^${name}: (.*)$`, "m").exec(text);
      if (found?.[1]) return found[1];
      if (child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`"${name}: ..." was not printed:\n${text}`);
  };
  return { child, output: () => text, value };
}

/** Processes of a group that are still there, by /proc; macOS and Windows have no such folder, and then nothing is known. */
async function leftOf(group: number): Promise<number[]> {
  if (!existsSync("/proc/self/stat")) return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  return pids.filter((_, index) => {
    const fields = stats[index]!.slice(stats[index]!.lastIndexOf(")") + 2).split(" ");
    return Number(fields[2]) === group && fields[0] !== "Z";
  });
}

async function endsWithin(group: number, milliseconds: number): Promise<number[]> {
  for (let waited = 0; waited < milliseconds; waited += 100) {
    if ((await leftOf(group)).length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return leftOf(group);
}

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "casewire-start-"));
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root })
    .toString()
    .split("\0")
    .filter((path) => path && existsSync(join(root, path)));
  for (const path of files) await cp(join(root, path), join(copy, path));
  // What is installed here is what the lockfile says; a fresh install takes as long as the network likes.
  execFileSync(process.execPath, ["worker/local/bootstrap.mjs", "--stamp"], { cwd: root });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  port = await threeFreePorts();
});

afterEach(async () => {
  for (const { pid } of running.splice(0))
    for (const left of pid ? await leftOf(pid) : []) process.kill(left, "SIGKILL");
});

afterAll(() => rm(copy, { recursive: true, force: true }));

test("starts with fresh secrets, loads both cases, keeps its state, leaves no process behind", async () => {
  const first = npm(["start"], { PORT: String(port) });
  const [home, partner, chat, token] = [
    await first.value("home"),
    await first.value("partner page"),
    await first.value("chat"),
    await first.value("editor token"),
  ];
  expect(home).toBe(`http://localhost:${port}`);
  expect(partner).toBe(`http://localhost:${port + 1}`);
  expect(chat).toMatch(/^http:\/\/localhost:/);
  expect(statSync(join(copy, ".dev.vars")).mode & 0o777).toBe(0o600);

  const page = await fetch(home);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await page.text()).toContain(token);
  expect(await (await fetch(partner)).text()).toContain(`<script src="${home}/widget.js" async></script>`);

  await first.value("first cases");
  await expect.poll(() => first.output(), { timeout: 15_000 }).toContain("first cases: live\n");
  for (const id of ["ua-126-19", "ua-0-00"]) expect((await fetch(`${home}/v1/cases/${id}`)).status).toBe(200);
  expect(first.output()).not.toMatch(/warn|error|\n\s+at /i);

  // Ctrl-C reaches the whole group.
  process.kill(-first.child.pid!, "SIGINT");
  expect(await endsWithin(first.child.pid!, 5_000)).toEqual([]);

  const second = npm(["start", "--", "--port", String(port)]);
  expect(await second.value("editor token")).toBe(token);
  const kept = (await (await fetch(`${home}/v1/cases/ua-126-19`)).json()) as { revision: { number: number } };
  expect(kept.revision.number).toBe(1);
  expect(second.output()).not.toContain("first cases");

  // A killed npm tells nobody.
  process.kill(second.child.pid!, "SIGKILL");
  expect(await endsWithin(second.child.pid!, 5_000)).toEqual([]);
}, 90_000);

test("the home page answers no other name: a site that resolves to this machine cannot read the token", async () => {
  const run = npm(["start"], { PORT: String(port) });
  await run.value("editor token");
  const { request } = await import("node:http");
  const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    request({ host: "127.0.0.1", port, path: "/", headers: { Host: `rebound.example:${port}` } }, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .once("error", reject)
      .end();
  });
  expect(answer.status).toBe(421);
  expect(answer.body).not.toContain(await run.value("editor token"));

  const busy = npm(["run", "reset", "--", "--yes"]);
  await once(busy.child, "exit");
  expect(busy.child.exitCode).toBe(1);
  expect(busy.output()).toContain("Stop it first");

  process.kill(-run.child.pid!, "SIGTERM");
  expect(await endsWithin(run.child.pid!, 5_000)).toEqual([]);
}, 60_000);

test("a taken port is a clear error that names the way out", async () => {
  const stranger: Server = createServer().listen(port + 1, "127.0.0.1");
  await once(stranger, "listening");
  try {
    const run = npm(["start"], { PORT: String(port) });
    await once(run.child, "exit");
    expect(run.child.exitCode).toBe(1);
    expect(run.output()).toContain(`Port ${port + 1} is taken`);
    expect(run.output()).toContain("npm start -- --port");
    expect(run.output()).not.toMatch(/\n\s+at /);
  } finally {
    stranger.close();
  }
}, 30_000);

test("reset asks first, and clears when told", async () => {
  const state = join(copy, ".wrangler/casewire");
  const unasked = npm(["run", "reset"]);
  await once(unasked.child, "exit");
  expect(unasked.child.exitCode).toBe(1);
  expect(existsSync(state)).toBe(true);

  const told = npm(["run", "reset", "--", "--yes"]);
  await once(told.child, "exit");
  expect(told.child.exitCode).toBe(0);
  expect(existsSync(state)).toBe(false);
}, 30_000);
