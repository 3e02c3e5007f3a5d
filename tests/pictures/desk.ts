/**
 * Draws the picture of docs/desk.md: an invented document about an invented
 * country, half restated.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { openDesk, signIn } from "../support/desk-page.ts";
import type { TestWorker } from "../support/harness.ts";
import { root } from "../support/root.ts";

export async function drawDesk(
  browser: Browser,
  worker: Pick<TestWorker, "url" | "editorToken">,
): Promise<void> {
  const page = await openDesk(browser, worker, []);
  await signIn(page, worker.editorToken);
  await page.goto(`${worker.url}/desk#/import`);
  await page
    .locator("#document")
    .fill(
      await readFile(join(root, "tests/pictures/desk-document.txt"), "utf8"),
    );
  await page.locator(".drop button").first().click();
  await page.locator("main.editor").waitFor();
  const fill = (id: string, text: string) =>
    page.locator(`[id="field${id}"]`).fill(text);
  await page.locator(`[id="field/number/series-control"]`).selectOption("UA");
  await fill("/number/number-control", "0");
  await fill("/number/year-control", "2000");
  await fill("/title-en", "Three demo people are held in Demoland");
  await page.locator("#section-record > summary").click();
  await fill("/issuer-control", "Demo Rights Group");
  await page.locator("#section-record > summary").click();
  await page
    .locator(".preview .widget")
    .getByText("Demo Rights Group")
    .first()
    .waitFor({ state: "attached" });
  await page.locator(".form .scroll").evaluate((pane) => pane.scrollTo(0, 0));
  await page.screenshot({ path: join(root, "docs/desk.png") });
  await page.close();
}
