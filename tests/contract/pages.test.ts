/** The pages that need no script, in a real browser and checked by validators of HTML, accessibility and feeds. */
import { readFileSync } from "node:fs";
import { parseXml } from "@rgrove/parse-xml";
import axe from "axe-core";
import { parseAtomFeed, parseJsonFeed } from "feedsmith";
import { HtmlValidate } from "html-validate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { paths } from "../../shared/addresses.ts";
import type { Case } from "../../shared/case/schema.ts";
import { localeTags } from "../../shared/locale.ts";
import type { Published } from "../../worker/editorial/desk.ts";
import demoCase from "../../worker/tools/local/cases/ua-0-00.json" with { type: "json" };
import realCase from "../../worker/tools/local/cases/ua-126-19.json" with { type: "json" };
import { launchBrowser } from "../browser.ts";
import { startWorker, type TestWorker } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { ahead } from "../next-year.ts";
import { freePort } from "../stand-in-process.ts";

const demo = demoCase as unknown as Case;
const real = realCase as unknown as Case;
const HOSTILE = `</script></title></style>"'><img src=x onerror=alert(1)>&amp;]]>`;

/** Put into every text that an editor can write. */
function hostileCase(): Case {
  const text = { en: HOSTILE };
  const fields = structuredClone(inventedCase(8)) as any;
  Object.assign(fields, { title: text, summary: text, issuer: HOSTILE });
  fields.people[0].names[0].value = HOSTILE;
  fields.people[0].role = text;
  fields.people[0].custody.statedBy = `${HOSTILE} too`;
  fields.events[0].text = text;
  fields.places = [{ name: text, status: text, source: "first" }];
  fields.documents[0].title = HOSTILE;
  fields.action = { state: "active", request: text };
  fields.quotations = [{ text: HOSTILE, lang: "en", speaker: HOSTILE, occasion: text, source: "first" }];
  fields.assessments = [{ text, by: HOSTILE, source: "first" }];
  fields.rights.text = text;
  return fields;
}

let worker: TestWorker;
let browser: Browser;
let redaction: Published;
let withdrawal: Published;

const read = async (path: string) => (await fetch(worker.url + path)).text();

beforeAll(async () => {
  const port = await freePort();
  [worker, browser] = await Promise.all([
    startWorker({ port, env: { PUBLIC_URL: `http://localhost:${port}` } }),
    launchBrowser(),
  ]);
  await Promise.all([...[3, 4, 5].map((number) => worker.publish(inventedCase(number))), worker.publish(real)]);
  const hostile = hostileCase();
  const soon = Date.now() + 4_000;
  const at = (order: number) => new Date(soon + order * 50).toISOString();
  await worker.publish(hostile, { liveAt: at(2), note: { en: HOSTILE } });
  await worker.publish(demo, { liveAt: at(3), note: { en: "First version here", uk: "Перша версія тут" } });
  const second = structuredClone(demo);
  second.people[1]!.custody!.value = "released";
  await worker.publish(second, { liveAt: at(4), note: { en: "Demo Person Two was released" } });
  const third = structuredClone(second);
  third.people[1]!.custody!.value = "house-arrest";
  third.action = { ...third.action, state: "closed" };
  third.title.en = "Demo: a title that was corrected";
  third.events[0]!.date = { date: "2026-09-02" };
  await worker.publish(third, { kind: "correction", liveAt: at(5), note: { en: "Revision 2 was mistaken" } });
  await worker.untilLive({ revision: 3, liveAt: at(5) });
  redaction = await worker.publish(inventedCase(4, { people: [] }), {
    kind: "redaction",
    note: { en: "A name is gone" },
  });
  await worker.publish(third, { liveAt: ahead, note: { en: "Secret until its moment" } });
  withdrawal = await worker.withdraw("ua-5-00");
});

afterAll(async () => {
  await browser?.close();
  await worker?.close();
});

/** One path per kind of page, without a language. */
const kinds = [
  "/",
  "/?q=demo",
  "/?q=nobody",
  "/cases/ua-0-00",
  "/cases/ua-126-19",
  "/cases/ua-8-00",
  "/cases/ua-0-00/revisions/1",
  "/cases/ua-0-00/revisions/3",
  "/cases/ua-0-00/revisions/99",
  "/cases/ua-4-00/revisions/1",
  "/cases/ua-9-99",
  `/?q=${encodeURIComponent(HOSTILE)}`,
  `/?cursor=${encodeURIComponent(HOSTILE)}`,
  `/cases/${encodeURIComponent(HOSTILE.replaceAll("/", ""))}`,
  "/embed/ua-0-00",
  "/embed/ua-9-99",
  "/embed/ua-126-19?variant=compact",
  "/embed/ua-9-99?variant=compact",
];
const inLanguage = (path: string, lang: string) => `${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;

async function opened<T>(
  path: string,
  use: (page: Page) => Promise<T>,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<T> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    await page.goto(worker.url + path);
    return await use(page);
  } finally {
    await context.close();
  }
}

describe("Every page", () => {
  // Preact closes void elements, and a title with revision and as-of date is longer than 70 characters.
  const judge = new HtmlValidate({
    root: true,
    extends: ["html-validate:recommended"],
    rules: { "void-style": "off", "doctype-style": "off", "long-title": "off" },
  });

  it("is valid HTML in every language", async () => {
    for (const path of kinds)
      for (const lang of path === "/" ? [...localeTags, "de"] : localeTags) {
        const { results } = await judge.validateString(await read(inLanguage(path, lang)));
        const complaints = results.flatMap(({ messages }) =>
          messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
        );
        expect(complaints, `${path} ${lang}`).toEqual([]);
      }
  });

  const looks = kinds.flatMap((path, index) =>
    // The case's page in every language, and dark in each script. Other pages take one language each, in turn.
    path === "/cases/ua-0-00"
      ? [
          ...localeTags.map((lang) => [path, lang, "light"] as const),
          ...["en", "uk", "ar"].map((lang) => [path, lang, "dark"] as const),
        ]
      : [[path, localeTags[index % localeTags.length] as string, index % 2 ? "light" : "dark"] as const],
  );

  it("has nothing that axe-core finds wrong, makes no further request, and breaks no policy of its own", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
    });
    page.on("dialog", (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
    page.on("request", (request) => request.url().startsWith("http") && requests.push(request.url()));
    for (const [path, lang, colorScheme] of looks) {
      requests.length = 0;
      await page.emulateMedia({ colorScheme });
      await page.goto(worker.url + inLanguage(path, lang));
      await page.evaluate(axe.source);
      const violations = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document);
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      });
      expect(violations, `${path} ${lang} ${colorScheme}`).toEqual([]);
      expect(requests).toHaveLength(1);
      expect(await page.locator("img, iframe, object").count()).toBe(0);
    }
    await context.close();
    expect(complaints).toEqual([]);
  });

  it("fits 200 pixels, which is less than a laptop screen at 400 %", async () => {
    for (const [path, lang] of [
      ["/", "uk"],
      ["/cases/ua-0-00", "ar"],
      ["/cases/ua-126-19", "uk"],
      ["/cases/ua-8-00", "en"],
      ["/cases/ua-0-00/revisions/1", "en"],
      ["/embed/ua-126-19", "uk"],
    ] as const)
      await opened(
        inLanguage(path, lang),
        async (page) => {
          expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(200);
        },
        { viewport: { width: 200, height: 800 } },
      );
  });

  it("shows nothing before its moment", async () => {
    const rest = ["/feed.atom", "/feed.json", "/cases/ua-0-00/feed.atom", "/badge/ua-0-00.svg"];
    for (const path of [...kinds, ...rest, `${paths.oembed}?url=${worker.url}/cases/ua-0-00`])
      expect(await read(path), path).not.toMatch(/Secret until|revisions\/4/);
  });
});

describe("A case's page", () => {
  it("says in one line that the case is not available in the language asked for, and nothing when it is", () =>
    opened("/cases/ua-0-00?lang=de-AT", async (page) => {
      expect(await page.locator("html").getAttribute("lang")).toBe("en");
      const note = page.getByRole("note");
      expect(await note.allTextContents()).toEqual(["This page is not available in this language yet: German."]);
      for (const lang of ["crh-Latn", `<b>${HOSTILE}`, ""]) {
        await page.goto(`${worker.url}/cases/ua-0-00?lang=${encodeURIComponent(lang)}`);
        expect(await note.count(), lang).toBe(0);
      }
    }));

  it("works without script, with language links and a search form", () =>
    opened(
      "/",
      async (page) => {
        await page.getByLabel("Number or name").fill("inventid wan");
        await page.getByRole("button", { name: "Search" }).click();
        await page.getByRole("link", { name: "Invented case 3" }).click();
        await page.getByRole("link", { name: "Українська" }).click();
        expect(await page.locator("html").getAttribute("lang")).toBe("uk");
        expect(await page.locator(".case details:not([open])").count()).toBe(0);
        expect(await page.locator("time").first().isVisible()).toBe(true);
        expect(await page.getByText("Invented Person One was arrested.").isVisible()).toBe(true);
      },
      { javaScriptEnabled: false },
    ));

  it("shows the history with its differences, and corrections stand out", () =>
    opened("/cases/ua-0-00", async (page) => {
      const entries = page.locator(".history > li");
      expect(await entries.locator("p:first-child a").allTextContents()).toEqual([
        "Correction (revision 3)",
        "Update 2",
        "Update 1",
      ]);
      expect(await entries.nth(0).getAttribute("class")).toBe("correction newest");
      expect(await entries.nth(0).locator(".changes li").allTextContents()).toEqual([
        "Demo Person Two: under house arrest (previously released), as of 20 November 2026",
        "Action closed: no further action is requested",
        expect.stringMatching(/^The title changed/),
        expect.stringMatching(/^The timeline changed/),
      ]);
      // The texts before and after.
      const arrest = demo.events[0]!.text.en;
      expect(await entries.nth(0).locator("del, ins").allTextContents()).toEqual([
        demo.title.en,
        "Demo: a title that was corrected",
        `1 September 2026 · ${arrest}`,
        `2 September 2026 · ${arrest}`,
      ]);
      expect((await entries.nth(2).textContent())!.match(/First version here/g)).toHaveLength(1);
      await entries.nth(2).getByRole("link").click();
      expect(page.url()).toContain("/cases/ua-0-00/revisions/1");
    }));

  it("cites the revision at an address that keeps it", () =>
    opened("/cases/ua-0-00", async (page) => {
      const cite = page.locator(".cite p");
      expect(await cite.textContent()).toMatch(
        /^Casewire\. DEMO · UA 0\/00: .+ · Correction \(revision 3\) · Facts as of 20 November 2026\. Published here .+ UTC\. http/,
      );
      expect(await read("/cases/ua-0-00?lang=uk")).toContain("20 листопада 2026\u00a0р. Опубліковано");
      await cite.getByRole("link").click();
      expect(page.url()).toBe(`${worker.url}/cases/ua-0-00/revisions/3`);
      expect(await page.locator(".notice").textContent()).toContain("always shows this revision");
    }));

  it("quotes in full, and a frame quotes an excerpt", async () => {
    const [quotation] = real.quotations;
    expect(quotation!.excerpt).toBeTruthy();
    await opened("/cases/ua-126-19?lang=uk", async (page) => {
      expect(await page.locator("blockquote").textContent()).toBe(quotation!.text);
      expect(await page.locator("blockquote").getAttribute("lang")).toBe("en");
    });
    await opened("/embed/ua-126-19", async (page) =>
      expect(await page.locator("blockquote").textContent()).toBe(quotation!.excerpt),
    );
  });

  it("keeps its labels and alignment when the case is in a language of the other direction", async () => {
    for (const path of ["/cases/ua-126-19?lang=ar", "/embed/ua-126-19?lang=ar", "/?lang=ar&q=126/19"])
      await opened(path, async (page) => {
        const aligned = await page
          .locator(":is(p, h1, h2, h3, li, blockquote)[dir=ltr]")
          .evaluateAll((all) => all.map((block) => getComputedStyle(block).textAlign));
        expect([...new Set(aligned)], path).toEqual(path.startsWith("/?") ? [] : ["right"]);
      });
    await opened("/cases/ua-126-19?lang=ar", async (page) => {
      const charge = page.locator(".case p", { hasText: "terrorism-related and others" });
      expect(await charge.textContent()).toBe("التهم: terrorism-related and others");
      expect(await charge.getAttribute("lang")).toBeNull();
      expect(await charge.locator("bdi").getAttribute("lang")).toBe("en");
    });
  });

  it("prints what matters, with the addresses of its sources", () =>
    opened("/cases/ua-0-00", async (page) => {
      await page.emulateMedia({ media: "print" });
      expect(await page.locator(".masthead nav").isVisible()).toBe(false);
      expect(await page.locator(".elsewhere").isVisible()).toBe(false);
      expect(await page.locator(".cite").isVisible()).toBe(true);
      const after = await page
        .locator("details li > a")
        .first()
        .evaluate((link) => getComputedStyle(link, "::after").content);
      expect(after).toContain("https://example.org/demo/1");
    }));
});

describe("The page of one revision", () => {
  it("says that the revision is old, asks for no appeal and is not indexed", () =>
    opened("/cases/ua-0-00/revisions/1", async (page) => {
      expect(await page.locator(".notice").textContent()).toMatch(/old revision.*do not act on it/i);
      expect(await page.locator(".case .action").textContent()).toMatch(/^At that time: Action open/);
      expect(await page.locator("main").textContent()).not.toContain("please write to nobody");
      expect(await page.locator('meta[name="robots"]').getAttribute("content")).toBe("noindex");
      expect(await page.locator('link[rel="canonical"]').getAttribute("href")).toBe(
        `${worker.url}/cases/ua-0-00?lang=en`,
      );
      expect(await page.locator('link[type$="oembed"], script').count()).toBe(0);
    }));

  it("keeps only number and moment of an erased revision", async () => {
    await worker.untilLive(redaction);
    const answer = await fetch(`${worker.url}/cases/ua-4-00/revisions/1`);
    expect(answer.status).toBe(410);
    const html = await answer.text();
    expect(html).toContain("This revision was erased");
    expect(html).toContain("UA 4/00");
    expect(html).not.toMatch(/Invented Person|Inventid/);
  });
});

describe("An unknown address", () => {
  it("answers browsers with a page in the language asked for, and API clients with a problem", async () => {
    await opened("/nowhere?lang=uk", async (page) => {
      expect(await page.locator("h1").textContent()).toBe("Такої сторінки немає");
      await page.getByRole("link", { name: "Усі справи" }).first().click();
      expect(page.url()).toBe(`${worker.url}/?lang=uk`);
    });
    for (const [path, accept, type] of [
      ["/nowhere", "*/*", "application/problem+json"],
      ["/cases/ua-9-99/feed.atom", "text/html,*/*;q=0.8", "application/problem+json"],
      ["/v1/nowhere", "text/html,*/*;q=0.8", "application/problem+json"],
    ] as const) {
      const answer = await fetch(worker.url + path, { headers: { Accept: accept } });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.headers.get("Content-Type")).toContain(type);
      expect(answer.headers.get("Cloudflare-CDN-Cache-Control")).toBe("no-store");
    }
  });
});

describe("A page's metadata", () => {
  const headOf = (path: string) =>
    opened(path, async (page) => ({
      meta: await page
        .locator("meta[property], meta[name]")
        .evaluateAll((all) =>
          Object.fromEntries(
            all.map((meta) => [
              meta.getAttribute("property") ?? meta.getAttribute("name"),
              meta.getAttribute("content"),
            ]),
          ),
        ),
      links: await page
        .locator("link[rel=alternate]")
        .evaluateAll((all) =>
          all.map((link) => [link.getAttribute("hreflang") ?? link.getAttribute("type"), link.getAttribute("href")]),
        ),
      data: await page
        .locator('script[type="application/ld+json"]')
        .evaluateAll((all) => all.map((s) => s.textContent)),
    }));

  it("states no status without number and date in link previews", async () => {
    for (const path of [
      "/cases/ua-126-19",
      "/cases/ua-0-00?lang=uk",
      "/cases/ua-0-00/revisions/1",
      "/cases/ua-126-19?lang=ar",
    ]) {
      const { meta } = await headOf(path);
      for (const text of [meta["og:title"], meta["og:description"], meta.description]) {
        expect(text, path).toMatch(/(Update|Correction|Оновлення|Виправлення|التحديث) ?\(?(версія |revision )?\d/);
        expect(text, path).toMatch(/(Facts as of|Факти станом на|الوقائع بتاريخ) \d/);
      }
      expect(meta["og:title"]).toMatch(/UA (126\/19|0\/00)/);
      expect(meta["og:image"]).toBe(`${worker.url}/preview.png`);
    }
  });

  it("names a preview image of the size that link previews want", async () => {
    const bytes = Buffer.from(await (await fetch(`${worker.url}/preview.png`)).arrayBuffer());
    expect(bytes.equals(readFileSync(new URL("../../worker/site/preview/preview.png", import.meta.url)))).toBe(true);
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630]);
    expect(bytes.length).toBeLessThan(64 * 1024);
  });

  it("lists one canonical address for each language of the case, on every page", async () => {
    const heads = new Map<string, { canonical: string; alternates: string }>();
    const headAt = async (path: string) => {
      const html = await read(path);
      const canonical = /rel="canonical" href="([^"]+)"/.exec(html)![1]!;
      const alternates = [...html.matchAll(/hreflang="([\w-]+)" href="(http[^"]+)"/g)].map(
        ([, tag, to]) => `${tag} ${to}`,
      );
      heads.set(path, { canonical, alternates: alternates.join("\n") });
    };
    for (const path of ["/", "/cases/ua-126-19"])
      for (const lang of ["", ...localeTags]) await headAt(lang ? inLanguage(path, lang) : path);
    for (const [path, { canonical, alternates }] of heads) {
      const listed = alternates.split("\n").map((line) => line.split(" ")[1]!.slice(worker.url.length));
      expect(listed, path).toContain(canonical.slice(worker.url.length));
      for (const to of listed)
        expect(heads.get(to), `${path} ${to}`).toEqual({ canonical: worker.url + to, alternates });
    }
    expect(heads.get("/cases/ua-126-19?lang=ar")!.canonical).toBe(`${worker.url}/cases/ua-126-19?lang=en`);
  });

  it("lists languages, feeds and oEmbed", async () => {
    const { links } = await headOf("/cases/ua-126-19?lang=uk");
    expect(Object.fromEntries(links)).toMatchObject({
      en: `${worker.url}/cases/ua-126-19?lang=en`,
      uk: `${worker.url}/cases/ua-126-19?lang=uk`,
      "x-default": `${worker.url}/cases/ua-126-19?lang=en`,
      "application/atom+xml": "/cases/ua-126-19/feed.atom?lang=uk",
      "application/json+oembed": expect.stringContaining("/oembed?format=json&url="),
      "text/xml+oembed": expect.stringContaining("/oembed?format=xml&url="),
    });
    // A language without a translation is offered to readers, but not to search engines.
    expect(Object.fromEntries(links)).not.toHaveProperty("ar");
  });

  it("describes a report with its dates and corrections, and an invented case as no report", async () => {
    const graph = async (path: string) => JSON.parse((await headOf(path)).data[0] as string)["@graph"] as any[];
    const [page, report] = await graph("/cases/ua-126-19");
    expect(page["@type"]).toBe("WebPage");
    expect(report).toMatchObject({ "@type": "ReportageNewsArticle", version: 1, inLanguage: "en" });
    expect(report.dateModified).toBe(report.datePublished);
    for (const lang of localeTags) {
      const { headline } = (await graph(`/cases/ua-126-19?lang=${lang}`))[1];
      expect(headline).toMatch(/^\u2068?UA 126\/19.*1.* · .*2020/);
      expect(headline.length).toBeLessThanOrEqual(110);
    }
    const invented = await graph("/cases/ua-0-00");
    expect(invented).toHaveLength(1);
    expect(invented[0].correction).toEqual([
      expect.objectContaining({ "@type": "CorrectionComment", text: "Revision 2 was mistaken" }),
    ]);
    expect(invented[0].dateModified > invented[0].datePublished).toBe(true);
    expect((await graph("/cases/ua-8-00"))[0].name).toContain(HOSTILE);
  });
});

describe("A badge", () => {
  it("is an image that states and dates the status to everybody, also for a hostile text", () =>
    opened("/", async (page) => {
      for (const [path, title] of [
        ["/badge/ua-0-00.svg", "DEMO UA 0/00: Action closed: no further action is requested"],
        ["/badge/ua-126-19.svg?lang=uk", /^UA 126\/19: Акцію закрито/],
        ["/badge/ua-8-00.svg", "DEMO UA 8/00: Action open: appeals are requested"],
        ["/badge/%3Cscript%3E.svg", "Casewire: No such case"],
      ] as const) {
        const svg = await read(path);
        const parsed = await page.evaluate((text) => {
          const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
          return [
            root.tagName,
            root.querySelector("title")?.textContent,
            root.querySelector("desc")?.textContent,
            root.querySelectorAll("script, image").length,
          ];
        }, svg);
        expect(parsed).toEqual(["svg", expect.stringMatching(title), expect.any(String), 0]);
      }
      expect(await read("/badge/ua-0-00.svg")).toContain("Facts as of 20 November 2026 · Correction (revision 3)");
    }));
});

describe("An XML answer", () => {
  it("is well-formed to a strict parser, whatever an editor or an address contains", async () => {
    const hostile = encodeURIComponent("]]>\u0001\ufffe&<");
    for (const [path, words] of [
      ["/cases/ua-8-00/feed.atom", HOSTILE],
      ["/feed.atom?lang=ar", HOSTILE],
      [`${paths.oembed}?format=xml&url=${worker.url}/cases/ua-8-00`, HOSTILE],
      ["/badge/ua-8-00.svg", "UA 8/00"],
      [`/badge/${hostile}.svg`, "]]>&<"],
    ] as const)
      expect(parseXml(await read(path)).text, path).toContain(words);
  });
});

describe("A feed", () => {
  it("has an entry per revision, newest first, each with number, date and note", async () => {
    const atom = parseAtomFeed(await read("/cases/ua-0-00/feed.atom?lang=uk"));
    expect(atom.entries?.map(({ id }) => id)).toEqual(
      [3, 2, 1].map((number) => `${worker.url}/cases/ua-0-00/revisions/${number}?lang=uk`),
    );
    expect(JSON.stringify(atom.entries?.[0]?.title)).toMatch(
      /UA 0\/00: .+ · Виправлення \(версія 3\) · Факти станом на/,
    );
    const all = parseAtomFeed(await read("/feed.atom"));
    const updated = all.entries!.map(({ published }) => published!);
    expect(updated).toEqual(updated.toSorted().reverse());
    expect(all.updated).toBe(
      all
        .entries!.map((entry) => entry.updated!)
        .toSorted()
        .at(-1),
    );
    expect(JSON.stringify(all.entries)).toContain("Revision 2 was mistaken");
  });

  it("says the same in JSON", async () => {
    const json = parseJsonFeed(await read("/feed.json?lang=ar"));
    const atom = parseAtomFeed(await read("/feed.atom?lang=ar"));
    expect(json.items?.map(({ id }) => id)).toEqual(atom.entries?.map(({ id }) => id));
    expect(json.items?.[0]?.content_html).toContain('dir="rtl"');
  });

  it("replaces what a redaction erased, and keeps hostile markup as text", async () => {
    await worker.untilLive(redaction);
    const { items } = parseJsonFeed(await read("/cases/ua-4-00/feed.json"));
    expect(items?.map(({ title }) => title)).toEqual([
      expect.stringContaining("Redaction (revision 2)"),
      expect.stringMatching(/^UA 4\/00: This revision was erased · Update 1 · Published here/),
    ]);
    expect(items![1]!.date_modified! > items![1]!.date_published!).toBe(true);
    const atom = parseAtomFeed(await read("/cases/ua-8-00/feed.atom"));
    expect(JSON.stringify(atom.entries?.[0]?.title)).toContain("onerror=alert(1)");
    const [entry] = parseJsonFeed(await read("/cases/ua-8-00/feed.json")).items!;
    expect(entry!.content_html).not.toContain("<img");
  });
});

describe("A withdrawn case", () => {
  it("is gone from every surface, and each says so", async () => {
    await worker.untilLive(withdrawal);
    for (const [path, words] of [
      ["/cases/ua-5-00", "This case was withdrawn"],
      ["/cases/ua-5-00/revisions/1?lang=ar", "سُحبت هذه القضية"],
      ["/embed/ua-5-00", "This case was withdrawn"],
      ["/badge/ua-5-00.svg", "UA 5/00: This case was withdrawn"],
      ["/cases/ua-5-00/feed.atom", "UA 5/00: This case was withdrawn"],
      ["/cases/ua-5-00/feed.json", "UA 5/00: This case was withdrawn"],
    ] as const) {
      const answer = await fetch(worker.url + path);
      const text = await answer.text();
      expect([path, answer.status]).toEqual([path, 410]);
      expect(text).toContain(words);
      expect(text).not.toMatch(/Invented/);
    }
    const entries = parseAtomFeed(await read("/feed.atom")).entries!.filter(({ id }) => id?.includes("ua-5-00"));
    expect(entries).toHaveLength(1);
    expect(await read("/")).not.toContain("ua-5-00");
  });
});
