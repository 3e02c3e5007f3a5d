/** The widget whose newsroom doesn't answer, or not for a while. */
import { beforeAll, describe, expect, it } from "vitest";
import { advance, demoCase, inState, Newsroom, openPartner, present, widgetOf } from "./newsroom.ts";
import { browser, card, newsroom, open, script, textOf, useStage } from "./stage.ts";

const CASE = demoCase.id;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

useStage();

/** How the view appeared: after how many milliseconds, and after how many requests. */
interface Loaded {
  taken: number;
  requests: number;
}

/** Both take eight seconds of real time, so they run beside the other tests. */
let frozen: Promise<Loaded>;
let frozenWithSocket: Promise<Loaded>;

beforeAll(() => {
  frozen = loadPastFrozenRequest();
  frozenWithSocket = loadPastFrozenRequest(true);
});

/** @param forGood leaves every request unanswered, but not the sockets */
async function loadPastFrozenRequest(forGood = false): Promise<Loaded> {
  const own = await new Newsroom().open();
  own.cases.set(CASE, present(1));
  own.fetching = "frozen";
  if (!forGood) own.sockets = "refused";
  const partner = await openPartner(own, `<script src="${own.origin}/widget.js"></script>${widgetOf()}`);
  const page = await browser.newPage();
  const started = Date.now();
  await page.goto(partner.url);
  await expect.poll(() => own.fetched.length, { timeout: 5 * SECOND_MS }).toBe(1);
  if (!forGood) own.fetching = "works";
  await inState(page, "ready");
  const loaded = { taken: Date.now() - started, requests: own.fetched.length };
  await page.close();
  await partner.close();
  await own.close();
  return loaded;
}

describe("The widget on a bad connection", () => {
  it("leaves the fallback link until there is an answer", async () => {
    newsroom.fetching = "fails";
    newsroom.sockets = "refused";
    const { page } = await open(script() + widgetOf(), { clock: true });
    await inState(page, "stale");
    expect(await page.getByText("Fallback").isVisible()).toBe(true);
    expect(await card(page).count()).toBe(0);
    newsroom.fetching = "works";
    await page.clock.fastForward(5 * SECOND_MS);
    await inState(page, "ready");
    expect(await page.getByText("Fallback").isVisible()).toBe(false);
  });

  it("polls when no socket can be opened", async () => {
    newsroom.sockets = "refused";
    const { page } = await open(script() + widgetOf(), { clock: true });
    await inState(page, "ready");
    newsroom.cases.set(CASE, present(2));
    for (let tries = 0; tries < 12 && !(await textOf(page)).includes("Update 2"); tries++)
      await page.clock.fastForward(5 * SECOND_MS);
    expect(await textOf(page)).toContain("Update 2");
    await inState(page, "ready");
    const settled = newsroom.fetched.length;
    for (let seconds = 0; seconds < 120; seconds += 5) await advance(page, 5 * SECOND_MS);
    // Every 15 to 30 s after it has backed off; the page's clock advances by two minutes.
    expect(newsroom.fetched.length - settled).toBeGreaterThanOrEqual(3);
    expect(newsroom.fetched.length - settled).toBeLessThanOrEqual(12);
  });

  it("marks the last known version with its date, keeps only link and dates after a day, and recovers", async () => {
    const { page } = await open(script() + widgetOf(), { clock: true });
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    newsroom.fetching = "fails";
    newsroom.sockets = "refused";
    newsroom.dropSockets();
    const until = async (state: string) => {
      for (let tries = 0; tries < 40 && (await page.locator(`case-status:state(${state})`).count()) === 0; tries++) {
        await advance(page, 5 * SECOND_MS);
      }
      await inState(page, state);
    };
    await until("stale");
    expect(await card(page).locator("[part=stale]").textContent()).toContain("Couldn’t refresh");
    for (const part of ["Update 1 · 25\u00a0November 2026", "Demo Person One"])
      expect(await textOf(page)).toContain(part);
    await page.clock.fastForward(25 * HOUR_MS);
    await until("expired");
    expect(await textOf(page)).not.toContain("Demo Person One");
    for (const part of ["Couldn’t refresh", "Update 1 · 25\u00a0November 2026", "Facts as of 20\u00a0November 2026"])
      expect(await textOf(page)).toContain(part);
    expect(await card(page).locator("a").first().getAttribute("href")).toBe(`${newsroom.origin}/cases/${CASE}?lang=en`);
    const stamps = () =>
      card(page)
        .locator(".stamp")
        .evaluateAll((all) =>
          all
            .filter((one) => getComputedStyle(one).position !== "absolute" && one.checkVisibility())
            .map((one) => one.textContent),
        );
    for (const [width, label] of [
      [700, "DEMO: an invented case in an invented country"],
      [360, "DEMO"],
    ] as const) {
      await page.setViewportSize({ width, height: 640 });
      expect(await stamps()).toEqual([label]);
    }
    newsroom.fetching = "works";
    newsroom.sockets = "work";
    await until("ready");
    expect(await textOf(page)).toContain("Demo Person One");
    expect(await card(page).locator("[part=stale]").count()).toBe(0);
  });

  it("marks a view soon when its socket is replaced on a dead line, also after the back-forward cache", async () => {
    for (const [returns, sockets, seconds] of [
      [true, "frozen", 2],
      [true, "refused", 2],
      // The next ping is due after at most five seconds, the new socket has eight to open, and the view is asked for twice.
      [false, "frozen", 5 + 8 + 2],
    ] as const) {
      newsroom.sockets = "work";
      newsroom.fetching = "works";
      const { page } = await open(script() + widgetOf(), { clock: true });
      await inState(page, "ready");
      await expect.poll(() => newsroom.openSockets).toBe(1);
      if (returns) {
        await advance(page, SECOND_MS);
        await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
        await expect.poll(() => newsroom.openSockets).toBe(0);
      } else {
        // So much that the socket is replaced instead of the next ping.
        newsroom.publish(CASE, present(2));
        await expect.poll(() => textOf(page)).toContain("Update 2");
      }
      newsroom.sockets = sockets;
      newsroom.fetching = "fails";
      if (returns) {
        await page.clock.fastForward(HOUR_MS);
        await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
      }
      const isStale = async () => (await page.locator("case-status:state(stale)").count()) > 0;
      let waitedSeconds = 0;
      for (; waitedSeconds < 30 && !(await isStale()); waitedSeconds++) await advance(page, SECOND_MS);
      expect(waitedSeconds, `${returns} ${sockets}`).toBeLessThanOrEqual(seconds + 1);
      newsroom.dropSockets();
      await page.goto("about:blank");
    }
  });

  it("replaces a socket that has gone silent", async () => {
    const { page } = await open(script() + widgetOf(), { clock: true });
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    newsroom.sockets = "mute";
    newsroom.cases.set(CASE, present(2));
    for (let tries = 0; tries < 12 && newsroom.connected.length < 2; tries++) {
      await advance(page, 5 * SECOND_MS);
    }
    expect(newsroom.connected.length).toBeGreaterThanOrEqual(2);
    await expect.poll(() => textOf(page)).toContain("Update 2");
  });

  it("asks again when the page is visible again or the network is back", async () => {
    newsroom.sockets = "refused";
    const { page } = await open(script() + widgetOf());
    await inState(page, "ready");
    await expect.poll(() => newsroom.connected.length).toBeGreaterThan(0);
    for (const [target, type] of [
      ["window", "online"],
      ["document", "visibilitychange"],
    ] as const) {
      const before = newsroom.fetched.length;
      const answered = page.waitForResponse((answer) => answer.url().includes("/view"));
      await page.evaluate(
        ([where, what]) => void (where === "window" ? window : document).dispatchEvent(new Event(what!)),
        [target, type],
      );
      await expect.poll(() => newsroom.fetched.length).toBeGreaterThan(before);
      // The next event is counted only after this answer.
      await (await answered).finished();
    }
  });
});

it("The widget gives up a frozen request after eight seconds, and the next one brings the view", async () => {
  const { taken, requests } = await frozen;
  expect(taken).toBeGreaterThan(8 * SECOND_MS);
  // Without a socket, the widget soon asks again.
  expect(requests).toBeGreaterThan(1);
  // A socket has its own connection, and brings the view before the second frozen request is given up, when a third would follow.
  expect((await frozenWithSocket).requests).toBeLessThanOrEqual(2);
}, 30_000);
