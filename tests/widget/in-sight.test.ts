import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Case } from "../../shared/case/schema.ts";
import { textIn } from "../../shared/case/text.ts";
import { changesBetween } from "../../shared/change.ts";
import { negotiate } from "../../shared/locale.ts";
import type { Revision } from "../../shared/revision.ts";
import type { PresentView } from "../../shared/view/schema.ts";
import { viewCase } from "../../shared/view/view.ts";
import { heightRules } from "../../worker/site/embed/look.ts";
import { states, viewOfState } from "../../worker/tools/local/states/states.ts";
import { profile } from "../profile.ts";
import { root } from "../root.ts";
import { sampled, sampledLanguages } from "../sampled.ts";
import { ua12619 } from "../shared/cases.ts";
import { CASE, correction, element, inColumn, inStates, long, moved, updates } from "./full-cases.ts";
import { demoCase, inState, present, revisionOf, scriptOf, widgetOf } from "./newsroom.ts";
import { card, newsroom, open, openAll, show, useStage } from "./stage.ts";

useStage();

const oldFacts: Case = { ...ua12619, id: CASE };
const first = revisionOf(1);
const fit: [string, Partial<Case>, Revision, Revision?][] = [
  ["a first version", { demo: false }, { ...first, note: { en: "First version here" } }],
  ["an update", { demo: false }, { ...first, note: moved }],
  [
    "an update of a closed action",
    { demo: false, action: { ...demoCase.action, state: "closed" } },
    { ...first, note: moved },
  ],
  ["an update of an invented case", {}, { ...first, note: moved }],
  ["an update after a correction", { demo: false }, { ...revisionOf(3), note: moved }, correction],
  ["an update of an invented case after a correction", {}, { ...revisionOf(3), note: moved }, correction],
  ["forty people in two states", { demo: false, ...inStates("imprisoned", "released") }, { ...first, note: moved }],
  ["forty people in three states", inStates("imprisoned", "released", "house-arrest"), { ...first, note: moved }],
  [
    "forty people in four states",
    inStates("imprisoned", "released", "pre-trial-detention", "house-arrest"),
    { ...revisionOf(2), note: moved },
  ],
  ["a real case, whose facts are old", oldFacts, { ...first, note: { en: "First version here" } }],
  ["texts of any length", { demo: false, title: long }, { ...first, note: long }],
  [
    "texts of any length after a correction",
    { title: long },
    { ...revisionOf(3), note: long },
    { ...correction, note: long },
  ],
];
it.each(fit)(
  "shows of %s what a phone's 19em has room for, in several languages",
  async (name, changes, revision, corrected) => {
    const speak = (fields: Case) => (lang: string | null) =>
      viewCase(fields, revision, negotiate(lang, profile), Date.parse(revision.liveAt), profile, corrected);
    const fields = { ...demoCase, ...changes };
    // Every translation of the title is outdated.
    const original = { ...fields.title, en: `${textIn(fields.title, "en")} (2)` };
    newsroom.cases.set(CASE, speak(fields));
    newsroom.cases.set("outdated", (lang) => ({ ...speak({ ...fields, title: original })(lang), id: "outdated" }));
    const widgets = [CASE, "outdated"].flatMap((id) =>
      sampledLanguages.map((lang) => widgetOf(`case="${id}" lang="${lang}"`)),
    );
    const widths = sampled([312, 360], [312, 320, 360, 432]);
    const reserved = "body { margin: 0 16px } case-status { display: block; height: 304px }";
    const page = await openAll(reserved, widgets, { viewport: { width: widths[0]!, height: 640 } });
    const shown = () =>
      page.locator("case-status").evaluateAll(async (elements, isLong) => {
        // An ellipsis comes and goes with the frame after a layout.
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
        // Where each clipped box ends, by elements outside of the widgets: one inside would cost another layout of every widget.
        const clipped = elements
          .flatMap((element) => [...element.shadowRoot!.querySelectorAll(".top, .top *")])
          .filter((box) => box.checkVisibility() && getComputedStyle(box).clipPath.includes("round("));
        const measures = document.createElement("div");
        measures.style.cssText = "position: fixed; contain: strict";
        const hidden = clipped.map((box) => {
          const measure = measures.appendChild(document.createElement("div"));
          const [, below] = /^inset\(0px 0px (.+)\)$/.exec(getComputedStyle(box).clipPath)!;
          measure.style.height = below!.replaceAll("100%", `${box.getBoundingClientRect().height}px`);
          return measure;
        });
        document.body.append(measures);
        const clipEnds = new Map(
          clipped.map((box, index) => [
            box,
            box.getBoundingClientRect().bottom - hidden[index]!.getBoundingClientRect().height,
          ]),
        );
        measures.remove();
        return elements.flatMap((element) => {
          const top = element.shadowRoot!.querySelector(".top")!;
          const card = element.shadowRoot!.querySelector<HTMLElement>(".case")!;
          const bottomOf = (box: Element) => Math.round(box.getBoundingClientRect().bottom);
          const strip = top.querySelector(".strip")!;
          const title = top.querySelector(".title")!;
          const rooms = [...top.querySelectorAll<HTMLElement>(".changed, .title")].filter(
            (box) => box.scrollHeight > box.clientHeight + 2,
          );
          const unused = (element as HTMLElement).offsetHeight - card.offsetHeight > 52;
          // A box that gives way by whole lines: its clip ends below the last one that has room.
          const roomOf = (box: Element) => {
            const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(box);
            const [line, above, below] = [lineHeight, paddingTop, paddingBottom].map(Number.parseFloat) as [
              number,
              number,
              number,
            ];
            const { top, height } = box.getBoundingClientRect();
            const isCut = getComputedStyle(box).overflowY !== "visible";
            const lines = isCut ? Math.floor((height - above - below) / line + 0.25) : Number.POSITIVE_INFINITY;
            return { lines, end: top + above + lines * line };
          };
          const endOf = (box: Element) => {
            if (clipEnds.has(box)) return Math.min(roomOf(box).end, clipEnds.get(box)!);
            return getComputedStyle(box).overflowY === "visible" ? Number.POSITIVE_INFINITY : bottomOf(box);
          };
          const linesOf = (box: Element) => {
            const range = document.createRange();
            range.selectNodeContents(box);
            return [...range.getClientRects()];
          };
          // Boxes with a line of which only a part is visible.
          const halved = [...top.querySelectorAll("*")].filter((box) => {
            if (!box.checkVisibility({ visibilityProperty: true }) || box.children[0]) return false;
            let end = Number.POSITIVE_INFINITY;
            for (let outer: Element | null = box; outer && outer !== card; outer = outer.parentElement)
              end = Math.min(end, endOf(outer));
            return linesOf(box).some(({ top, height }) => end - top > 0.35 * height && end - top < 0.75 * height);
          });
          // Parts of which a line is missing, without an ellipsis that says so.
          const unsigned = [...top.querySelectorAll(".title, .as-of, .top > .each, .changed")].filter((box) => {
            const bottoms = linesOf(box)
              .map(({ bottom }) => bottom)
              .sort((one, other) => one - other);
            const lines = bottoms.filter((bottom, index) => bottom > (bottoms[index - 1] ?? 0) + 8).length;
            const isSigned = getComputedStyle(box, "::after").content.includes("…");
            return box.checkVisibility() && lines > roomOf(box).lines && !isSigned;
          });
          // Parts with an ellipsis of which nothing is missing.
          const lying = clipped.filter(
            (box) =>
              top.contains(box) &&
              getComputedStyle(box, "::after").content.includes("…") &&
              linesOf(box).every(({ bottom, height }) => bottom - 0.3 * height < clipEnds.get(box)!),
          );
          // Labels that touch the line above.
          const touching = [...top.querySelectorAll(".as-of .stamp")].filter((stamp) => {
            const { top: edge } = stamp.getBoundingClientRect();
            const space = Number.parseFloat(getComputedStyle(stamp.parentElement!).lineHeight);
            return [...stamp.parentElement!.children]
              .flatMap((part) => (part === stamp ? [] : [...part.getClientRects()]))
              .some(({ bottom, height, top }) => top < edge - 8 && bottom - (height - space) / 2 > edge - 1.5);
          });
          const cut = (part: string, within: Element, margin: number) =>
            [...top.querySelectorAll(part)].filter((box) => bottomOf(box) > bottomOf(within) - margin);
          // In the narrowest column, the correction of an invented case gives way to the title, with a line for the connection.
          const isNarrowDemo = top.querySelector(".stamp") && innerWidth < 360;
          const isFull = isNarrowDemo && element.matches(":state(stale)");
          return [
            ...cut(".as-of > :first-child, .as-of > .short", top, 4),
            ...[...top.querySelectorAll(".alert")].filter((box) =>
              linesOf(box).some(({ bottom }) => bottom > Math.min(bottomOf(top) - 2, endOf(box) + 2)),
            ),
            ...cut(`.number, .action, .changed${isFull ? ":not(.changed + .changed)" : ""} > b`, strip, 0),
            ...(unused ? rooms : []),
            ...halved.filter((box) => !(isFull && box.closest(".changed + .changed"))),
            ...unsigned,
            ...lying,
            ...touching,
            // What changed last can be read whole.
            ...(isLong ||
            isNarrowDemo ||
            !getComputedStyle(strip.querySelector(".changed")!, "::after").content.includes("…")
              ? []
              : [strip]),
            ...(roomOf(title).lines < 1 ? [title] : []),
          ].map((box) => `${element.getAttribute("case")} ${(element as HTMLElement).lang}: ${box.textContent}`);
        });
      }, name.includes("any length"));
    for (const offline of [false, true]) {
      if (offline) {
        Object.assign(newsroom, { fetching: "frozen", sockets: "refused" });
        await page.evaluate(() => dispatchEvent(new Event("offline")));
        await expect.poll(() => page.locator("case-status:state(stale)").count()).toBe(widgets.length);
      }
      // Offline in the opposite order, which saves a layout.
      for (const width of offline ? widths.toReversed() : widths) {
        await page.setViewportSize({ width, height: 640 });
        expect(await shown(), `${width}${offline ? " offline" : ""}`).toEqual([]);
      }
    }
  },
);

it("leaves on a phone no line empty that a title or the second news has room for", async () => {
  for (const state of states.filter(({ id }) => /^(earlier|corrected-before)$/.test(id)))
    newsroom.cases.set(state.id, (lang) => ({
      ...viewOfState(state, negotiate(lang, profile), Date.parse(revisionOf(3).liveAt), profile),
      id: state.id,
    }));
  const widgets = ["earlier", "corrected-before"].flatMap((id) =>
    ["en", "uk", "fr"].map((lang) => element("card", lang, id)),
  );
  const page = await openAll(`body { margin: 0 16px } case-status { display: block; height: 19em }`, widgets, {
    viewport: { width: 320, height: 640 },
  });
  const shown = (part: string) =>
    page.locator("case-status").evaluateAll(
      (all, part) =>
        all.map((one) => {
          const box = one.shadowRoot!.querySelector(part)!;
          const { content, lineHeight } = getComputedStyle(box, "::after");
          const lines = Math.floor(box.clientHeight / Number.parseFloat(lineHeight));
          return `${one.getAttribute("case")} ${(one as HTMLElement).lang} ${content.includes("…") ? lines : "whole"}`;
        }),
      part,
    );
  expect(await shown(".changed + .changed")).toEqual([
    "earlier en whole",
    "earlier uk whole",
    "earlier fr whole",
    "corrected-before en whole",
    "corrected-before uk whole",
    "corrected-before fr whole",
  ]);
  expect(await shown(".title")).toEqual([
    "earlier en whole",
    "earlier uk 1",
    "earlier fr 1",
    "corrected-before en whole",
    "corrected-before uk 2",
    "corrected-before fr 3",
  ]);
});

it("says in the compact line that a correction stands and that facts are old, within the reserved height, in several languages", async () => {
  const speak = (fields: Partial<Case>) => (lang: string | null) =>
    viewCase(
      { ...demoCase, demo: false, ...fields },
      revisionOf(3),
      negotiate(lang, profile),
      Date.parse(correction.liveAt),
      profile,
      correction,
    );
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
  newsroom.cases.set(CASE, (lang) =>
    viewCase(demoCase, correction, negotiate(lang, profile), Date.parse(correction.liveAt), profile),
  );
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
  newsroom.cases.set(CASE, (lang) =>
    viewCase({ ...demoCase, ...people }, revisionOf(1), negotiate(lang, profile), Date.now(), profile),
  );
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

it("says in a phone's summary where people are, also when the connection is lost", async () => {
  const released = { value: "released", asOf: demoCase.asOf, statedBy: demoCase.issuer };
  const people = demoCase.people.map((one) => ({ ...one, custody: { ...one.custody, ...released } }) as typeof one);
  newsroom.cases.set(CASE, present(1, { people }));
  const { page } = await show("", { viewport: { width: 360, height: 640 } });
  const seen = () => card(page).locator(".as-of > :visible").allTextContents();
  await expect.poll(seen).toEqual(["Demo Person One and 2 others: released as of 20\u00a0November 2026"]);
  await page.setViewportSize({ width: 700, height: 640 });
  expect((await seen())[0]).toBe("Facts as of 20\u00a0November 2026");
  await page.setViewportSize({ width: 360, height: 640 });
  await expect.poll(() => newsroom.openSockets).toBe(1);
  Object.assign(newsroom, { fetching: "frozen", sockets: "refused" });
  await page.evaluate(() => dispatchEvent(new Event("offline")));
  await inState(page, "stale");
  expect(await seen()).toEqual(["Demo Person One and 2 others: released as of 20\u00a0November 2026"]);
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
      const fields = { ...demoCase, ...(id === "long" ? { title: long } : { people }) };
      const revision = { ...revisionOf(2), note: moved, ...newest };
      return { ...viewCase(fields, revision, negotiate(lang, profile), Date.parse(revision.liveAt), profile), id };
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

it("has on a phone a label of a correction in one line, and room for a thumb on what opens the rest", async () => {
  newsroom.cases.set(CASE, (lang) =>
    viewCase(demoCase, correction, negotiate(lang, profile), Date.parse(correction.liveAt), profile),
  );
  const widgets = sampledLanguages.map((lang) => element("card", lang));
  const page = await openAll(`body { margin: 0 16px }`, widgets, { viewport: { width: 360, height: 3_000 } });
  const found = await page.locator("case-status").evaluateAll((all) =>
    all.map((one) => {
      const root = one.shadowRoot!;
      const summary = root.querySelector(".all > summary")!;
      const { left, bottom } = summary.getBoundingClientRect();
      const takes = (height: number) => root.elementFromPoint(left + 40, bottom - height) === summary;
      return [root.querySelector(".news > b")!.getClientRects().length, takes(1) && takes(22) && takes(43)];
    }),
  );
  expect(found).toEqual(sampledLanguages.map(() => [1, true]));
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

it("shows in a timeline's summary the latest milestones, in several languages", async () => {
  newsroom.cases.set(CASE, updates({ demo: false }));
  const widgets = sampledLanguages.map((lang) => element("timeline", lang));
  const page = await openAll(`body { margin: 0 16px }`, widgets, { viewport: { width: 360, height: 640 } });
  const cut = await page.locator("case-status").evaluateAll((elements) =>
    elements.flatMap((one) => {
      const place = one.shadowRoot!.querySelector(".who")!.getBoundingClientRect();
      const lines = [...one.shadowRoot!.querySelectorAll(".milestone")].map((line) => line.getBoundingClientRect());
      const { top = 0, bottom = 0, height = 0 } = lines.at(-1) ?? {};
      return lines.length === 2 && height > 30 && top >= place.top && bottom <= place.bottom
        ? []
        : [(one as HTMLElement).lang];
    }),
  );
  expect(cut).toEqual([]);
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
  newsroom.cases.set(CASE, (lang) =>
    viewCase({ ...demoCase, events }, revisionOf(1), negotiate(lang, profile), Date.now(), profile),
  );
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
  const { page } = await open(scriptOf(newsroom) + widgetOf(`case="${CASE}" lang="ar"`), {
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

it("fades the last line of a summary's title that is cut, and no other, without scroll-driven animations", async () => {
  newsroom.cases.set("long", (lang) => ({ ...present(1, { title: { en: long.en! } })(lang), id: "long" }));
  const widgets = [CASE, "long"].map((id) => widgetOf(`case="${id}" lang="en"`));
  const { page } = await open(
    `<style>case-status { display: block; height: 17em }</style>${widgets.join("")}${scriptOf(newsroom)}`,
    { bypassCSP: true, viewport: { width: 360, height: 640 } },
  );
  await expect.poll(() => page.locator("case-status:state(ready)").count()).toBe(2);
  const titles = page.locator("case-status .title");
  const pictures = () => Promise.all([0, 1].map((index) => titles.nth(index).screenshot()));
  const inks = () => titles.evaluateAll((all) => all.map((title) => getComputedStyle(title).color));
  const css = await readFile(join(root, "dist/widget-style.css"), "utf8");
  await titles.evaluateAll(
    (all, text) => {
      const style = new CSSStyleSheet();
      style.replaceSync(text);
      for (const title of all) (title.getRootNode() as ShadowRoot).adoptedStyleSheets = [style];
    },
    css.replaceAll("animation-timeline", "x-timeline"),
  );
  expect(await inks()).toEqual(Array(2).fill("rgba(0, 0, 0, 0)"));
  const faded = await pictures();
  await titles.evaluateAll((all) => {
    for (const title of all)
      (title as HTMLElement).style.cssText = "background: linear-gradient(var(--ink) 0 0); background-clip: text";
  });
  const plain = await pictures();
  /** The largest difference of a pixel's red, green or blue, of 255. */
  const differenceOf = (index: number) =>
    page.evaluate(
      async (pictures) => {
        const [one, other] = await Promise.all(
          pictures.map(async (picture) => {
            const image = new Image();
            image.src = `data:image/png;base64,${picture}`;
            await image.decode();
            const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
            context.drawImage(image, 0, 0);
            return context.getImageData(0, 0, image.width, image.height).data;
          }),
        );
        return one!.reduce((most, value, at) => Math.max(most, Math.abs(value - other![at]!)), 0);
      },
      [faded, plain].map((pictures) => pictures[index]!.toString("base64")),
    );
  expect(await differenceOf(0)).toBeLessThan(64);
  expect(await differenceOf(1)).toBeGreaterThan(128);
});
