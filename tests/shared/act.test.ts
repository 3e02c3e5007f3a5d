/**
 * Ways to act for a case: offered while the action is open, and not a moment
 * longer.
 */
import { describe, expect, it } from "vitest";
import type { Case } from "../../shared/case/schema.ts";
import { sourceDigest } from "../../shared/case/text.ts";
import { type LocaleTag, localeTags } from "../../shared/locale.ts";
import {
  type InactiveAct,
  type OpenAct,
  viewAct,
} from "../../shared/view/act.ts";
import { viewCase, viewSummary } from "../../shared/view/view.ts";
import {
  inventedCase,
  inventedRevision,
  minister,
} from "../support/invented.ts";
import { profile } from "../support/profile.ts";
import { ua12619 } from "./cases.ts";

const NOW = Date.parse("2000-06-01T00:00:00Z");
const action = {
  state: "active",
  request: { en: "Ask for an invention." },
  until: "2000-06-30",
  targets: [{ ...minister, languages: ["uk", "en"] }],
  letter: { en: "Dear Invented Minister", uk: "Шановний вигаданий міністре" },
};
const given = (changes: object = {}) =>
  inventedCase(1, { action: { ...action, ...changes } });
const REVISION = {
  number: 4,
  kind: "update",
  liveAt: "2000-05-31T10:03:00.000Z",
} as const;
const actOf = (
  fields: Case,
  locale: LocaleTag = "en",
  letterIn?: string,
  now = NOW,
) => viewAct(fields, REVISION, locale, now, letterIn, profile);

it("An open action has its letter in a language that its addressees read, or in the one asked for", () => {
  expect(actOf(given())).toMatchObject({
    act: "open",
    asOf: "Facts as of 2\u00a0January 2000",
    revision: {
      number: 4,
      label: "Update 4",
      published: "Published here 31\u00a0May 2000, 10:03 UTC",
    },
    readAt: "1\u00a0June 2000, 00:00 UTC",
    label: "Action open: appeals are requested until 30\u00a0June 2000",
    request: { text: "Ask for an invention." },
    letter: {
      lang: "uk",
      label: "Letter: Ukrainian",
      text: "Шановний вигаданий міністре",
    },
    letters: ["en", "uk"],
    targets: [
      {
        address: "1 Invented Street",
        email: "minister@example.org",
        hints: [
          "Begin with: Dear Invented Minister",
          "Languages: Ukrainian and English",
        ],
      },
    ],
  });
  expect(actOf(given(), "en", "en")).toMatchObject({ letter: { lang: "en" } });
  expect(actOf(given(), "ar", "fr")).toMatchObject({
    letter: { lang: "uk", dir: "ltr" },
  });
  expect(actOf(given({ letter: undefined, targets: [] }))).not.toHaveProperty(
    "letter",
  );
});

const outdated = given({
  request: {
    en: "Ask for two inventions.",
    uk: { text: "Просіть про винахід.", of: sourceDigest("Ask.") },
  },
  letter: {
    ...action.letter,
    uk: {
      text: action.letter.uk,
      of: sourceDigest("Dear Minister"),
      reviewed: true,
    },
  },
});

it("An outdated translation of a request or letter is replaced by the original, so that no reader asks for something else", () => {
  for (const letterIn of [undefined, "uk"]) {
    const act = actOf(outdated, "uk", letterIn) as OpenAct;
    expect(act.request).toEqual({
      text: "Ask for two inventions.",
      lang: "en",
    });
    expect(act.letter).toMatchObject({ lang: "en", text: action.letter.en });
    expect(act.letters).toEqual(["en"]);
  }
});

describe("Readers are not asked to write", () => {
  const inactive = (fields: Case, now: number) =>
    actOf(fields, "en", undefined, now) as InactiveAct;
  // The last day isn't over until it has ended everywhere on Earth.
  const over = Date.parse("2000-07-01T12:00:00.000Z");

  it("after the deadline, on any surface", () => {
    for (const locale of localeTags) {
      expect(actOf(given(), locale, undefined, over - 1)).toMatchObject({
        act: "open",
      });
      const after = actOf(given(), locale, undefined, over) as InactiveAct;
      const summary = {
        ...given(),
        asOf: "2000-01-02",
        action: "active" as const,
        until: "2000-06-30",
      };
      const view = viewCase(given(), inventedRevision(), locale, over, profile);
      expect(after).toMatchObject({ act: "lapsed" });
      expect(view.action).toMatchObject({
        state: "lapsed",
        label: after.label,
      });
      expect(view.action).not.toHaveProperty("text");
      expect(viewSummary(summary, locale, over).action).toBe(after.label);
      for (const shown of [after, view]) {
        const text = JSON.stringify(shown);
        for (const asked of [
          "Ask for an invention",
          "minister@example.org",
          "1 Invented Street",
          "Dear Invented",
        ])
          expect(text).not.toContain(asked);
      }
    }
  });

  it("once the action is closed, and see thanks and the last known status with its date", () => {
    expect(inactive(given({ state: "closed" }), NOW)).toMatchObject({
      act: "closed",
      thanks: { text: "Thank you to everyone who wrote." },
      people: [
        {
          name: { text: "Invented Person One" },
          lines: [{ text: "In pre-trial detention", custody: "held" }],
        },
      ],
      asOf: "Facts as of 2\u00a0January 2000",
      stated: "As stated by Invented Issuer",
    });
    expect(inactive(given({ state: "closed" }), NOW).note).toBeUndefined();
    expect(inactive(given({ state: "closed" }), over).note).toBe(
      "We have nothing more recent.",
    );
  });

  it("while the action is suspended, and are not thanked yet", () => {
    const act = inactive(given({ state: "suspended" }), NOW);
    expect(act).toMatchObject({
      act: "suspended",
      label: "Action suspended: please do not write for now",
    });
    expect(act.thanks).toBeUndefined();
  });

  it("about UA 126/19", () => {
    const act = inactive(ua12619, Date.parse("2026-11-25T00:00:00Z"));
    expect([act.act, act.people.map(({ lines }) => lines)]).toEqual([
      "closed",
      ua12619.people.map(() => []),
    ]);
    expect(act.each).toMatchObject({
      label: "Each of them",
      list: [{ text: "Imprisoned" }, { text: "Conviction upheld" }],
    });
  });
});
