/**
 * Pages and files beside those of cases: for lawyers, crawlers, link previews,
 * partners' servers and people who act.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { paths } from "../../../../shared/addresses.ts";
import { localeTags } from "../../../../shared/locale.ts";
import { app } from "../../../../worker/web/app.ts";
import { inventedCase, minister } from "../../../support/invented.ts";
import { backdate } from "../../backdate.ts";
import { call, origin, publication, put, TOKEN } from "./three-cases.ts";

const read = async (path: string) => (await call(path)).text();

async function publish(
  number: number,
  changes: Record<string, unknown> = {},
  basedOn = 0,
  note = "First version",
  kind = "update",
) {
  const condition =
    basedOn === 0 ? { "If-None-Match": "*" } : { "If-Match": `"${basedOn}"` };
  const body = publication(number, {
    case: inventedCase(number, changes),
    note: { en: note },
    kind,
  });
  const answer = await put(`ua-${number}-00`, condition, body);
  expect(answer.status, await answer.text()).toBeLessThan(300);
}

const open = {
  state: "active",
  request: { en: "Write to the Ministry of Invention." },
  until: "2099-12-31",
  targets: [minister],
  letter: { en: "Dear Minister of Invention," },
};

const [person] = inventedCase().people;

beforeAll(async () => {
  await publish(1, { action: open, authorities: ["RU"] });
  await publish(2, { authorities: ["TR"] });
  await publish(7, {
    action: open,
    title: { en: `${"An invented title that goes on ".repeat(9)}to its end` },
  });
  await publish(3, { action: { ...open, until: "2001-01-01" } });
  await backdate();
  const freed = {
    ...person,
    custody: { ...person!.custody, value: "released" },
  };
  await publish(
    1,
    { action: open, authorities: ["RU"], people: [freed] },
    1,
    "A note of the editor",
  );
  const withdrawal = await call("/v1/cases/ua-2-00?reason=consent", {
    method: "DELETE",
    headers: { ...TOKEN, "If-Match": '"1"' },
  });
  expect(withdrawal.status).toBe(200);
  await publish(4);
  await publish(
    4,
    { title: { en: "A corrected title" } },
    1,
    "The title was wrong",
    "correction",
  );
  await publish(4, { title: { en: "A later title" } }, 2, "A later note");
  await backdate();
});

afterEach(() => vi.unstubAllGlobals());

it("A legal page shows the profile's text in the reader's language, and is linked from every page", async () => {
  expect(await read("/imprint?lang=uk")).toContain(
    "Зразкове розгортання Casewire",
  );
  expect(await read("/privacy?lang=en")).toContain(
    "casewire.test, whose traffic Cloudflare carries",
  );
  expect(await read("/terms?lang=fr")).toContain("Vous pouvez créer des liens");
  for (const path of ["/", "/cases/ua-1-00", "/imprint"])
    for (const page of ["imprint", "privacy", "terms"])
      expect(await read(path)).toContain(`href="/${page}?lang=en"`);
  // A profile may have no terms, and then no page links to them.
  const other = { ...env, PROFILE: "demoland-press-watch" };
  expect((await app.request(`${origin}/terms`, {}, other)).status).toBe(404);
  expect(
    await (await app.request(`${origin}/privacy`, {}, other)).text(),
  ).not.toContain('href="/terms');
});

it("The file security.txt names a contact and ends within a year", async () => {
  const text = await read("/.well-known/security.txt");
  expect(text).toMatch(/^Contact: mailto:contact@casewire\.invalid$/m);
  const ends =
    Date.parse(/^Expires: (.+)$/m.exec(text)?.[1] ?? "") - Date.now();
  expect(ends).toBeGreaterThan(0);
  expect(ends).toBeLessThan(365 * 86_400_000);
});

it("A crawler finds every case in the sitemap, and a withdrawn one no longer", async () => {
  expect(await read("/robots.txt")).toContain(`Sitemap: ${origin}/sitemap.xml`);
  expect(await read("/sitemap.xml")).toContain(
    `<loc>${origin}/sitemap-1.xml</loc>`,
  );
  const sitemap = await read("/sitemap-1.xml");
  expect(sitemap).toContain(`<loc>${origin}/cases/ua-1-00?lang=en</loc>`);
  expect(sitemap).toContain(`<loc>${origin}/cases/ua-1-00?lang=uk</loc>`);
  expect(sitemap).not.toContain("/cases/ua-1-00?lang=ar");
  expect(sitemap).not.toContain("ua-2-00");
});

it("A crawler and a browser come to one address by any spelling, over TLS only", async () => {
  for (const [path, location] of [
    ["/cases?lang=uk", "/?lang=uk"],
    ["/cases/", "/cases"],
    ["/cases/ua-1-00/", "/cases/ua-1-00"],
    ["/embed/UA-1-00.fragment", "/embed/ua-1-00.fragment"],
  ] as const) {
    const answer = await call(path, { redirect: "manual" });
    expect([answer.status, answer.headers.get("Location")]).toEqual([
      301,
      location,
    ]);
  }
  expect((await call("/")).headers.get("Strict-Transport-Security")).toBe(
    "max-age=31536000",
  );
  const local = await app.request("http://localhost:8787/", {}, env);
  expect(local.headers.get("Strict-Transport-Security")).toBeNull();
});

it("The front page tells search engines of data where both forms of the list are", async () => {
  const [, data = ""] =
    /ld\+json">([^<]+)</.exec(await read("/?lang=en")) ?? [];
  const forms = [paths.cases, paths.casesCsv].map((path) => ({
    contentUrl: origin + path,
  }));
  expect(JSON.parse(data)).toMatchObject({
    "@type": "Dataset",
    distribution: forms,
  });
});

it("The front page filters by country, and offers only countries of cases", async () => {
  expect(await read("/?lang=en")).not.toContain('name="place"');
  const found = await read("/?place=RU&lang=en");
  expect(found).toContain("UA 1/00");
  expect(found).not.toContain("UA 3/00");
  expect(found).toContain('<option value="RU" selected>Russia</option>');
  expect(found).toContain('name="robots" content="noindex"');
  expect(await read("/?place=&lang=en")).toContain("UA 3/00");
  // Intl knows countries only, and throws for a region of one.
  for (const region of ["UA-43", "UA-1"])
    expect((await call(`/?place=${region}&lang=en`)).status, region).toBe(200);
});

it("A page of found cases has another ETag when only its link to the next page changes", async () => {
  /** The answer of an isolate that has kept nothing. */
  const cold = async () => {
    const LEDGER = {
      getByName: (name: string) => env.LEDGER.getByName(name),
    } as typeof env.LEDGER;
    const answer = await app.request(
      `${origin}/?q=Zebulon&limit=1&lang=en`,
      {},
      { ...env, LEDGER },
    );
    const [, next] =
      /href="([^"]*cursor=[^"]*)"/.exec(await answer.text()) ?? [];
    return { etag: answer.headers.get("ETag"), next };
  };
  for (const number of [31, 32])
    await publish(number, { title: { en: `Zebulon ${number}` } });
  await backdate();
  const before = await cold();
  expect(before).toEqual(await cold());
  expect(before.next).toBeDefined();
  // It isn't found, but the cursor names the newest case of all.
  await publish(33);
  await backdate();
  const after = await cold();
  expect(after.next).not.toBe(before.next);
  expect(after.etag).not.toBe(before.etag);
});

/** The entries of a front page's list, as text. */
const storiesIn = async (page: string) => {
  const [, ...stories] = (await read(page))
    .replaceAll("\u00a0", " ")
    .split('class="story ');
  return stories.map((story) =>
    story.replaceAll(/<[^>]+>/g, "|").replaceAll(/\|+/g, "|"),
  );
};

it("The front page and its searches keep a correction after the next revision, and date where people are, in every language", async () => {
  for (const tag of localeTags) {
    const { news, status } = JSON.parse(
      await read(`/v1/cases/ua-4-00/view?lang=${tag}`),
    );
    const said = [
      ...news.map((one: any) => one.text.text),
      "A later title",
      status.text,
      status.asOf,
    ];
    for (const page of [`/?lang=${tag}`, `/?q=UA+4/00&lang=${tag}`]) {
      const [story = ""] = await storiesIn(page);
      const places = said.map((text) =>
        story.indexOf(text.replaceAll("\u00a0", " ")),
      );
      expect(places[0], page).toBeGreaterThan(0);
      expect(places, page).toEqual(
        places.toSorted((one, other) => one - other),
      );
    }
  }
  expect(await read("/?q=UA+4/00")).toContain('"news correction"');
  expect(await read("/?q=UA+1/00")).not.toContain('"news correction"');
  // Other cases say the same.
  expect(
    (await storiesIn("/?lang=en")).find((story) => story.includes("UA 3/00")),
  ).toContain(
    "|Invented Person One|In pre-trial detention| · as of 2 January 2000| · We have nothing more recent.|",
  );
  const [listed] = JSON.parse(await read("/v1/cases?q=UA+4/00")).cases;
  expect(listed).toMatchObject({
    revision: { number: 3 },
    correction: { number: 2, kind: "correction" },
  });
});

it("A share image is a PNG of 1200 by 630 pixels, at an address that changes with the revision", async () => {
  const page = await read("/cases/ua-1-00?lang=uk");
  expect(page).toContain(
    `property="og:image" content="${origin}/share/ua-1-00.png?lang=uk&amp;revision=2"`,
  );
  const answer = await call("/share/ua-1-00.png?lang=ar&revision=2");
  expect(answer.headers.get("Content-Type")).toBe("image/png");
  const header = new DataView(await answer.arrayBuffer());
  expect(header.getUint32(0)).toBe(0x89504e47);
  expect([header.getUint32(16), header.getUint32(20)]).toEqual([1200, 630]);
});

it("A fragment is the element with its text, the day on which it was made, and no script", async () => {
  const html = await read("/embed/ua-1-00.fragment?lang=en&theme=dark");
  expect(html).toMatch(
    /^<case-status case="ua-1-00" lang="en" theme="dark"><template shadowrootmode="open"><style>/,
  );
  expect(html).toContain("Invented Person One");
  const day = new Date().toLocaleDateString("en-GB", {
    dateStyle: "long",
    timeZone: "UTC",
  });
  expect(html).toContain(
    `Copied from Casewire on ${day.replace(" ", "\u00a0")}<`,
  );
  expect(html).not.toMatch(/<script|javascript:| on\w+=/);
  expect(html).toContain(
    `</template><a href="${origin}/cases/ua-1-00?lang=en">UA 1/00</a></case-status><p class="casewire-made"`,
  );
});

it("A withdrawn case says so, and names the reason in the log of changes and nowhere that readers look", async () => {
  const { changes } = JSON.parse(await read("/v1/changes"));
  expect(
    changes.find(({ id }: { id: string }) => id === "ua-2-00").revision.reason,
  ).toBe("consent");
  for (const path of [
    "/cases/ua-2-00",
    "/embed/ua-2-00",
    "/embed/ua-2-00.fragment",
    "/cases/ua-2-00/feed.json",
  ])
    expect(await read(`${path}?lang=en`), path).not.toContain("consent");
  for (const path of ["/v1/cases/ua-2-00", "/v1/cases/ua-2-00/view"])
    expect(await read(path), path).not.toContain("consent");
});

it("A place to act shows whom to write to after the profile's safety text, on page and frame", async () => {
  for (const path of ["/cases/ua-1-00?lang=en", "/embed/ua-1-00?lang=en"]) {
    const html = await read(path);
    const [safety, address, letter] = [
      "Before you write",
      "1 Invented Street",
      "Dear Minister of Invention,",
    ].map((text) => html.indexOf(text)) as [number, number, number];
    expect(safety, path).toBeGreaterThan(0);
    expect(letter, path).toBeGreaterThan(safety);
    expect(address, path).toBeGreaterThan(letter);
    expect(html).toContain(
      "mailto:minister@example.org?subject=UA%201%2F00&amp;body=Dear%20Minister",
    );
  }
});

it("A place to act warns nobody of a real country's law who writes to an invented one", async () => {
  const html = await read("/cases/ua-7-00?lang=en");
  expect(html).toContain("1 Invented Street");
  expect(html).not.toContain("Before you write");
  // Its title is long, so it is set smaller.
  expect(html).toContain('<main class="long-title">');
  expect(await read("/cases/ua-1-00?lang=en")).not.toContain(
    'class="long-title"',
  );
});

it("A feed has a headline for each revision, and the newsroom as its author", async () => {
  const feed = await (
    await call("/cases/ua-1-00/feed.json?lang=en")
  ).json<any>();
  expect(feed.items.map(({ title }: any) => title)).toEqual([
    expect.stringMatching(
      /UA 1\/00: .*Invented Person One: released \(previously in pre-trial detention\)/,
    ),
    expect.stringContaining("Invented case 1"),
  ]);
  const casewire = [{ name: "Casewire", url: `${origin}/` }];
  expect(feed.items.map(({ authors }: any) => authors)).toEqual([
    casewire,
    casewire,
  ]);
  expect(feed.items[0].content_html).toContain("As stated by Invented Issuer");
  expect(await read("/feed.atom")).not.toContain(
    "<name>Invented Issuer</name>",
  );
  const oembed = await (
    await call(`/oembed?url=${origin}/cases/ua-1-00`)
  ).json<any>();
  expect(oembed.author_name).toBe("Casewire");
});
