/**
 * The widget on networks that freeze every TCP connection after 16 KB, TLS
 * included, without a reset.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { pause } from "../support/waiting.ts";
import { freezingProxy } from "./freezing-proxy.ts";
import {
  advance,
  demoCase,
  inState,
  Newsroom,
  present,
  scriptOf,
  visit,
  widgetOf,
} from "./newsroom.ts";

const CASE = demoCase.id;
const SECOND_MS = 1_000;
/**
 * A connection freezes after this much. The first connection of a visit must
 * stay below this.
 */
const FREEZE_LIMIT_BYTES = 15_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser({
    args: ["--no-sandbox", "--ignore-certificate-errors"],
  });
});
afterAll(() => browser.close());

async function openThroughFreezingProxy() {
  const newsroom = await new Newsroom().open({ secure: true });
  newsroom.cases.set(CASE, present(1));
  const line = await freezingProxy(
    Number(new URL(newsroom.origin).port),
    FREEZE_LIMIT_BYTES,
  );
  newsroom.origin = `https://localhost:${line.port}`;
  const { page, close } = await visit(
    browser,
    newsroom,
    scriptOf(newsroom) + widgetOf(),
    { clock: true },
  );
  onTestFinished(async () => {
    await close();
    await line.close();
    await newsroom.close();
  });
  const text = async () =>
    (await page.locator("case-status article").first().textContent()) ?? "";
  return { newsroom, line, page, text };
}

it("A visit to a page with the widget takes two requests on one connection, less than 15 KB with TLS, and a socket", async () => {
  const { newsroom, line, page } = await openThroughFreezingProxy();
  await inState(page, "ready");
  await expect.poll(() => newsroom.openSockets).toBe(1);
  await pause(100, "A third request or connection would be opened at once.");
  expect(newsroom.fetched).toHaveLength(1);
  expect(line.brought).toHaveLength(2);
  expect(line.brought[0]).toBeLessThan(FREEZE_LIMIT_BYTES);
  expect(line.brought[1]).toBeLessThan(4_000);
  expect(line.frozen()).toBe(0);
});

it("The widget replaces its socket before a throttled line freezes it, through 30 KB of updates", async () => {
  const { newsroom, line, page, text } = await openThroughFreezingProxy();
  await inState(page, "ready");
  for (let number = 2; number < 9; number++) {
    await expect.poll(() => newsroom.openSockets).toBe(1);
    newsroom.publish(CASE, present(number));
    await expect.poll(text).toContain(`Update ${number}`);
    const before = newsroom.connected.length;
    await page.clock.fastForward(31 * SECOND_MS);
    await expect.poll(() => newsroom.connected.length).toBe(before + 1);
  }
  expect(line.brought.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(
    30_000,
  );
  const [, ...sockets] = line.brought;
  expect(Math.max(...sockets)).toBeLessThan(12_000);
  expect(line.frozen()).toBe(0);
  expect(newsroom.fetched).toHaveLength(1);
});

it("The widget gets the revisions that a frozen socket missed on a new one", async () => {
  const { newsroom, line, page, text } = await openThroughFreezingProxy();
  await inState(page, "ready");
  await expect.poll(() => newsroom.openSockets).toBe(1);
  for (let number = 2; number < 8; number++)
    newsroom.publish(CASE, present(number));
  await expect.poll(() => line.frozen()).toBe(1);
  for (
    let tries = 0;
    tries < 20 && !(await text()).includes("Update 7");
    tries++
  ) {
    await advance(page, 10 * SECOND_MS);
  }
  expect(await text()).toContain("Update 7");
});
