import { brotliCompressSync } from "node:zlib";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  Case,
  custodyStates,
  proceedingStates,
} from "../../shared/case/schema.ts";
import { languagesIn, textIn, textsIn } from "../../shared/case/text.ts";
import { changesBetween } from "../../shared/change.ts";
import { languageNameIn } from "../../shared/intl.ts";
import { type LocaleTag, locales, localeTags } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import type { Revision } from "../../shared/revision.ts";
import { viewAsOf } from "../../shared/view/date.ts";
import type { PresentView, Run } from "../../shared/view/schema.ts";
import {
  viewCase,
  viewSummary,
  viewUnknown,
  viewWithdrawn,
} from "../../shared/view/view.ts";
import { summaryOf } from "../../worker/reads/summary.ts";
import { profile } from "../support/profile.ts";
import { demo, edited, first, now, texts, ua12619, view } from "./cases.ts";

/**
 * A view must fit into 15 KB together with the script and TLS; see the widget's
 * budget.
 */
const MAX_COMPRESSED_BYTES = 2560;
/** Limit of one message on a live socket. */
const MAX_MESSAGE_BYTES = 8192;

/**
 * Verbs that would claim a present state, in each language. A state without a
 * verb stands under the date of the facts.
 */
const present: Partial<Record<LocaleTag, RegExp>> = {
  en: /\b(is|are|remains?|stays?) (still )?(in prison|imprisoned|in custody|detained|held|jailed|free|at liberty|missing|released|under house arrest|on trial)\b/i,
  uk: /перебува(є|ють)|утримуєть|утримують|сидить|на волі|(?<!\p{L})вільн(ий|а|і)(?!\p{L})/iu,
  ru: /находится|удерживается|содержится|содержат(?!ь)|сидит|на свободе|на воле|(?<!\p{L})свободен(?!\p{L})/iu,
  tr: /tutuluyor|yargılanıyor|yatıyor|bulunuyor|cezaevindedir|hâlâ/iu,
  crh: /tutula(?!\p{L})|yata(?!\p{L})|bulunmaqta|apishanededir/iu,
  es: /(?<!\p{L})(está|están|sigue|siguen|permanece|permanecen|continúa|continúan) (en (prisión|detención|libertad)|bajo (arresto|custodia)|detenid|encarcelad|pres[oa]|desaparecid)|(?<!\p{L})libres?(?!\p{L})/iu,
  fr: /(?<!\p{L})(est|sont|reste|restent|demeure|demeurent) (toujours |encore )?(en (prison|détention|liberté)|emprisonn|détenu|incarcér|libre|libér|disparu|assigné|porté)|(?<!\p{L})libres?(?!\p{L})/iu,
  ar: /يقبع|لا (يزال|تزال)|طليق|(?<!\p{L})(حر|حرة)(?!\p{L})/u,
};

const released = edited(demo, (copy) =>
  Object.assign(copy.people[0]!.custody!, { value: "released" }),
);
const afterRelease = (note: Revision["note"], locale: LocaleTag) =>
  viewCase(
    released,
    { ...first, note, changes: changesBetween(demo, released) },
    locale,
    now,
    profile,
  );

describe.each(localeTags)("The view in %s", (locale) => {
  /** Language and direction of a run in English. */
  const mark = {
    ...(locale === "en" ? {} : { lang: "en" }),
    ...(locales[locale].dir === "rtl" ? { dir: "ltr" } : {}),
  };

  it("claims nothing about today, whatever the status", () => {
    const one = demo.people[0]!;
    const every = edited(demo, (copy) => {
      copy.people = (["he/him", "she/her", "they/them"] as const).flatMap(
        (pronouns) => [
          ...custodyStates.map((value) => ({
            ...one,
            pronouns,
            custody: { ...one.custody!, value },
          })),
          ...proceedingStates.map((value) => ({
            ...one,
            pronouns,
            proceedings: [{ ...one.proceedings[0]!, value }],
          })),
        ],
      );
    });
    const changed = afterRelease({ la: "Nota" }, locale);
    expect(changed.revision.changes.list).toEqual([
      expect.stringContaining(viewAsOf(demo, locale).match(/\d+\D+\d{4}/)![0]),
    ]);
    for (const shown of [
      view(ua12619, locale),
      view(demo, locale),
      view(every, locale),
      changed,
    ])
      for (const text of texts(shown))
        expect(text).not.toMatch(present[locale] ?? /(?!)/);
  });

  it("lists what a revision changed only where the note doesn't say it in the reader's language", () => {
    const listed = (note: Revision["note"]) =>
      afterRelease(note, locale).revision.changes.list.length;
    expect(listed({ la: "Nota", [locale]: "Demo Person One" })).toBe(0);
    expect(listed({ la: "Nota" })).toBe(1);
    // A note that was damaged in the storage.
    expect(listed({})).toBe(1);
  });

  it("leaves no placeholder unfilled", () => {
    const withdrawn = viewWithdrawn(
      "ua-1-00",
      { ...first, kind: "withdrawal" },
      locale,
      profile,
    );
    const refusals = [viewUnknown("ua-1-00", locale, profile), withdrawn];
    // A note that says no more than that this is the first version is left out.
    const noted = (shown: PresentView) => {
      expect(shown.revision.note.text).toBe("");
      return {
        ...shown,
        revision: { ...shown.revision, note: { text: "Note" } },
      };
    };
    for (const shown of [
      noted(view(ua12619, locale)),
      noted(view(demo, locale)),
      ...refusals,
    ])
      for (const text of texts(shown))
        expect(text).not.toMatch(/\{\w+\}|undefined|\bnull\b|^\s*$/);
  });

  it("marks every passage in another language, with its direction where that differs", () => {
    const english = edited(demo, (copy) => {
      for (const { text } of textsIn(copy))
        for (const tag of localeTags)
          if (tag !== "en") delete (text as Record<string, unknown>)[tag];
    });
    const shown = view(english, locale);
    const runs: Run[] = [
      shown.title,
      shown.summary,
      ...shown.impact.list,
      ...shown.next.list,
      shown.rights.text,
    ];
    for (const run of runs) expect(run).toEqual({ text: run.text, ...mark });
    expect(shown.title.text).toBe(demo.title.en);
    // The label, the attribution and the date of a charge are still in the
    // reader's language.
    const [someone] = english.people;
    Object.assign(someone!.charges!, {
      asOf: { date: "2026-11-01" },
      statedBy: "Another Demo Group",
    });
    someone!.designations = [
      {
        value: "human-rights-defender",
        asOf: { date: "2026-11" },
        statedBy: demo.issuer,
        source: "first",
      },
    ];
    const { lines } = view(english, locale).people.list[0]!;
    const charge = lines.find(({ before = "", text }) =>
      (before + text).includes(textIn(demo.people[0]!.charges!.value, "en")!),
    )!;
    const words = [charge.before, charge.text, charge.after].join("");
    for (const said of [
      message(locale, "person.charges", { text: "" }),
      "Another Demo Group",
    ])
      expect(words).toContain(said);
    if (locale !== "en")
      expect(charge).toMatchObject({
        text: demo.people[0]!.charges!.value.en,
        ...mark,
      });
    const dated = lines.filter(
      (line) =>
        line !== charge &&
        line.text.includes(demo.issuer) &&
        line.text.includes("2026"),
    );
    expect(dated).toHaveLength(1);
  });

  it("marks the language of names and quotations, and never translates them", () => {
    const shown = view(ua12619, locale);
    expect(shown.people.list.map((person) => person.name)).toEqual(
      ua12619.people.map((person) => ({
        text: person.names[0]?.value,
        ...mark,
      })),
    );
    expect(shown.quotations.list[0]?.text).toEqual({
      text: ua12619.quotations[0]?.excerpt,
      ...mark,
    });
    expect(shown.people.list[1]?.alsoText).toContain("Muslim Aliev");
  });

  it("says when no native speaker has reviewed its texts, and when they are in another language, except names and quotations", () => {
    const said = view(ua12619, locale).notes.includes(
      message(locale, "view.unreviewed"),
    );
    expect(said).toBe(!locales[locale].reviewed);
    const others = (fields: Case) =>
      view(fields, locale).notes.length - (locales[locale].reviewed ? 0 : 1);
    for (const fields of [ua12619, demo])
      expect(others(fields)).toBe(languagesIn(fields).includes(locale) ? 0 : 1);
  });

  it.runIf(languagesIn(demo).includes(locale))(
    "marks an outdated translation, explains the mark once, and shows the original of an outdated request",
    () => {
      const changed = v.parse(Case, {
        ...demo,
        title: { ...demo.title, en: "Another title" },
        action: {
          ...demo.action,
          state: "active",
          until: undefined,
          request: { ...demo.action.request, en: "Wait." },
        },
        people: demo.people.map((person) => ({
          ...person,
          charges: {
            ...person.charges,
            value: { ...person.charges!.value, en: "Other charges" },
          },
        })),
      });
      const shown = view(changed, locale);
      const outdated = message(locale, "view.outdated");
      const isTranslated = locale !== "en";
      expect(shown.title).toEqual({
        text: textIn(changed.title, locale),
        ...(isTranslated ? { outdated } : {}),
      });
      expect(shown.summary).not.toHaveProperty("outdated");
      const lines = [
        ...(shown.people.each?.list ?? []),
        ...shown.people.list.flatMap((person) => person.lines),
      ];
      expect(lines.some((line) => line.outdated === outdated)).toBe(
        isTranslated,
      );
      expect(shown.action.text).toEqual({ text: "Wait.", ...mark });
      const note = message(locale, "view.outdated.note", {
        language: languageNameIn(locale, "en"),
      });
      expect(shown.notes.filter((text) => text === note)).toHaveLength(
        isTranslated ? 1 : 0,
      );
      expect(view(demo, locale).notes).not.toContain(note);
      expect(viewSummary(summaryOf(changed), locale, now).title).toEqual(
        shown.title,
      );
    },
  );

  it(`is at most ${MAX_MESSAGE_BYTES} bytes as it is, and ${MAX_COMPRESSED_BYTES} with brotli`, () => {
    for (const fields of [ua12619, demo]) {
      const bytes = Buffer.from(JSON.stringify(view(fields, locale)));
      expect(bytes.length, fields.id).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      expect(brotliCompressSync(bytes).length, fields.id).toBeLessThanOrEqual(
        MAX_COMPRESSED_BYTES,
      );
    }
  });

  it("labels an invented case as invented, and a real one not", () => {
    expect(view(demo, locale)).toMatchObject({
      lang: locale,
      dir: locales[locale].dir,
      demo: expect.stringMatching(/\S/),
    });
    expect(view(ua12619, locale)).not.toHaveProperty("demo");
  });
});

describe("The view of UA 126/19", () => {
  const shown = view(ua12619, "en");

  it("begins with the as-of date of its facts and the organization that stated them, and a list's line has the date", () => {
    expect(shown.asOf).toEqual({
      label: "Facts as of",
      date: "2020-06-25",
      text: "25\u00a0June 2020 (year inferred)",
      stated: "As stated by Amnesty International",
      note: "We have nothing more recent.",
    });
    expect(viewSummary(summaryOf(ua12619), "en", now).asOf).toBe(
      "Facts as of 25\u00a0June 2020 (year inferred)",
    );
  });

  it("gives each man's own term, and states once what was true of all six", () => {
    expect(
      shown.people.list.map(({ name, lines }) => [
        name.text,
        ...lines.map((line) => line.text),
      ]),
    ).toEqual([
      [
        "Emir-Usein Kuku",
        "Human rights defender · Amnesty International",
        "Sentenced in 2019 to 12 years in prison",
      ],
      ["Muslim Aliyev", "Sentenced in 2019 to 19 years in prison"],
      ["Vadim Siruk", "Sentenced in 2019 to 12 years in prison"],
      ["Enver Bekirov", "Sentenced in 2019 to 18 years in prison"],
      ["Arsen Dzhepparov", "Sentenced in 2019 to 7 years in prison"],
      ["Refat Alimov", "Sentenced in 2019 to 8 years in prison"],
    ]);
    expect(shown.people.each?.list.map((line) => line.text)).toEqual([
      "Imprisoned",
      "Prisoner of conscience · Amnesty International",
      "Charges: terrorism-related and others",
      "Conviction upheld",
    ]);
  });

  it("says that the action is closed", () => {
    expect(shown.action).toEqual({
      state: "closed",
      label: "Action closed: no further action is requested",
      short: "Action closed",
      text: {
        text: "Amnesty International thanked everybody who had sent an appeal.",
      },
    });
  });

  it("names its sources as its issuer numbers them", () => {
    expect(shown.sources.list[0]?.text).toContain("UA 126/19");
    expect(shown.sources.list[1]).toEqual({
      text: "Amnesty International: Urgent Action text · EUR 46/2507/2020",
      href: "https://www.amnesty.org/en/documents/EUR46/2507/2020/en/",
    });
    // Without isolates, a title in the other direction would move the first
    // digit of the date.
    expect(view(demo, "ar").sources.list[0]?.text).toMatch(
      /^\u2068Demo Rights Group\u2069: .+ · \u2068Invented appeal\u2069 · 5\u00a0سبتمبر 2026$/,
    );
  });

  it("uses the grammar of each man", () => {
    expect(view(ua12619, "uk").people.each?.label).toBe("Кожен із них");
    expect(view(ua12619, "uk").people.list[4]?.lines[0]?.text).toBe(
      "Засуджений у 2019 році до 7 років ув’язнення",
    );
    expect(view(ua12619, "ar").people.list[4]?.lines[0]?.text).toBe(
      "حُكم عليه في عام 2019 بالسجن 7 سنوات",
    );
  });
});

it("The view of a withdrawn case says its number and the day in its text, the minute once, and nothing about the case", () => {
  for (const locale of localeTags) {
    const shown = viewWithdrawn(
      "ua-0-00",
      { ...first, number: 7, kind: "withdrawal" },
      locale,
      profile,
    );
    expect(shown).toMatchObject({
      state: "withdrawn",
      number: "UA 0/00",
      revision: { number: 7 },
    });
    if (locale === "en")
      expect(shown.revision!.label).toBe("No longer shown (revision 7)");
    expect(JSON.stringify(shown)).not.toContain("Demo Person");
    expect(shown.text).toContain(shown.revision!.day);
    expect(texts(shown).filter((text) => text.includes("UTC"))).toEqual([
      shown.revision!.published,
    ]);
    // A day that ends with a full stop doesn't end the sentence too.
    expect(shown.text).not.toContain("..");
  }
});
