/** The widget in a real browser, on a page of another origin with the strictest policy a partner can have. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { beforeAll, describe, expect, it } from "vitest";
import { plainTexts } from "../../shared/case/text.ts";
import { type LocaleTag, locales, localeTags } from "../../shared/locale.ts";
import { revisionCode } from "../../shared/revision-code.ts";
import type { PresentView } from "../../shared/view/schema.ts";
import { CaseCard } from "../../widget/case-card.tsx";
import { heightRules } from "../../worker/site/embed/look.ts";
import { axeFindings } from "../axe.ts";
import { layoutShift } from "../layout-shift.ts";
import { root } from "../root.ts";
import { pause } from "../waiting.ts";
import {
  advance,
  asSerialized,
  demoCase,
  inState,
  Newsroom,
  openPartner,
  present,
  revisionOf,
  scriptOf,
  widgetOf,
  withdrawn,
} from "./newsroom.ts";
import { browser, card, closeAfterTest, newsroom, open, useStage } from "./stage.ts";

const CASE = demoCase.id;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

useStage();

/** How the view appeared: after how many milliseconds, and after how many requests. */
interface Loaded {
  taken: number;
  requests: number;
}

/** Both take eight seconds of real time, so they run beside the other tests. */
let frozen: Promise<Loaded>;
let frozenWithSocket: Promise<Loaded>;

beforeAll(() => {
  frozen = loadPastFrozenRequest();
  frozenWithSocket = loadPastFrozenRequest(true);
});

const widget = widgetOf;
const script = () => scriptOf(newsroom);

/** @param forGood leaves every request unanswered, but not the sockets */
async function loadPastFrozenRequest(forGood = false): Promise<Loaded> {
  const own = await new Newsroom().open();
  own.cases.set(CASE, present(1));
  own.fetching = "frozen";
  if (!forGood) own.sockets = "refused";
  const partner = await openPartner(own, `<script src="${own.origin}/widget.js"></script>${widget()}`);
  const page = await browser.newPage();
  const started = Date.now();
  await page.goto(partner.url);
  await expect.poll(() => own.fetched.length, { timeout: 5 * SECOND_MS }).toBe(1);
  if (!forGood) own.fetching = "works";
  await inState(page, "ready");
  const loaded = { taken: Date.now() - started, requests: own.fetched.length };
  await page.close();
  await partner.close();
  await own.close();
  return loaded;
}

/** Variant and style as in the guide for partners. */
const reserved = [
  ...readFileSync(join(root, "docs/widget.md"), "utf8").matchAll(/^\| `(\w+)` +\| `(height: .+?)` +\|/gm),
].map(([, variant, height]) => [variant, height] as const);

const cards = (page: Page) => page.locator("case-status article");
const textOf = async (page: Page) => (await card(page).textContent()) ?? "";

describe("The widget on a partner's page", () => {
  it("shows the card under a strict policy, and many widgets and two scripts share one fetch and one socket", async () => {
    const { page, complaints } = await open(
      script() + widget() + widget() + script() + widget(`case=" ${CASE.toUpperCase()} " lang="en"`),
    );
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    await pause(200, "A second fetch or socket would be opened as soon as the first, within a frame or two.");
    expect(await cards(page).count()).toBe(3);
    expect(await textOf(page)).toContain("Facts as of 20\u00a0November 2026");
    expect(newsroom.fetched).toEqual([`/v1/cases/${CASE}/view?lang=en`]);
    const code = revisionCode(revisionOf(1).liveAt);
    expect(newsroom.connected).toEqual([`?case=${CASE}&lang=en&revision=${code}`]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual([
      "",
      0,
      0,
    ]);
  });

  it("has the markup that the server renders from the same view", async () => {
    const { page } = await open(script() + widget());
    await inState(page, "ready");
    const shown = await card(page).evaluate((article) => article.outerHTML);
    const rendered = renderToString(
      h(CaseCard, { view: present(1)("en"), page: `${newsroom.origin}/cases/${CASE}?lang=en` }),
    );
    expect(shown).toBe(asSerialized(rendered));
  });

  it("reads right to left in Arabic, and shows whose language a text is in", async () => {
    const { page } = await open(script() + widget(`case="${CASE}" lang="ar"`));
    await inState(page, "ready");
    const article = card(page);
    expect(await article.getAttribute("lang")).toBe("ar");
    expect(await article.evaluate((node) => getComputedStyle(node).direction)).toBe("rtl");
    const name = article.locator(".people bdi").first();
    expect(await name.getAttribute("lang")).toBe("en");
    expect(await name.getAttribute("dir")).toBe("ltr");
    expect(await article.locator("blockquote").getAttribute("lang")).toBe("en");
    const rights = article.locator("footer a").last();
    expect(await rights.evaluate((node) => getComputedStyle(node).marginInlineStart)).toBe("0px");
  });

  it("speaks every language, else the page's, marks a fallback, and has nothing that axe-core finds wrong", async () => {
    const asked = [...localeTags, "crh-Latn-UA", "tlh"];
    const { page } = await open(
      `<div lang="uk">${script()}${widget(`case="${CASE}"`)}</div>${asked.map((lang) => `<case-status case="${CASE}" lang="${lang}"></case-status>`).join("")}`,
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
    const got = (lang: LocaleTag) => [lang, locales[lang].dir, title[lang] ?? title.en];
    expect(shown).toEqual([got("uk"), ...localeTags.map(got), got("crh"), got("en")]);
    expect(await axeFindings(page, { within: "case-status" })).toEqual([]);
  });

  it("is not affected by a partner's style", async () => {
    const { page } = await open(script() + widget());
    await inState(page, "ready");
    const look = () =>
      card(page)
        .locator("h2")
        .evaluate((node) => {
          const { color, fontSize, direction, textTransform, letterSpacing } = getComputedStyle(node);
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

  it("shows twelve people, counts the others, and shows them on request", async () => {
    const [person] = demoCase.people;
    const people = Array.from({ length: 15 }, (_, index) => ({ ...person!, id: `demo-${index}` }));
    newsroom.cases.set(CASE, present(1, { people }));
    const { page } = await open(script() + widget());
    await inState(page, "ready");
    expect(await card(page).locator(".who .people > li").count()).toBe(12);
    expect(await card(page).locator(".who > p").last().textContent()).toBe("3 more");
    const others = card(page).locator(".all .people > li");
    expect([await others.count(), await others.first().isVisible()]).toEqual([3, false]);
    const all = card(page).locator(".all > summary");
    expect(await all.locator("b:visible").textContent()).toBe("Show all");
    await all.click();
    expect(await others.first().isVisible()).toBe(true);
    expect(await all.locator("b:visible").textContent()).toBe("Show less");
  });

  it("has a height documented for each variant", () => {
    expect(reserved.map(([variant]) => variant)).toEqual(["card", "compact", "timeline"]);
    const guide = readFileSync(join(root, "docs/widget.md"), "utf8");
    for (const [variant, rule] of Object.entries(heightRules))
      for (const [height] of rule.matchAll(/[\d.]+em(?= })/g)) expect(guide, variant).toMatch(`${height}\``);
  });

  it.each(reserved)(
    "moves nothing around it when its height is reserved as documented for %s",
    async (variant, height) => {
      const style = `<style>case-status { display: block; ${height} }</style>`;
      const element = widget(`case="${CASE}" lang="en" variant="${variant}"`);
      const html = `${style}<p>Before</p>${element}<p>After</p>${script()}`;
      const { page } = await open(html, { bypassCSP: true });
      await inState(page, "ready");
      await expect.poll(() => newsroom.openSockets).toBe(1);
      newsroom.publish(CASE, present(2));
      await expect.poll(() => textOf(page)).toContain("Update 2");
      expect(await layoutShift(page)).toBeLessThanOrEqual(0.001);
    },
  );

  it.each(["light", "dark"] as const)("has nothing that axe-core finds wrong, in %s", async (colorScheme) => {
    const { page } = await open(script() + widget() + widget(`case="ua-9-99" lang="ar"`), {
      bypassCSP: true,
      colorScheme,
    });
    await inState(page, "ready");
    await inState(page, "unknown");
    expect(await axeFindings(page, { within: "case-status" })).toEqual([]);
    // Axe exempts links beside text. Those that don't belong to it are 24 pixels high, also where other links stand close by.
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 640 });
      const missed = await card(page).evaluate((article) => {
        article.querySelector<HTMLDetailsElement>(".all")!.open = true;
        const root = article.getRootNode() as ShadowRoot;
        return [...article.querySelectorAll("footer > :first-child > a")].filter((link) => {
          link.scrollIntoView({ block: "center" });
          const { left, top, width, height } = link.getBoundingClientRect();
          return [-11.5, 0, 11.5].some(
            (from) => root.elementFromPoint(left + width / 2, top + height / 2 + from) !== link,
          );
        }).length;
      });
      expect(missed, String(width)).toBe(0);
    }
  });
});

describe("An update in the widget", () => {
  it("changes the card in place, keeps what the reader unfolded, and is announced once", async () => {
    const hidden = `<div hidden>${widget()}</div>`;
    const { page } = await open(script() + widget() + widget() + hidden + widget(`case="${CASE}" lang="uk"`));
    await page.evaluate(() => document.body.prepend(document.querySelector("[hidden]")!));
    await expect.poll(() => page.locator("case-status:state(ready)").count()).toBe(4);
    await expect.poll(() => newsroom.openSockets).toBe(2);
    const first = page.locator("case-status:visible").first();
    await first.locator(".people summary").first().click();
    await first.locator("article").evaluate((article) => Object.assign(article, { same: true }));
    expect(
      await page.evaluate(() => {
        const target = window as unknown as { said: string[] };
        target.said = [];
        return Array.from(document.querySelectorAll("case-status"), ({ shadowRoot }) => {
          const region = shadowRoot!.querySelector("[role=status]")!;
          new MutationObserver(() => region.textContent && target.said.push(region.textContent)).observe(region, {
            childList: true,
            characterData: true,
            subtree: true,
          });
          return region.textContent;
        });
      }),
    ).toEqual(["", "", "", ""]);
    newsroom.publish(CASE, present(2));
    await expect.poll(() => textOf(page)).toContain("Update 2");
    newsroom.push(CASE, present(2));
    newsroom.publish(CASE, present(3, {}, "Note 2"));
    await expect.poll(() => textOf(page)).toContain("Update 3");
    expect(await first.locator("article").evaluate((article) => "same" in article)).toBe(true);
    expect(await first.locator(".people details").first().getAttribute("open")).not.toBeNull();
    expect((await page.evaluate(() => (window as unknown as { said: string[] }).said)).sort()).toEqual([
      "This case was updated: UA 0/00 · Update 2 · Note 2",
      "This case was updated: UA 0/00 · Update 3 · Note 2",
      "Справу оновлено: UA 0/00 · Оновлення 2 · Note 2 українською",
      "Справу оновлено: UA 0/00 · Оновлення 3 · Note 2 українською",
    ]);
    expect(newsroom.fetched).toHaveLength(2);
  });

  it("replaces the old status also after a page translator has replaced its text nodes", async () => {
    const { page } = await open(script() + widget());
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    await page.locator("case-status").evaluate(({ shadowRoot }) => {
      const walker = document.createTreeWalker(shadowRoot!, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      for (const text of texts) {
        const font = document.createElement("font");
        font.textContent = `[translated] ${text.data}`;
        text.replaceWith(font);
      }
    });
    newsroom.publish(CASE, present(2, { action: { state: "closed", targets: [] } }));
    await expect.poll(() => textOf(page)).toContain("Action closed");
    expect(await textOf(page)).not.toMatch(/Action open|Update 1|translated/);
  });

  it("is marked stale, not ready, when the endpoint and the socket answer garbage, and recovers", async () => {
    const { page, complaints } = await open(script() + widget());
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    newsroom.fetching = "fails";
    newsroom.sockets = "refused";
    newsroom.push(CASE, () => "<html>" as never);
    await inState(page, "stale");
    newsroom.fetching = "works";
    newsroom.sockets = "work";
    newsroom.cases.set(CASE, present(2));
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await inState(page, "ready");
    expect(await textOf(page)).toContain("Update 2");
    expect(complaints.filter((text) => /SyntaxError|Unexpected token/.test(text))).toEqual([]);
  });

  it("is marked stale while the newsroom says less than it shows, as after a restore, and follows what is published then", async () => {
    newsroom.cases.set(CASE, present(2));
    const { page } = await open(script() + widget());
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    newsroom.cases.set(CASE, present(1));
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await inState(page, "stale");
    expect(await textOf(page)).toContain("Update 2");
    // The socket says the same, and works.
    newsroom.push(CASE, present(1));
    await expect.poll(() => newsroom.openSockets).toBe(1);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    expect(await page.locator("case-status:state(stale)").count()).toBe(1);
    // The same number again, with another text and a later moment.
    const again = (lang: string | null) => {
      const view = present(2, { title: { en: "Invented case: published again" } })(lang);
      return { ...view, revision: { ...view.revision, liveAt: "2099-01-01T00:00:00.000Z" } } as typeof view;
    };
    newsroom.cases.set(CASE, again);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await inState(page, "ready");
    expect(await textOf(page)).toContain("published again");
  });

  it("survives a view that can't be rendered, whatever moment it claims, and shows the next good one", async () => {
    const incomplete = () =>
      ({ id: CASE, state: "present", lang: "en", revision: { number: 9, liveAt: "2099" } }) as never;
    newsroom.cases.set(CASE, incomplete);
    const { page } = await open(script() + widget());
    await inState(page, "stale");
    newsroom.cases.set(CASE, present(1));
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await inState(page, "ready");
    newsroom.push(CASE, incomplete);
    await inState(page, "stale");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await expect.poll(() => textOf(page)).toContain("Update 1");
    newsroom.publish(CASE, present(2));
    await expect.poll(() => textOf(page)).toContain("Update 2");
  });

  it("makes links of web addresses only, so that no endpoint runs script in the partner's page", async () => {
    const hostile = (lang: string | null) => {
      const view = present(1)(lang) as PresentView;
      const href = "javascript:void(document.title='taken over')";
      const sources = { ...view.sources, list: [{ text: "An invented source", href }] };
      return { ...view, sources, rights: { ...view.rights, href } };
    };
    newsroom.cases.set(CASE, hostile);
    const { page } = await open(script() + widget());
    await inState(page, "ready");
    const hrefs = await page
      .locator("case-status")
      .evaluate(({ shadowRoot }) =>
        Array.from(shadowRoot!.querySelectorAll("a[href]"), (link) => (link as HTMLAnchorElement).protocol),
      );
    expect(new Set(hrefs)).toEqual(new Set([new URL(newsroom.origin).protocol]));
    expect(await textOf(page)).toContain("An invented source");
  });

  it("leaves the reader's focus, selection and unfolded parts where they are, also when the line is lost", async () => {
    const { page } = await open(script() + widget());
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    await page.locator("case-status .all > summary").click();
    const sources = page.locator("case-status details", { has: page.locator("a") }).last();
    await sources.locator("summary").click();
    await sources.locator("a").first().focus();
    const kept = () =>
      page.locator("case-status").evaluate((host) => {
        const { shadowRoot } = host as HTMLElement & { shadowRoot: ShadowRoot };
        const range = document.createRange();
        range.selectNodeContents(shadowRoot.querySelector(".title")!);
        const seen = window as unknown as { seen?: { focus: Element | null; selection: Range } };
        seen.seen ??= { focus: shadowRoot.activeElement, selection: range };
        return {
          open: [...shadowRoot.querySelectorAll("details")].map((each) => each.open),
          focused: shadowRoot.activeElement?.matches("details a") && shadowRoot.activeElement === seen.seen.focus,
          // A selection collapses when its text is replaced.
          selected: String(seen.seen.selection),
        };
      });
    const before = await kept();
    expect(before).toMatchObject({ focused: true, selected: (demoCase.title as { en: string }).en });
    expect(before.open.filter(Boolean)).toHaveLength(3);
    const more = { text: { en: "Another invented assessment." }, by: "Another Demo Group", source: "demo-1" };
    newsroom.publish(CASE, present(2, { demo: false, assessments: [...demoCase.assessments, more] }));
    await expect.poll(() => textOf(page)).toContain("Another invented assessment.");
    const after = await kept();
    expect({ ...after, open: after.open.filter(Boolean) }).toEqual({ ...before, open: [true, true, true] });
    newsroom.fetching = "frozen";
    newsroom.sockets = "refused";
    await page.evaluate(() => dispatchEvent(new Event("offline")));
    await inState(page, "stale");
    expect(await kept()).toEqual(after);
  });

  it("that arrives late does not replace a newer one", async () => {
    const { page } = await open(script() + widget());
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    newsroom.publish(CASE, present(3));
    newsroom.push(CASE, present(2));
    await expect.poll(() => textOf(page)).toContain("Update 3");
    await pause(100, "The late message was sent right behind the newer one, so it is there within a frame or two.");
    expect(await textOf(page)).toContain("Update 3");
  });

  it("that is a withdrawal leaves nothing of the content", async () => {
    const { page } = await open(script() + widget());
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    newsroom.publish(CASE, withdrawn(CASE, 2));
    await inState(page, "withdrawn");
    const shadow = await page.locator("case-status").evaluate((host) => host.shadowRoot?.textContent ?? "");
    expect(shadow).toMatch(/UA 0\/00\s?This case was withdrawn/);
    expect(shadow).not.toContain("Demo Person");
  });

  it("arrives after every socket was dropped, starting from the revision the page has", async () => {
    const { page } = await open(script() + widget());
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    newsroom.cases.set(CASE, present(2));
    newsroom.dropSockets();
    await expect.poll(() => textOf(page), { timeout: 3_000 }).toContain("Update 2");
    expect(newsroom.connected.at(-1)).toContain(`revision=${revisionCode(revisionOf(1).liveAt)}`);
    // After a restore, another revision may get the same number.
    newsroom.cases.set(CASE, (lang) => {
      const view = present(2, {}, "Published again")(lang) as PresentView;
      return { ...view, revision: { ...view.revision, liveAt: revisionOf(9).liveAt } };
    });
    newsroom.dropSockets();
    await expect.poll(() => textOf(page), { timeout: 3_000 }).toContain("Published again");
    await expect.poll(() => page.locator("case-status [role=status]").textContent()).toContain("Published again");
    expect(newsroom.fetched).toHaveLength(1);
    await inState(page, "ready");
  });
});

it("The widget fetches the view again once a deadline of the same revision has passed", async () => {
  const partner = await openPartner(newsroom, script() + widget());
  const page = await browser.newPage();
  closeAfterTest(() => page.close(), partner.close);
  const { until } = present(1)("en") as { until: string };
  await page.clock.install({ time: new Date(Date.parse(until) - 60 * SECOND_MS) });
  await page.goto(partner.url);
  await inState(page, "ready");
  await expect.poll(() => newsroom.openSockets).toBe(1);
  await pause(100, "A fetch too many would come at once; the page's own clock stands 60 s before the deadline.");
  expect(newsroom.fetched).toHaveLength(1);
  await page.clock.fastForward(95 * SECOND_MS);
  await expect.poll(() => newsroom.fetched.length).toBe(2);
});

describe("The widget's refusals", () => {
  it("show withdrawn and unknown cases in the reader's language", async () => {
    newsroom.cases.set(CASE, withdrawn(CASE, 2));
    const { page } = await open(script() + widget() + widget(`case="ua-9-99" lang="uk"`));
    await inState(page, "withdrawn");
    await inState(page, "unknown");
    expect(await cards(page).first().textContent()).toContain("This case was withdrawn");
    expect(await cards(page).last().getAttribute("lang")).toBe("uk");
  });
});

describe("The widget on a bad connection", () => {
  it("leaves the fallback link until there is an answer", async () => {
    newsroom.fetching = "fails";
    newsroom.sockets = "refused";
    const { page } = await open(script() + widget(), { clock: true });
    await inState(page, "stale");
    expect(await page.getByText("Fallback").isVisible()).toBe(true);
    expect(await card(page).count()).toBe(0);
    newsroom.fetching = "works";
    await page.clock.fastForward(5 * SECOND_MS);
    await inState(page, "ready");
    expect(await page.getByText("Fallback").isVisible()).toBe(false);
  });

  it("polls when no socket can be opened", async () => {
    newsroom.sockets = "refused";
    const { page } = await open(script() + widget(), { clock: true });
    await inState(page, "ready");
    newsroom.cases.set(CASE, present(2));
    for (let tries = 0; tries < 12 && !(await textOf(page)).includes("Update 2"); tries++)
      await page.clock.fastForward(5 * SECOND_MS);
    expect(await textOf(page)).toContain("Update 2");
    await inState(page, "ready");
    const settled = newsroom.fetched.length;
    for (let seconds = 0; seconds < 120; seconds += 5) await advance(page, 5 * SECOND_MS);
    // Every 15 to 30 s after it has backed off; the page's clock advances by two minutes.
    expect(newsroom.fetched.length - settled).toBeGreaterThanOrEqual(3);
    expect(newsroom.fetched.length - settled).toBeLessThanOrEqual(12);
  });

  it("marks the last known version with its date, keeps only link and dates after a day, and recovers", async () => {
    const { page } = await open(script() + widget(), { clock: true });
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    newsroom.fetching = "fails";
    newsroom.sockets = "refused";
    newsroom.dropSockets();
    const until = async (state: string) => {
      for (let tries = 0; tries < 40 && (await page.locator(`case-status:state(${state})`).count()) === 0; tries++) {
        await advance(page, 5 * SECOND_MS);
      }
      await inState(page, state);
    };
    await until("stale");
    expect(await card(page).locator("[part=stale]").textContent()).toContain("Couldn’t refresh");
    for (const part of ["Update 1 · 25\u00a0November 2026", "Demo Person One"])
      expect(await textOf(page)).toContain(part);
    await page.clock.fastForward(25 * HOUR_MS);
    await until("expired");
    expect(await textOf(page)).not.toContain("Demo Person One");
    for (const part of ["Couldn’t refresh", "Update 1 · 25\u00a0November 2026", "Facts as of 20\u00a0November 2026"])
      expect(await textOf(page)).toContain(part);
    expect(await card(page).locator("a").first().getAttribute("href")).toBe(`${newsroom.origin}/cases/${CASE}?lang=en`);
    const stamps = () =>
      card(page)
        .locator(".stamp")
        .evaluateAll((all) =>
          all
            .filter((one) => getComputedStyle(one).position !== "absolute" && one.checkVisibility())
            .map((one) => one.textContent),
        );
    for (const [width, label] of [
      [700, "DEMO: an invented case in an invented country"],
      [360, "DEMO"],
    ] as const) {
      await page.setViewportSize({ width, height: 640 });
      expect(await stamps()).toEqual([label]);
    }
    newsroom.fetching = "works";
    newsroom.sockets = "work";
    await until("ready");
    expect(await textOf(page)).toContain("Demo Person One");
    expect(await card(page).locator("[part=stale]").count()).toBe(0);
  });

  it("replaces a socket that has gone silent", async () => {
    const { page } = await open(script() + widget(), { clock: true });
    await inState(page, "ready");
    await expect.poll(() => newsroom.openSockets).toBe(1);
    newsroom.sockets = "mute";
    newsroom.cases.set(CASE, present(2));
    for (let tries = 0; tries < 12 && newsroom.connected.length < 2; tries++) {
      await advance(page, 5 * SECOND_MS);
    }
    expect(newsroom.connected.length).toBeGreaterThanOrEqual(2);
    await expect.poll(() => textOf(page)).toContain("Update 2");
  });

  it("asks again when the page is visible again or the network is back", async () => {
    newsroom.sockets = "refused";
    const { page } = await open(script() + widget());
    await inState(page, "ready");
    await expect.poll(() => newsroom.connected.length).toBeGreaterThan(0);
    for (const [target, type] of [
      ["window", "online"],
      ["document", "visibilitychange"],
    ] as const) {
      const before = newsroom.fetched.length;
      const answered = page.waitForResponse((answer) => answer.url().includes("/view"));
      await page.evaluate(
        ([where, what]) => void (where === "window" ? window : document).dispatchEvent(new Event(what!)),
        [target, type],
      );
      await expect.poll(() => newsroom.fetched.length).toBeGreaterThan(before);
      // The next event is counted only after this answer.
      await (await answered).finished();
    }
  });
});

describe("A page that changes its own widget", () => {
  it("can move it without another fetch, and change its case or language", async () => {
    newsroom.cases.set("ua-9-00", present(1, { id: "ua-9-00", title: { en: "Another invented case" } }));
    const { page } = await open(`${script()}<div></div>${widget()}`);
    await inState(page, "ready");
    await page.evaluate(() => document.querySelector("div")!.append(document.querySelector("case-status")!));
    await page.evaluate(() => {
      const old = document.querySelector("case-status")!;
      old.replaceWith(old.cloneNode(true));
    });
    await inState(page, "ready");
    expect(newsroom.fetched).toHaveLength(1);
    await page.locator("case-status").evaluate((host) => host.setAttribute("case", "ua-9-00"));
    await expect.poll(() => textOf(page)).toContain("Another invented case");
    await page.locator("case-status").evaluate((host) => host.setAttribute("lang", "uk"));
    await expect.poll(() => card(page).getAttribute("lang")).toBe("uk");
    expect(newsroom.fetched).toHaveLength(3);
    await expect.poll(() => newsroom.openSockets).toBe(1);
    await page.locator("case-status").evaluate((host) => host.remove());
    await expect.poll(() => newsroom.openSockets).toBe(0);
  });

  it("can name another deployment", async () => {
    const other = await new Newsroom().open();
    closeAfterTest(() => other.close());
    other.cases.set(CASE, present(5));
    const { page } = await open(script() + widget(`case="${CASE}" lang="en" endpoint="${other.origin}/"`), {
      bypassCSP: true,
    });
    await inState(page, "ready");
    expect(await textOf(page)).toContain("Update 5");
    expect(newsroom.fetched).toEqual([]);
  });
});

it("The widget gives up a frozen request after eight seconds, and the next one brings the view", async () => {
  const { taken, requests } = await frozen;
  expect(taken).toBeGreaterThan(8 * SECOND_MS);
  // Without a socket, the widget soon asks again.
  expect(requests).toBeGreaterThan(1);
  // A socket has its own connection, and brings the view before the second frozen request is given up, when a third would follow.
  expect((await frozenWithSocket).requests).toBeLessThanOrEqual(2);
}, 30_000);
