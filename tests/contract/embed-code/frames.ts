/** The embed guide's code for a frame, on a partner's page. */
import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { addresses } from "../../../shared/addresses.ts";
import { layoutShift } from "../../layout-shift.ts";
import { sampled, sampledLanguages } from "../../sampled.ts";
import { advance } from "../../widget/newsroom.ts";
import { guide, type Opened, opened, openWithSnippet, snippetsOf, worker } from "../embed-stage.ts";

/** Resolves when the page's frames have answered and have been laid out again. */
const settled = async (page: Page) => {
  for (let turns = 0; turns < 3; turns++)
    for (const frame of page.frames())
      await frame.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
};

/** The pixels of a frame that a reader would have to scroll to. */
const hiddenIn = (frame: Locator) =>
  frame
    .contentFrame()
    .locator("html")
    .evaluate((html) => html.scrollHeight - html.clientHeight);

const SCRIPT = /<script>[\s\S]*<\/script>/;
/** A frame that loads although it is below the window. */
const eager = (frame: string) => frame.replace('loading="lazy"', "");

export function frames(): void {
  it("for a frame moves nothing, scrolls nowhere, and is as high as its text once a reader opens something", async () => {
    const html = await Promise.all(
      (["card", "timeline", "compact"] as const).map(
        async (variant) => (await snippetsOf(`?case=ua-0-00&variant=${variant}&lang=ru`)).frame,
      ),
    );
    for (const width of sampled([320, 700], [320, 360, 700, 1_200]))
      await openWithSnippet(
        `<h1>Above</h1>${html.join("")}<p id=below>Below</p>`,
        "",
        async ({ page }) => {
          const below = await page.locator("#below").boundingBox();
          const frames = html.map((_, index) => page.locator("iframe").nth(index));
          for (const frame of frames) await frame.contentFrame().locator("article").waitFor();
          await settled(page);
          expect(await page.locator("#below").boundingBox(), `${width} pixels`).toEqual(below);
          expect(await layoutShift(page), `${width} pixels`).toBe(0);
          const height = async (frame: Locator) => (await frame.boundingBox())!.height;
          for (const frame of frames) expect(await hiddenIn(frame), `${width} pixels`).toBe(0);
          const card = frames[0]!;
          const reserved = await height(card);
          for (const name of ["Показать всё", "Написать обращение"]) {
            const summary = card.contentFrame().locator("summary", { hasText: name });
            await summary.click();
            await expect.poll(() => height(card)).toBeGreaterThan(reserved + 50);
            await expect.poll(() => hiddenIn(card)).toBe(0);
            await summary.click();
            await expect.poll(() => height(card)).toBe(reserved);
          }
          // As on a phone that is turned: the card fills the height that it has then, which is never less.
          await page.setViewportSize({ width: width < 480 ? 900 : 360, height: 3_000 });
          await expect.poll(() => height(card)).toBe(560);
          const shown = () => card.contentFrame().locator("body").boundingBox();
          await expect.poll(async () => (await shown())!.height).toBe(await height(card));
        },
        { viewport: { width, height: 3_000 } },
      );
  });

  it("for a frame needs no script: all of an open action is behind a button in its height, in several languages", async () => {
    const scriptless = async (id: string) => eager((await snippetsOf(`?case=${id}`)).frame).replace(SCRIPT, "");
    const [many, few] = await Promise.all(["ua-0-00", "ua-3-00"].map(scriptless));
    const spoken = (frame: string | undefined, lang: string) => frame!.replace("lang=en", `lang=${lang}`);
    const narrow = [
      ...sampledLanguages.map((lang) => [many, lang] as const),
      [few, "en"] as const,
      [few, "fr"] as const,
    ];
    // The narrowest column is the hardest; a wide one has other rules.
    for (const [width, given] of [
      [296, narrow],
      [700, [[many, "ru"]]],
    ] as const) {
      const html = given.map(([frame, lang]) => spoken(frame, lang)).join("");
      const use = async ({ page }: Opened) => {
        const frames = given.map((_, index) => page.locator("iframe").nth(index).contentFrame());
        for (const inside of frames) await inside.locator("article").waitFor();
        await settled(page);
        for (const [index, [frame, lang]] of given.entries()) {
          const inside = frames[index]!;
          const parts = [".number", ".changed", ".title", ".as-of", ".act > summary", ".all > summary"];
          const cut = await inside.locator("html").evaluate(
            (root, all) => ({
              hidden: root.scrollHeight - root.clientHeight,
              parts: all.filter((part) => !(root.querySelector(part)!.getBoundingClientRect().bottom <= innerHeight)),
            }),
            parts,
          );
          expect(cut, `${lang} at ${width} pixels`).toEqual({ hidden: 0, parts: [] });
          await inside.locator(".act > summary").click();
          // The letter is reached: nothing of it is cut off.
          await inside.locator(frame === few ? ".act" : ".letter").scrollIntoViewIfNeeded();
          await inside.locator(".all > summary").click();
          await inside.locator("footer a").last().click({ trial: true });
        }
      };
      // A frame outside the window isn't laid out.
      await openWithSnippet(html, "", use, { viewport: { width, height: 700 * given.length } });
    }
  });

  it("ends a folded frame after a whole line, whatever its height, in several languages", () =>
    opened(guide(), async ({ page }) => {
      for (const [turn, lang] of sampledLanguages.entries()) {
        const shapes = [
          ...[330, 347, 361, 394, 408, 452].map((height) => ["card", 600, height, 60] as const),
          // Narrow, there is only room for a part of the title, which is never left out, and for a part of the newest event.
          ...[188, 200, 212, 224].map((height) => ["card", 300, height, 36] as const),
          ...[292, 304, 316].map((height) => ["timeline", 390, height, 60] as const),
        ];
        // Each language takes every other height, in turn.
        const some = shapes.filter((_, index) => (index + turn) % 2 === 0);
        for (const [variant, width, height, most] of sampled(some, shapes)) {
          const address = worker.url + addresses.embed("ua-0-00", lang, { variant });
          if (page.url() !== address) await page.goto(address);
          await page.setViewportSize({ width, height });
          await settled(page);
          const { cut, room, parts } = await page.locator(".top").evaluate((top) => {
            const { y, left, right } = top.getBoundingClientRect();
            const cut = Number.parseFloat((top as HTMLElement).style.getPropertyValue("--shown")) || top.clientHeight;
            const range = document.createRange();
            const texts = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
            const parts: number[] = [];
            while (texts.nextNode()) {
              range.selectNodeContents(texts.currentNode);
              if (!texts.currentNode.parentElement!.checkVisibility()) continue;
              for (const line of range.getClientRects())
                if (line.height > 0 && line.left < right && line.right > left)
                  parts.push((cut - line.y + y) / line.height);
            }
            return { cut, room: top.clientHeight, parts };
          });
          const where = `${variant}, ${lang}, ${width} × ${height} pixels`;
          expect(cut, where).toBeLessThanOrEqual(room + 1);
          expect(cut, where).toBeGreaterThan(room - most);
          expect(
            parts.filter((part) => part > 0.25 && part < 0.95),
            where,
          ).toEqual([]);
        }
      }
    }));

  it("as a frame says after eight seconds of silence, and at once when the browser is offline, that it may be out of date", async () => {
    const address = `${worker.url}/embed/ua-0-00?lang=en`;
    for (const how of ["silent", "offline"])
      await opened("about:blank", async ({ page }) => {
        // It answers two pings. Then it is dead: that fires no event for about a minute.
        await page.addInitScript(() => {
          let answers = 2;
          class DyingSocket {
            onopen?: () => void;
            onmessage?: (message: { data: string }) => void;
            constructor() {
              queueMicrotask(() => this.onopen?.());
            }
            send() {
              if (answers-- > 0) queueMicrotask(() => this.onmessage?.({ data: "pong" }));
            }
            close() {}
          }
          Object.assign(globalThis, { WebSocket: DyingSocket });
        });
        if (how === "silent") await page.clock.install();
        await page.goto(address);
        const notice = page.locator(".offline");
        expect(await notice.isVisible()).toBe(false);
        await page.route("**/embed/**", () => {});
        if (how === "silent") {
          // The second ping is due after five seconds, and the silence lasts from its answer on.
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
        await page.addInitScript((opens) => {
          class SilentSocket {
            onopen?: () => void;
            constructor() {
              if (opens) queueMicrotask(() => this.onopen?.());
            }
            send() {}
            close() {}
          }
          Object.assign(globalThis, { WebSocket: SilentSocket, marked: 0 });
          addEventListener("DOMContentLoaded", () => {
            const notice = document.querySelector(".offline")!;
            const count = () => void (globalThis as unknown as { marked: number }).marked++;
            new MutationObserver(count).observe(notice, { attributes: true });
          });
        }, opens);
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
          // The limit for an answer is eight seconds of the page's clock, which are over after two turns.
          await expect.poll(() => answered, { interval: 5 }).toBe(asked);
        }
        // Only when the first socket doesn't answer, until the frame has asked.
        expect(await page.evaluate(() => (globalThis as unknown as { marked: number }).marked)).toBe(opens ? 2 : 0);
        expect(asked).toBeGreaterThanOrEqual(3);
        expect(asked).toBeLessThanOrEqual(opens ? 10 : 8);
      });
  });
}
