/** The widget whose newsroom doesn't answer, or not for a while. */
import { describe, expect, it } from "vitest";
import {
  advance,
  demoCase,
  inState,
  present,
  secondsUntil,
  widgetOf,
} from "./newsroom.ts";
import {
  card,
  connect,
  newsroom,
  open,
  script,
  show,
  textOf,
  useStage,
} from "./stage.ts";

const CASE = demoCase.id;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

useStage();

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

  it.each([
    // Without a socket, the widget soon asks again.
    ["and the next one brings the view", "refused"],
    // A socket has its own connection, and brings the view before the second
    // frozen request is given up, when a third would follow.
    ["while a socket brings the view", "work"],
  ] as const)(
    "gives up a frozen request after eight seconds, %s",
    async (_, sockets) => {
      newsroom.fetching = "frozen";
      newsroom.sockets = sockets;
      const { page } = await open(script() + widgetOf(), { clock: true });
      await expect.poll(() => newsroom.fetched.length).toBe(1);
      if (sockets === "refused") newsroom.fetching = "works";
      await secondsUntil(page, "ready");
      // By the page's clock, which also goes on while a busy machine lets the
      // test wait.
      expect(
        await page.evaluate(() => performance.now()),
      ).toBeGreaterThanOrEqual(8 * SECOND_MS);
      expect(newsroom.fetched.length).toSatisfy((count: number) =>
        sockets === "refused" ? count > 1 : count <= 2,
      );
    },
  );

  it("polls when no socket can be opened", async () => {
    newsroom.sockets = "refused";
    const { page } = await show("", { clock: true });
    newsroom.cases.set(CASE, present(2));
    for (
      let tries = 0;
      tries < 12 && !(await textOf(page)).includes("Update 2");
      tries++
    )
      await page.clock.fastForward(5 * SECOND_MS);
    expect(await textOf(page)).toContain("Update 2");
    await inState(page, "ready");
    const settled = newsroom.fetched.length;
    for (let seconds = 0; seconds < 120; seconds += 5)
      await advance(page, 5 * SECOND_MS);
    // Every 15 to 30 s after it has backed off; the page's clock advances by
    // two minutes.
    expect(newsroom.fetched.length - settled).toBeGreaterThanOrEqual(3);
    expect(newsroom.fetched.length - settled).toBeLessThanOrEqual(12);
  });

  it("asks for a case that doesn't exist less and less, and for none with a socket", async () => {
    const { page } = await open(
      script() + widgetOf(`case="ua-9-99" lang="en"`),
      { clock: true },
    );
    await inState(page, "unknown");
    for (let hours = 0; hours < 12; hours++) await advance(page, HOUR_MS);
    expect(newsroom.fetched.length).toBeGreaterThanOrEqual(12);
    // A request whose time limit passes while the page's clock advances is
    // repeated.
    expect(newsroom.fetched.length).toBeLessThanOrEqual(2 * (12 + 24));
    expect(newsroom.connected).toEqual([]);
  });

  it("marks the last known version with its date, keeps only link and dates after a day, and recovers", async () => {
    const { page } = await connect("", { clock: true });
    newsroom.fetching = "fails";
    newsroom.sockets = "refused";
    newsroom.dropSockets();
    await secondsUntil(page, "stale");
    expect(await card(page).locator("[part=stale]").textContent()).toContain(
      "Couldn’t refresh",
    );
    for (const part of [
      "Update 1\u00a0· Published here 25\u00a0November 2026",
      "Demo Person One",
    ])
      expect(await textOf(page)).toContain(part);
    await page.clock.fastForward(25 * HOUR_MS);
    await secondsUntil(page, "expired");
    expect(await textOf(page)).not.toContain("Demo Person One");
    for (const part of [
      "Couldn’t refresh",
      "Update 1\u00a0· Published here 25\u00a0November 2026",
      "as of 20\u00a0November 2026",
    ])
      expect(await textOf(page)).toContain(part);
    expect(await card(page).locator("a").first().getAttribute("href")).toBe(
      `${newsroom.origin}/cases/${CASE}?lang=en`,
    );
    newsroom.fetching = "works";
    newsroom.sockets = "work";
    await secondsUntil(page, "ready");
    expect(await textOf(page)).toContain("Demo Person One");
    expect(await card(page).locator("[part=stale]").count()).toBe(0);
  });

  it.each([
    [true, "frozen", 2],
    [true, "refused", 2],
    // The next ping is due after at most five seconds, the new socket has eight
    // to open, and the view is asked for twice.
    [false, "frozen", 5 + 8 + 2],
  ] as const)(
    "marks a view soon when its socket is replaced on a dead line: back-forward cache %s, sockets %s",
    async (returns, sockets, seconds) => {
      const { page } = await connect("", { clock: true });
      if (returns) {
        await advance(page, SECOND_MS);
        await page.evaluate(() =>
          dispatchEvent(
            new PageTransitionEvent("pagehide", { persisted: true }),
          ),
        );
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
        await page.evaluate(() =>
          dispatchEvent(
            new PageTransitionEvent("pageshow", { persisted: true }),
          ),
        );
      }
      expect(await secondsUntil(page, "stale")).toBeLessThanOrEqual(
        seconds + 1,
      );
    },
  );

  it("asks again when the page is visible again or the network is back", async () => {
    newsroom.sockets = "refused";
    const { page } = await show();
    await expect.poll(() => newsroom.connected.length).toBeGreaterThan(0);
    for (const [target, type] of [
      ["window", "online"],
      ["document", "visibilitychange"],
    ] as const) {
      const before = newsroom.fetched.length;
      const answered = page.waitForResponse((answer) =>
        answer.url().includes("/view"),
      );
      await page.evaluate(
        ([where, what]) =>
          void (where === "window" ? window : document).dispatchEvent(
            new Event(what!),
          ),
        [target, type],
      );
      await expect.poll(() => newsroom.fetched.length).toBeGreaterThan(before);
      // The next event is counted only after this answer.
      await (await answered).finished();
    }
  });

  it("is stale after eight seconds of silence, and gets what it missed by itself, from another socket", async () => {
    const { page } = await connect("", { clock: true });
    newsroom.sockets = "mute";
    newsroom.fetching = "frozen";
    newsroom.cases.set(CASE, present(2));
    expect(await secondsUntil(page, "stale")).toBeLessThanOrEqual(8 + 1);
    newsroom.sockets = "work";
    newsroom.fetching = "works";
    await secondsUntil(page, "ready");
    await expect.poll(() => textOf(page)).toContain("Update 2");
    expect(newsroom.connected.length).toBeGreaterThanOrEqual(2);
  });
});
