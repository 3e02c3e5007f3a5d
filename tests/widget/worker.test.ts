/**
 * The widget with script and responses from the real Worker, on a page with
 * every policy at once.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addresses, paths } from "../../shared/addresses.ts";
import { closePages, sharedBrowser } from "../support/browser.ts";
import { startWorker, type TestWorker } from "../support/harness.ts";
import {
  advance,
  demoCase,
  inState,
  scriptOf,
  secondsUntil,
  serving,
  visit,
} from "./newsroom.ts";

let worker: TestWorker;
let browser: Browser;

beforeAll(async () => {
  [worker, browser] = await Promise.all([startWorker(), sharedBrowser()]);
});
afterAll(() => Promise.all([closePages(browser), worker?.close()]));

it("The pinned script, checked against its hash, shows a case that goes live on a sandboxed and isolated page", async () => {
  const { pinned, integrity } = await (
    await fetch(worker.url + paths.widgetRelease)
  ).json();
  const src = worker.url + new URL(pinned).pathname;
  const element = `<case-status case="${demoCase.id}" lang="uk"></case-status>`;
  const open = (hash: string) =>
    visit(
      browser,
      { origin: worker.url },
      `<script src="${src}" integrity="${hash}" crossorigin async></script>${element}`,
      {
        directives: ["sandbox allow-scripts"],
        headers: {
          "Cross-Origin-Embedder-Policy": "require-corp",
          "Cross-Origin-Opener-Policy": "same-origin",
        },
      },
    );
  const published = await worker.publish(demoCase);
  const { page, complaints, close } = await open(integrity);
  await inState(page, "unknown");
  await inState(page, "ready");
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(published.liveAt));
  expect(await page.locator("case-status article").textContent()).toContain(
    "Оновлення 1",
  );
  // Chromium reports every 404; this one is expected.
  expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
  await close();

  const other = await open(`sha384-${"A".repeat(64)}`);
  expect(other.complaints.join()).toContain("integrity");
  expect(await other.page.locator("case-status article").count()).toBe(0);
  await other.close();
});

// The case is live since the first test.
it("A mirror's signed copy stands in for the newsroom within three seconds, with its age, and gives way to it", async () => {
  const key = (await (await fetch(worker.url + paths.logKey)).text()).trim();
  const note = await (
    await fetch(worker.url + addresses.signedView(demoCase.id, "ar"))
  ).text();
  const asked: string[] = [];
  const mirrorOf = (text: string) =>
    serving(({ url = "" }, response) => {
      asked.push(url);
      const isThere = url === `/copies/cases/${demoCase.id}/ar.signed.txt`;
      response
        .writeHead(isThere ? 200 : 404, { "Access-Control-Allow-Origin": "*" })
        .end(text);
    });
  const lie = note.replace('"state":"present"', '"state":"withdrawn"');
  expect(lie).not.toBe(note);
  const mirrors = await Promise.all([lie, note].map(mirrorOf));
  const [lying, honest] = mirrors.map(({ origin }) => `${origin}/copies`) as [
    string,
    string,
  ];
  const mirrored = await visit(
    browser,
    { origin: worker.url },
    scriptOf({ origin: worker.url }),
    {
      mirrors: mirrors.map(({ origin }) => origin),
      clock: true,
    },
  );
  const { page } = mirrored;
  let isDown = true;
  await page.route(`${worker.url}/v1/**`, (route) =>
    isDown ? route.abort() : route.continue(),
  );
  await page.routeWebSocket(
    /\/v1\/live/,
    (socket) => void (isDown ? socket.close() : socket.connectToServer()),
  );
  const add = (sources: string) =>
    page.evaluate(
      ([id, sources, key]) => {
        const element = document.createElement("case-status");
        for (const [name, value] of Object.entries({
          case: id,
          lang: "ar-EG",
          sources,
          "log-key": key,
        }))
          element.setAttribute(name, value);
        document.body.append(element);
      },
      [demoCase.id, sources, key] as const,
    );
  await Promise.all([add(`${lying}/`), add(`${lying} ${honest}`)]);
  const [trusting, second] = [
    page.locator("case-status").first(),
    page.locator("case-status").nth(1),
  ];
  // By the page's clock; without mirrors it would take eight seconds.
  let waitedSeconds = 0;
  for (
    ;
    waitedSeconds < 20 && !(await second.locator("article").count());
    waitedSeconds++
  ) {
    await advance(page, 1_000);
    // A slow machine's answers take real time: as long as a few others through
    // the same server.
    await page.evaluate(async (origin) => {
      for (let turn = 0; turn < 5; turn++)
        await fetch(`${origin}/control`).catch(() => {});
    }, honest);
  }
  expect(waitedSeconds).toBeLessThanOrEqual(3);
  expect(await second.locator("[part=stale]").textContent()).toContain(
    "نسخة من موقع مرآة بتاريخ",
  );
  expect(
    await second.evaluate((element) => element.matches(":state(stale)")),
  ).toBe(true);
  expect(await trusting.locator("article").count()).toBe(0);
  expect(asked.filter((url) => url.includes("/ar.signed"))).toHaveLength(3);
  isDown = false;
  await secondsUntil(page, "ready");
  await page.locator("case-status:state(ready)").nth(1).waitFor();
  expect(await page.locator("[part=stale]").count()).toBe(0);
  await mirrored.close();
  for (const { server } of mirrors) server.close();
});
