/**
 * Measures the CPU time of the widget's script, compared with a page that renders the same markup with bare Preact. Both use the same
 * version of Preact, so the difference is the element's upgrade, the request with its timeout, and the socket.
 */
import { once as onceEmitted } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { build, type Rolldown } from "vite";
import { launchBrowser } from "../browser.ts";
import { root } from "../root.ts";
import { demoCase, Newsroom, present } from "../widget/newsroom.ts";

/** Long enough for the socket to open and to answer a ping, after the card has rendered. */
const AFTER_CARD_MS = 300;

interface Contestant {
  script: string;
  element: string;
}

/**
 * Serves a page with each contestant's element, and its script. A page that the browser's driver makes up has no IP address, so Chromium
 * would block its socket to this machine.
 */
async function servePages(contestants: Contestant[]) {
  const server = createServer(({ url = "" }, response) => {
    const [, index = "", file] = url.split("/");
    const { script, element } = contestants[Number(index)] ?? contestants[0]!;
    response.setHeader("Content-Type", file ? "text/javascript" : "text/html").end(file ? script : element);
  }).listen(0, "127.0.0.1");
  await onceEmitted(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { pageOf: (index: number) => `http://localhost:${port}/${index}/`, close: () => server.close() };
}

async function barePreact(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "warn",
    root,
    oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      write: false,
      lib: {
        entry: join(root, "tests/bench/bare-preact.tsx"),
        name: "bare",
        formats: ["iife"],
        fileName: () => "bare.js",
      },
    },
  });
  const [{ output }] = built as [Rolldown.RolldownOutput];
  return output[0].code;
}

/** @returns the time of the script and everything it calls, in milliseconds, for one visit with an empty cache */
async function once(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const address = `${url}script.js`;
  await page.goto(url);
  const devTools = await context.newCDPSession(page);
  await devTools.send("Profiler.enable");
  await devTools.send("Profiler.setSamplingInterval", { interval: 100 });
  await devTools.send("Profiler.start");
  await page.addScriptTag({ url: address });
  await page.locator("article").waitFor();
  await page.waitForTimeout(AFTER_CARD_MS);
  const { profile } = await devTools.send("Profiler.stop");
  const parents = new Map(profile.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])));
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  /** Excludes scripts that the browser's driver runs in the page. */
  const isOurs = (id: number | undefined): boolean =>
    id !== undefined && (nodes.get(id)?.callFrame.url === address || isOurs(parents.get(id)));
  const spent = (profile.samples ?? []).reduce(
    (sum, id, index) => sum + (isOurs(id) ? (profile.timeDeltas?.[index] ?? 0) : 0),
    0,
  );
  await context.close();
  return spent / 1000;
}

/** Returns the milliseconds of the widget and of bare Preact for each round. */
export async function scriptTimes(rounds: number): Promise<{ widget: number; preact: number }[]> {
  const newsroom = await new Newsroom().open();
  newsroom.cases.set(demoCase.id, present(1));
  const widget = await readFile(join(root, "dist/widget.js"), "utf8");
  const preact = await barePreact();
  const browser = await launchBrowser();
  const pages = await servePages([
    {
      script: widget,
      element: `<case-status case="${demoCase.id}" lang="en" endpoint="${newsroom.origin}"></case-status>`,
    },
    { script: preact, element: `<div data-endpoint="${newsroom.origin}"></div>` },
  ]);
  const [ours, bare] = [pages.pageOf(0), pages.pageOf(1)];
  await once(browser, ours);
  const times: { widget: number; preact: number }[] = [];
  for (let round = 0; round < rounds; round++)
    times.push({ widget: await once(browser, ours), preact: await once(browser, bare) });
  await browser.close();
  pages.close();
  await newsroom.close();
  return times;
}
