/** Badges, feeds and XML, and a withdrawn case in all of them. */
import { parseXml } from "@rgrove/parse-xml";
import { parseAtomFeed, parseJsonFeed } from "feedsmith";
import { expect, it } from "vitest";
import {
  HOSTILE,
  opened,
  read,
  redaction,
  withdrawal,
  worker,
} from "./opened.ts";

export function badge(): void {
  it("is an image that states and dates the status to everybody, also for a hostile text", () =>
    opened("/", async (page) => {
      for (const [path, title] of [
        [
          "/badge/ua-0-00.svg",
          // Half a year after the day of its facts the badge says that too.
          /^DEMO UA 0\/00: Demo Person Two and 2 others: 2\u00a0under house arrest and 1\u00a0imprisoned\u00a0· as of 20\u00a0November 2026 · (We have nothing more recent\. · )?Action closed$/,
        ],
        [
          "/badge/ua-126-19.svg?lang=uk",
          /^UA 126\/19: Emir-Usein Kuku та ще 5 осіб: ув’язнені .*2020.* · Акцію закрито$/su,
        ],
        ["/badge/ua-8-00.svg", /^DEMO UA 8\/00: .+ · Action open$/su],
        ["/badge/%3Cscript%3E.svg", "Casewire: No such case"],
      ] as const) {
        const svg = await read(path);
        const parsed = await page.evaluate((text) => {
          const root = new DOMParser().parseFromString(
            text,
            "image/svg+xml",
          ).documentElement;
          return [
            root.tagName,
            root.querySelector("title")?.textContent,
            root.querySelector("desc")?.textContent,
            root.querySelectorAll("script, image").length,
          ];
        }, svg);
        expect(parsed).toEqual([
          "svg",
          expect.stringMatching(title),
          expect.any(String),
          0,
        ]);
      }
      expect(await read("/badge/ua-0-00.svg")).toContain(
        "Action closed · Correction · ",
      );
    }));
}

export function xml(): void {
  it("is well-formed to a strict parser, whatever an editor or an address contains", async () => {
    const hostile = encodeURIComponent("]]>\u0001\ufffe&<");
    for (const [path, words] of [
      ["/cases/ua-8-00/feed.atom", HOSTILE],
      ["/feed.atom?lang=ar", HOSTILE],
      ["/badge/ua-8-00.svg", "UA 8/00"],
      [`/badge/${hostile}.svg`, "]]>&<"],
    ] as const)
      expect(parseXml(await read(path)).text, path).toContain(words);
  });
}

export function feed(): void {
  it("has an entry per revision, newest first, each with number, date and note", async () => {
    const atom = parseAtomFeed(await read("/cases/ua-0-00/feed.atom?lang=uk"));
    expect(atom.entries?.map(({ id }) => id)).toEqual(
      [3, 2, 1].map(
        (number) => `${worker.url}/cases/ua-0-00/revisions/${number}?lang=uk`,
      ),
    );
    expect(JSON.stringify(atom.entries?.[0]?.title)).toMatch(
      /UA 0\/00: .+ · Виправлення \(версія 3\) · Факти станом на/,
    );
    const all = parseAtomFeed(await read("/feed.atom"));
    const shown = all.entries!.filter(
      ({ title }) => !/erased|no longer/.test(JSON.stringify(title)),
    );
    const updated = shown.map(({ published }) => published!);
    expect(updated).toEqual(updated.toSorted().reverse());
    // What was erased keeps its entry, so that feed readers overwrite their
    // copy, but never leads.
    expect(shown).toEqual(all.entries!.slice(0, shown.length));
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
    expect(json.items?.map(({ id }) => id)).toEqual(
      atom.entries?.map(({ id }) => id),
    );
    expect(json.items?.[0]?.content_html).toContain('dir="rtl"');
  });

  it("marks the update that a correction denies, so that feed readers show it anew", async () => {
    const { items } = parseJsonFeed(await read("/cases/ua-0-00/feed.json"));
    const marked = items!.filter(({ title }) =>
      title?.includes("Corrected: see revision 3"),
    );
    expect(marked.map(({ id }) => id)).toEqual([
      expect.stringContaining("/cases/ua-0-00/revisions/2"),
    ]);
    expect(marked[0]!.date_modified).toBe(
      items!.find(({ id }) => id!.includes("/revisions/3"))!.date_published,
    );
  });

  it("replaces what a redaction erased", async () => {
    await worker.untilLive(redaction);
    const { items } = parseJsonFeed(await read("/cases/ua-4-00/feed.json"));
    expect(items?.map(({ title }) => title)).toEqual([
      expect.stringContaining("Redaction (revision 2)"),
      expect.stringMatching(
        /^UA 4\/00: This revision was erased · Update 1 · Published here/,
      ),
    ]);
    expect(items![1]!.date_modified! > items![1]!.date_published!).toBe(true);
  });
}

export function withdrawnCase(): void {
  it("is gone from every surface, and each says so", async () => {
    await worker.untilLive(withdrawal);
    for (const [path, words] of [
      ["/cases/ua-5-00", "We no longer show this case"],
      ["/cases/ua-5-00/revisions/1?lang=ar", "لم نعد نعرض هذه القضية"],
      ["/embed/ua-5-00", "We no longer show this case"],
      ["/embed/ua-5-00.fragment", "We no longer show this case"],
      ["/badge/ua-5-00.svg", "UA 5/00: We no longer show this case"],
      ["/cases/ua-5-00/feed.atom", "UA 5/00: We no longer show this case"],
      ["/cases/ua-5-00/feed.json", "UA 5/00: We no longer show this case"],
    ] as const) {
      const answer = await fetch(worker.url + path);
      const text = await answer.text();
      expect([path, answer.status]).toEqual([path, 410]);
      expect(text).toContain(words);
      expect(text).not.toMatch(/Invented/);
    }
    const page = await read("/cases/ua-5-00?lang=en");
    expect(page.match(/\d\d:\d\d UTC/g)).toHaveLength(1);
    expect(page).toMatch(
      /<time datetime="[^"]+" title="Published here [^"]+ UTC">/,
    );
    const entries = parseAtomFeed(await read("/feed.atom")).entries!.filter(
      ({ id }) => id?.includes("ua-5-00"),
    );
    expect(entries).toHaveLength(1);
    expect(await read("/")).not.toContain("ua-5-00");
  });
}
