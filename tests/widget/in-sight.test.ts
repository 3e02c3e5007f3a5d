import { expect, it } from "vitest";
import type { Case } from "../../shared/case/schema.ts";
import { textIn } from "../../shared/case/text.ts";
import type { Revision } from "../../shared/revision.ts";
import { sampled, sampledLanguages } from "../sampled.ts";
import { ua12619 } from "../shared/cases.ts";
import { CASE, correction, element, inStates, long, moved, updates, viewOf } from "./full-cases.ts";
import { demoCase, inState, present, revisionOf, widgetOf } from "./newsroom.ts";
import { card, goOffline, newsroom, openAll, show, useStage } from "./stage.ts";

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
    const speak = (fields: Case) => viewOf(fields, revision, corrected);
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
            ...halved.filter((box) => !(isFull && box.closest(".changed + .changed"))),
            ...unsigned,
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
        await goOffline(page);
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
  await goOffline(page);
  await inState(page, "stale");
  expect(await seen()).toEqual(["Demo Person One and 2 others: released as of 20\u00a0November 2026"]);
});

it("has on a phone a label of a correction in one line, and room for a thumb on what opens the rest", async () => {
  newsroom.cases.set(CASE, viewOf({}, correction));
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
