/**
 * What a page's head says to link previews, search engines and feed readers.
 */
import { expect, it } from "vitest";
import { lendPage } from "../../support/page-pool.ts";
import { profile } from "../../support/profile.ts";
import { browser, HOSTILE, inLanguage, read, worker } from "./opened.ts";

export function metadata(): void {
  /** Parses a page's HTML, without opening the page. */
  async function headOf(path: string) {
    const html = await read(path);
    const { page, giveBack } = await lendPage(browser);
    const head = await page.evaluate((markup) => {
      const parsed = new DOMParser().parseFromString(markup, "text/html");
      const all = (selector: string) =>
        Array.from(parsed.querySelectorAll(selector));
      const meta = all("meta[property], meta[name]").map((each) => [
        each.getAttribute("property") ?? each.getAttribute("name"),
        each.getAttribute("content"),
      ]);
      const data = all('script[type="application/ld+json"]').map(
        (script) => script.textContent,
      );
      return { meta: Object.fromEntries(meta), data };
    }, html);
    await giveBack();
    return head;
  }

  it("states no status without number and date in link previews", async () => {
    for (const path of [
      "/cases/ua-126-19",
      "/cases/ua-0-00?lang=uk",
      "/cases/ua-0-00/revisions/1",
      "/cases/ua-126-19?lang=ar",
    ]) {
      const { meta } = await headOf(path);
      for (const text of [
        meta["og:title"],
        meta["og:description"],
        meta.description,
      ]) {
        expect(text, path).toMatch(
          /(Update|Correction|Оновлення|Виправлення|التحديث) ?\(?(версія |revision )?\d/,
        );
        expect(text, path).toMatch(/(as of|станом на|بتاريخ) \d/);
        // A day: minutes would be in no reader's own time.
        expect(text, path).not.toMatch(/\d\d:\d\d|UTC/);
      }
      expect(meta["og:title"]).toMatch(/UA (126\/19|0\/00)/);
      // A superseded revision's news is none.
      if (path.startsWith("/cases/ua-0-00"))
        expect(meta["og:title"], path).toMatch(
          path.includes("revisions")
            ? /^DEMO · UA/
            : /^ДЕМО · (Виправлення\s· |UA)/,
        );
      if (path === "/cases/ua-0-00?lang=uk")
        expect(meta.description).toMatch(
          /^\u2068?ДЕМО: .+ · .?Виправлення\s· Demo Person Two/,
        );
      // An old revision has the image that shows no case.
      expect(meta["og:image"]).toMatch(
        path.includes("revisions/1")
          ? /\/preview\.png$/
          : /\/share\/ua-[\w-]+\.png\?/,
      );
      expect(meta["og:image:alt"]).toMatch(
        path.includes("revisions/1") ? /Casewire/ : /UA .*20\d\d/,
      );
    }
  });

  it("names a preview image of the size that link previews want", async () => {
    const bytes = Buffer.from(
      await (await fetch(`${worker.url}/preview.png`)).arrayBuffer(),
    );
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([
      1200, 630,
    ]);
    expect(bytes.length).toBeLessThan(64 * 1024);
  });

  it("lists one canonical address for each language of the case, on every page", async () => {
    const heads = new Map<string, { canonical: string; alternates: string }>();
    const headAt = async (path: string) => {
      const html = await read(path);
      const canonical = /rel="canonical" href="([^"]+)"/.exec(html)![1]!;
      const alternates = [
        ...html.matchAll(/hreflang="([\w-]+)" href="(http[^"]+)"/g),
      ].map(([, tag, to]) => `${tag} ${to}`);
      heads.set(path, { canonical, alternates: alternates.join("\n") });
    };
    for (const path of ["/", "/cases/ua-126-19"])
      for (const lang of ["", ...profile.languages])
        await headAt(lang ? inLanguage(path, lang) : path);
    for (const [path, { canonical, alternates }] of heads) {
      const listed = alternates
        .split("\n")
        .map((line) => line.split(" ")[1]!.slice(worker.url.length));
      expect(listed, path).toContain(canonical.slice(worker.url.length));
      for (const to of listed)
        expect(heads.get(to), `${path} ${to}`).toEqual({
          canonical: worker.url + to,
          alternates,
        });
    }
    expect(await read("/cases/ua-126-19?lang=uk")).toMatch(
      /atom\+xml"[^>]* href="\/cases\/ua-126-19\/feed.atom\?lang=uk"/,
    );
    expect(heads.get("/cases/ua-126-19?lang=ar")!.canonical).toBe(
      `${worker.url}/cases/ua-126-19?lang=en`,
    );
  });

  it("describes a report with its dates, and an invented case as no report", async () => {
    const graph = async (path: string) =>
      JSON.parse((await headOf(path)).data[0] as string)["@graph"] as any[];
    const [page, report] = await graph("/cases/ua-126-19");
    expect(page["@type"]).toBe("WebPage");
    expect(report).toMatchObject({
      "@type": "ReportageNewsArticle",
      version: 1,
      inLanguage: "en",
    });
    expect(report.dateModified).toBe(report.datePublished);
    for (const lang of profile.languages) {
      const { headline, name, about } = (
        await graph(`/cases/ua-126-19?lang=${lang}`)
      )[1];
      expect(headline).toMatch(/^\u2068?UA 126\/19.*1.* · .*2020/);
      expect(headline).toBe(name);
      expect(about).toContainEqual(
        expect.objectContaining({ "@type": "Person", name: "Emir-Usein Kuku" }),
      );
      expect(about).toContainEqual(
        expect.objectContaining({ "@type": "Place" }),
      );
    }
    // Our record has no identifier of these people elsewhere.
    expect(JSON.stringify(report)).not.toContain("sameAs");
    expect(report.about.at(-1).identifier).toMatchObject({
      propertyID: "ISO 3166",
      value: "UA-43",
    });
    const invented = await graph("/cases/ua-0-00");
    expect(invented).toHaveLength(1);
    expect(invented[0].dateModified > invented[0].datePublished).toBe(true);
    expect((await graph("/cases/ua-8-00"))[0].name).toContain(HOSTILE);
    const [linked] = await graph("/cases/ua-3-00");
    expect(linked.about[0]).toEqual({
      "@type": "Thing",
      name: "UA 3/00",
      sameAs: ["https://example.org/case-three"],
    });
    expect(linked.about[1]).toMatchObject({
      "@type": "Person",
      name: "Invented Person One",
    });
  });
}
