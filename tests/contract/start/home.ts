/** The home page of a local run in a real browser: one click changes three surfaces at the same moment. */
import { expect } from "vitest";
import { axeFindings } from "../../axe.ts";
import { closePages, sharedBrowser } from "../../browser.ts";
import { step } from "../../step.ts";
import { pause, untilInstant } from "../../waiting.ts";

/** @param home the address of a run whose first cases are live and unchanged */
export async function homePage(home: string): Promise<void> {
  const browser = await sharedBrowser();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(home);
  const revision = () => page.locator("#json-title ~ .state").textContent();
  const widget = () => page.frameLocator("iframe").locator('case-status[case="ua-0-00"]');
  const published = () => page.locator(".publish button[type=submit]");
  await step(
    "An update reaches the partner's page, the JSON and the chat at its moment, and nothing before",
    async () => {
      await page.getByRole("button", { name: "/follow ua-0-00" }).click();
      await page.locator(".keys button").first().click();
      await expect.poll(() => page.locator(".log").textContent()).toContain("/unfollow");
      const before = await page.locator(".message").count();
      expect(await revision()).toBe("revision 1");

      await published().click();
      await page.getByRole("button", { name: "Undo" }).waitFor();
      // Read in one go, so that the three belong to the same instant.
      const reading = () =>
        page.evaluate(() => ({
          left: document.querySelector(".counting strong")?.textContent ?? null,
          revision: document.querySelector("#json-title ~ .state")?.textContent,
          messages: document.querySelectorAll(".message").length,
        }));
      const deadline = Date.now() + 10_000;
      let seen = 0;
      for (let now = await reading(); now.left !== null && Date.now() < deadline; now = await reading()) {
        // The page's clock is also the Ledger's clock here. Its display may lag by up to a tenth of a second.
        if (Number(now.left) > 0.2) expect(now).toMatchObject({ revision: "revision 1", messages: before });
        seen++;
        await pause(90, "The page shows tenths of a second, and looking more often only keeps it busy.");
      }
      expect(seen).toBeGreaterThan(5);
      await expect.poll(revision).toBe("revision 2");
      await widget().getByText("Demo Person One: released").first().waitFor();
      await expect.poll(() => page.locator(".message").last().textContent()).toContain("Demo Person One: released");
    },
  );
  await step("An update that is undone within its seven seconds is never shown", async () => {
    const box = (await published().boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    // The form has just come back under the pointer, and ignores it for a moment.
    await page.waitForTimeout(900);
    // A double click publishes; its second half doesn't undo.
    for (const pause of [200, 0]) {
      await page.mouse.down();
      await page.mouse.up();
      await page.waitForTimeout(pause);
    }
    await page.locator(".counting").waitFor();
    await page.waitForTimeout(700);
    expect(await page.locator(".counting").count()).toBe(1);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => page.locator(".hint").textContent()).toContain("was undone");
    const over = Date.now() + 7_500;
    // A control that needs a second chat says so.
    await page.locator("form.say input").fill("/start share");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "I understand: let me share" }).click();
    // A button that appears under a resting pointer ignores it for a moment.
    const isTold = async () => {
      await page.getByRole("button", { name: "Choose a chat" }).click();
      return page.getByText("This page has only one chat").isVisible();
    };
    await expect.poll(isTold, { interval: 700 }).toBe(true);
    // The test checks that nothing arrives, so it waits until the undone moment has passed.
    await untilInstant(over);
    expect(await revision()).toBe("revision 2");
  });
  await step("The page obeys its own policy, and axe finds nothing wrong", async () => {
    expect(complaints).toEqual([]);
    expect(await axeFindings(page, { iframes: false })).toEqual([]);
  });
  await closePages(browser);
}
