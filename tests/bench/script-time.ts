/**
 * Measures the CPU time of the widget's script, from the navigation until the card is painted and live, beside a page that renders the same
 * card with bare Preact: without custom element, socket, events, time limit or fallback. The difference is what these cost.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { build, type Rolldown } from "vite";
import { launchBrowser } from "../browser.ts";
import { listening } from "../listening.ts";
import { root } from "../root.ts";
import { eventually, pause } from "../waiting.ts";
import { demoCase, Newsroom, present } from "../widget/newsroom.ts";
import { median, quantile } from "./figures.ts";

/** Long enough for the paint of the card and the answer to the first ping, on a processor of full speed. */
const AFTER_SOCKET_MS = 200;
const SETTLING_MS = 10_000;
const SLOWDOWNS = [1, 4];

interface Contestant {
  name: string;
  script: string;
  element: string;
}

type Visit = ReturnType<typeof figuresOf>;

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  dur?: number;
  /** CPU time of the thread. */
  tdur?: number;
  args: { data?: { url?: string; documentLoaderURL?: string; score?: number } };
}

/** The trace's events in which a page's script runs or is compiled. The microtasks of an answer come in an event of their own. */
const SCRIPT_EVENTS =
  /^(EvaluateScript|v8\.(compile|callFunction)|FunctionCall|TimerFire|EventDispatch|RunMicrotasks|BlinkScheduler_PerformMicrotaskCheckpoint)$/;

/** Serves a page with each contestant's element, and its script. A page without an IP address couldn't open a socket to this machine. */
async function servePages(contestants: Contestant[]) {
  const server = createServer(({ url = "" }, response) => {
    const [, index = "", file] = url.split("/");
    const { script, element } = contestants[Number(index)] ?? contestants[0]!;
    const page = `<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="data:,"><script src="script.js" async></script>${element}`;
    response.setHeader("Content-Type", file ? "text/javascript" : "text/html").end(file ? script : page);
  });
  const port = await listening(server);
  return { pageOf: (index: number) => `http://localhost:${port}/${index}/`, close: () => server.close() };
}

/** Builds the page of bare Preact as Vite does by default, with the widget's own branch of the card. */
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

/** Milliseconds of one visit. Script and main thread are CPU time; the card is counted from the navigation. */
function figuresOf(events: TraceEvent[], url: string) {
  const evaluated = events.find(({ name, args }) => name === "EvaluateScript" && args.data?.url === `${url}script.js`);
  if (!evaluated) throw new Error(`The trace of ${url} has no script`);
  const inPage = events.filter(({ pid }) => pid === evaluated.pid).sort((a, b) => a.ts - b.ts);
  const navigation = inPage.findLast(
    ({ name, args }) => name === "navigationStart" && args.data?.documentLoaderURL === url,
  );
  const card = inPage.findLast(({ name }) => name === "largestContentfulPaint::Candidate");
  const onMainThread = inPage.filter(({ tid, ph }) => tid === evaluated.tid && ph === "X");
  /** Adds up the events that are not inside another one of these. */
  const cpuMs = (names: RegExp) => {
    let [sum, end] = [0, 0];
    for (const { name, ts, dur = 0, tdur = 0 } of onMainThread)
      if (names.test(name) && ts >= end) {
        sum += tdur;
        end = ts + dur;
      }
    return sum / 1000;
  };
  return {
    script: cpuMs(SCRIPT_EVENTS),
    mainThread: cpuMs(/^ThreadControllerImpl::RunTask$/),
    card: ((card?.ts ?? Number.NaN) - (navigation?.ts ?? Number.NaN)) / 1000,
    layoutShift: inPage.reduce(
      (sum, { name, args }) => sum + (name === "LayoutShift" ? (args.data?.score ?? 0) : 0),
      0,
    ),
  };
}

/** Visits a page with an empty cache. The browser's driver runs no script in it. */
async function visit(browser: Browser, url: string, slowdown: number, settled: () => Promise<void>) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const devTools = await context.newCDPSession(page);
  await devTools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  const tracing = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  tracing.on("Tracing.dataCollected", ({ value }) => void events.push(...(value as unknown as TraceEvent[])));
  await tracing.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: {
      includedCategories: ["devtools.timeline", "v8", "toplevel", "loading", "blink.user_timing"],
      excludedCategories: ["*"],
    },
  });
  await page.goto(url);
  await settled();
  await pause(
    AFTER_SOCKET_MS * slowdown,
    "Nothing outside the browser tells that the card is painted and the ping answered.",
  );
  const complete = new Promise((resolve) => tracing.once("Tracing.tracingComplete", resolve));
  await tracing.send("Tracing.end");
  await complete;
  await context.close();
  return figuresOf(events, url);
}

/** Returns the markup of the card in a page. */
async function cardIn(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage();
  await page.goto(url);
  const markup = await page.locator("article").evaluate(({ outerHTML }) => outerHTML);
  await page.close();
  return markup;
}

const range = (numbers: number[], digits: number) =>
  `${median(numbers).toFixed(digits)} (${quantile(numbers, 0.25).toFixed(digits)}-${quantile(numbers, 0.75).toFixed(digits)})`;

/**
 * Visits all pages in turns, at full speed and slowed down.
 * @returns a table of medians and quartiles
 * @throws Error when the pages don't show the same card
 */
export async function scriptTable(rounds: number): Promise<string> {
  const newsroom = await new Newsroom().open();
  newsroom.cases.set(demoCase.id, present(1));
  const widget = await readFile(join(root, "dist/widget.js"), "utf8");
  const [hint] = widget.split("\n");
  const bare = await barePreact();
  const host = `<div data-endpoint="${newsroom.origin}"></div>`;
  const element = `<case-status case="${demoCase.id}" lang="en" endpoint="${newsroom.origin}"><a href="/">UA 0/00</a></case-status>`;
  const contestants: Contestant[] = [
    { name: "bare Preact", script: bare, element: host },
    { name: "widget", script: widget, element },
    { name: "bare Preact with the widget's compile hint", script: `${hint}\n${bare}`, element: host },
    { name: "widget without the hint", script: widget.replace(`${hint}\n`, ""), element },
  ];
  const browser = await launchBrowser();
  const pages = await servePages(contestants);
  const cards = [];
  for (const index of contestants.keys()) cards.push(await cardIn(browser, pages.pageOf(index)));
  if (new Set(cards).size > 1) throw new Error("Bare Preact and the widget don't render the same card");

  const rows: string[] = [];
  for (const slowdown of SLOWDOWNS) {
    const visits: Visit[][] = contestants.map(() => []);
    for (let round = -1; round < rounds; round++)
      for (const [index, { name, ...contestant }] of contestants.entries()) {
        const fetched = newsroom.fetched.length;
        const isSettled = () =>
          newsroom.fetched.length > fetched && (contestant.element !== element || newsroom.openSockets > 0);
        const settled = async () =>
          void (await eventually(isSettled, () => `The page of ${name} asked for nothing`, SETTLING_MS));
        const figures = await visit(browser, pages.pageOf(index), slowdown, settled);
        // The first round warms the browser up.
        if (round >= 0) visits[index]?.push(figures);
      }
    for (const [index, { name }] of contestants.entries()) {
      const own = visits[index] ?? [];
      const cell = (digits: number, of: (visit: Visit, round: number) => number) => range(own.map(of), digits);
      const cells = [
        cell(1, ({ script }) => script),
        cell(2, ({ script }, round) => script / (visits[0]?.[round]?.script ?? Number.NaN)),
        cell(1, ({ mainThread }) => mainThread),
        cell(0, ({ card }) => card),
        Math.max(...own.map(({ layoutShift }) => layoutShift)),
      ];
      rows.push(`| ${slowdown} | ${name} | ${cells.join(" | ")} |`);
    }
  }
  await browser.close();
  pages.close();
  await newsroom.close();
  return [
    "| slowdown | page | script, CPU ms | ratio to the first | main thread, CPU ms | card painted after, ms | layout shift |",
    "|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}
