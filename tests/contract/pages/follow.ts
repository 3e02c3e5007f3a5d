/** An open page of a case whose revision isn't the newest any more. */
import { expect, it } from "vitest";
import { redactedCase } from "../../../worker/editorial/redacted-case.ts";
import { inventedCase } from "../../invented.ts";
import { lendPage } from "../../page-pool.ts";
import { browser, worker } from "./opened.ts";

export function openPage(): void {
  it("offers a newer revision within a minute, and doesn't keep what was redacted, withdrawn or ended", async () => {
    const fields = inventedCase(9);
    const page = async (path: string) => {
      const { page, complaints, giveBack } = await lendPage(browser);
      const requests: string[] = [];
      page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
      await page.clock.install();
      await page.goto(worker.url + path);
      const minute = async () => {
        requests.length = 0;
        // Real seconds pass too, and `runFor` would let a request that starts in the middle of it time out.
        await page.clock.fastForward(60_000);
      };
      return { page, bar: page.locator(".newer"), minute, requests, complaints, giveBack };
    };
    await worker.untilLive(await worker.publish(fields));
    const [head, old] = await Promise.all([page("/cases/ua-9-00?lang=fr"), page("/cases/ua-9-00/revisions/1")]);

    await head.minute();
    await expect.poll(() => head.requests).toEqual(["GET /v1/cases/ua-9-00/view"]);
    expect(await head.bar.textContent()).toBe("");

    // After five minutes without an answer it says so, until there is one.
    await head.page.route("**/view*", (route) => route.fulfill({ status: 503 }));
    for (let minute = 1; minute <= 5; minute++) {
      await head.minute();
      await expect.poll(() => head.requests.length).toBe(1);
      await expect.poll(() => head.bar.textContent()).toBe(minute < 5 ? "" : "Non actualisé. Dernière version connue.");
    }
    await head.page.unroute("**/view*");
    await head.minute();
    await expect.poll(() => head.bar.textContent()).toBe("");

    const updated = { ...fields, title: { en: "Invented case 9, updated" } };
    await worker.untilLive(await worker.publish(updated, { kind: "correction" }));
    const places = () =>
      head.page.locator("article, h1, footer").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().y));
    const before = await places();
    await Promise.all([head.minute(), old.minute()]);
    await expect
      .poll(() => head.bar.textContent())
      .toMatch(/^Correction · Ce cas a été mis à jour\. Lire la version la plus récente/);
    await expect
      .poll(() => old.bar.textContent())
      .toMatch(/^Correction · This case was updated\. Read the newest revision/);
    expect(await places()).toEqual(before);
    expect(await head.page.evaluate(() => document.activeElement?.localName)).toBe("body");
    await head.page.emulateMedia({ media: "print" });
    expect(await head.bar.isVisible()).toBe(false);
    await head.page.emulateMedia({ media: null });
    // It says it once, also after it was closed.
    await head.page.getByRole("button", { name: "Fermer" }).click();
    await head.minute();
    await expect.poll(() => head.requests).toEqual(["GET /v1/cases/ua-9-00/view"]);
    expect(await head.bar.textContent()).toBe("");
    // A bar that is still open says what is newest, and keeps the focus.
    const again = { ...fields, title: { en: "Invented case 9, updated again" } };
    await old.bar.getByRole("link").focus();
    await worker.untilLive(await worker.publish(again));
    await old.minute();
    await expect.poll(() => old.bar.textContent()).toMatch(/^Update 3 · This case was updated/);
    expect(await old.page.evaluate(() => document.activeElement?.textContent)).toBe("Read the newest revision");
    await old.bar.getByRole("link").click();
    await old.page.getByRole("heading", { name: again.title.en }).waitFor();

    // A hidden page asks nothing, and catches up when it is seen again: here, with a redaction that an update followed.
    const turn = (hidden: boolean) =>
      head.page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
      }, hidden);
    await turn(true);
    await head.minute();
    expect(head.requests).toEqual([]);
    const redacted = redactedCase(again, [fields.people[0]!.id], []);
    await worker.publish(redacted, { kind: "redaction" });
    await worker.untilLive(await worker.publish({ ...redacted, summary: { en: "An invented case." } }));
    // Until it is known whether the text was erased, it is asked again.
    await head.page.route("**/revisions/1", (route) => route.fulfill({ status: 503 }));
    const unknown = head.page.waitForResponse("**/revisions/1");
    await turn(false);
    await Promise.all([unknown, head.minute()]);
    await head.page.unroute("**/revisions/1");
    await head.minute();
    await expect.poll(() => head.page.locator("main").textContent()).not.toContain("Invented Person One");
    expect(await head.page.locator(".summary").textContent()).toBe("An invented case.");

    // Nobody is asked to act any more, also on the address of one revision.
    const quiet = { ...redacted, action: { ...redacted.action, state: "closed" as const } };
    await old.page.goto(`${worker.url}/cases/ua-9-00/revisions/5?lang=en`);
    await worker.untilLive(await worker.publish(quiet));
    await Promise.all([head.minute(), old.minute()]);
    await expect.poll(() => head.page.locator(".strip .action").textContent()).toMatch(/^Action close/);
    await expect.poll(() => old.page.locator(".strip .action").textContent()).toMatch(/^At that time/);

    // The browser shows its stored page when the reader goes back, and that page asks at once. A replaced clock has no list of navigations.
    const back = await lendPage(browser);
    for (const path of ["/cases/ua-9-00?lang=es", "/?lang=es"]) await back.page.goto(worker.url + path);
    expect(await back.page.locator("main").textContent()).toContain("case 9, updated again");
    await worker.untilLive(await worker.withdraw("ua-9-00"));
    await Promise.all([head.minute(), old.minute(), back.page.goBack()]);
    await head.page.getByRole("heading", { name: "Ce cas a été retiré" }).waitFor();
    await back.page.getByRole("heading", { name: "Este caso se ha retirado" }).waitFor();
    await expect.poll(() => old.page.locator("main").textContent()).not.toContain("An invented case");
    await back.page.goForward();
    await expect.poll(() => back.page.locator("main").textContent()).not.toContain("case 9, updated again");
    expect(await head.page.locator(".newer, script").count()).toBe(0);
    // The browser logs each refusal's status.
    const complaints = [...head.complaints, ...old.complaints, ...back.complaints].filter(
      (text) => !/status of (410|503)/.test(text),
    );
    expect(complaints).toEqual([]);
    await Promise.all([head, old, back].map((one) => one.giveBack()));
  });
}
