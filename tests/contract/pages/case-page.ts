/** The page of a case, and that of one of its revisions. */
import { expect, it } from "vitest";
import { message } from "../../../shared/messages.ts";
import { png } from "../../support/drawn-pictures.ts";
import { inventedCase } from "../../support/invented.ts";
import { withPicture } from "../with-picture.ts";
import {
  demo,
  HOSTILE,
  opened,
  read,
  real,
  redaction,
  worker,
} from "./opened.ts";

export function casePage(): void {
  it("says in one line that the case is not available in the language asked for, and nothing when it is", () =>
    opened("/cases/ua-0-00?lang=la-VA", async (page) => {
      expect(await page.locator("html").getAttribute("lang")).toBe("en");
      const note = page.getByRole("complementary");
      expect(await note.allTextContents()).toEqual([
        "This page is not available in this language yet: Latin.",
      ]);
      for (const lang of ["crh-Latn", `<b>${HOSTILE}`, ""]) {
        await page.goto(
          `${worker.url}/cases/ua-0-00?lang=${encodeURIComponent(lang)}`,
        );
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
        await page.locator(".masthead summary").click();
        const ukrainian = page.getByRole("link", { name: "Українська" });
        expect(
          (await ukrainian.boundingBox())!.height,
          "one line",
        ).toBeLessThan(40);
        await ukrainian.click();
        await page.locator("html[lang=uk]").getByRole("contentinfo").waitFor();
        expect(
          await page
            .locator(".case details:not([open]) summary")
            .allTextContents(),
        ).toEqual(["Інші написання"]);
        expect(await page.locator("time").first().isVisible()).toBe(true);
        expect(
          await page.getByText("Invented Person One was arrested.").isVisible(),
        ).toBe(true);
      },
      { javaScriptEnabled: false },
    ));

  it("begins with the case: title, date of the facts, summary, then the way to act and people at reading size", async () => {
    for (const width of [1440, 360])
      await opened(
        "/cases/ua-3-00?lang=en",
        async (page) => {
          const firstOf = (selector: string) => page.locator(selector).first();
          const boxOf = async (selector: string) =>
            (await firstOf(selector).boundingBox())!;
          const [title, facts, deck, button, who] = await Promise.all(
            ["h1", ".status", ".summary", ".button", ".persons"].map(boxOf),
          );
          const order = [title!, facts!, deck!, button!, who!];
          for (const [index, box] of order.slice(1).entries())
            expect(box.y).toBeGreaterThanOrEqual(
              order[index]!.y + order[index]!.height,
            );
          if (width === 360) expect(deck!.y).toBeLessThan(300);
          // Also for those who go through it by keyboard or listen.
          expect(
            await page
              .locator("main :is(h1, a, button)")
              .first()
              .evaluate(({ localName }) => localName),
          ).toBe("h1");
          for (const selector of [".persons b", ".events li p", ".summary"]) {
            const size = await firstOf(selector).evaluate((one) =>
              Number.parseFloat(getComputedStyle(one).fontSize),
            );
            expect(size, selector).toBeGreaterThanOrEqual(16);
          }
        },
        { viewport: { width, height: 640 } },
      );
    for (const lang of ["en", "uk", "ar", "tr"] as const)
      await opened(
        `/cases/ua-0-00?lang=${lang}`,
        async (page) => {
          const header = page.locator("header:has(.correction)");
          const summary = await header.locator("+ .summary").boundingBox();
          // Half a year after the day of its facts, one more line says so.
          const isOld = (await header.textContent())?.includes(
            message(lang, "view.stale"),
          );
          expect(summary!.y, lang).toBeLessThan(isOld ? 340 : 300);
        },
        { viewport: { width: 390, height: 844 } },
      );
  });

  it("shows the history with its differences, and corrections stand out", () =>
    opened("/cases/ua-0-00", async (page) => {
      const entries = page.locator(".history > li");
      expect(
        await entries.locator("p:first-child a").allTextContents(),
      ).toEqual(["Correction (revision\u00a03)", "Update 2", "Update 1"]);
      expect(await entries.nth(0).getAttribute("class")).toBe(
        "correction newest",
      );
      expect(
        await entries.nth(0).locator(".changes li").allTextContents(),
      ).toEqual([
        "Demo Person Two: under house arrest, as of 20\u00a0November 2026. Not released, as wrongly stated here before.",
        "Action closed: no further action is requested",
        expect.stringMatching(/^The title changed/),
        expect.stringMatching(/^The timeline changed/),
      ]);
      // The update that said it first says where it was corrected.
      expect(
        await page.locator(".history .corrected").allTextContents(),
      ).toEqual(["Corrected: see revision 3"]);
      expect(await entries.nth(1).locator(".corrected").count()).toBe(1);
      expect(await read("/cases/ua-0-00/revisions/2")).toContain(
        "Corrected: see revision 3",
      );
      // The texts before and after.
      const arrest = demo.events[0]!.text.en;
      expect(
        await entries.nth(0).locator("del, ins").allTextContents(),
      ).toEqual([
        demo.title.en,
        "Demo: a title that was corrected",
        `1\u00a0September 2026 · ${arrest}`,
        `2\u00a0September 2026 · ${arrest}`,
      ]);
      expect(
        (await entries.nth(2).textContent())!.match(/First version here/g),
      ).toHaveLength(1);
      await entries.nth(2).getByRole("link").click();
      expect(page.url()).toContain("/cases/ua-0-00/revisions/1");
    }));

  it("cites the revision at an address that keeps it", () =>
    opened("/cases/ua-0-00", async (page) => {
      const cite = page.locator(".cite p");
      expect(await cite.textContent()).toMatch(
        /^Casewire\. DEMO · UA 0\/00: .+ · Correction \(revision 3\) · Facts as of 20 November 2026\. Published here .+ UTC\. http/,
      );
      expect(await read("/cases/ua-0-00?lang=uk")).toContain(
        "20 листопада 2026 р. Опубліковано",
      );
      await cite.getByRole("link").click();
      expect(page.url()).toBe(`${worker.url}/cases/ua-0-00/revisions/3`);
      expect(await page.locator(".notice").textContent()).toContain(
        "always shows this revision",
      );
    }));

  it("quotes in full", async () => {
    const [quotation] = real.quotations;
    expect(quotation!.excerpt).toBeTruthy();
    await opened("/cases/ua-126-19?lang=uk", async (page) => {
      expect(await page.locator("blockquote").textContent()).toBe(
        quotation!.text,
      );
      expect(await page.locator("blockquote").getAttribute("lang")).toBe("en");
    });
  });

  it("shows a person's picture from its revision's moment to that of the next one without it", async () => {
    const [person] = inventedCase(6).people;
    const second = {
      ...person!,
      id: "second",
      names: [{ ...person!.names[0]!, value: "Invented Person Two" }],
    };
    const { case: fields, image } = await withPicture(
      worker,
      inventedCase(6, { people: [person, second] }),
    );
    await worker.untilLive(await worker.publish(fields));
    for (const path of ["/cases/ua-6-00", "/embed/ua-6-00"])
      await opened(path, async (page) => {
        const picture = page.getByRole("img", { name: "A grey square" });
        await expect
          .poll(() =>
            picture.evaluate((img: HTMLImageElement) => img.naturalWidth),
          )
          .toBe(8);
        expect(await page.locator(".portrait").textContent()).toMatch(
          /^Invented Studio\u00a0· CC BY\s4\.0$/,
        );
      });
    const shared = () =>
      fetch(`${worker.url}/share/ua-6-00.png`).then(({ headers }) =>
        headers.get("etag"),
      );
    expect(await shared()).toContain(image.slice(0, 16));
    const answer = await fetch(`${worker.url}/portraits/ua-6-00/${image}`);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "image/png",
      "cache-control": "public, max-age=0, must-revalidate",
      "x-content-type-options": "nosniff",
      // The widget asks for it without cookies.
      "access-control-allow-origin": "*",
    });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(png(90));
    const record = await read("/v1/cases/ua-6-00");
    expect(record).toContain("A grey square");
    expect(record).not.toContain("Invented Relative");
    await worker.untilLive(
      await worker.publish({ ...fields, people: fields.people.slice(1) }),
    );
    expect(
      (await fetch(`${worker.url}/portraits/ua-6-00/${image}`)).status,
    ).toBe(404);
    expect(await shared()).not.toContain(image.slice(0, 16));
    expect(await read("/cases/ua-6-00/revisions/1")).not.toContain("<img");
    for (const path of ["/cases/ua-6-00", "/embed/ua-6-00"])
      expect(await read(path)).not.toContain('class="portrait');
  });

  it("has the ways to follow where the link of a card leads", async () => {
    expect(await read("/embed/ua-0-00?lang=en")).toContain(
      '/cases/ua-0-00?lang=en#follow">Follow</a>',
    );
    expect(await read("/cases/ua-0-00?lang=en")).toContain(
      'id="follow"><a href="/follow?case=ua-0-00&amp;lang=en">',
    );
  });

  it("keeps its labels and alignment when the case is in a language of the other direction", async () => {
    for (const path of [
      "/cases/ua-126-19?lang=ar",
      "/embed/ua-126-19?lang=ar",
      "/?lang=ar&q=126/19",
    ])
      await opened(path, async (page) => {
        const aligned = await page
          .locator(":is(p, h1, h2, h3, li)[dir=ltr]")
          .evaluateAll((all) =>
            all.map((block) => getComputedStyle(block).textAlign),
          );
        // Both are the right.
        expect(
          aligned.filter((side) => side !== "right" && side !== "end"),
        ).toEqual([]);
        expect(aligned.length > 0, path).toBe(!path.startsWith("/?"));
      });
    await opened("/cases/ua-126-19?lang=ar", async (page) => {
      // A quotation keeps its own direction.
      expect(
        await page
          .locator("blockquote")
          .evaluate((one) => getComputedStyle(one).textAlign),
      ).toBe("start");
      const charge = page.locator(".case p", {
        hasText: "terrorism-related and others",
      });
      expect(await charge.textContent()).toBe(
        "التهم: terrorism-related and others",
      );
      expect(await charge.getAttribute("lang")).toBeNull();
      expect(await charge.locator("bdi").getAttribute("lang")).toBe("en");
    });
  });

  it("prints what matters, with the addresses of its sources", () =>
    opened("/cases/ua-0-00", async (page) => {
      await page.emulateMedia({ media: "print" });
      expect(await page.locator(".masthead nav").isVisible()).toBe(false);
      const source = page.locator(".rest li > a").first();
      // Isolated, or the brackets would be at the wrong ends in Arabic.
      const { content, unicodeBidi } = await source.evaluate((link) => ({
        ...getComputedStyle(link, "::after"),
      }));
      expect(content + unicodeBidi).toMatch(
        /https:\/\/example.org\/demo\/1.*isolate/,
      );
      expect(await page.locator(".here").textContent()).toBe(
        `${worker.url}/cases/ua-0-00?lang=en`,
      );
      await page.goto(`${worker.url}/?lang=en`);
      expect(
        await page
          .locator(":is(button, .button, .query):visible")
          .allTextContents(),
      ).toEqual([]);
    }));
}

export function revisionPage(): void {
  it("says that the revision is old, asks for no appeal and is not indexed", () =>
    opened("/cases/ua-0-00/revisions/1", async (page) => {
      expect(await page.locator(".notice").textContent()).toMatch(
        /old revision.*do not act on it/i,
      );
      expect(await page.locator(".case .done").textContent()).toMatch(
        /^At that time: Action open/,
      );
      expect(await page.locator("main").textContent()).not.toContain(
        "please write to nobody",
      );
      expect(
        await page.locator('meta[name="robots"]').getAttribute("content"),
      ).toBe("noindex");
      expect(
        await page.locator('link[rel="canonical"]').getAttribute("href"),
      ).toBe(`${worker.url}/cases/ua-0-00?lang=en`);
      expect(
        await page
          .locator('link[type$="oembed"], script[type$="json"]')
          .count(),
      ).toBe(0);
      // What it changed is no news either.
      await page.goto(`${worker.url}/cases/ua-0-00/revisions/2?lang=en`);
      expect(await page.locator(".case footer").textContent()).toContain(
        "Demo Person Two was released",
      );
      expect(await page.locator(".news").count()).toBe(0);
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
}
