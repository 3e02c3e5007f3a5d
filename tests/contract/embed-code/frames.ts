/** The embed guide's code for a frame, on a partner's page. */
import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { layoutShift } from "../../support/layout-shift.ts";
import { advance } from "../../widget/newsroom.ts";
import { opened, openWithSnippet, snippetsOf, worker } from "../embed-stage.ts";

/**
 * Resolves when the page's frames have answered and have been laid out again.
 */
const settled = async (page: Page) => {
  for (let turns = 0; turns < 3; turns++)
    for (const frame of page.frames())
      await frame.evaluate(
        () =>
          new Promise((done) =>
            requestAnimationFrame(() => requestAnimationFrame(done)),
          ),
      );
};

/** The pixels of a frame that a reader would have to scroll to. */
const hiddenIn = (frame: Locator) =>
  frame
    .contentFrame()
    .locator("html")
    .evaluate((html) => html.scrollHeight - html.clientHeight);

/**
 * Sockets that answer a few pings. Then they are dead: that fires no event for
 * about a minute.
 */
const dyingSockets = (page: Page, given: { opens: boolean; answers: number }) =>
  page.addInitScript(({ opens, answers }) => {
    class DyingSocket {
      onopen?: () => void;
      onmessage?: (message: { data: string }) => void;
      constructor() {
        if (opens) queueMicrotask(() => this.onopen?.());
      }
      send() {
        if (answers-- > 0)
          queueMicrotask(() => this.onmessage?.({ data: "pong" }));
      }
      close() {}
    }
    Object.assign(globalThis, { WebSocket: DyingSocket });
  }, given);

export function frames(): void {
  it("for a frame moves nothing, scrolls nowhere, and is as high as its text once a reader opens the place to act", async () => {
    const variants = ["card", "timeline", "compact"] as const;
    const html = await Promise.all(
      variants.map(
        async (variant) =>
          (await snippetsOf(`?case=ua-0-00&variant=${variant}&lang=ru`)).frame,
      ),
    );
    for (const width of [320, 700])
      await openWithSnippet(
        `<h1>Above</h1>${html.join("")}<p id=below>Below</p>`,
        "",
        async ({ page }) => {
          const below = await page.locator("#below").boundingBox();
          const frames = html.map((_, index) =>
            page.locator("iframe").nth(index),
          );
          for (const frame of frames)
            await frame.contentFrame().locator("article").waitFor();
          await settled(page);
          const height = async (frame: Locator) =>
            (await frame.boundingBox())!.height;
          for (const [index, frame] of frames.entries())
            expect(
              await hiddenIn(frame),
              `${variants[index]}, ${width} pixels`,
            ).toBe(0);
          if (width === 700) {
            expect(await page.locator("#below").boundingBox()).toEqual(below);
            expect(await layoutShift(page)).toBe(0);
          }
          const card = frames[0]!;
          const reserved = await height(card);
          const summary = card.contentFrame().locator(".act > summary");
          await summary.click();
          await expect.poll(() => height(card)).toBeGreaterThan(reserved + 50);
          await expect.poll(() => hiddenIn(card)).toBe(0);
          await card
            .contentFrame()
            .locator(".letter")
            .first()
            .click({ trial: true });
          await summary.click();
          await expect.poll(() => height(card)).toBe(reserved);
        },
        { viewport: { width, height: 3_000 } },
      );
  });

  it("for a frame shrinks to its text while nobody sees it, and moves nothing", async () => {
    const { frame } = await snippetsOf("?case=ua-0-00");
    const below = `<div style="width: 700px; padding-top: 2000px">${frame}</div>`;
    await openWithSnippet(below, "", async ({ page }) => {
      const height = async () =>
        (await page.locator("iframe").boundingBox())!.height;
      await expect.poll(height).toBeLessThan(500);
      await page.locator("iframe").scrollIntoViewIfNeeded();
      expect(await hiddenIn(page.locator("iframe"))).toBe(0);
      expect(await layoutShift(page)).toBe(0);
    });
  });

  it("as a frame says after eight seconds of silence, and at once when the browser is offline, that it may be out of date", async () => {
    const address = `${worker.url}/embed/ua-0-00?lang=en`;
    for (const how of ["silent", "offline"])
      await opened("about:blank", async ({ page }) => {
        await dyingSockets(page, { opens: true, answers: 2 });
        // A clock that stands still, or else a busy machine adds seconds of its
        // own.
        if (how === "silent")
          await page.clock
            .install()
            .then(() => page.clock.pauseAt(Date.now() + 60_000));
        await page.goto(address);
        const notice = page.locator(".offline");
        expect(await notice.isVisible()).toBe(false);
        await page.route("**/embed/**", () => {});
        if (how === "silent") {
          // The second ping is due after five seconds, and the silence lasts
          // from its answer on.
          await page.clock.runFor(5_000);
          await page.clock.runFor(7_000);
          expect(await notice.isVisible()).toBe(false);
          await page.clock.runFor(1_100);
        } else await page.evaluate(() => dispatchEvent(new Event("offline")));
        await notice.waitFor();
        await page.unroute("**/embed/**");
        await page.evaluate(() => dispatchEvent(new Event("online")));
        await notice.waitFor({ state: "hidden" });
      });
  });

  it("as a frame asks less and less often where no socket works, and doesn't say again and again that it may be out of date", async () => {
    for (const opens of [false, true])
      await opened("about:blank", async ({ page }) => {
        await dyingSockets(page, { opens, answers: 0 });
        await page.addInitScript(() => {
          Object.assign(globalThis, { marked: 0 });
          addEventListener("DOMContentLoaded", () => {
            const notice = document.querySelector(".offline")!;
            const count = () =>
              void (globalThis as unknown as { marked: number }).marked++;
            new MutationObserver(count).observe(notice, { attributes: true });
          });
        });
        await page.clock.install();
        let [asked, answered] = [0, 0];
        page.on("request", () => asked++);
        for (const end of ["requestfinished", "requestfailed"] as const)
          page.on(end as "requestfailed", () => answered++);
        await page.goto(`${worker.url}/embed/ua-0-00?lang=en`);
        await expect.poll(() => answered).toBe(asked);
        asked = answered = 0;
        for (let seconds = 0; seconds < 120; seconds += 4) {
          await advance(page, 4_000);
          // The limit for an answer is eight seconds of the page's clock, which
          // are over after two turns.
          await expect.poll(() => answered, { interval: 5 }).toBe(asked);
        }
        // Only when the first socket doesn't answer, until the frame has asked.
        expect(
          await page.evaluate(
            () => (globalThis as unknown as { marked: number }).marked,
          ),
        ).toBe(opens ? 2 : 0);
        expect(asked).toBeGreaterThanOrEqual(3);
        expect(asked).toBeLessThanOrEqual(opens ? 10 : 8);
      });
  });
}
