/** An open page of a case whose revision isn't the newest any more. */
import { expect, it } from "vitest";
import { redactedCase } from "../../../worker/editorial/redacted-case.ts";
import { inventedCase } from "../../invented.ts";
import { lendPage } from "../../page-pool.ts";
import { browser, worker } from "./opened.ts";

export function openPage(): void {
  it("offers a newer revision within a minute, and doesn't keep what was redacted or withdrawn", async () => {
    const fields = inventedCase(9);
    const page = async (path: string) => {
      const { page, complaints, giveBack } = await lendPage(browser);
      const requests: string[] = [];
      page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
      await page.clock.install();
      await page.goto(worker.url + path);
      const minute = async () => {
        requests.length = 0;
        await page.clock.runFor(60_000);
      };
      return { page, bar: page.locator(".newer"), minute, requests, complaints, giveBack };
    };
    await worker.untilLive(await worker.publish(fields));
    const [head, old] = await Promise.all([page("/cases/ua-9-00?lang=fr"), page("/cases/ua-9-00/revisions/1")]);

    await head.minute();
    await expect.poll(() => head.requests).toEqual(["GET /v1/cases/ua-9-00/view"]);
    expect(await head.bar.textContent()).toBe("");

    const updated = { ...fields, title: { en: "Invented case 9, updated" } };
    await worker.untilLive(await worker.publish(updated));
    const places = () =>
      head.page.locator("article, h1, footer").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().y));
    const before = await places();
    await Promise.all([head.minute(), old.minute()]);
    await expect
      .poll(() => head.bar.textContent())
      .toMatch(/^Ce cas a été mis à jour\. Lire la version la plus récente/);
    await expect.poll(() => old.bar.textContent()).toMatch(/^This case was updated\. Read the newest revision/);
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
    await old.bar.getByRole("link").click();
    await old.page.getByRole("heading", { name: "Invented case 9, updated" }).waitFor();

    // A hidden page asks nothing, and catches up when it is seen again: here, with a redaction that an update followed.
    const turn = (hidden: boolean) =>
      head.page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
      }, hidden);
    await turn(true);
    await head.minute();
    expect(head.requests).toEqual([]);
    const redacted = redactedCase(updated, [fields.people[0]!.id], []);
    await worker.publish(redacted, { kind: "redaction" });
    await worker.untilLive(await worker.publish({ ...redacted, summary: { en: "An invented case." } }));
    await turn(false);
    await head.minute();
    await expect.poll(() => head.page.locator("main").textContent()).not.toContain("Invented Person One");
    expect(await head.page.locator(".summary").textContent()).toBe("An invented case.");

    await worker.untilLive(await worker.withdraw("ua-9-00"));
    await Promise.all([head.minute(), old.minute()]);
    await head.page.getByRole("heading", { name: "Ce cas a été retiré" }).waitFor();
    await expect.poll(() => old.page.locator("main").textContent()).not.toContain("An invented case");
    expect(await head.page.locator(".newer, script").count()).toBe(0);
    // The browser logs each refusal's status.
    const complaints = [...head.complaints, ...old.complaints].filter((text) => !/status of 410/.test(text));
    expect(complaints).toEqual([]);
    await Promise.all([head.giveBack(), old.giveBack()]);
  });
}
