/**
 * `npm run pictures`: draws the pictures of README.md, docs/widget.md and
 * docs/desk.md.
 */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { buildScripts } from "../../worker/tools/local/runtime.ts";
import { localCopy } from "../contract/local-copy.ts";
import { launchBrowser } from "../support/browser.ts";
import { root } from "../support/root.ts";
import { drawDesk } from "./desk.ts";
import { drawGuide } from "./guide.ts";

/**
 * The picture of README.md: one update of an invented case on the home page of
 * `npm start`.
 */
async function drawHome(browser: Browser, home: string): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
  });
  await page.goto(home);
  await page.getByRole("button", { name: "/follow ua-0-00" }).click();
  await page.locator(".keys button").first().click();
  await page.locator(".log").getByText("/unfollow").last().waitFor();
  await page.locator(".publish button[type=submit]").click();
  const said = "Demo Person One: released";
  await page.locator(".message").last().getByText(said).first().waitFor();
  await page
    .frameLocator("iframe")
    .locator('case-status[case="ua-0-00"]')
    .getByText(said)
    .first()
    .waitFor();
  await page.screenshot({ path: join(root, "docs/home.png") });
  await page.close();
}

await buildScripts();
const [browser, local] = await Promise.all([launchBrowser(), localCopy()]);
try {
  const run = local.npm(["start"], { PORT: String(local.port) });
  const home = await run.value("home");
  await run.prints("first cases: live\n");
  await drawDesk(browser, {
    url: home,
    editorToken: await run.value("editor token"),
  });
  await drawGuide(browser);
  await drawHome(browser, home);
} finally {
  await local.endRuns();
  await local.remove();
  await browser.close();
}
