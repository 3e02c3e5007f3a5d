/** The news of an update: two lines with who and what, source and date, then the note, then the case, folded. */
import { describe, expect, it } from "vitest";
import { newsIn } from "../../bot/news.ts";
import type { Outgoing } from "../../bot/text.ts";
import { updateMessage } from "../../bot/update-message.ts";
import type { Case } from "../../shared/case/schema.ts";
import { changesBetween } from "../../shared/change.ts";
import { type LocaleTag, localeTags } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import type { Revision } from "../../shared/revision.ts";
import { viewCase } from "../../shared/view/view.ts";
import { inventedCase, inventedPerson, inventedRevision, stated } from "../invented.ts";
import { profile } from "../profile.ts";
import { demo, edited } from "../shared/cases.ts";
import { links, NOW, sentence, slice } from "./messages.ts";

function updateOf(fields: Case, revision: Revision, locale: LocaleTag = "en", neutral = false): Outgoing {
  const view = viewCase(fields, revision, locale, NOW, profile);
  const news = newsIn(fields, revision, locale, profile);
  return updateMessage(view, [], links, { scopes: [fields.id], neutral, shares: false, news });
}

/** The demo case after the release of its first people. */
function released(count: number) {
  const next = edited(demo, (copy) => {
    copy.asOf = { date: "2026-11-25" };
    const now = { value: "released", asOf: copy.asOf, statedBy: "Demo Rights Group" };
    for (const { custody } of copy.people.slice(0, count)) Object.assign(custody!, now);
  });
  return { next, revision: inventedRevision({ changes: changesBetween(demo, next) }) };
}

it("The first two lines say who and what, with date and source, and the rest follows", () => {
  const { next, revision } = released(1);
  const shown = updateOf(next, revision);
  const [first, second, third] = shown.text.split("\n");
  expect(first).toBe("Invented case: three demo people held in Demoland · UA 0/00");
  expect(second).toBe("Demo Person One: released (previously imprisoned) · as of 25 November 2026 · Demo Rights Group");
  expect(third).toBe("");
  const [fold] = slice(shown, "expandable_blockquote");
  expect(slice(shown, "expandable_blockquote")).toHaveLength(1);
  for (const { names } of next.people) expect(fold).toContain(names[0]!.value);
  expect(shown.text.indexOf("A note.")).toBeLessThan(shown.text.indexOf(fold!));
  expect(shown.text).not.toContain("This case was updated");
  // The common date is in the second line only once, and the facts' date is no change of its own.
  expect(shown.text.slice(0, shown.text.indexOf(fold!)).match(/25 November 2026/g)).toHaveLength(1);
});

it("Several people with one date and source share them, and another source is named with its own statement", () => {
  const { next, revision } = released(2);
  expect(newsIn(next, revision, "en", profile).line).toMatch(
    /^Demo Person One: released \(previously imprisoned\); Demo Person Two: released \([^)]*\) · as of 25\u00a0November 2026 · Demo Rights Group$/,
  );
  next.people[1]!.custody!.statedBy = "Another Demo Group";
  const { line, others } = newsIn(next, revision, "en", profile);
  expect(line).toContain("Demo Rights Group");
  expect(line).not.toContain("Demo Person Two");
  expect(others).toEqual([expect.stringMatching(/^Demo Person Two: released .* · Another Demo Group$/)]);
});

describe.each(localeTags)("In %s,", (locale) => {
  it("a new case is called one, and says who, when and who states it", () => {
    const shown = updateOf(demo, inventedRevision({ number: 1 }), locale);
    const [first, second] = shown.text.replaceAll(/[\u200f\u2068\u2069]/g, "").split("\n");
    expect(first!.startsWith(`${message(locale, "bot.news.new")} · `)).toBe(true);
    expect(second).toContain("Demo Person One");
    expect(second).toContain("Demo Rights Group");
    expect(slice(shown, "expandable_blockquote")).toHaveLength(1);
  });

  it("a correction is called one, and its note comes next after the two lines", () => {
    const shown = updateOf(demo, inventedRevision({ kind: "correction", note: { [locale]: "A note." } }), locale);
    expect(shown.text.replaceAll("\u200f", "").split("\n").slice(2, 4)).toEqual(["", "A note."]);
    expect(shown.text.replace("\u200f", "").startsWith(`${message(locale, "view.correction")} · `)).toBe(true);
  });

  it("the moment is shown in the reader's time zone, and in UTC by old apps", () => {
    const shown = updateOf(demo, inventedRevision({}), locale);
    expect(slice(shown, "date_time")).toEqual([expect.stringContaining("10:00")]);
    expect(shown.entities.find(({ type }) => type === "date_time")).toMatchObject({
      unix_time: NOW / 1000,
      date_time_format: "Dt",
    });
  });

  it("a quiet update names no one before its spoiler, which holds the fold", () => {
    const shown = updateOf(demo, inventedRevision({}), locale, true);
    expect(shown.text.replace("\u200f", "").split("\n")[0]).toBe(message(locale, "bot.neutral"));
    expect(slice(shown, "spoiler")[0]).toContain(slice(shown, "expandable_blockquote")[0]);
  });

  it.each([false, true])(
    "forty people with long names are all named, and the rest gives way: neutral %s",
    (neutral) => {
      const script =
        { ar: "اسم مختلق طويل جدًّا ", ru: "Вымышленное Длинное Имя " }[locale as string] ?? "Invented Long Name ";
      const names = Array.from({ length: 40 }, (_, index) => `${index} ${script.repeat(2).trim()}`);
      const charges = (index: number) => stated({ en: `Charge ${index}. ${sentence.repeat(6)}` });
      const people = names.map((value, index) =>
        inventedPerson(value, { id: `invented-person-${index}`, custody: stated("released"), charges: charges(index) }),
      );
      const [title, summary] = [{ en: sentence.repeat(20) }, { en: sentence.repeat(70) }];
      const fields = inventedCase(1, { people, title, summary });
      const changes = names.map((person) => ({ what: "custody", person, from: null, to: "released" }) as const);
      const note = { en: "An invented note. ".repeat(100) };
      const shown = updateOf(fields, inventedRevision({ kind: "correction", note, changes }), locale, neutral);
      expect(shown.text.length).toBeLessThanOrEqual(4096);
      const [fold] = slice(shown, "expandable_blockquote");
      for (const name of names) expect(fold).toContain(name);
      expect(shown.text.replace(fold!, "")).toContain("An invented note.");
      expect(slice(shown, "date_time")).toHaveLength(1);
    },
  );

  it("names that don't fit are counted", () => {
    const people = Array.from({ length: 90 }, (_, index) =>
      inventedPerson(`${index} ${"Invented ".repeat(9)}`.trim(), { id: `invented-person-${index}` }),
    );
    const shown = updateOf(inventedCase(1, { people }), inventedRevision({ changes: [] }), locale);
    const [fold] = slice(shown, "expandable_blockquote");
    const named = people.filter(({ names }) => fold!.includes(names[0]!.value)).length;
    expect(named).toBeGreaterThan(30);
    expect(fold).toContain(message(locale, "view.people.more", { count: 90 - named }));
  });
});
