/** Checks of every kind of page, in several languages. */
import { expect, it } from "vitest";
import { paths } from "../../../shared/addresses.ts";
import { message } from "../../../shared/messages.ts";
import { axeFindings } from "../../support/axe.ts";
import { htmlErrors } from "../../support/html-errors.ts";
import { profile } from "../../support/profile.ts";
import {
  browser,
  hostile,
  inLanguage,
  kinds,
  opened,
  read,
  worker,
} from "./opened.ts";

/** The last is one that no page is in. */
const languages = [...profile.languages, "la"];

export function everyPage(): void {
  it("is valid HTML in several languages", async () => {
    // The markup is the same in each. Every language has pages in turn.
    for (const [index, path] of kinds.entries())
      for (const far of [0, 3]) {
        const lang = languages[(index + far) % languages.length]!;
        expect(
          await htmlErrors(await read(inLanguage(path, lang))),
          `${path} ${lang}`,
        ).toEqual([]);
      }
  });

  const looks = kinds.flatMap((path, index) =>
    // The case's page in both directions, light and dark. Other pages take one
    // language each, in turn.
    path === "/cases/ua-0-00"
      ? [[path, "uk", "light"] as const, [path, "ar", "dark"] as const]
      : [
          [
            path,
            languages[index % languages.length] as string,
            index % 2 ? "light" : "dark",
          ] as const,
        ],
  );

  /** Each is built as another one that is checked. */
  const alike = [
    "/privacy",
    "/terms",
    "/cases/ua-0-00/revisions/3",
    "/embed/ua-9-99",
    ...hostile,
  ];

  it("has nothing that axe-core finds wrong, makes no further request, and breaks no policy of its own", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
        complaints.push(message.text());
    });
    page.on("dialog", (dialog) =>
      complaints.push(`a dialog: ${dialog.message()}`),
    );
    page.on(
      "request",
      (request) =>
        request.url().startsWith("http") && requests.push(request.url()),
    );
    for (const [path, lang, colorScheme] of looks) {
      requests.length = 0;
      await page.emulateMedia({ colorScheme });
      await page.goto(worker.url + inLanguage(path, lang));
      if (!alike.includes(path))
        expect(
          await axeFindings(page),
          `${path} ${lang} ${colorScheme}`,
        ).toEqual([]);
      expect(requests).toHaveLength(1);
      expect(await page.locator("img, iframe, object").count()).toBe(0);
    }
    await context.close();
    expect(complaints).toEqual([]);
  });

  it("fits 200 pixels, which is less than a laptop screen at 400 %", async () => {
    for (const [path, lang] of [
      ["/", "uk"],
      ["/cases/ua-0-00", "ar"],
      ["/cases/ua-8-00", "en"],
      ["/embed/ua-126-19", "uk"],
    ] as const)
      await opened(
        inLanguage(path, lang),
        async (page) => {
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth),
            path,
          ).toBe(200);
        },
        { viewport: { width: 200, height: 800 } },
      );
  });

  it("searches while the reader types, and the address is that of the search", () =>
    opened("/?lang=en", async (page) => {
      await page.getByRole("searchbox").pressSequentially("Kuku");
      await page.getByRole("heading", { name: "1 case found" }).waitFor();
      // "Ku" finds it as well.
      await expect.poll(() => page.url()).toBe(`${worker.url}/?lang=en&q=Kuku`);
      expect(await page.locator("p.status").textContent()).toBe("1 case found");
      await page.getByRole("searchbox").fill("");
      await page.getByRole("heading", { name: "Newest changes" }).waitFor();
      // Without a connection, typing leaves the list as it is, and the button
      // lets the browser say why.
      await page.route("**/?*q=*", (route) => route.abort());
      const navigation = page.waitForRequest((request) =>
        request.isNavigationRequest(),
      );
      await page.getByRole("searchbox").fill("Kuku");
      await page.getByRole("button", { name: "Search" }).click();
      await navigation;
    }));

  it("filters by authority and by the time of the change, without script, and keeps the choices in its links", () =>
    opened(
      "/?lang=en",
      async (page) => {
        const numbers = () =>
          page.locator(".story .kicker b[part]").allTextContents();
        const authority = page.getByLabel("Responsible authority");
        // Where there is room, the filters stand open.
        expect(await authority.isVisible()).toBe(true);
        await page.setViewportSize({ width: 360, height: 640 });
        expect(await authority.isVisible()).toBe(false);
        await page.getByText("What to show").click();
        expect(await authority.locator("option").allTextContents()).toEqual([
          "All",
          "Russia",
          "Türkiye",
        ]);
        await authority.selectOption("Türkiye");
        await page.getByLabel("Changed").selectOption("In the past 30 days");
        await page.getByRole("button", { name: "Search" }).click();
        await page.getByRole("heading", { name: "1 case found" }).waitFor();
        await expect.poll(numbers).toEqual(["UA 3/00"]);
        // A filter that is set is never folded away.
        expect(await authority.isVisible()).toBe(true);
        await page.locator(".masthead summary").click();
        await page.getByRole("link", { name: "Українська" }).click();
        await page.getByLabel("Відповідальна влада").waitFor();
        await expect.poll(numbers).toEqual(["UA 3/00"]);
        expect(await page.getByLabel("Відповідальна влада").inputValue()).toBe(
          "TR",
        );
        await page.goto(
          `${worker.url}/?lang=en&changedSince=2000-01-02&authority=UA`,
        );
        expect(
          await page
            .getByLabel("Changed")
            .locator("option:checked")
            .textContent(),
        ).toBe("since 2\u00a0January 2000");
        expect(await authority.locator("option:checked").textContent()).toBe(
          "Ukraine",
        );
        // Nothing was typed, so no other spelling is suggested.
        expect(await page.locator("#found").textContent()).not.toContain(
          "spelling",
        );
        expect(
          (await page.request.get(`${worker.url}/?authority=Russia`)).status(),
        ).toBe(400);
      },
      { javaScriptEnabled: false },
    ));

  it("begins with the news on a phone, and its headline is larger than the site's", async () => {
    for (const lang of ["en", "ar"] as const)
      await opened(
        `/?lang=${lang}`,
        async (page) => {
          const [story, site, news] = await page.evaluate(() => {
            const sizeOf = (selector: string) =>
              Number.parseFloat(
                getComputedStyle(document.querySelector(selector)!).fontSize,
              );
            return [
              document.querySelector(".story")!.getBoundingClientRect().top,
              sizeOf("h1"),
              sizeOf(".lead h2"),
            ];
          });
          // Red marks a correction, also where it leads.
          const colours = await page
            .locator(".lead .news, .lead .kicker b[part]")
            .evaluateAll((all) =>
              all.map(
                (one) =>
                  getComputedStyle(one)[
                    one.matches(".news") ? "borderInlineStartColor" : "color"
                  ],
              ),
            );
          expect(new Set(colours).size, lang).toBe(1);
          // An invented case has its label, as it has elsewhere.
          const labels = page
            .locator(".kicker .stamp")
            .filter({ hasText: message(lang, "page.demo") });
          expect(await labels.count(), lang).toBeGreaterThan(3);
          expect(
            await labels
              .first()
              .evaluate((label) => getComputedStyle(label).borderTopStyle),
          ).toBe("solid");
          expect(story, lang).toBeLessThan(400);
          expect(site, lang).toBeLessThan(news as number);
        },
        { viewport: { width: 360, height: 640 } },
      );
  });

  it("shows nothing before its moment", async () => {
    const rest = [
      "/embed/ua-0-00.fragment",
      "/sitemap-1.xml",
      "/feed.atom",
      "/feed.json",
      "/cases/ua-0-00/feed.atom",
      "/badge/ua-0-00.svg",
    ];
    for (const path of [
      ...kinds,
      ...rest,
      `${paths.oembed}?url=${worker.url}/cases/ua-0-00`,
    ])
      expect(await read(path), path).not.toMatch(/Secret until|revisions\/4/);
  });
}

export function unknownAddress(): void {
  it("answers browsers with a page in the language asked for, and API clients with a problem", async () => {
    await opened("/nowhere?lang=uk", async (page) => {
      expect(await page.locator("h1").textContent()).toBe(
        "Такої сторінки немає",
      );
      await page.getByRole("link", { name: "Усі справи" }).first().click();
      expect(page.url()).toBe(`${worker.url}/?lang=uk`);
    });
    for (const [path, accept, type] of [
      ["/nowhere", "*/*", "application/problem+json"],
      [
        "/cases/ua-9-99/feed.atom",
        "text/html,*/*;q=0.8",
        "application/problem+json",
      ],
      ["/v1/nowhere", "text/html,*/*;q=0.8", "application/problem+json"],
    ] as const) {
      const answer = await fetch(worker.url + path, {
        headers: { Accept: accept },
      });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.headers.get("Content-Type")).toContain(type);
      expect(answer.headers.get("Cloudflare-CDN-Cache-Control")).toBe(
        "no-store",
      );
    }
  });
}
