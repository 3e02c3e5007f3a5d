/**
 * `npm run pictures`: draws every state of a local run's gallery on every surface into pictures/, and the pictures of README.md, docs/widget.md
 * and docs/desk.md.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { buildScripts, root } from "../../worker/tools/local/runtime.ts";
import { launchBrowser } from "../browser.ts";
import { localCopy } from "../contract/local-copy.ts";
import { drawDesk } from "./desk.ts";
import { drawGuide } from "./guide.ts";

const looks = [
  { name: "", lang: "en", theme: "light", width: 1_080 },
  { name: "-narrow-ar", lang: "ar", theme: "dark", width: 320 },
];

const folder = join(root, "pictures");
await rm(folder, { recursive: true, force: true });
await mkdir(folder);
const pathOf = (name: string) => join(folder, `${name}.png`);

/** Every state on every surface, and a few pages. */
async function drawGallery(browser: Browser, home: string): Promise<void> {
  for (const { name, lang, theme, width } of looks) {
    const page = await browser.newPage({ viewport: { width, height: 40 }, colorScheme: theme as "light" | "dark" });
    const draw = async (address: string, picture: string) => {
      await page.goto(address);
      // A frame never stops asking, so there is no idle network to wait for.
      await page.waitForTimeout(300);
      await page.screenshot({ path: pathOf(picture + name), fullPage: true });
    };
    await page.goto(`${home}/local/states?lang=${lang}&theme=${theme}`);
    const links = page.locator("figcaption a");
    for (const address of await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href)))
      await draw(address, new URL(address).pathname.split("/").slice(-2).join("-"));
    await draw(`${home}/?lang=${lang}`, "front");
    await draw(`${home}/nowhere?lang=${lang}`, "nowhere-page");
    await draw(`${home}/embed?case=ua-0-00&ui=${lang}`, "embed-guide");
    await page.close();
  }
}

/** The picture of README.md: one update of an invented case on the home page of `npm start`. */
async function drawHome(browser: Browser, home: string): Promise<void> {
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
}

await buildScripts();
const [browser, local] = await Promise.all([launchBrowser(), localCopy()]);
try {
  const run = local.npm(["start"], { PORT: String(local.port) });
  const home = await run.value("home");
  await run.prints("first cases: live\n");
  await drawGallery(browser, home);
  await drawDesk(browser, { url: home, editorToken: await run.value("editor token") }, pathOf);
  await drawGuide(browser);
  await drawHome(browser, home);
} finally {
  await local.endRuns();
  await local.remove();
  await browser.close();
}
console.log(`pictures: ${folder}`);
