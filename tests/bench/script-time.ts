/**
 * Measures the CPU time of the widget's script, compared with a page that renders the same markup with bare Preact. Both use the same
 * version of Preact, so the difference is the element's upgrade, the request with its timeout, and the socket.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { build, type Rolldown } from "vite";
import { launchBrowser } from "../browser.ts";
import { root } from "../root.ts";
import { demoCase, Newsroom, present } from "../widget/newsroom.ts";

/** CPU slowdown that simulates a cheap phone. */
const CPU_SLOWDOWN = 4;

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
async function once(browser: Browser, origin: string, script: string, element: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const address = `${origin}/contestant.js`;
  await page.route(address, (route) => route.fulfill({ contentType: "text/javascript", body: script }));
  await page.route(`${origin}/`, (route) => route.fulfill({ contentType: "text/html", body: element }));
  await page.goto(`${origin}/`);
  const devTools = await context.newCDPSession(page);
  await devTools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  await devTools.send("Profiler.enable");
  await devTools.send("Profiler.setSamplingInterval", { interval: 100 });
  await devTools.send("Profiler.start");
  await page.addScriptTag({ url: address });
  await page.locator("article").waitFor();
  // The widget's socket opens and answers after the card has rendered.
  await page.waitForTimeout(300);
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
  const element = `<case-status case="${demoCase.id}" lang="en"></case-status>`;
  await once(browser, newsroom.origin, widget, element);
  const times: { widget: number; preact: number }[] = [];
  for (let round = 0; round < rounds; round++)
    times.push({
      widget: await once(browser, newsroom.origin, widget, element),
      preact: await once(browser, newsroom.origin, preact, "<div></div>"),
    });
  await browser.close();
  await newsroom.close();
  return times;
}
