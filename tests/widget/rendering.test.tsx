/**
 * The card in the browser, rendered by the widget's build of Preact, equals the
 * card that the server renders.
 */

import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { build, type Rolldown } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Text } from "../../shared/case/schema.ts";
import { textIn } from "../../shared/case/text.ts";
import { localeTags } from "../../shared/locale.ts";
import { PEOPLE_NAMED } from "../../shared/view/limits.ts";
import {
  viewCase,
  viewUnknown,
  viewWithdrawn,
} from "../../shared/view/view.ts";
import { CaseCard, type CaseCardProps } from "../../widget/case-card.tsx";
import { demo, first, ua12619 } from "../shared/cases.ts";
import { closePages, sharedBrowser } from "../support/browser.ts";
import { inventedCase } from "../support/invented.ts";
import { profile } from "../support/profile.ts";
import { root } from "../support/root.ts";
import { revisionOf } from "./newsroom.ts";
import type * as probe from "./probe.tsx";

const NOW = Date.parse("2026-11-25T12:00:00Z");
/**
 * A page that may load only its own script, and in which no string may become
 * markup.
 */
const ORIGIN = "http://casewire.test";
const POLICY =
  "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

const [person] = inventedCase(7).people;
const crowd = inventedCase(7, {
  people: Array.from({ length: PEOPLE_NAMED + 2 }, (_, index) => ({
    ...person,
    id: `invented-person-${index}`,
  })),
});

const changed = (text: Text): Text => ({
  ...text,
  en: `${textIn(text, "en")} (changed)`,
});
const outdated = {
  ...demo,
  title: changed(demo.title),
  summary: changed(demo.summary),
  places: demo.places.map((place) => ({ ...place, name: changed(place.name) })),
  events: demo.events.map((event) => ({ ...event, text: changed(event.text) })),
};

/** Every state of a card, in every language and variant. */
const cards: { name: string; props: CaseCardProps }[] = localeTags.flatMap(
  (lang) => {
    const views = {
      "the real case": viewCase(ua12619, first, lang, NOW, profile),
      "the demo case": viewCase(demo, first, lang, NOW, profile),
      "the demo case, later": viewCase(
        { ...demo, demo: false, places: [] },
        revisionOf(2),
        lang,
        NOW,
        profile,
      ),
      "outdated translations": viewCase(outdated, first, lang, NOW, profile),
      "more people than are named": viewCase(crowd, first, lang, NOW, profile),
      withdrawn: viewWithdrawn(
        demo.id,
        { ...revisionOf(3), kind: "withdrawal" },
        lang,
        profile,
      ),
      unknown: viewUnknown("ua-9-99", lang, profile),
    };
    return Object.entries(views).flatMap(([state, view]) =>
      (["card", "compact", "timeline"] as const).flatMap((variant) =>
        (["fresh", "stale", "expired"] as const).map((freshness) => ({
          name: [state, lang, variant, freshness].join(" "),
          // In the form that is sent over the network.
          props: JSON.parse(
            JSON.stringify({
              view,
              page: `https://casewire.test/cases/${view.id}`,
              level: 2,
              variant,
              freshness,
            }),
          ),
        })),
      ),
    );
  },
);

let browser: Browser;
let script: string;
/** A page with every card, as the server renders it. */
let cardsPage: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const built = build({
    root,
    configFile: join(root, "widget/vite.config.ts"),
    logLevel: "error",
    build: {
      write: false,
      lib: { entry: join(root, "tests/widget/probe.tsx") },
    },
  }) as Promise<[Rolldown.RolldownOutput]>;
  const [[{ output }], launched] = await Promise.all([built, sharedBrowser()]);
  script = output[0].code;
  browser = launched;
  cardsPage = await served(cards.map(({ props }) => <CaseCard {...props} />));
});
afterEach(() => expect(complaints.splice(0)).toEqual([]));
afterAll(() => closePages(browser));

/**
 * Opens a page as the server renders it, with the probe as `casewire` and the
 * cards' properties as `cards`.
 */
async function served(markup: ComponentChildren[]): Promise<Page> {
  const page = await browser.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on(
    "console",
    (message) => message.type() === "error" && complaints.push(message.text()),
  );
  const code = `${script};globalThis.cards = ${JSON.stringify(cards)}`;
  await page.route(`${ORIGIN}/probe.js`, (route) =>
    route.fulfill({ contentType: "text/javascript", body: code }),
  );
  const body = renderToString(
    <html lang="en">
      <head>
        <title>Cards</title>
        <link rel="icon" href="data:," />
        <script src="/probe.js" />
      </head>
      <body>
        {markup.map((each) => (
          <section>{each}</section>
        ))}
      </body>
    </html>,
  );
  await page.route(`${ORIGIN}/`, (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      headers: { "Content-Security-Policy": `${POLICY}; img-src data:` },
      body: `<!doctype html>${body}`,
    }),
  );
  await page.goto(`${ORIGIN}/`);
  return page;
}

type Probed = typeof globalThis & {
  casewire: typeof probe;
  cards: typeof cards;
};

describe("a card", () => {
  it("has the markup that the server renders, in every state, language and variant, also when it replaces another card, of which nothing stays", async () => {
    const different = await cardsPage.evaluate(() => {
      const { casewire, cards: all } = globalThis as Probed;
      const sections = document.querySelectorAll("section");
      // The strides are coprime with the number of cards, so that each card
      // follows many others.
      return [1, -1, 101].flatMap((stride) => {
        const shadow = document
          .createElement("div")
          .attachShadow({ mode: "open" });
        return all.flatMap((_, step) => {
          const index =
            (((step * stride) % all.length) + all.length) % all.length;
          const { name, props } = all[index]!;
          casewire.drawCard(props, shadow);
          const card = shadow.firstElementChild!.cloneNode(true) as Element;
          // Preact may split a text into several nodes.
          card.normalize();
          return card.isEqualNode(sections[index]!.firstElementChild)
            ? []
            : [{ name, stride }];
        });
      });
    });
    expect(different).toEqual([]);
    expect(cards.length).toBeGreaterThan(300);
  });

  it("takes over the server's nodes when it is hydrated, and replaces none", async () => {
    const different = await cardsPage.evaluate(() => {
      const { casewire, cards: all } = globalThis as Probed;
      const sections = document.querySelectorAll("section");
      return all.flatMap(({ name, props }, index) => {
        const section = sections[index]!;
        const [markup, before] = [
          section.innerHTML,
          [...section.querySelectorAll("*")],
        ];
        casewire.adoptCard(props, section);
        const after = [...section.querySelectorAll("*")];
        const kept =
          before.length === after.length &&
          before.every((node, place) => node === after[place]);
        return kept && section.innerHTML === markup ? [] : [{ name, kept }];
      });
    });
    expect(different).toEqual([]);
  });
});
