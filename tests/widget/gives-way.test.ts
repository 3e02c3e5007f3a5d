/** What gives way in a card, a timeline and a compact line where there is no room for everything. */
import { expect, it } from "vitest";
import type { Case } from "../../shared/case/schema.ts";
import { changesBetween } from "../../shared/change.ts";
import type { PresentView } from "../../shared/view/schema.ts";
import { heightRules } from "../../worker/web/site/embed/look.ts";
import { sampledLanguages } from "../sampled.ts";
import { CASE, correction, element, inColumn, inStates, long, moved, updates, viewOf } from "./full-cases.ts";
import { demoCase, inState, present, revisionOf, widgetOf } from "./newsroom.ts";
import { card, newsroom, open, openAll, script, show, useStage } from "./stage.ts";

useStage();

it("says in the compact line that a correction stands and that facts are old, within the reserved height, in several languages", async () => {
  const speak = (fields: Partial<Case>) => viewOf({ demo: false, ...fields }, revisionOf(3), correction);
  newsroom.cases.set(CASE, speak({}));
  const old = { ...inStates("imprisoned", "released"), asOf: { date: "2026-05-25" } };
  newsroom.cases.set("old", (lang) => ({ ...speak(old)(lang), id: "old" }));
  const widgets = [CASE, "old"].flatMap((id) => sampledLanguages.map((lang) => element("compact", lang, id)));
  const page = await openAll(`body { margin: 0 } ${heightRules.compact}`, widgets.map(inColumn));
  expect(await card(page).textContent()).toContain("Update 3 · 25\u00a0NovemberCorrection · 25\u00a0November");
  expect(await page.locator("case-status[case=old] article").first().textContent()).toContain(
    "Facts as of 25\u00a0May 2026We have nothing more recent.",
  );
  for (const width of [280, 320, 480, 640, 960, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const cut = await page.locator("case-status").evaluateAll((elements) =>
      elements.flatMap((element) => {
        const { lang } = element as HTMLElement;
        const line = element.shadowRoot!.querySelector("article")!;
        const { scrollHeight, clientHeight } = line;
        return scrollHeight > clientHeight || !line.querySelector("small") ? [lang] : [];
      }),
    );
    expect(cut, String(width)).toEqual([]);
  }
});

it("marks a correction in the compact line while it is the newest revision, and after a later one", async () => {
  newsroom.cases.set(CASE, viewOf({}, correction));
  newsroom.cases.set("later", (lang) => ({ ...updates({}, correction)(lang), id: "later" }));
  const page = await openAll(
    "",
    [CASE, "later"].map((id) => element("compact", "en", id)),
  );
  const colourOf = (id: string, part: string) =>
    page
      .locator(`case-status[case=${id}] ${part}`)
      .last()
      .evaluate((box) => getComputedStyle(box).color);
  expect(await colourOf(CASE, "[part=moment]")).toBe(await colourOf("later", "small"));
  expect(await colourOf("later", "[part=moment]")).not.toBe(await colourOf("later", "small"));
});

it("counts below the compact line how many people are in each state, where there is room for all of it", async () => {
  const people = inStates("imprisoned", "released", "pre-trial-detention", "house-arrest");
  newsroom.cases.set(CASE, viewOf(people, revisionOf(1)));
  const widgets = sampledLanguages.map((lang) => element("compact", lang));
  const page = await openAll(`body { margin: 0 } case-status { display: block; width: 600px }`, widgets);
  const places = () =>
    page.locator("case-status").evaluateAll((elements) =>
      elements.map((element) => {
        const line = element.shadowRoot!.querySelector("article")!.getBoundingClientRect();
        const counts = element.shadowRoot!.querySelector(".each")!.getBoundingClientRect();
        if (counts.right <= line.left || counts.left >= line.right) return "outside";
        return counts.left >= line.left && counts.right <= line.right && counts.bottom <= line.bottom
          ? "inside"
          : "cut";
      }),
    );
  expect(await card(page).locator(".each > *").allTextContents()).toEqual([
    "Imprisoned: 10",
    "Released: 10",
    "Pre-trial detention: 10",
    "Under house arrest: 10",
  ]);
  await page.addStyleTag({ content: "case-status { height: 12em }" });
  expect(new Set(await places())).toEqual(new Set(["inside"]));
  await page.addStyleTag({ content: "case-status { height: 4.5em }" });
  expect(new Set(await places())).toEqual(new Set(["outside"]));
});

it("shows what changed last in a low height too, with labels that touch no other line, in several languages", async () => {
  newsroom.cases.set(CASE, updates({}));
  const widgets = sampledLanguages.map((lang) => element("card", lang));
  const page = await openAll(`body { margin: 0 } case-status { display: block; height: 12em }`, widgets);
  for (const width of [320, 600, 1024]) {
    await page.setViewportSize({ width, height: 640 });
    const faults = await page.locator("case-status").evaluateAll((all) =>
      all.flatMap((one) => {
        const boxOf = (part: string) => one.shadowRoot!.querySelector(part)!.getBoundingClientRect();
        const stamps = [...one.shadowRoot!.querySelectorAll(".strip > .stamp")].map((box) =>
          box.getBoundingClientRect(),
        );
        const touches = stamps.some(({ top, height }) => height > 0 && top < boxOf(".case").top + 6);
        return boxOf(".changed > b").bottom > boxOf(".top").bottom || touches ? [(one as HTMLElement).lang] : [];
      }),
    );
    expect(faults, String(width)).toEqual([]);
  }
});

it("keeps the facts in sight below a long title and many changes, with an ellipsis where one is cut, in several languages", async () => {
  const people = demoCase.people.map((one) => ({ ...one, custody: { ...one.custody!, value: "released" } }));
  const changes = changesBetween(demoCase, { ...demoCase, people });
  const cases = { updated: { note: { en: moved.en }, changes }, long: {} };
  for (const [id, newest] of Object.entries(cases))
    newsroom.cases.set(id, (lang) => {
      const fields = id === "long" ? { title: long } : { people };
      return { ...viewOf(fields, { ...revisionOf(2), note: moved, ...newest })(lang), id };
    });
  const widgets = Object.keys(cases).flatMap((id) => sampledLanguages.map((lang) => element("card", lang, id)));
  const page = await openAll(`body { margin: 0 } case-status { display: block; height: 32em }`, widgets);
  for (const width of [600, 620, 720]) {
    await page.setViewportSize({ width, height: 640 });
    const hidden = await page.locator("case-status").evaluateAll((all) =>
      all.flatMap((one) => {
        const boxOf = (part: string) => one.shadowRoot!.querySelector(part)!.getBoundingClientRect();
        const title = one.shadowRoot!.querySelector<HTMLElement>(".title")!;
        const isCut = title.scrollHeight > title.clientHeight + 4;
        const isInSight = boxOf(".as-of").bottom < boxOf(".top").bottom - 10;
        const isSigned = !isCut || getComputedStyle(title, "::after").content.includes("…");
        return isInSight && isSigned ? [] : [`${one.getAttribute("case")} ${(one as HTMLElement).lang}`];
      }),
    );
    expect(hidden, String(width)).toEqual([]);
  }
});

it("says how many more people there are only while they are folded", async () => {
  newsroom.cases.set(CASE, present(1, inStates("imprisoned", "released")));
  const { page } = await show("", { viewport: { width: 700, height: 640 } });
  const more = card(page).locator(".who > .soft");
  expect(await more.isVisible()).toBe(true);
  await page.emulateMedia({ media: "print" });
  expect(await more.isVisible()).toBe(false);
  await page.emulateMedia({ media: "screen" });
  await card(page).locator(".all > summary").click();
  await expect.poll(() => more.isVisible()).toBe(false);
});

it("shows the newest of many events in a closed timeline, a dashed line where others are left out, and all of them on request", async () => {
  const event = (index: number, kind: (typeof demoCase.events)[number]["kind"]) => ({
    ...demoCase.events[0]!,
    id: `event-${index}`,
    kind,
    date: { date: `202${index}` },
  });
  const kinds = ["arrest", "statement", "conviction", "statement", "statement", "statement"] as const;
  const events = kinds.map((kind, index) => event(index, kind));
  newsroom.cases.set(CASE, viewOf({ events }, revisionOf(1)));
  const widgets = sampledLanguages.map((lang) => element("timeline", lang));
  const page = await openAll(heightRules.timeline, widgets.map(inColumn));
  for (const width of [600, 700, 1200]) {
    await page.setViewportSize({ width, height: 640 });
    const cut = await page.locator("case-status").evaluateAll((elements) =>
      elements.flatMap((one) => {
        const top = one.shadowRoot!.querySelector(".top")!.getBoundingClientRect();
        const newest = one.shadowRoot!.querySelector(".events li:last-child")!.getBoundingClientRect();
        return newest.height > 15 && newest.top > top.top + 80 && newest.bottom <= top.bottom - 8
          ? []
          : [(one as HTMLElement).lang];
      }),
    );
    expect(cut, String(width)).toEqual([]);
  }
  const lines = () =>
    card(page)
      .locator(".events li")
      .evaluateAll((all) =>
        all
          .filter((line) => line.checkVisibility())
          .map((line) => `${line.querySelector("b")!.textContent} ${getComputedStyle(line).borderInlineStartStyle}`),
      );
  expect(await lines()).toEqual(["2020 dashed", "2022 dashed", "2025 solid"]);
  expect(await card(page).locator(".all > summary b:visible").allTextContents()).toEqual(["Show all · 6 events"]);
  await card(page).locator(".all > summary").click();
  await expect.poll(async () => (await lines()).length).toBe(6);
});

it("cuts a text at its own end, also when it runs the other way than its card", async () => {
  const note = "Everybody in this invented case was released. ".repeat(5);
  newsroom.cases.set(CASE, (lang) => {
    const view = present(2)(lang) as PresentView;
    const run = { text: note, lang: "en", dir: "ltr" as const };
    return { ...view, title: run, revision: { ...view.revision, note: run } };
  });
  const { page } = await open(script() + widgetOf(`case="${CASE}" lang="ar"`), {
    viewport: { width: 360, height: 640 },
  });
  await inState(page, "ready");
  const cutting = await page.locator("case-status").evaluate(({ shadowRoot }) =>
    [".changed [dir]", ".title"].map((selector) => {
      const { direction, overflowX } = getComputedStyle(shadowRoot!.querySelector(selector)!);
      return { direction, overflowX };
    }),
  );
  // The ellipsis of the news hangs beside a line that is aligned to its card's side.
  expect(cutting).toEqual([
    { direction: "ltr", overflowX: "visible" },
    { direction: "ltr", overflowX: "hidden" },
  ]);
});
