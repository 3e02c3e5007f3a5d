/** Pages that stay open while cases change. */
import { expect, it } from "vitest";
import { eraseSeen } from "../../support/erasing.ts";
import { inventedCase } from "../../support/invented.ts";
import { lendPage } from "../../support/page-pool.ts";
import { browser, worker } from "./opened.ts";

export function openPage(): void {
  it("offers a newer revision within a minute, doesn't keep what was redacted, withdrawn or ended, and lists what is newest", async () => {
    const fields = inventedCase(9);
    const page = async (path: string) => {
      const { page, complaints, giveBack } = await lendPage(browser);
      const requests: string[] = [];
      page.on("request", (request) =>
        requests.push(`${request.method()} ${new URL(request.url()).pathname}`),
      );
      await page.clock.install();
      await page.goto(worker.url + path);
      const minute = async () => {
        requests.length = 0;
        // Real seconds pass too, and `runFor` would let a request that starts
        // in the middle of it time out.
        await page.clock.fastForward(60_000);
      };
      return {
        page,
        bar: page.locator(".newer"),
        minute,
        requests,
        complaints,
        giveBack,
      };
    };
    await worker.publish(fields);
    await worker.untilLive(await worker.publish(inventedCase(10)));
    const [head, old, front] = await Promise.all([
      page("/cases/ua-9-00?lang=fr"),
      page("/cases/ua-9-00/revisions/1"),
      page("/?lang=en"),
    ]);
    const heard = front.page.locator("p.status");

    await Promise.all([head.minute(), front.minute()]);
    await expect
      .poll(() => head.requests)
      .toEqual(["GET /v1/cases/ua-9-00/view"]);
    await expect.poll(() => front.requests).toEqual(["GET /"]);
    expect(await head.bar.textContent()).toBe("");
    expect(await heard.textContent()).toBe("");

    // After five minutes without an answer it says so, until there is one. It
    // asks at once when the connection is back.
    const lost = [
      [head, "**/view*", "Non actualisé. Dernière version connue."],
      [front, "**/?lang=en", "Couldn’t refresh. Last known version."],
    ] as const;
    await Promise.all(
      lost.map(async ([one, address, text]) => {
        await one.page.route(address, (route) =>
          route.fulfill({ status: 503 }),
        );
        for (let minute = 1; minute <= 5; minute++) {
          await one.minute();
          await expect.poll(() => one.requests.length).toBe(1);
          // The five minutes begin with the last answer, which may have come a
          // minute before the first of these.
          if (minute !== 4)
            await expect
              .poll(() => one.bar.textContent())
              .toBe(minute < 4 ? "" : text);
        }
        await one.page.unroute(address);
        await one.page.evaluate(() => dispatchEvent(new Event("online")));
        await expect.poll(() => one.bar.textContent()).toBe("");
      }),
    );

    const updated = { ...fields, title: { en: "Invented case 9, updated" } };
    await worker.untilLive(
      await worker.publish(updated, { kind: "correction" }),
    );
    const places = () =>
      head.page
        .locator("article, h1, footer")
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().y));
    const before = await places();
    // Someone reads further down in the list, where the topmost case is the one
    // that changes.
    await front.page.setViewportSize({ width: 360, height: 400 });
    const read = front.page.locator("a[href^='/cases/ua-126-19']");
    await read.focus();
    await front.page.locator("a[href^='/cases/ua-9-00']").evaluate((link) => {
      scrollBy(0, link.getBoundingClientRect().top - 1);
    });
    const readAt = () =>
      read.evaluate((link) => link.getBoundingClientRect().y);
    const readBefore = await readAt();
    await Promise.all([head.minute(), old.minute(), front.minute()]);
    await expect
      .poll(() => front.page.locator(".lead h2").textContent())
      .toBe("Invented case 9, updated");
    expect(await heard.textContent()).toBe("The list was updated.");
    // Pages scroll by whole pixels.
    expect(Math.abs((await readAt()) - readBefore)).toBeLessThanOrEqual(1);
    expect(await read.evaluate((link) => link === document.activeElement)).toBe(
      true,
    );
    await expect
      .poll(() => head.bar.textContent())
      .toBe("Correction · Le titre a changé Lire la version la plus récente×");
    await expect
      .poll(() => old.bar.textContent())
      .toBe("Correction · A test's revision Read the newest revision×");
    expect(await places()).toEqual(before);
    expect(
      await head.page.evaluate(() => document.activeElement?.localName),
    ).toBe("body");
    await head.page.emulateMedia({ media: "print" });
    expect(await head.bar.isVisible()).toBe(false);
    await head.page.emulateMedia({ media: null });
    // It says it once, also after it was closed.
    await head.page.getByRole("button", { name: "Fermer" }).click();
    await head.minute();
    await expect
      .poll(() => head.requests)
      .toEqual(["GET /v1/cases/ua-9-00/view"]);
    expect(await head.bar.textContent()).toBe("");
    // The page of an old revision names the newest itself, so only one that is
    // newer still is news.
    const superseded = await page("/cases/ua-9-00/revisions/1");
    await superseded.minute();
    await expect
      .poll(() => superseded.requests)
      .toEqual(["GET /v1/cases/ua-9-00/view"]);
    expect(await superseded.bar.textContent()).toBe("");
    // A bar that is still open says what is newest, and keeps the focus.
    const again = {
      ...fields,
      title: { en: "Invented case 9, updated again" },
    };
    await old.bar.getByRole("link").focus();
    const news =
      "Something long happened to the invented people of this case, and is told in many words. ".repeat(
        3,
      );
    await worker.untilLive(await worker.publish(again, { note: { en: news } }));
    await Promise.all([old.minute(), superseded.minute()]);
    for (const { bar } of [old, superseded])
      await expect
        .poll(() => bar.textContent())
        .toMatch(/^Update 3 · Something long happened/);
    // It takes two lines and the link at most, on a low screen only the link,
    // and what is jumped to isn't under it.
    for (const [height, highest] of [
      [640, 90],
      [160, 32],
    ] as const) {
      await superseded.page.setViewportSize({ width: 320, height });
      const sizes = () =>
        superseded.bar.evaluate((bar) => ({
          height: bar.clientHeight,
          said: bar.querySelector(".said")!.clientHeight > 1,
          padding: Math.round(
            Number.parseFloat(document.documentElement.style.scrollPaddingTop) -
              bar.getBoundingClientRect().height,
          ),
        }));
      await expect.poll(sizes).toEqual({
        height: expect.any(Number),
        said: height === 640,
        padding: 8,
      });
      expect((await sizes()).height).toBeLessThanOrEqual(highest);
    }
    expect(
      await old.page.evaluate(() => document.activeElement?.textContent),
    ).toBe("Read the newest revision");
    await old.bar.getByRole("link").click();
    await old.page.getByRole("heading", { name: again.title.en }).waitFor();

    // A hidden page asks nothing, and catches up when it is seen again: here,
    // with a redaction that an update followed.
    const turn = (hidden: boolean) =>
      head.page.evaluate((value) => {
        Object.defineProperty(document, "hidden", {
          value,
          configurable: true,
        });
        document.dispatchEvent(
          new Event("visibilitychange", { bubbles: true }),
        );
      }, hidden);
    await turn(true);
    await head.minute();
    expect(head.requests).toEqual([]);
    // The focus of a withdrawn case goes to the next one.
    const story = ".stories li:has(a[href*=ua-10-00])";
    const next = await front.page
      .locator(`${story} + li a`)
      .getAttribute("href");
    await front.page.locator(`${story} a`).focus();
    await worker.withdraw("ua-10-00");
    await eraseSeen(worker.editor, again.id, [
      { what: "person", person: fields.people[0]!.id },
    ]);
    const redacted = (await worker.editor.readDeskCase({ id: again.id })).case!;
    await worker.untilLive(
      await worker.publish({
        ...redacted,
        summary: { en: "An invented case." },
      }),
    );
    // Until it is known whether the text was erased, it is asked again.
    await head.page.route("**/revisions/1", (route) =>
      route.fulfill({ status: 503 }),
    );
    const unknown = head.page.waitForResponse("**/revisions/1");
    await turn(false);
    await Promise.all([unknown, head.minute()]);
    await head.page.unroute("**/revisions/1");
    await Promise.all([head.minute(), front.minute()]);
    await expect
      .poll(() => head.page.locator("main").textContent())
      .not.toContain("Invented Person One");
    await expect
      .poll(() => front.page.locator(".lead").textContent())
      .not.toContain("Invented Person One");
    expect(
      await front.page.evaluate(() =>
        document.activeElement?.getAttribute("href"),
      ),
    ).toBe(next);
    expect(await head.page.locator(".summary").textContent()).toBe(
      "An invented case.",
    );

    // What is asked is the address of the search.
    await front.page.getByRole("searchbox").fill("case 9");
    await front.minute();
    await front.page.getByRole("heading", { name: "1 case found" }).waitFor();

    // Nobody is asked to act any more, also on the address of one revision.
    const quiet = {
      ...redacted,
      action: { ...redacted.action, state: "closed" as const },
    };
    await old.page.goto(`${worker.url}/cases/ua-9-00/revisions/5?lang=en`);
    await worker.untilLive(await worker.publish(quiet));
    await Promise.all([head.minute(), old.minute()]);
    await expect
      .poll(() => head.page.locator(".case .done").textContent())
      .toMatch(/^Action close/);
    await expect
      .poll(() => old.page.locator(".case .done").textContent())
      .toMatch(/^At that time/);

    // The browser shows its stored page when the reader goes back, and that
    // page asks at once. A replaced clock has no list of navigations.
    const back = await lendPage(browser);
    for (const path of ["/cases/ua-9-00?lang=es", "/?lang=es"])
      await back.page.goto(worker.url + path);
    expect(await back.page.locator("main").textContent()).toContain(
      "case 9, updated again",
    );
    await worker.untilLive(await worker.withdraw("ua-9-00"));
    await Promise.all([
      head.minute(),
      old.minute(),
      front.minute(),
      back.page.goBack(),
    ]);
    await front.page.getByRole("heading", { name: "0 cases found" }).waitFor();
    expect(await front.page.locator("main").textContent()).not.toContain(
      "again",
    );
    await head.page
      .getByRole("heading", { name: "Nous n’affichons plus ce cas" })
      .waitFor();
    await back.page
      .getByRole("heading", { name: "Ya no mostramos este caso" })
      .waitFor();
    await expect
      .poll(() => old.page.locator("main").textContent())
      .not.toContain("An invented case");
    await back.page.goForward();
    await expect
      .poll(() => back.page.locator("main").textContent())
      .not.toContain("case 9, updated again");
    expect(await head.page.locator(".newer, script").count()).toBe(0);
    const opened = [head, old, front, superseded, back];
    // The browser logs each refusal's status.
    const complaints = opened
      .flatMap((one) => one.complaints)
      .filter((text) => !/status of (410|503)/.test(text));
    expect(complaints).toEqual([]);
    await Promise.all(opened.map((one) => one.giveBack()));
  });
}
