/**
 * Publishes a case with markup in every text field, and checks that every
 * surface shows the markup as text.
 */
import { parseAtomFeed, parseJsonFeed } from "feedsmith";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { addresses, paths } from "../../../shared/addresses.ts";
import type { Preview } from "../../../worker/editing/rules/desk.ts";
import {
  browser,
  hostile,
  partner,
  propose,
  telegram,
  worker,
} from "./attacked.ts";
import { forgotten } from "./hostile.ts";

const { id } = hostile.case;
const textAt = (pointer: string) => hostile.texts.get(pointer) as string;

/**
 * Finds traces of an attacker's script, and elements created from the case's
 * markup.
 */
async function traces(page: Page): Promise<string[]> {
  const found = await Promise.all(
    page.frames().map((frame) =>
      frame.evaluate(() => {
        const roots: (Document | ShadowRoot)[] = [document];
        for (const root of roots)
          for (const element of root.querySelectorAll("*"))
            if (element.shadowRoot) roots.push(element.shadowRoot);
        return roots.flatMap((root) =>
          [
            ...root.querySelectorAll(
              '[onerror], img[src="x"], a[href^="javascript" i]',
            ),
          ].map(({ outerHTML }) => outerHTML),
        );
      }),
    ),
  );
  return found.flat();
}

/**
 * Opens each URL, waits until it has loaded, and runs the check. Dialogs,
 * blocked scripts and injected elements are failures.
 * @param see gets the page and its URL
 */
async function checkPages(
  urls: string[],
  see: (page: Page, url: string) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage();
  const findings: string[] = [];
  page.on("dialog", (dialog) => {
    findings.push(`a script ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/Content Security Policy|TrustedHTML/i.test(message.text()))
      findings.push(message.text());
  });
  page.on("pageerror", (error) => findings.push(error.message));
  try {
    for (const url of urls) {
      await page.goto(url, { waitUntil: "load" });
      await see(page, url);
      expect([...findings, ...(await traces(page))], url).toEqual([]);
    }
  } finally {
    await page.close();
  }
}

/** The same for HTML that another site's page shows. */
const checkTexts = (texts: string[]) =>
  checkPages(
    texts.map(
      (html) =>
        `data:text/html;charset=utf-8,${encodeURIComponent(`<!doctype html>${html}`)}`,
    ),
    async () => {},
  );

/** Returns the visible text, including shadow roots. */
const visibleText = (page: Page) =>
  page.evaluate(() => {
    const read = (root: Element | ShadowRoot): string =>
      [...root.childNodes]
        .map((node) =>
          node instanceof Element
            ? /^(script|style|template)$/i.test(node.tagName)
              ? ""
              : read(node) + (node.shadowRoot ? read(node.shadowRoot) : "")
            : (node.textContent ?? ""),
        )
        .join(" ");
    return read(document.documentElement);
  });

export function surfaces(): void {
  it("is placed in every field that accepts it", () => {
    expect([forgotten(), hostile.unexplained]).toEqual([[], []]);
    expect(hostile.texts.size).toBeGreaterThan(80);
  });

  it("would be noticed if it became an element", async () => {
    const page = await browser.newPage();
    await page.setContent(
      `<p id="host"></p><script>host.attachShadow({ mode: "open" }).innerHTML = "<p>" + ${JSON.stringify(textAt("/title/en"))}</script>`,
    );
    expect(await traces(page)).toEqual([
      expect.stringMatching(/^<img src="x" onerror="alert\(\d+\)">$/),
    ]);
    await page.close();
  });

  it("stays text on the pages, in every language", async () => {
    const inLanguages = ["en", "uk", "ar"].map(
      (lang) => worker.url + addresses.page(id, lang),
    );
    await checkPages(inLanguages, async (page, address) => {
      const text = await visibleText(page);
      const lang = address.slice(-2);
      for (const pointer of [
        lang === "uk" ? "/title/uk/text" : "/title/en",
        `/summary/${lang}`,
        `/events/0/text/${lang}`,
        "/people/0/names/0/value",
        "/quotations/0/text",
        "/documents/0/title",
      ])
        expect(text, pointer).toContain(textAt(pointer));
    });
    const others = [
      addresses.revisionPage(id, 1),
      paths.front,
      `/?q=${encodeURIComponent(textAt("/title/en"))}`,
    ];
    await checkPages(
      others.map((path) => worker.url + path),
      async (page) =>
        expect(await visibleText(page)).toContain(textAt("/title/en")),
    );
  });

  it("stays text in the frame, the badge and the page for webmasters", async () => {
    const framed = [
      `${addresses.embed(id)}?variant=timeline`,
      `/embed?case=${id}`,
      addresses.badge(id),
    ];
    await checkPages(
      framed.map((path) => worker.url + path),
      async (page, path) => {
        if (path.includes("timeline"))
          expect(await visibleText(page)).toContain(textAt("/title/en"));
        if (path.includes("svg"))
          expect(await page.locator("script, foreignObject").count()).toBe(0);
      },
    );
  });

  it("stays text in the widget in every state", async ({ expect }) => {
    const tags = ["card", "compact", "timeline"].map(
      (variant) =>
        `<case-status case="${id}" lang="en" variant="${variant}"></case-status>`,
    );
    partner.show(
      `<script src="${worker.url}/widget.js" async crossorigin></script>${tags.join("")}`,
    );
    await checkPages([partner.url], async (page) => {
      await expect
        .poll(() => visibleText(page))
        .toContain(textAt("/people/0/names/0/value"));
    });
  });

  it("stays text in the feeds and in readers that show their HTML", async () => {
    const [atom, json] = await Promise.all(
      (["atom", "json"] as const).map(async (format) =>
        (await fetch(worker.url + addresses.feed(format, id))).text(),
      ),
    );
    const entries = [
      ...(parseAtomFeed(atom!).entries ?? []).map(({ title, content }) => [
        title,
        content,
      ]),
      ...(parseJsonFeed(json!).items ?? []).map(({ title, content_html }) => [
        title,
        content_html,
      ]),
    ] as [unknown, unknown][];
    expect(entries.length).toBe(4);
    expect(JSON.stringify(entries)).toContain("f999f");
    await checkTexts(
      entries.map(([, content]) =>
        typeof content === "string"
          ? content
          : ((content as { value?: string } | undefined)?.value ?? ""),
      ),
    );
  });

  it("stays text in what oEmbed puts on another site's page", async () => {
    const url = encodeURIComponent(worker.url + addresses.page(id));
    const { html } = (await (
      await fetch(`${worker.url}/oembed?url=${url}`)
    ).json()) as { html: string };
    expect(html).toContain(id);
    await checkTexts([html]);
  });

  it("stays text in the bot's messages", async () => {
    const chat = telegram.chat(424_201);
    const card = await chat.ask("UA 61/00");
    const preview = await worker.asEditor(paths.deskPreview, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        case: hostile.case,
        note: hostile.note,
        lang: "uk",
      }),
    });
    const { telegram: update, view } = (await preview.json()) as Preview;
    expect(preview.headers.get("Content-Type")).toBe("application/json");
    expect(view).toMatchObject({ title: { text: textAt("/title/uk/text") } });
    expect(card.text).toContain(textAt("/title/en"));
    expect(update?.text).toContain(textAt("/note"));
    const links = [card, update!].flatMap(
      ({ entities }) => entities as { type: string; url?: string }[],
    );
    expect(links.length).toBeGreaterThan(4);
    for (const { type, url } of links) {
      expect([
        "bold",
        "italic",
        "text_link",
        "spoiler",
        "date_time",
        "expandable_blockquote",
      ]).toContain(type);
      // A link goes to the case's page, never to a URL that an editor wrote.
      if (url) expect(url).toMatch(new RegExp(`^${worker.url}/`));
    }
  });

  it("stays text on the desk", async ({ expect }) => {
    const draft = crypto.randomUUID();
    const saved = await worker.asEditor(addresses.deskDraft(draft), {
      method: "PUT",
      headers: { "Content-Type": "application/json", "If-None-Match": "*" },
      body: JSON.stringify({
        base: { number: 2, case: hostile.case },
        case: hostile.case,
        note: hostile.note,
        kind: "update",
        notify: "none",
        liveAt: null,
        source: {
          name: textAt("/title/en"),
          text: `${textAt("/title/en")}\nUA 61/00\n`,
          warnings: [
            {
              tag: "not-understood",
              found: textAt("/title/en"),
              line: 1,
              pointer: "/title",
            },
          ],
          provenance: [],
          dates: [
            { asStated: "in 2014", line: 1, text: textAt("/summary/en") },
          ],
          sentences: [],
        },
        resolved: [],
      }),
    });
    expect(saved.status).toBe(201);
    const proposal = await propose(hostile.case, 2);
    await checkPages([worker.url + paths.desk], async (page) => {
      await page.locator("#token").fill(worker.editorToken);
      await page.keyboard.press("Enter");
      const screens: [hash: string, asksFor: string, shows: string][] = [
        [`#/cases/${id}`, addresses.deskCase(id), textAt("/title/en")],
        [
          `#/drafts/${draft}`,
          paths.deskPreview,
          textAt("/people/0/names/0/value"),
        ],
        ["#/approvals", paths.deskProposals, textAt("/title/en")],
        [
          `#/approvals/${proposal}`,
          paths.deskPreview,
          textAt("/people/0/names/0/value"),
        ],
        // The audit log contains no content.
        ["#/audit", paths.deskAudit, id],
        // A path that is no valid id shows the list.
        [
          `#/cases/${encodeURIComponent(textAt("/title/en"))}%`,
          paths.deskCases,
          textAt("/title/en"),
        ],
      ];
      await expect.poll(() => visibleText(page)).toContain(textAt("/title/en"));
      for (const [hash, asksFor, shows] of screens) {
        const asked = page.waitForResponse(
          (answer) => new URL(answer.url()).pathname === asksFor,
        );
        await page.evaluate((to) => {
          location.hash = to;
        }, hash);
        await asked;
        await expect
          .poll(() => visibleText(page), { message: hash })
          .toContain(shows);
        expect(await traces(page), hash).toEqual([]);
      }
      // The token is not left anywhere that a script could read it later.
      expect(
        await page.evaluate(() =>
          JSON.stringify([
            { ...localStorage },
            { ...sessionStorage },
            document.cookie,
          ]),
        ),
      ).toBe('[{},{},""]');
      expect(page.url()).not.toContain(worker.editorToken);
    });
  });
}
