/**
 * The widget and the page around it: preloaded and server-rendered cards,
 * answers of any shape, the place to act.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import { localeTags } from "../../shared/locale.ts";
import type { PresentView } from "../../shared/view/schema.ts";
import { CaseCard } from "../../widget/case-card.tsx";
import { openActOf } from "../../worker/web/site/act/open-act.ts";
import { axeFindings } from "../support/axe.ts";
import { testNow } from "../support/clock.ts";
import { layoutShift } from "../support/layout-shift.ts";
import { profile } from "../support/profile.ts";
import { root } from "../support/root.ts";
import { pause } from "../support/waiting.ts";
import {
  asSerialized,
  demoCase,
  inState,
  present,
  revisionOf,
  widgetOf,
} from "./newsroom.ts";
import {
  card,
  connect,
  newsroom,
  open,
  script,
  show,
  tell,
  useStage,
} from "./stage.ts";

useStage();

const CASE = demoCase.id;
const HOUR_MS = 3_600_000;

it("The widget uses a view that its page has preloaded", async () => {
  const view = `${newsroom.origin}/v1/cases/${CASE}/view?lang=en`;
  const { page, complaints } = await open(
    `<link rel="preload" as="fetch" crossorigin href="${view}">${script()}${widgetOf()}`,
  );
  await inState(page, "ready");
  expect(newsroom.fetched).toHaveLength(1);
  expect(complaints).toEqual([]);
});

it("A card of 320 pixels shows three people beside a release, in every language, each row whole", async () => {
  const changes = [
    {
      what: "custody",
      person: "Demo Person Three",
      from: "imprisoned",
      to: "released",
    } as const,
  ];
  const released = present(2, {}, "A court of appeal ended the trial.", {
    changes,
  });
  newsroom.cases.set(CASE, released);
  const columns = localeTags
    .map((lang) => `<div>${widgetOf(`case="${CASE}" lang="${lang}"`)}</div>`)
    .join("");
  const { page } = await open(
    `<style>div { width: 320px }</style>${script()}${columns}`,
    {
      directives: ["style-src 'unsafe-inline'"],
    },
  );
  await expect
    .poll(() => page.locator("case-status .people").count())
    .toBe(localeTags.length);
  const shown = await page.locator("case-status .people").evaluateAll((lists) =>
    lists.map((list) => {
      const { right, left, bottom } = list.getBoundingClientRect();
      const rows = [...list.children].map((row) => row.getBoundingClientRect());
      return rows.filter(
        (row) =>
          row.right <= right + 1 &&
          row.left >= left - 1 &&
          row.bottom <= bottom + 1,
      ).length;
    }),
  );
  expect(shown).toEqual(localeTags.map(() => 3));
});

describe("The widget's place to act", () => {
  /** As the Worker answers, with one address that isn't an e-mail's. */
  const answer = (revision: number, until?: string) => {
    const action = {
      ...{
        state: "active",
        until: "2099-12-31",
        letter: { en: "Dear Judge,", uk: "Шановний суде," },
      },
      request: { en: "Write in your own words." },
      targets: [
        {
          name: "The Court",
          address: "1 Invented Street",
          email: "court@demo.invalid",
        },
        { name: "A trap", email: "trap@demo.invalid" },
        { name: "Another Court", email: "appeal@demo.invalid" },
      ],
    };
    const record = {
      case: { ...demoCase, demo: false, action },
      revision: revisionOf(revision),
    };
    const appeal = openActOf(
      { state: "present", record } as never,
      "en",
      testNow(),
      profile,
    )!;
    appeal.targets.list[1]!.mailto = "javascript:alert(1)";
    if (until) appeal.ends = until;
    return { id: CASE, lang: "en", dir: "ltr", revision, appeal };
  };

  it("comes when the reader opens it, under the strictest policy, and is a link until then and after the deadline", async () => {
    newsroom.act = answer(1, new Date(testNow() + HOUR_MS).toISOString());
    const { page, complaints } = await show("", { clock: true });
    const place = page.locator("case-status .act");
    expect(newsroom.fetched).toHaveLength(1);
    expect(await place.locator("div > a").getAttribute("href")).toContain(
      `/cases/${CASE}?lang=en#act`,
    );
    await place.locator("summary").click();
    await expect
      .poll(() => place.locator(".letter").first().textContent())
      .toBe("Dear Judge,");
    expect(newsroom.fetched).toEqual([
      expect.stringContaining("/view?lang=en"),
      `/v1/cases/${CASE}/act?lang=en`,
    ]);
    expect(await place.locator(".safety").textContent()).toContain(
      profile.bot!.safety[0]!.text.en,
    );
    expect(await axeFindings(page, { within: "case-status" })).toEqual([]);
    // Below the title, which is at level 2.
    expect(
      await place
        .locator(".part")
        .evaluateAll((parts) => parts.map(({ tagName }) => tagName)),
    ).toEqual(Array(2).fill("H3"));
    expect(
      await place
        .locator("a.mail")
        .evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
    ).toEqual([
      expect.stringMatching(/^mailto:court@/),
      expect.stringMatching(/^mailto:appeal@/),
    ]);
    await place.getByText("Copy the letter").click();
    await place.getByText("Copied").first().waitFor();
    await page.clock.fastForward(HOUR_MS);
    await expect.poll(() => place.locator(".letter").count()).toBe(0);
    expect(await place.locator("div > a").isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("stays a link when the second script is not the release's own", async () => {
    newsroom.act = answer(1);
    newsroom.tampered = true;
    const { page } = await show();
    const place = page.locator("case-status .act");
    await place.locator("summary").click();
    await expect.poll(() => newsroom.scripts.at(-1)).toMatch(/^\/widget@/);
    await pause(
      200,
      "A script that was let through would ask for the letter at once.",
    );
    expect(newsroom.fetched).toHaveLength(1);
    expect(await place.locator("div > a").isVisible()).toBe(true);
  });

  it("keeps a name that was typed when a revision goes live, and is gone once nobody is asked", async () => {
    newsroom.act = answer(1);
    const { page } = await show();
    await page.locator("case-status .act summary").click();
    await page.locator("case-status .fields input").fill("A Reader");
    newsroom.publish(CASE, present(2));
    await expect.poll(() => newsroom.fetched.length).toBe(3);
    await expect
      .poll(() => page.locator("case-status .letter").first().textContent())
      .toMatch(/A Reader$/);
    newsroom.publish(
      CASE,
      present(3, { action: { ...demoCase.action, state: "closed" } }),
    );
    await expect.poll(() => page.locator("case-status .act").count()).toBe(0);
  });
});

describe("The widget on a page that its server has rendered", () => {
  const page = () => `${newsroom.origin}/cases/${CASE}?lang=en`;
  /**
   * The element with a declarative shadow root, as a server-side include brings
   * it.
   */
  const rendered = (view = present(1)("en")) => {
    const shadow = renderToString(
      h(CaseCard, { view, page: page(), level: 2 }),
    );
    const style = readFileSync(join(root, "dist/widget-style.css"), "utf8");
    const template = `<template shadowrootmode="open"><style>${style}</style>${shadow}<p role="status"></p></template>`;
    return `<p>Before</p><case-status case="${CASE}" lang="en">${template}<a href="/">Fallback</a></case-status><p>After</p>`;
  };

  it("takes over the server's nodes and moves nothing, without a reserved height", async () => {
    newsroom.fetching = "fails";
    newsroom.sockets = "refused";
    const opened = await open(rendered(), { bypassCSP: true });
    await opened.page.evaluate(() => {
      const { shadowRoot } = document.querySelector("case-status")!;
      Object.assign(window, {
        nodes: [...shadowRoot!.querySelectorAll("article, article *")],
      });
    });
    const kept = () =>
      opened.page.evaluate(() => {
        const { nodes } = window as unknown as { nodes: Element[] };
        const now = [
          ...document
            .querySelector("case-status")!
            .shadowRoot!.querySelectorAll("article, article *"),
        ];
        return (
          now.length === nodes.length &&
          now.every((node, index) => node === nodes[index])
        );
      });
    await opened.page.addScriptTag({ url: `${newsroom.origin}/widget.js` });
    await inState(opened.page, "stale");
    // The newsroom can't be reached: the server's card stays.
    expect(await kept()).toBe(true);
    newsroom.fetching = "works";
    newsroom.sockets = "work";
    await opened.page.evaluate(() => dispatchEvent(new Event("online")));
    await inState(opened.page, "ready");
    expect(await kept()).toBe(true);
    expect(await layoutShift(opened.page)).toBeLessThanOrEqual(0.001);
    newsroom.publish(CASE, present(2));
    await expect
      .poll(() => card(opened.page).textContent())
      .toContain("Update 2");
  });

  it("replaces an older card by the newest", async () => {
    newsroom.cases.set(CASE, present(3));
    const { page: shown } = await open(rendered(present(1)("en")) + script(), {
      bypassCSP: true,
    });
    await inState(shown, "ready");
    expect(await card(shown).evaluate((node) => node.outerHTML)).toBe(
      asSerialized(
        renderToString(
          h(CaseCard, { view: present(3)("en"), page: page(), level: 2 }),
        ),
      ),
    );
  });
});

describe("The widget and answers of any shape", () => {
  it("survives every JSON, says so once, and shows the next good view", async () => {
    const good = present(1)("en") as PresentView;
    const values = [
      null,
      0,
      "",
      "x",
      [],
      {},
      [null],
      { list: null },
      { text: {} },
      true,
    ];
    const bad = [
      ...values.map((value) => ({ ...good, people: value })),
      ...values.map((value) => ({ ...good, title: value, revision: value })),
      ...values.map((value) => ({
        ...good,
        timeline: { label: value, list: value },
      })),
      ...values.map((value) => ({ id: CASE, state: value })),
      // Whatever moment it claims, the next good view is shown.
      {
        id: CASE,
        state: "present",
        lang: "en",
        revision: { number: 9, liveAt: "2099" },
      },
      ...values,
    ];
    const { page } = await connect();
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      document.addEventListener("casestatus:error", () => told.push("error"));
    });
    for (const view of bad) newsroom.push(CASE, () => view as never);
    newsroom.cases.set(CASE, present(2));
    await tell(page, "online");
    await expect.poll(() => card(page).textContent()).toContain("Update 2");
    await inState(page, "ready");
    expect(
      await page.evaluate(() => (window as unknown as { told: string[] }).told),
    ).toContain("error");
  });
});
