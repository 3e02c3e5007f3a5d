/**
 * The news of an update: who and what, then source and date, then the title,
 * then the note, then the case, folded.
 */
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
import { demo, edited } from "../shared/cases.ts";
import {
  inventedCase,
  inventedPerson,
  inventedRevision,
  stated,
} from "../support/invented.ts";
import { profile } from "../support/profile.ts";
import { links, NOW, sentence, slice } from "./messages.ts";

function updateOf(
  fields: Case,
  revision: Revision,
  locale: LocaleTag = "en",
  neutral = false,
): Outgoing {
  const view = viewCase(fields, revision, locale, NOW, profile);
  const news = newsIn(fields, revision, locale, profile);
  return updateMessage(view, [], links, {
    scopes: [fields.id],
    neutral,
    shares: false,
    news,
  });
}

/** The demo case after the release of its first people. */
function released(count: number) {
  const next = edited(demo, (copy) => {
    copy.asOf = { date: "2026-11-25" };
    const now = {
      value: "released",
      asOf: copy.asOf,
      statedBy: "Demo Rights Group",
    };
    for (const { custody } of copy.people.slice(0, count))
      Object.assign(custody!, now);
  });
  return {
    next,
    revision: inventedRevision({ changes: changesBetween(demo, next) }),
  };
}

it("The news is two lines, and one fold has the case and a title that is outdated", () => {
  const { next, revision } = released(1);
  const shown = updateOf(next, revision);
  expect(shown.text.split("\n").slice(1, 3)).toEqual([
    "Demo Person One: released (previously imprisoned) · UA 0/00",
    "as of 25 November 2026 · Demo Rights Group",
  ]);
  // An outdated title could contradict the news: it stands in the fold.
  const outdated = viewCase(next, revision, "en", NOW, profile);
  outdated.title.outdated = "translation outdated";
  const told = updateMessage(outdated, [], links, {
    ...{ scopes: [next.id], neutral: false, shares: false },
    news: newsIn(next, revision, "en", profile),
  });
  expect(told.text.split("\n")[3]).toBe("");
  expect(slice(told, "expandable_blockquote")[0]).toMatch(
    /^Invented case: three demo people held in Demoland \[translation/,
  );
  const [fold] = slice(shown, "expandable_blockquote");
  expect(slice(shown, "expandable_blockquote")).toHaveLength(1);
  for (const { names } of next.people) expect(fold).toContain(names[0]!.value);
  expect(shown.text.indexOf("A note.")).toBeLessThan(shown.text.indexOf(fold!));
  expect(shown.text).not.toContain("This case was updated");
  // The common date is in the second line only once, and the facts' date is no
  // change of its own.
  expect(
    shown.text.slice(0, shown.text.indexOf(fold!)).match(/25 November 2026/g),
  ).toHaveLength(1);
});

it("Several people with one date and source share them, and another source is named with its own statement", () => {
  const { next, revision } = released(2);
  const { text, dated } = newsIn(next, revision, "en", profile);
  expect(text).toMatch(
    /^Demo Person One: released \(previously imprisoned\); Demo Person Two: released \([^)]*\)$/,
  );
  expect(dated).toMatch(/^as of 25\u00a0November 2026 · Demo Rights Group$/);
  next.people[1]!.custody!.statedBy = "Another Demo Group";
  const other = newsIn(next, revision, "en", profile);
  expect(other.dated).toContain("Demo Rights Group");
  expect(other.text).not.toContain("Demo Person Two");
  expect(other.others).toEqual([
    expect.stringMatching(
      /^Demo Person Two: released .* · Another Demo Group$/,
    ),
  ]);
});

it("A correction denies what it corrects in its first line, each as a sentence", () => {
  const { next, revision } = released(2);
  const shown = updateOf(next, { ...revision, kind: "correction" });
  expect(shown.text.split("\n")[1]).toBe(
    "Correction · Demo Person One: released. Not imprisoned, as wrongly stated here before. · UA 0/00",
  );
  expect(shown.text).not.toContain("previously");
});

it("Changes that tell a follower nothing are left out, and a short note is the news when there is no other", () => {
  const changes = [
    { what: "as-of", from: "2000", to: "2001" },
    { what: "text", part: "title" },
    { what: "text", part: "letter" },
  ] as const;
  const shown = updateOf(demo, inventedRevision({ changes: [...changes] }));
  expect(shown.text.split("\n")[1]).toBe("A note · UA 0/00");
  expect(shown.text.match(/A note/g)).toHaveLength(1);
  expect(shown.text).toContain("• The model letter changed");
  expect(shown.text).not.toMatch(/title changed|Facts now/);
});

it("No button under an update stops at once before others, names a scope or asks for a language", () => {
  const { next, revision } = released(1);
  const view = viewCase(next, revision, "en", NOW, profile);
  const rows = (scopes: string[]) =>
    updateMessage(view, [], links, {
      scopes,
      neutral: false,
      shares: true,
    }).keyboard.inline_keyboard.map((row) => row.map(({ text }) => text));
  expect(rows([next.id])).toEqual([
    ["Write an appeal", "Share"],
    ["Open the case", "Stop following"],
  ]);
  for (const scopes of [[next.id, "#1"], ["#1"], ["UA-43"], ["all"]])
    expect(rows(scopes).at(-1)).toEqual([
      "Open the case",
      "What this chat follows",
    ]);
});

describe.each(localeTags)("In %s,", (locale) => {
  it("a person's name stands once, however many statuses changed", () => {
    const { next, revision } = released(1);
    const changes: Revision["changes"] = [
      ...revision.changes,
      {
        what: "sentence",
        person: "Demo Person One",
        from: "P12Y",
        to: "P10Y",
        asOf: "2026-11-25",
      },
    ];
    next.people[0]!.sentence = {
      ...next.people[0]!.custody,
      value: { duration: "P10Y" },
    } as never;
    const { text } = newsIn(next, { ...revision, changes }, locale, profile);
    expect(text!.match(/Demo Person One/g)).toHaveLength(1);
    expect(text).toMatch(/10/);
  });

  it("a new case is called one, and says who, when and who states it", () => {
    const shown = updateOf(demo, inventedRevision({ number: 1 }), locale);
    const [, first, second] = shown.text
      .replaceAll(/[\u200f\u2068\u2069]/g, "")
      .split("\n");
    expect(first!.startsWith(`${message(locale, "bot.news.new")} · `)).toBe(
      true,
    );
    expect(first).toContain("Demo Person One");
    expect(second).toContain("Demo Rights Group");
    expect(slice(shown, "expandable_blockquote")).toHaveLength(1);
  });

  it("the moment is shown in the reader's time zone, and in UTC by old apps", () => {
    const shown = updateOf(demo, inventedRevision({}), locale);
    expect(slice(shown, "date_time")).toEqual([
      expect.stringContaining("10:00"),
    ]);
    expect(
      shown.entities.find(({ type }) => type === "date_time"),
    ).toMatchObject({
      unix_time: NOW / 1000,
      date_time_format: "Dt",
    });
  });

  it("a quiet update names no one before its spoiler, which holds the fold", () => {
    const shown = updateOf(demo, inventedRevision({}), locale, true);
    expect(shown.text.replace("\u200f", "").split("\n")[0]).toBe(
      message(locale, "bot.neutral"),
    );
    expect(slice(shown, "spoiler")[0]).toContain(
      slice(shown, "expandable_blockquote")[0],
    );
  });

  it.each([false, true])(
    "forty people with long names are all named, and the rest gives way: neutral %s",
    (neutral) => {
      const script =
        { ar: "اسم مختلق طويل جدًّا ", ru: "Вымышленное Длинное Имя " }[
          locale as string
        ] ?? "Invented Long Name ";
      const names = Array.from(
        { length: 40 },
        (_, index) => `${index} ${script.repeat(2).trim()}`,
      );
      const charges = (index: number) =>
        stated({ en: `Charge ${index}. ${sentence.repeat(6)}` });
      const people = names.map((value, index) =>
        inventedPerson(value, {
          id: `invented-person-${index}`,
          custody: stated("released"),
          charges: charges(index),
        }),
      );
      const [title, summary] = [
        { en: sentence.repeat(20) },
        { en: sentence.repeat(70) },
      ];
      const fields = inventedCase(1, { people, title, summary });
      const changes = names.map(
        (person) =>
          ({ what: "custody", person, from: null, to: "released" }) as const,
      );
      const note = { en: "An invented note. ".repeat(100) };
      const shown = updateOf(
        fields,
        inventedRevision({ kind: "correction", note, changes }),
        locale,
        neutral,
      );
      expect(shown.text.length).toBeLessThanOrEqual(4096);
      const [fold] = slice(shown, "expandable_blockquote");
      for (const name of names) expect(fold).toContain(name);
      expect(shown.text.replace(fold!, "")).toContain("An invented note.");
      expect(slice(shown, "date_time")).toHaveLength(1);
    },
  );

  it("names that don't fit are counted", () => {
    const people = Array.from({ length: 90 }, (_, index) =>
      inventedPerson(`${index} ${"Invented ".repeat(9)}`.trim(), {
        id: `invented-person-${index}`,
      }),
    );
    const shown = updateOf(
      inventedCase(1, { people }),
      inventedRevision({ changes: [] }),
      locale,
    );
    const [fold] = slice(shown, "expandable_blockquote");
    const named = people.filter(({ names }) =>
      fold!.includes(names[0]!.value),
    ).length;
    expect(named).toBeGreaterThan(30);
    expect(fold).toContain(
      message(locale, "view.people.more", { count: 90 - named }),
    );
  });
});
