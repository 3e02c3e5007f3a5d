/** The element's API, and the ways in which people read a page. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { viewCase } from "../../shared/view/view.ts";
import { isWholeBrowser, launchBrowser } from "../support/browser.ts";
import { profile } from "../support/profile.ts";
import { pause } from "../support/waiting.ts";
import {
  advance,
  demoCase,
  inState,
  present,
  revisionOf,
  visit,
  widgetOf,
} from "./newsroom.ts";
import {
  card,
  closeAfterTest,
  connect,
  newsroom,
  open,
  script,
  show,
  tell,
  useStage,
} from "./stage.ts";

const CASE = demoCase.id;
const variants = ["card", "compact", "timeline"] as const;

useStage();

const styleOf = (page: Page, selector: string, property: string) =>
  page
    .locator(`case-status ${selector}`)
    .first()
    .evaluate(
      (node, name) => getComputedStyle(node).getPropertyValue(name),
      property,
    );

describe("The widget's variants", () => {
  it.each(variants)(
    "include %s with number, status, the date of the facts and the revision",
    async (variant) => {
      const { page } = await show(`variant="${variant}"`);
      const text = await card(page).textContent();
      for (const part of [
        "UA 0/00",
        variant === "compact" ? "Action open" : "Write an appeal",
        "as of 20\u00a0November 2026",
        "Update 1",
        "25\u00a0November 2026",
        "DEMO",
      ])
        expect(text).toContain(part);
      // A day is enough; the moment is exact on the page of the case.
      expect(text).not.toContain("UTC");
    },
  );

  it.each(variants)(
    "include %s, which marks an invented case with a label, and says that old facts are old",
    async (variant) => {
      newsroom.cases.set(CASE, () =>
        viewCase(
          demoCase,
          revisionOf(1),
          "en",
          Date.parse("2028-01-01"),
          profile,
        ),
      );
      const { page } = await show(`variant="${variant}"`, {
        viewport: { width: 700, height: 600 },
      });
      await card(page).getByText("We have nothing more recent.").waitFor();
      const label = card(page).locator(".stamp:visible").first();
      expect(await label.textContent()).toBe("DEMO");
      expect(await label.getAttribute("title")).toBe(
        "DEMO: an invented case in an invented country",
      );
      expect(await styleOf(page, ".stamp", "border-top-style")).toBe("solid");
    },
  );

  it("include timeline, which shows the case's dates and not its people", async () => {
    const { page } = await show(`variant="timeline"`);
    expect(await card(page).locator(".events li").first().isVisible()).toBe(
      true,
    );
    expect(await card(page).locator("[part=people]").count()).toBe(0);
  });
});

describe("The widget's attributes", () => {
  it("are forgiving in their values, warn of one that they don't know, and take a level of heading that exists", async () => {
    const { page } = await show(
      `variant="Compact" theme="DARK" heading-level="99999999999"`,
    );
    expect(await card(page).getAttribute("class")).toBe("case compact");
    expect(await styleOf(page, "article", "background-color")).toBe(
      "rgb(23, 24, 26)",
    );
    const warned: string[] = [];
    page.on(
      "console",
      (message) => message.type() === "warning" && warned.push(message.text()),
    );
    const set = (name: string, value: string) =>
      page
        .locator("case-status")
        .evaluate(
          (element, [name, value]) => element.setAttribute(name!, value!),
          [name, value],
        );
    await set("variant", "wide");
    await set("theme", "sepia");
    await expect.poll(() => card(page).getAttribute("class")).toBe("case card");
    expect(warned).toEqual([
      expect.stringContaining(
        "<case-status> knows no variant but [card, compact, timeline]",
      ),
      expect.stringContaining(
        "<case-status> knows no theme but [auto, light, dark]",
      ),
    ]);
    for (const [level, heading] of Object.entries({
      4: "h4",
      7: "h2",
      "3.9": "h2",
      6: "h6",
      "": "h2",
    })) {
      await set("heading-level", level);
      await expect
        .poll(() =>
          card(page)
            .locator(".title")
            .evaluate((title) => title.localName),
        )
        .toBe(heading);
    }
  });

  it("may stand on an element that moves to a frame", async () => {
    const { page } = await connect("", { bypassCSP: true });
    await page.evaluate(() => {
      const frame = document.body.appendChild(document.createElement("iframe"));
      frame.contentDocument!.body.append(
        document.querySelector("case-status")!,
      );
    });
    const moved = page.frameLocator("iframe").locator("case-status");
    await expect
      .poll(() =>
        moved
          .locator("article")
          .evaluate((node) => getComputedStyle(node).display),
      )
      .toBe("flex");
    newsroom.publish(CASE, present(2));
    await moved.getByText("Update 2").waitFor();
  });

  it("make no request and keep the page's own link when they name no case or no web address", async () => {
    const ids = ["", "%00", "ua&amp;0", "a".repeat(3_000)];
    const warned: string[] = [];
    const { page } = await open(
      ids.map((id) => widgetOf(`case="${id}"`)).join(""),
      { bypassCSP: true },
    );
    page.on(
      "console",
      (message) => message.type() === "warning" && warned.push(message.text()),
    );
    await page.addScriptTag({ url: `${newsroom.origin}/widget.js` });
    await expect
      .poll(() => page.locator("case-status:state(unknown)").count())
      .toBe(ids.length);
    expect(await page.getByText("Fallback").first().isVisible()).toBe(true);
    expect(warned[0]).toContain("<case-status> needs a case and an endpoint");
    const given = [
      "javascript:alert(1)//",
      "nonsense",
      "data:,x",
      "//other.test",
      "https://other.test/path?x",
    ];
    // A lazy element out of sight asks for nothing, and has a link to the case.
    const links = await page.evaluate(async (addresses) => {
      const place = document.body.appendChild(document.createElement("div"));
      place.hidden = true;
      const elements = addresses.map((address) => {
        const element = place.appendChild(
          document.createElement("case-status"),
        );
        element.setAttribute("endpoint", address);
        element.setAttribute("loading", "lazy");
        element.setAttribute("case", "ua-0-00");
        return element;
      });
      // They update in microtasks, which were queued before this one.
      await Promise.resolve();
      return elements.map(
        (element) =>
          new URL(element.shadowRoot!.querySelector("a")!.href).origin,
      );
    }, given);
    const { origin } = newsroom;
    expect(links).toEqual([
      origin,
      origin,
      origin,
      origin,
      "https://other.test",
    ]);
    expect(newsroom.fetched).toEqual([]);
  });

  it("must name the endpoint when the script is a module, which warns without one", async () => {
    const warned: string[] = [];
    const elements =
      widgetOf() +
      widgetOf(`case="${CASE}" lang="en" endpoint="${newsroom.origin}"`);
    const { page } = await open(elements, { bypassCSP: true });
    page.on(
      "console",
      (message) => message.type() === "warning" && warned.push(message.text()),
    );
    await page.addScriptTag({
      url: `${newsroom.origin}/widget.js`,
      type: "module",
    });
    await inState(page, "ready");
    expect(warned[0]).toContain("<case-status> needs a case and an endpoint");
    expect(await page.getByText("Fallback").first().isVisible()).toBe(true);
    expect(newsroom.fetched).toHaveLength(1);
  });

  it("need no language, since the widget uses the surrounding one, through shadow roots", async () => {
    const { page } = await open(`<div lang="uk"></div>${script()}`, {
      bypassCSP: true,
    });
    await page.evaluate((id) => {
      const outer = document
        .querySelector("div")!
        .attachShadow({ mode: "open" });
      const element = document.createElement("case-status");
      element.setAttribute("case", id);
      outer.append(element);
    }, CASE);
    await inState(page, "ready");
    expect(await card(page).getAttribute("lang")).toBe("uk");
  });

  it("let the theme decide the colours, else the page's color-scheme, below a partner's own properties and parts", async () => {
    const paper = (page: Page) => styleOf(page, "article", "background-color");
    const { page } = await show(`theme="light"`, {
      colorScheme: "dark",
      bypassCSP: true,
    });
    expect(await paper(page)).toBe("rgb(255, 255, 255)");
    await page
      .locator("case-status")
      .evaluate((element) => element.removeAttribute("theme"));
    // A page that declares nothing is light, whatever the reader's system.
    expect(await paper(page)).toBe("rgb(255, 255, 255)");
    const declare = (scheme: string) =>
      page.evaluate(
        (value) =>
          document.documentElement.style.setProperty("color-scheme", value),
        scheme,
      );
    await declare("dark");
    expect(await paper(page)).toBe("rgb(23, 24, 26)");
    await declare("light dark");
    expect(await paper(page)).toBe("rgb(23, 24, 26)");
    await page.emulateMedia({ colorScheme: "light" });
    expect(await paper(page)).toBe("rgb(255, 255, 255)");
    await page
      .locator("case-status")
      .evaluate((element) => element.setAttribute("theme", "dark"));
    expect(await paper(page)).toBe("rgb(23, 24, 26)");
    await page.addStyleTag({
      content:
        "case-status { --case-status-paper: rgb(1, 2, 3); --case-status-size: 20px } case-status::part(title) { color: rgb(4, 5, 6) }",
    });
    expect(await paper(page)).toBe("rgb(1, 2, 3)");
    expect(await styleOf(page, ".title", "color")).toBe("rgb(4, 5, 6)");
    expect(await styleOf(page, "article", "font-size")).toBe("20px");
  });
});

it("The widget's events tell the page of the first view, of a change, once of a lost connection, and of its end", async () => {
  const { page } = await open(`<main>${widgetOf()}</main>`, {
    clock: true,
    bypassCSP: true,
  });
  await page.evaluate(() => {
    const firedEvents: unknown[] = [];
    Object.assign(window, { told: firedEvents });
    for (const type of ["ready", "change", "error", "recovered"])
      document.addEventListener(`casestatus:${type}`, (event) => {
        const { detail, composed } = event as CustomEvent;
        firedEvents.push([type, detail.revision, detail.liveAt, composed]);
      });
  });
  const told = () =>
    page.evaluate(() => (window as unknown as { told: unknown[] }).told);
  await page.addScriptTag({ url: `${newsroom.origin}/widget.js` });
  await expect.poll(() => newsroom.openSockets).toBe(1);
  newsroom.publish(CASE, present(2));
  await expect.poll(async () => (await told()).length).toBe(2);
  newsroom.fetching = "fails";
  newsroom.sockets = "refused";
  newsroom.dropSockets();
  for (let tries = 0; tries < 20; tries++) await advance(page, 5_000);
  Object.assign(newsroom, { fetching: "works", sockets: "work" });
  await tell(page, "online");
  await expect.poll(async () => (await told()).length).toBe(4);
  expect(await told()).toEqual([
    ["ready", 1, "2026-11-25T10:01:07.000Z", true],
    ["change", 2, "2026-11-25T10:02:07.000Z", true],
    ["error", 2, "2026-11-25T10:02:07.000Z", true],
    ["recovered", 2, "2026-11-25T10:02:07.000Z", true],
  ]);
});

describe("A reader of the widget", () => {
  // Imitates the events that a page in the back-forward cache receives.
  it("finds the page unchanged and up to date after leaving and coming back", async () => {
    const { page } = await connect();
    const pass = (type: "pagehide" | "pageshow") =>
      page.evaluate(
        (name) =>
          dispatchEvent(new PageTransitionEvent(name, { persisted: true })),
        type,
      );
    await pass("pagehide");
    await expect.poll(() => newsroom.openSockets).toBe(0);
    newsroom.cases.set(CASE, present(2));
    await pause(
      100,
      "A page that was left opens no socket; a new one would be opened at once.",
    );
    expect(newsroom.connected).toHaveLength(1);
    await pass("pageshow");
    await expect.poll(() => card(page).textContent()).toContain("Update 2");
    await expect.poll(() => newsroom.openSockets).toBe(1);
  });

  // Uses the cache itself, which Playwright disables by default.
  it.runIf(isWholeBrowser)(
    "gets the page from the back-forward cache, up to date",
    async () => {
      const keeping = await launchBrowser({
        ignoreDefaultArgs: ["--disable-back-forward-cache"],
      });
      closeAfterTest(() => keeping.close());
      const { page } = await visit(keeping, newsroom, script() + widgetOf());
      await inState(page, "ready");
      await expect.poll(() => newsroom.openSockets).toBe(1);
      await page.evaluate(() => {
        Object.assign(window, { kept: true });
      });
      const address = page.url();
      await page.goto(`${newsroom.origin}/widget.js`);
      await expect.poll(() => newsroom.openSockets).toBe(0);
      newsroom.cases.set(CASE, present(2));
      await page.evaluate(() => history.back());
      // A page from the cache doesn't load again.
      await page.waitForURL(address, { waitUntil: "commit" });
      expect(await page.evaluate(() => "kept" in window)).toBe(true);
      await expect.poll(() => card(page).textContent()).toContain("Update 2");
      await expect.poll(() => newsroom.openSockets).toBe(1);
    },
  );

  it("sees the page around it also where the page unsets every style", async () => {
    const unset = "<style>main * { all: unset }</style><p>Above</p>";
    const { page } = await open(
      `${unset}<main>${widgetOf()}</main>${script()}`,
      { bypassCSP: true },
    );
    await inState(page, "ready");
    expect(
      await card(page).evaluate((node) => node.getBoundingClientRect().height),
    ).toBeGreaterThan(200);
    // A press reaches what nothing covers.
    await page.getByText("Above").click({ timeout: 2_000 });
  });

  it("prints the complete card in dark ink on white paper", async () => {
    const { page } = await show(`theme="dark" style="height: 10rem"`, {
      bypassCSP: true,
    });
    await page.addStyleTag({
      content:
        "case-status { --case-status-paper: #000; --case-status-ink: #fff }",
    });
    await page.emulateMedia({ media: "print" });
    expect(await styleOf(page, "article", "background-color")).toBe(
      "rgb(255, 255, 255)",
    );
    expect(await styleOf(page, "article", "color")).toBe("rgb(27, 27, 25)");
    const [height, content] = await card(page).evaluate((node) => [
      node.clientHeight,
      node.scrollHeight,
    ]);
    expect(height).toBe(content);
    expect(height).toBeGreaterThan(200);
  });

  it("with forced colours still sees the frame, the lines and the button", async () => {
    const { page } = await show("", { forcedColors: "active" });
    for (const selector of ["xpath=.", ".status", ".button"])
      expect(await card(page).locator(selector).isVisible()).toBe(true);
    for (const selector of ["article", ".people li", ".button"])
      expect(await styleOf(page, selector, "border-top-style")).toBe("solid");
  });

  it("with forced colours too, sees milestones filled, and dots of a day round", async () => {
    const [event] = demoCase.events;
    const events = [
      "2026",
      "2026-10",
      "2026-10-03",
      "2026-10-04/2026-11",
      "2026-11-05",
    ].flatMap((date) =>
      (["arrest", "other"] as const).map((kind) => ({
        ...event!,
        kind,
        date: { date },
      })),
    );
    newsroom.cases.set(CASE, present(1, { events }));
    const { page } = await show('variant="timeline"', {
      forcedColors: "active",
    });
    const dots = await card(page)
      .locator(".events li")
      .evaluateAll((all) =>
        all.map((one) => {
          const { width, height, borderTopWidth, borderTopStyle } =
            getComputedStyle(one, "::before");
          const [across, along, border] = [width, height, borderTopWidth].map(
            Number.parseFloat,
          );
          return {
            kind: one.className,
            isFilled: across! <= 2 * border! && borderTopStyle === "solid",
            isRound: across === along && Number.isInteger(across),
          };
        }),
      );
    expect(dots).toHaveLength(events.length);
    for (const { kind, isFilled, isRound } of dots) {
      expect(isFilled, kind).toBe(kind.includes("milestone"));
      expect(isRound, kind).toBe(kind.startsWith("d10 ") || kind === "d10");
    }
  });

  it("with forced colours still sees what stands above the element", async () => {
    const above =
      '<div id="above" style="forced-color-adjust: none; height: 20px; background: green"></div>';
    const { page } = await open(
      above + widgetOf(`case="${CASE}" lang="en"`) + script(),
      {
        forcedColors: "active",
        bypassCSP: true,
      },
    );
    await inState(page, "ready");
    const drawn = () => page.locator("#above").screenshot();
    const beside = await drawn();
    await page.locator("case-status").evaluate((element) => element.remove());
    expect((await drawn()).equals(beside)).toBe(true);
  });

  it("sees no motion when the system asks to reduce it", async () => {
    const { page } = await connect("", { reducedMotion: "reduce" });
    newsroom.publish(CASE, present(2));
    await expect.poll(() => card(page).textContent()).toContain("Update 2");
    // The others run with scrolling, and only tell which boxes are cut.
    const moving = await page.evaluate(() =>
      [document.querySelector("case-status")!.shadowRoot!, document]
        .flatMap((root) => root.getAnimations())
        .filter(({ timeline }) => timeline === document.timeline),
    );
    expect(moving).toEqual([]);
  });
});
