/** Shared by the tests that use the desk in a browser. */
import type { Browser, Page } from "playwright-core";
import type { TestWorker } from "./harness.ts";

type PageOptions = Parameters<Browser["newPage"]>[0];

/**
 * Opens the desk at a laptop's size.
 * @param complaints receives the console's errors, except for expected HTTP
 * failures
 */
export async function openDesk(
  browser: Browser,
  { url }: Pick<TestWorker, "url">,
  complaints: string[],
  options: PageOptions = {},
): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1366, height: 768 },
    locale: "en-GB",
    reducedMotion: "reduce",
    ...options,
  });
  page.on("console", (message) => {
    if (
      message.type() === "error" &&
      !/^Failed to load resource: .* 4\d\d/.test(message.text())
    )
      complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${url}/desk`);
  return page;
}

export async function signIn(page: Page, token: string): Promise<void> {
  await page.locator("#token").fill(token);
  await page.keyboard.press("Enter");
  await page.locator("header .who bdi").waitFor();
}

/** @param hash of a screen */
export async function goTo(page: Page, hash: string): Promise<void> {
  // The desk ignores a click on what appears under a resting pointer.
  await page.mouse.move(0, 0);
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/**
 * Leaves the screen of a test, so that the next test can use the page: a new
 * page costs half a second of the processor. A test that changes the page's
 * language, size or colours closes it instead.
 * @param hasPassed after a failure, the page is closed
 */
export async function leaveScreen(
  page: Page | undefined,
  hasPassed: boolean,
): Promise<void> {
  if (!page || page.isClosed()) return;
  if (hasPassed) await goTo(page, "#/import");
  else await page.close();
}

/** Opens the list of cases, as after a sign-in. */
export async function openList(page: Page): Promise<void> {
  await goTo(page, "#/");
  await page.locator(".page-head").waitFor();
}

/**
 * Answers every question of the publish dialog as an editor who has read them
 * all. The page is in English or any other language.
 */
export async function confirmQuestions(page: Page): Promise<void> {
  const questions = page.locator('dialog .questions[aria-busy="false"]');
  await questions.waitFor();
  const open = questions.locator('input[type="checkbox"]:not(:checked)');
  while ((await open.count()) > 0) await open.first().click();
}

/**
 * Opens the screen of a case that can be edited. Where the editor has a draft
 * of it, another one is begun anew.
 */
export async function openCase(page: Page, id: string): Promise<void> {
  await goTo(page, `#/cases/${id}`);
  await page
    .getByRole("button", { name: /^(Write a revision|Begin anew)$/ })
    .waitFor();
}
