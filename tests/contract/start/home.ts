/**
 * The home page of a local run in a real browser: one click changes every
 * surface at the same moment.
 */
import { expect } from "vitest";
import { axeFindings } from "../../support/axe.ts";
import { closePages, sharedBrowser } from "../../support/browser.ts";
import { lendPage } from "../../support/page-pool.ts";
import { step } from "../../support/step.ts";

/** @param home the address of a run whose first cases are live and unchanged */
export async function homePage(home: string): Promise<void> {
  const browser = await sharedBrowser();
  const { page, complaints } = await lendPage(browser, {
    viewport: { width: 1440, height: 900 },
  });
  await page.goto(home);
  const revision = () => page.locator("#json-title ~ .state").textContent();
  const widget = () =>
    page.frameLocator("iframe").locator('case-status[case="ua-0-00"]');
  await step(
    "An update reaches the partner's page, the JSON, the chat and a device at its moment",
    async () => {
      await page.getByRole("button", { name: "/follow ua-0-00" }).click();
      await page.locator(".keys button").first().click();
      await expect
        .poll(() => page.locator("#chat .log").textContent())
        .toContain("/unfollow");
      const before = await page.locator("#chat .message").count();
      expect(await revision()).toBe("revision 1");

      await page.locator(".publish button[type=submit]").click();
      await page.getByRole("button", { name: "Undo" }).waitFor();
      expect(await page.locator("#chat .message").count()).toBe(before);
      await expect.poll(revision).toBe("revision 2");
      await widget().getByText("Demo Person One: released").first().waitFor();
      for (const pane of ["#chat", "#device"])
        await expect
          .poll(() => page.locator(`${pane} .message`).last().textContent())
          .toContain("Demo Person One: released");
    },
  );
  await step(
    "The page obeys its own policy, and axe finds nothing wrong",
    async () => {
      expect(complaints).toEqual([]);
      expect(await axeFindings(page, { iframes: false })).toEqual([]);
    },
  );
  await closePages(browser);
}
