import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type {} from "../../widget/case-status.d.ts";
import { heightRules } from "../../worker/web/site/embed/look.ts";
import { layoutShift } from "../layout-shift.ts";
import { sampledLanguages } from "../sampled.ts";
import { CASE, correction, element, inColumn, inStates, long, updates, variants } from "./full-cases.ts";
import { inState, present, secondsUntil, widgetOf } from "./newsroom.ts";
import { card, goOffline, newsroom, open, openAll, script, tell, useStage } from "./stage.ts";

useStage();

describe("The widget in a height that its page gives it", () => {
  it("grows when the reader asks for everything, shrinks again, and never scrolls inside", async () => {
    const page = await openAll("case-status { display: block; height: 20em }", [widgetOf()]);
    const room = () =>
      card(page).evaluate((node) => ({
        height: (node.getRootNode() as ShadowRoot).host.getBoundingClientRect().height,
        scrolls: node.scrollHeight > node.clientHeight,
      }));
    expect(await room()).toEqual({ height: 320, scrolls: false });
    const all = card(page).locator(".all > summary");
    await all.click();
    await inState(page, "open");
    const grown = await room();
    expect(grown.height).toBeGreaterThan(600);
    expect(grown.scrolls).toBe(false);
    newsroom.publish(CASE, present(2));
    await expect.poll(() => card(page).textContent()).toContain("Update 2");
    expect((await room()).height).toBeGreaterThan(600);
    await all.click();
    await expect.poll(room).toEqual({ height: 320, scrolls: false });
  });

  it("shows the news again once the focus has left what didn't fit", async () => {
    const page = await openAll("case-status { display: block; height: 20em }", [widgetOf()], {
      viewport: { width: 700, height: 640 },
    });
    const top = card(page).locator(".top");
    const isWithin = (selector: string) =>
      top.evaluate((node, selector) => {
        const [outer, inner] = [node, node.querySelector(selector)!].map((box) => box.getBoundingClientRect());
        return inner!.top >= outer!.top && inner!.bottom <= outer!.bottom;
      }, selector);
    const spellings = ".people summary";
    expect([await isWithin(".strip"), await isWithin(spellings)]).toEqual([true, false]);
    await page.locator(".act > summary").focus();
    await page.keyboard.press("Tab");
    expect(await top.locator(spellings).evaluate((node) => node.matches(":focus"))).toBe(true);
    expect(await isWithin(spellings)).toBe(true);
    await page.keyboard.press("Tab");
    await expect.poll(() => isWithin(".strip")).toBe(true);
  });

  it.each(variants)("says that the connection is lost in room that a %s has kept for it", async (variant) => {
    newsroom.cases.set("updated", (lang) => ({ ...updates({ demo: false })(lang), id: "updated" }));
    newsroom.cases.set("corrected", (lang) => ({ ...updates({ demo: false }, correction)(lang), id: "corrected" }));
    newsroom.cases.set("alike", (lang) => ({
      ...updates({ ...inStates("imprisoned"), title: long })(lang),
      id: "alike",
    }));
    newsroom.cases.set("full", (lang) => ({ ...updates({ title: long })(lang), id: "full" }));
    // On a wide page, all texts have more room than they need: the languages with the longest words, and from right to left.
    for (const [width, languages] of [
      [360, sampledLanguages],
      [1200, ["en", "ru", "ar"]],
    ] as const) {
      Object.assign(newsroom, { fetching: "works", sockets: "work" });
      const widgets = ["updated", "corrected", "alike", "full"].flatMap((id) =>
        languages.map((lang) => inColumn(element(variant, lang, id))),
      );
      const page = await openAll(`body { margin: 0 16px } ${heightRules[variant]}`, widgets, {
        // Shifts outside the window don't count.
        viewport: { width, height: 570 * widgets.length },
      });
      expect(await layoutShift(page)).toBe(0);
      await goOffline(page);
      await expect.poll(() => page.locator("case-status:state(stale)").count()).toBe(widgets.length);
      expect(await layoutShift(page), String(width)).toBe(0);
    }
  });
});

describe("The widget on a page that reserves no height", () => {
  const heights = (page: Page) =>
    page.locator("case-status").evaluateAll((all) => all.map((one) => (one as HTMLElement).offsetHeight));

  it.each(variants)("is as high as the snippet of a %s, in every width", async (variant) => {
    const snippets = heightRules[variant].replace(/case-status(?=[:[])/g, "div > $&");
    const page = await openAll(`body { margin: 0 } ${snippets}`, [element(variant), inColumn(element(variant))]);
    for (const width of [280, 319, 320, 447, 450, 479, 480, 639, 640, 959, 960, 1200]) {
      await page.setViewportSize({ width, height: 800 });
      const [own, reserved] = await heights(page);
      expect(own, String(width)).toBe(reserved);
    }
  });

  it.each(variants)("moves nothing when the case of a %s arrives", async (variant) => {
    for (const width of [320, 1200]) {
      const { page } = await open(
        `${script().replace(" async", "")}<p>Before</p>${element(variant).replace(CASE, "")}<p>After</p>`,
        { viewport: { width, height: 800 } },
      );
      await inState(page, "unknown");
      expect(await layoutShift(page)).toBe(0);
      await page.locator("case-status").evaluate((element, id) => Object.assign(element, { case: id }), CASE);
      await inState(page, "ready");
      expect(await layoutShift(page), String(width)).toBe(0);
    }
  });

  it("takes the page's own height, and nothing of the page below it", async () => {
    const page = await openAll("body { margin: 0 } case-status { height: 10em }", [element("card")]);
    expect(await heights(page)).toEqual([160]);
    expect(await page.evaluate(() => document.body.parentElement!.scrollHeight - innerHeight)).toBe(0);
  });
});

describe("The widget's place for a case that hasn't come", () => {
  const reserved = "<style>case-status { display: block; height: 17em }</style>";
  const nonsense = () => ({ state: "present" }) as never;

  it.each([
    ["answers 503", () => Object.assign(newsroom, { fetching: "fails" })],
    ["answers nonsense", () => newsroom.cases.set(CASE, nonsense)],
    ["doesn't answer within eight seconds", () => Object.assign(newsroom, { fetching: "frozen" })],
  ])("fills the reserved height with the page's own link when the newsroom %s, and recovers", async (_, breakIt) => {
    breakIt();
    newsroom.sockets = "refused";
    const { page } = await open(reserved + widgetOf() + script(), { clock: true, bypassCSP: true });
    await secondsUntil(page, "stale");
    const place = await page.locator("case-status").evaluate((element) => {
      const box = element.shadowRoot!.querySelector("slot")!;
      const link = element.querySelector("a")!.getBoundingClientRect();
      const { height, top } = box.getBoundingClientRect();
      return { height, border: getComputedStyle(box).borderTopWidth, above: link.top - top > 100 };
    });
    expect(place).toEqual({ height: 272, border: "4px", above: true });
    newsroom.cases.set(CASE, present(1));
    Object.assign(newsroom, { fetching: "works", sockets: "work" });
    await tell(page, "online");
    await secondsUntil(page, "ready");
    expect(await page.getByText("Fallback").isVisible()).toBe(false);
    expect(await layoutShift(page)).toBeLessThanOrEqual(0.001);
  });

  it.each(variants)("needs no more than the reserved height of a %s", async (variant) => {
    newsroom.fetching = "frozen";
    const { page } = await open(`<style>${heightRules[variant]}</style>${inColumn(element(variant))}${script()}`, {
      bypassCSP: true,
    });
    await inState(page, "loading");
    for (const width of [320, 700, 1280]) {
      await page.setViewportSize({ width, height: 640 });
      const [inside, place, host] = await page.locator("case-status").evaluate((one) => {
        const { scrollHeight, clientHeight, offsetHeight } = one.shadowRoot!.querySelector("slot")!;
        return [scrollHeight - clientHeight, offsetHeight, (one as HTMLElement).offsetHeight];
      });
      expect([inside, place]).toEqual([0, host]);
    }
  });

  it("can be seen without a case and without a link, so that a webmaster notices", async () => {
    const { page } = await open(`<case-status></case-status>${script()}`);
    await inState(page, "unknown");
    const { height } = (await page.locator("case-status").boundingBox())!;
    expect(height).toBeGreaterThan(20);
  });
});
