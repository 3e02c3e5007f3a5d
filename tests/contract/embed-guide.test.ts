import { describe, expect, it } from "vitest";
import { axeFindings } from "../support/axe.ts";
import { htmlErrors } from "../support/html-errors.ts";
import { code, field, guide, opened, useGuide, worker } from "./embed-stage.ts";

useGuide();

describe("The embed guide without JavaScript", () => {
  const bare = { javaScriptEnabled: false };

  it("has a form, an iframe as preview, and the snippets and policy for the choice", () =>
    opened(
      guide(),
      async ({ page }) => {
        await page.getByLabel("Case: number or name").fill("inventid wan");
        await field(page, "variant").selectOption("timeline");
        await field(page, "lang").selectOption("uk");
        await field(page, "theme").selectOption("dark");
        await page.getByRole("button", { name: "Show" }).click();
        expect(await page.locator("html").getAttribute("lang")).toBe("en");
        expect(await page.getByLabel("Case: number or name").inputValue()).toBe(
          "UA 3/00",
        );
        expect(await field(page, "theme").inputValue()).toBe("dark");
        const preview = page.frameLocator(".phone iframe");
        await preview.locator(".case.timeline[lang=uk]").waitFor();
        expect(await preview.locator("html").getAttribute("data-theme")).toBe(
          "dark",
        );
        expect(await code(page, "#html")).toContain(
          `<case-status case="ua-3-00" lang="uk" endpoint="${worker.url}" variant="timeline" theme="dark">`,
        );
        await page.locator("#wordpress summary").click();
        expect(await code(page, "#wordpress")).toBe(
          `${worker.url}/cases/ua-3-00?lang=uk`,
        );
        expect(await page.locator("button.copy:visible").count()).toBe(0);
        await page.locator(".masthead summary").click();
        await page.getByRole("link", { name: "Türkçe" }).click();
        expect(await page.locator("html").getAttribute("lang")).toBe("tr");
        expect(page.url()).toContain("lang=uk");
      },
      bare,
    ));

  it("asks again when the entry names several cases or none", () =>
    opened(
      guide("?case=person"),
      async ({ page }) => {
        await page.getByRole("link", { name: /^UA 3\/00 · / }).click();
        expect(await code(page, "#html")).toContain('case="ua-3-00"');
        await page.goto(
          guide(
            `?case=${encodeURIComponent('"><img src=x>')}&variant=nonsense&lang=xx&theme=%00`,
          ),
        );
        expect(await page.locator("#chosen").textContent()).toContain(
          "No case here",
        );
        expect(await page.locator("img, #chosen pre").count()).toBe(0);
      },
      bare,
    ));

  it("is linked from the front page and from every case's page", async () => {
    for (const path of ["/", "/cases/ua-3-00"])
      expect(await (await fetch(worker.url + path)).text(), path).toContain(
        "Show a case on your site",
      );
  });
});

describe("The embed guide with JavaScript", () => {
  it("shows each choice on a phone and a tablet, and obeys its own policy", () =>
    opened(guide("?case=ua-0-00"), async ({ page, complaints }) => {
      await page.locator(".phone case-status:state(ready)").waitFor();
      await field(page, "variant").selectOption("compact");
      await page
        .locator('.tablet case-status[variant="compact"]:state(ready)')
        .waitFor();
      await field(page, "lang").selectOption("ar");
      await page
        .locator('.phone case-status[lang="ar"]:state(ready)')
        .waitFor();
      expect(await code(page, "#react")).toContain(
        `<case-status case="ua-0-00" lang="ar" endpoint="${worker.url}" variant="compact">`,
      );
      for (const typed of [
        `${worker.url}/cases/ua-126-19?lang=uk`,
        "ua 126/19",
        "126/19",
      ]) {
        await page.getByLabel("Case: number or name").fill(typed);
        await page.getByRole("button", { name: "Show" }).click();
        await page
          .locator('.phone case-status[case="ua-126-19"]:state(ready)')
          .waitFor();
      }
      await page.getByLabel("Case: number or name").fill("nobody");
      await page.getByRole("button", { name: "Show" }).click();
      await page.getByText("No case here").waitFor();
      expect(complaints).toEqual([]);
    }));

  it("copies a snippet and announces it to screen readers too", () =>
    opened(
      guide("?case=ua-0-00"),
      async ({ page }) => {
        const button = page.getByRole("button", { name: "Copy: HTML" });
        await button.click();
        await expect
          .poll(() => page.locator('[role="status"]#said').textContent())
          .toBe("Copied");
        expect(await button.textContent()).toBe("Copied");
        // All pages of the browser share one clipboard, so another test may
        // write to it in between.
        const html = await code(page, "#html");
        const copied = async () => {
          await button.click();
          return page.evaluate(() => navigator.clipboard.readText());
        };
        await expect.poll(copied).toBe(html);
        await expect.poll(() => button.textContent()).toBe("Copy");
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    ));
});

describe("The embed guide in several languages and both colour schemes", () => {
  const looks = [
    ["ru", "light", "card"],
    ["ar", "dark", "timeline"],
    ["en", "dark", "compact"],
  ] as const;
  const inLanguage = (lang: string, variant: string) =>
    guide(`?case=ua-0-00&lang=${lang}&ui=${lang}&variant=${variant}`);

  it("is valid HTML", async () => {
    for (const lang of ["en", "ar"])
      expect(
        await htmlErrors(
          await (await fetch(inLanguage(lang, "compact"))).text(),
        ),
        lang,
      ).toEqual([]);
  });

  it("fits a narrow window, and has nothing that axe-core finds wrong", () =>
    opened(
      guide(),
      async ({ page }) => {
        for (const [lang, colorScheme, variant] of looks) {
          await page.emulateMedia({ colorScheme });
          await page.goto(inLanguage(lang, variant));
          await page.locator("case-status:state(ready)").nth(1).waitFor();
          await page.locator("details").evaluateAll((all) => {
            for (const details of all) {
              details.removeAttribute("name");
              details.setAttribute("open", "");
            }
          });
          expect(await axeFindings(page), `${lang} ${colorScheme}`).toEqual([]);
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth),
            lang,
          ).toBe(320);
        }
      },
      { viewport: { width: 320, height: 800 } },
    ));
});
