/** Draws the picture of README.md: one update of an invented case on the home page of `npm start`. */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { localCopy } from "../contract/local-copy.ts";
import { root } from "../root.ts";
import { eventually } from "../waiting.ts";

export async function drawHome(browser: Browser): Promise<void> {
  const local = await localCopy();
  try {
    const run = local.npm(["start"], { PORT: String(local.port) });
    const home = await run.value("home");
    await eventually(() => run.output().includes("first cases: live\n"), run.output);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(home);
    await page.getByRole("button", { name: "/follow ua-0-00" }).click();
    await page.locator(".keys button").first().click();
    await page.locator(".log").getByText("/unfollow").last().waitFor();
    await page.locator(".publish button[type=submit]").click();
    const said = "Demo Person One: released";
    await page.locator(".message").last().getByText(said).first().waitFor();
    await page.frameLocator("iframe").locator('case-status[case="ua-0-00"]').getByText(said).first().waitFor();
    await page.screenshot({ path: join(root, "docs/home.png") });
    await page.close();
  } finally {
    await local.endRuns();
    await local.remove();
  }
}
