/** The widget on lines that freeze every TCP connection after 16 KB without a reset, TLS included. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../browser.ts";
import { freezingProxy } from "./freezing-proxy.ts";
import { demoCase, inState, Newsroom, present, scriptOf, visit, widgetOf } from "./newsroom.ts";

const CASE = demoCase.id;
const SECOND = 1_000;
/** Where a connection freezes, in bytes: what the first connection of a visit is promised to stay under. */
const LIMIT = 15_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser({ args: ["--no-sandbox", "--ignore-certificate-errors"] });
});
afterAll(() => browser.close());

async function onFreezingLine(change: (newsroom: Newsroom) => void = () => {}) {
  const newsroom = await new Newsroom().open({ secure: true });
  newsroom.cases.set(CASE, present(1));
  change(newsroom);
  const line = await freezingProxy(Number(new URL(newsroom.origin).port), LIMIT);
  newsroom.origin = `https://localhost:${line.port}`;
  const { page, close } = await visit(browser, newsroom, scriptOf(newsroom) + widgetOf(), {
    clock: true,
  });
  const text = async () => (await page.locator("case-status article").first().textContent()) ?? "";
  return {
    newsroom,
    line,
    page,
    text,
    end: async () => {
      await close();
      await line.close();
      await newsroom.close();
    },
  };
}

it("a visit is two requests on one connection, less than 15 KB with TLS, and a socket", async () => {
  const { newsroom, line, page, end } = await onFreezingLine();
  await inState(page, "ready");
  await expect.poll(() => newsroom.lines).toBe(1);
  await page.waitForTimeout(100);
  expect(newsroom.fetched).toHaveLength(1);
  expect(line.brought).toHaveLength(2);
  expect(line.brought[0]).toBeLessThan(LIMIT);
  expect(line.brought[1]).toBeLessThan(4_000);
  expect(line.frozen()).toBe(0);
  await end();
});

it("a socket is replaced before it freezes, through thirty kilobytes of updates", async () => {
  const { newsroom, line, page, text, end } = await onFreezingLine();
  await inState(page, "ready");
  for (let number = 2; number < 9; number++) {
    await expect.poll(() => newsroom.lines).toBe(1);
    newsroom.publish(CASE, present(number));
    await expect.poll(text).toContain(`Update ${number}`);
    const before = newsroom.connected.length;
    await page.clock.fastForward(31 * SECOND);
    await expect.poll(() => newsroom.connected.length).toBe(before + 1);
  }
  expect(line.brought.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(30_000);
  const [, ...sockets] = line.brought;
  expect(Math.max(...sockets)).toBeLessThan(12_000);
  expect(line.frozen()).toBe(0);
  expect(newsroom.fetched).toHaveLength(1);
  await end();
});

it("a burst that freezes the socket is made up for on a fresh one", async () => {
  const { newsroom, line, page, text, end } = await onFreezingLine();
  await inState(page, "ready");
  await expect.poll(() => newsroom.lines).toBe(1);
  for (let number = 2; number < 8; number++) newsroom.publish(CASE, present(number));
  await expect.poll(() => line.frozen()).toBe(1);
  for (let tries = 0; tries < 20 && !(await text()).includes("Update 7"); tries++) {
    await page.clock.fastForward(10 * SECOND);
    await page.waitForTimeout(30);
  }
  expect(await text()).toContain("Update 7");
  await end();
});

// Chromium takes up to twenty seconds of the real clock to let go of a frozen HTTP/2 connection.
it.runIf(process.env.CI)("polls go on over a fresh connection", { timeout: 90_000 }, async () => {
  const { newsroom, line, page, text, end } = await onFreezingLine((own) => {
    own.sockets = "refused";
  });
  await inState(page, "ready");
  for (let number = 2; number < 9; number++) {
    newsroom.cases.set(CASE, present(number));
    for (let tries = 0; tries < 300 && !(await text()).includes(`Update ${number}`); tries++) {
      await page.clock.runFor(2 * SECOND);
      await page.waitForTimeout(100);
    }
    expect(await text()).toContain(`Update ${number}`);
  }
  expect(line.frozen()).toBe(1);
  await end();
});
