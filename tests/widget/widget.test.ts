/**
 * The widget in a real browser, on a page of another origin with the strictest
 * policy a partner can have.
 */
import { describe, expect, it } from "vitest";
import { plainTexts } from "../../shared/case/text.ts";
import { type LocaleTag, locales } from "../../shared/locale.ts";
import { revisionCode } from "../../shared/revision-code.ts";
import type { PresentView } from "../../shared/view/schema.ts";
import { axeFindings } from "../support/axe.ts";
import { profile } from "../support/profile.ts";
import { pause } from "../support/waiting.ts";
import {
  demoCase,
  inState,
  Newsroom,
  present,
  revisionOf,
  widgetOf,
} from "./newsroom.ts";
import {
  card,
  cards,
  closeAfterTest,
  newsroom,
  open,
  script,
  show,
  textOf,
  useStage,
} from "./stage.ts";

const CASE = demoCase.id;

useStage();

describe("The widget on a partner's page", () => {
  it("shows the card under a strict policy, and many widgets and two scripts share one fetch and one socket", async () => {
    const href = "javascript:void(document.title='taken over')";
    newsroom.cases.set(CASE, (lang) => {
      const view = present(1)(lang) as PresentView;
      return {
        ...view,
        sources: { ...view.sources, list: [{ text: "A", href }] },
        rights: { ...view.rights, href },
      };
    });
    const { page, complaints } = await open(
      script() +
        widgetOf() +
        widgetOf() +
        script() +
        widgetOf(`case=" ${CASE.toUpperCase()} " lang="en"`),
    );
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    await pause(
      200,
      "A second fetch or socket would be opened as soon as the first, within a frame or two.",
    );
    expect(await cards(page).count()).toBe(3);
    expect(await textOf(page)).toContain("as of 20\u00a0November 2026");
    expect(newsroom.fetched).toEqual([`/v1/cases/${CASE}/view?lang=en`]);
    const code = revisionCode(revisionOf(1).liveAt);
    expect(newsroom.connected).toEqual([
      `?case=${CASE}&lang=en&revision=${code}`,
    ]);
    expect(complaints).toEqual([]);
    // No endpoint runs script in the partner's page.
    expect(
      await page.locator('case-status article a:not([href^="http"])').count(),
    ).toBe(0);
    expect(
      await page.evaluate(() => [
        document.cookie,
        localStorage.length,
        sessionStorage.length,
      ]),
    ).toEqual(["", 0, 0]);
  });

  it("speaks every language, else the page's, marks a fallback, and has nothing that axe-core finds wrong", async () => {
    const asked = [...profile.languages, "crh-Latn-UA", "tlh"];
    const { page } = await open(
      `<div lang="uk">${script()}${widgetOf(`case="${CASE}"`)}</div>${asked.map((lang) => `<case-status case="${CASE}" lang="${lang}"></case-status>`).join("")}`,
      { bypassCSP: true },
    );
    await expect.poll(() => cards(page).count()).toBe(asked.length + 1);
    const shown = await cards(page).evaluateAll((all) =>
      all.map((article) => [
        article.getAttribute("lang"),
        article.getAttribute("dir"),
        article.querySelector("h2")?.textContent,
      ]),
    );
    const title = plainTexts(demoCase.title);
    const got = (lang: LocaleTag) => [
      lang,
      locales[lang].dir,
      title[lang] ?? title.en,
    ];
    expect(shown).toEqual([
      got("uk"),
      ...profile.languages.map(got),
      got("crh"),
      got("en"),
    ]);
    const arabic = page.locator('case-status[lang="ar"] article');
    expect(
      await arabic.evaluate((node) => getComputedStyle(node).direction),
    ).toBe("rtl");
    // A name in another language than the card's says which.
    expect(
      await arabic.locator('.people b[lang="en"][dir="ltr"]').count(),
    ).toBe(demoCase.people.length);
    expect(await axeFindings(page, { within: "case-status" })).toEqual([]);
  });

  it("is not affected by a partner's style", async () => {
    const { page } = await show();
    const look = () =>
      card(page)
        .locator("h2")
        .evaluate((node) => {
          const { color, fontSize, direction, textTransform, letterSpacing } =
            getComputedStyle(node);
          return { color, fontSize, direction, textTransform, letterSpacing };
        });
    const before = await look();
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        "*, case-status { color: red !important; font-size: 40px !important; direction: rtl !important; text-transform: uppercase !important; letter-spacing: 9px !important }",
      );
      document.adoptedStyleSheets.push(sheet);
    });
    expect(await look()).toEqual(before);
  });

  it("lists as many people as it has room for, by whole lines, and says how many there are", async () => {
    const [person] = demoCase.people;
    const people = Array.from({ length: 15 }, (_, index) => ({
      ...person!,
      id: `demo-${index}`,
    }));
    newsroom.cases.set(CASE, present(1, { people }));
    const { page } = await show();
    expect(await card(page).locator(".more").textContent()).toBe(
      "All 15 people, and the whole case",
    );
    for (const width of [320, 390, 800]) {
      await page.setViewportSize({ width, height: 900 });
      const [seen, cut] = await card(page).evaluate((article) => {
        const place = article.querySelector(".people")!.getBoundingClientRect();
        const boxes = [...article.querySelectorAll(".people li")]
          .map((line) => line.getBoundingClientRect())
          .filter(
            ({ width, left, top }) =>
              width > 0 && left < place.right && top < place.bottom - 1,
          );
        return [
          boxes.length,
          boxes.filter(({ bottom }) => bottom > place.bottom + 1).length,
        ];
      });
      expect(seen, String(width)).toBeGreaterThanOrEqual(3);
      expect(seen, String(width)).toBeLessThan(15);
      expect(cut, String(width)).toBe(0);
    }
  });
});

describe("A page that changes its own widget", () => {
  it("can move it and change its variant without another fetch, and change its case or language", async () => {
    newsroom.cases.set(
      "ua-9-00",
      present(1, { id: "ua-9-00", title: { en: "Another invented case" } }),
    );
    const { page } = await open(`${script()}<div></div>${widgetOf()}`);
    await inState(page, "ready");
    await page.evaluate(() =>
      document
        .querySelector("div")!
        .append(document.querySelector("case-status")!),
    );
    await page.evaluate(() => {
      const old = document.querySelector("case-status")!;
      old.replaceWith(old.cloneNode(true));
    });
    await inState(page, "ready");
    for (const variant of ["compact", "timeline", "card"]) {
      await page
        .locator("case-status")
        .evaluate((host, next) => host.setAttribute("variant", next), variant);
      await expect
        .poll(() => card(page).getAttribute("class"))
        .toBe(`case ${variant}`);
    }
    expect(newsroom.fetched).toHaveLength(1);
    await page
      .locator("case-status")
      .evaluate((host) => host.setAttribute("case", "ua-9-00"));
    await expect.poll(() => textOf(page)).toContain("Another invented case");
    await page
      .locator("case-status")
      .evaluate((host) => host.setAttribute("lang", "uk"));
    await expect.poll(() => card(page).getAttribute("lang")).toBe("uk");
    expect(newsroom.fetched).toHaveLength(3);
    await expect.poll(() => newsroom.openSockets).toBe(1);
    await page.locator("case-status").evaluate((host) => host.remove());
    await expect.poll(() => newsroom.openSockets).toBe(0);
  });

  it("can name another newsroom, whose script tells that the first one shows all cases", async () => {
    const other = await new Newsroom().open();
    closeAfterTest(() => other.close());
    other.cases.set(CASE, present(5));
    const at = ({ origin }: Newsroom) =>
      widgetOf(`case="${CASE}" lang="en" endpoint="${origin}/"`);
    const { page } = await open(at(newsroom) + at(other), { bypassCSP: true });
    const warned: string[] = [];
    page.on(
      "console",
      (message) => message.type() === "warning" && warned.push(message.text()),
    );
    for (const { origin } of [other, newsroom, newsroom])
      await page.addScriptTag({ url: `${origin}/widget.js` });
    const shown = (number: number) =>
      expect.stringContaining(`Update ${number}`);
    await expect
      .poll(() => cards(page).allTextContents())
      .toEqual([shown(1), shown(5)]);
    expect([newsroom.fetched.length, other.fetched.length]).toEqual([1, 1]);
    expect(new Set(warned)).toEqual(
      new Set([
        `<case-status> needs an endpoint for ${other.origin} ${newsroom.origin}`,
      ]),
    );
  });
});
