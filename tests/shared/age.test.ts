/** What time alone changes in a view. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LocaleTag, localeTags } from "../../shared/locale.ts";
import type { Revision } from "../../shared/revision.ts";
import { greaterNews } from "../../shared/view/news.ts";
import { viewCase } from "../../shared/view/view.ts";
import { profile } from "../support/profile.ts";
import { scaled } from "../support/scaled.ts";
import { demo, edited, first, view } from "./cases.ts";

const DAY_MS = 86_400_000;
const at = Date.parse("2026-11-25T10:00:07.000Z");

describe("News", () => {
  const second: Revision = {
    ...first,
    number: 2,
    liveAt: new Date(at).toISOString(),
  };
  const correction: Revision = {
    ...second,
    kind: "correction",
    note: { en: "A term was wrong." },
  };
  const shown = (revision: Revision, now: number, corrected?: Revision) =>
    viewCase(demo, revision, "en", now, profile, corrected);

  it("are an update for a week and a correction for two, and the first revision is none", () => {
    expect(shown(first, at).news).toEqual([]);
    for (const [revision, days] of [
      [second, 7] as const,
      [correction, 14] as const,
    ]) {
      expect(shown(revision, at + days * DAY_MS - 1).news).toHaveLength(1);
      expect(shown(revision, at + days * DAY_MS).news).toEqual([]);
      expect(shown(revision, at).expires).toBe(
        new Date(at + days * DAY_MS).toISOString(),
      );
    }
  });

  it("keep a correction in sight after the next revision", () => {
    const third = { ...second, number: 3, liveAt: "2026-11-26T10:00:07.000Z" };
    expect(shown(third, at + DAY_MS, correction).news[1]).toEqual({
      text: { text: "Correction\u00a0· A term was wrong." },
      tone: "correction",
      day: "25\u00a0November 2026",
    });
    expect(shown(third, at + 14 * DAY_MS, correction).news).toEqual([]);
    expect(shown(third, at + 8 * DAY_MS, correction).expires).toBe(
      new Date(at + 14 * DAY_MS).toISOString(),
    );
  });
});

describe("Earlier news", () => {
  const numbered = (
    number: number,
    changes: Revision["changes"],
    more: Partial<Revision> = {},
  ): Revision => ({
    ...first,
    number,
    liveAt: new Date(at + number * 3_600_000).toISOString(),
    note: { en: `Note ${number}.` },
    changes,
    ...more,
  });
  const custody = {
    what: "custody",
    person: "Demo Person",
    from: "imprisoned",
    to: "released",
  } as const;
  const release = numbered(2, [custody]);
  const document = numbered(3, [{ what: "documents-added", count: 1 }]);
  const closed = numbered(4, [
    { what: "action", from: "active", to: "closed" },
  ]);
  const now = at + 5 * 3_600_000;

  it("stand before a lesser update, for a week", () => {
    expect(greaterNews(document, [release, first], now)).toBe(release);
    // Past a lesser one, and the newest of equals.
    expect(greaterNews(document, [closed, release, first], now)).toBe(release);
    expect(
      greaterNews(document, [numbered(4, [custody]), release, first], now)
        ?.number,
    ).toBe(4);
    expect(greaterNews(document, [release], at + 8 * DAY_MS)).toBeUndefined();
    expect(greaterNews(document, [closed, document], now)).toBe(closed);
  });

  it("never stand before a greater or equal update, nor beyond a correction, an erasure or a removed person", () => {
    expect(greaterNews(release, [document, first], now)).toBeUndefined();
    expect(greaterNews(numbered(4, [custody]), [release], now)).toBeUndefined();
    for (const doubt of [
      numbered(4, [], { kind: "correction" }),
      numbered(4, [], { kind: "redaction" }),
      numbered(4, [{ what: "person-removed", person: "Demo Person" }]),
    ]) {
      expect(greaterNews(doubt, [release], now)).toBeUndefined();
      expect(greaterNews(numbered(5, []), [doubt, release], now)).not.toBe(
        release,
      );
    }
  });

  it("are in the view with what changed, and their note where it is in the same language", () => {
    const shown = (tag: LocaleTag, when: number) =>
      viewCase(demo, closed, tag, when, profile, undefined, release);
    expect(shown("en", now).news[0]).toEqual({
      text: { text: "Demo Person: released" },
      tone: "release",
      day: "Published here 25\u00a0November 2026",
      note: { text: "Note 2." },
    });
    // News never mixes languages.
    expect(shown("fr", now).news[0]).not.toHaveProperty("note");
    expect(shown("fr", now).news[0]?.text.text).toContain("Demo Person");
    const end = Date.parse(release.liveAt) + 7 * DAY_MS;
    expect(shown("en", now).expires).toBe(new Date(end).toISOString());
    expect(shown("en", end).news.map(({ text }) => text.text)).toEqual([
      "Note 4.",
    ]);
  });
});

describe("A view over time", () => {
  const recent = (date: string, until?: string) =>
    edited(demo, (copy) => {
      copy.asOf = { date };
      if (until) copy.action.until = until;
      else delete copy.action.until;
    });

  it("adds after 180 days that nothing later is known here, at the instant that the view announced", () => {
    const fields = recent("2026-11-20");
    const before = view(fields, "en");
    const instant = Date.parse(before.expires as string);
    expect(instant - Date.parse("2026-11-20T00:00:00Z")).toBe(181 * DAY_MS);
    expect(view(fields, "en", instant - 1).asOf).not.toHaveProperty("note");
    expect(view(fields, "en", instant).asOf.note).toBe(
      "We have nothing more recent.",
    );
    expect(view(fields, "en", instant)).not.toHaveProperty("until");
    // From the last day that the facts' date can mean.
    expect(view(recent("2026-11"), "en").expires).toBe(
      view(recent("2026-11-30"), "en").expires,
    );
    expect(view(recent("2026-11/.."), "en")).not.toHaveProperty("until");
  });

  it("ends a deadline when its day has ended everywhere on Earth", () => {
    const fields = recent("2026-11-20", "2026-12-01");
    const end = Date.parse("2026-12-02T12:00:00.000Z");
    expect(view(fields, "en", end - 1).expires).toBe(
      new Date(end).toISOString(),
    );
    expect(view(fields, "en", end - 1).action).toMatchObject({
      state: "active",
      label: "Action open: appeals are requested until 1\u00a0December 2026",
    });
    expect(view(fields, "en", end).action).toEqual({
      state: "lapsed",
      label: "The deadline for appeals was 1\u00a0December 2026",
      short: "Deadline passed",
    });
  });

  it("changes nothing before the announced instant, and something at it", () => {
    const day = fc
      .integer({ min: 0, max: 800 })
      .map((days) =>
        new Date(Date.parse("2026-01-01") + days * DAY_MS)
          .toISOString()
          .slice(0, 10),
      );
    fc.assert(
      fc.property(
        day,
        fc.option(day, { nil: undefined }),
        fc.nat(900 * DAY_MS),
        fc.nat(900 * DAY_MS),
        fc.constantFrom(...localeTags),
        (asOf, until, start, later, locale) => {
          const fields = recent(asOf, until);
          const from = Date.parse("2026-01-01") + start;
          const shown = view(fields, locale, from);
          const end = shown.expires
            ? Date.parse(shown.expires)
            : Number.POSITIVE_INFINITY;
          expect(end).toBeGreaterThan(from);
          const same = (at: number) =>
            JSON.stringify(view(fields, locale, at)) === JSON.stringify(shown);
          expect(same(Math.min(from + later, end - 1))).toBe(true);
          if (Number.isFinite(end)) expect(same(end)).toBe(false);
        },
      ),
      { numRuns: scaled(100, 4_000) },
    );
  });
});
