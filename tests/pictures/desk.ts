/** Pictures of the desk on a laptop and a phone, light and dark, in both directions; and the picture of docs/desk.md. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { TestWorker } from "../harness.ts";
import { root } from "../root.ts";

const looks = [
  { name: "", width: 1366, height: 768, colorScheme: "light", language: "en" },
  { name: "-dark", width: 1366, height: 768, colorScheme: "dark", language: "uk" },
  { name: "-narrow-ar", width: 390, height: 844, colorScheme: "dark", language: "ar" },
] as const;

/** An invented document about an invented country, half restated. */
async function drafted(page: Page): Promise<void> {
  await page.goto(`${page.url().replace(/#.*/, "")}#/import`);
  await page.locator("#document").fill(await readFile(join(root, "tests/pictures/desk-document.txt"), "utf8"));
  await page.locator(".drop button").first().click();
  await page.locator("main.editor").waitFor();
  const fill = (id: string, text: string) => page.locator(`[id="field${id}"]`).fill(text);
  await page.locator(`[id="field/number/series-control"]`).selectOption("UA");
  await fill("/number/number-control", "0");
  await fill("/number/year-control", "2000");
  await fill("/title-en", "Three demo people are held in Demoland");
  await page.locator("#section-record > summary").click();
  await fill("/issuer-control", "Demo Rights Group");
  await page.locator("#section-record > summary").click();
  await page.locator(".preview .widget").getByText("Demo Rights Group").first().waitFor({ state: "attached" });
  await page.locator(".form .scroll").evaluate((pane) => {
    // On a phone the page itself scrolls.
    pane.scrollTo(0, 0);
    scrollTo(0, 0);
  });
}

/** A case's page with its history, the panel for a change of status, and the dialog that begins a redaction. */
async function drawTasks(page: Page, id: string, draw: (what: string) => Promise<unknown>): Promise<void> {
  const open = async () => {
    await page.goto(`${page.url().replace(/#.*/, "")}#/cases/${id}`);
    await page.locator(".history > summary").waitFor();
  };
  await open();
  await page.locator(".history > summary").click();
  await page.locator(".history li").first().waitFor();
  await draw("case");
  await page.locator(".case-screen > .row button").nth(1).click();
  await page.locator(".task #status-person").selectOption({ index: 1 });
  await page.locator(".task input[type=radio]").first().check();
  await draw("status");
  await open();
  await page.locator(".risk-actions button").first().click();
  await page.getByRole("dialog").getByRole("checkbox").first().check();
  await page.locator(".mentions summary").waitFor();
  await draw("redaction");
  await page.keyboard.press("Escape");
}

/** @param pathOf returns the path of the picture with that name */
export async function drawDesk(
  browser: Browser,
  { url, editorToken }: Pick<TestWorker, "url" | "editorToken">,
  pathOf: (name: string) => string,
): Promise<void> {
  for (const { name, width, height, colorScheme, language } of looks) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
    const draw = (what: string) => page.screenshot({ path: pathOf(`desk-${what}${name}`) });
    await page.goto(`${url}/desk`);
    await page.locator(".language select").selectOption(language);
    await draw("sign-in");
    await page.locator("#token").fill(editorToken);
    await page.keyboard.press("Enter");
    await page.locator(".rows").first().waitFor();
    await draw("cases");
    await drawTasks(page, "ua-0-00", draw);
    await drafted(page);
    await draw("editor");
    if (name === "") await page.screenshot({ path: join(root, "docs/desk.png") });
    await page.close();
  }
}
