/**
 * The words for custody, proceedings, sentences and changes: dated present
 * states, in every language and for every gender.
 */
import { describe, expect, it } from "vitest";
import {
  codedFields,
  custodyStates,
  type PartialDate,
  proceedingStates,
} from "../../shared/case/schema.ts";
import type { Change } from "../../shared/change.ts";
import { type LocaleTag, localeTags } from "../../shared/locale.ts";
import en from "../../shared/locales/en.json" with { type: "json" };
import type { Gender } from "../../shared/messages.ts";
import { statusLabel } from "../../shared/profile/labels.ts";
import { changesIn } from "../../shared/view/revision.ts";
import { earlierIn, sentenceIn, termIn } from "../../shared/view/sentence.ts";
import { viewCase } from "../../shared/view/view.ts";
import { profile } from "../support/profile.ts";
import { demo, first } from "./cases.ts";

const genders: Gender[] = ["he", "she", "they"];
const on = (date: string): PartialDate => ({ date });

it.each([
  ["P12Y", "2019", "Sentenced in 2019 to 12 years in prison"],
  [
    "P2Y6M",
    "2026-10-12",
    "Sentenced on 12\u00a0October 2026 to 2 years and 6 months in prison",
  ],
  ["P1Y", "2026-10", "Sentenced in October 2026 to 1 year in prison"],
  ["P1Y", "../2026", "Sentenced (by 2026) to 1 year in prison"],
  ["life", "2019", "Sentenced in 2019 to life in prison"],
  ["death", "2019?", "Sentenced (2019 (uncertain)) to death"],
  ["death", undefined, "Sentenced to death"],
])(
  "A label in English of the sentence %s of %s is “%s”",
  (duration, date, words) =>
    expect(
      sentenceIn(
        { duration, ...(date ? { imposedOn: on(date) } : {}) },
        "they",
        "en",
      ),
    ).toBe(words),
);

it("A label in English of an earlier sentence says when it was imposed and changed", () => {
  const earlier = { duration: "P19Y", source: "first" };
  expect(
    earlierIn(
      { ...earlier, imposedOn: on("2018"), changedOn: on("2019-05-03") },
      "en",
    ),
  ).toBe(
    "Earlier sentence: 19 years in prison, imposed in 2018 and changed on 3\u00a0May 2019",
  );
});

it("A label in English never reads as “no longer”", () => {
  for (const [key, text] of Object.entries(en))
    if (/^(?:custody|proceedings|sentence|term|change)\./.test(key))
      expect(text, key).not.toMatch(/\b(?:was|had been)\b/i);
});

it("A status with another date or author than the case's names both, and the date alone where the view's head names the author", () => {
  const fields = structuredClone(demo);
  const said = (stated: object) => {
    Object.assign(fields.people[0]!.custody!, stated);
    return viewCase(
      fields,
      first,
      "en",
      Date.parse(first.liveAt),
      profile,
    ).people.list.at(-1)!.lines[0]?.text;
  };
  expect(
    said({ asOf: on("2020-06-25"), statedBy: "Amnesty International" }),
  ).toBe("Imprisoned · as of 25\u00a0June 2020 · Amnesty International");
  expect(said({ statedBy: fields.issuer })).toBe(
    "Imprisoned · as of 25\u00a0June 2020",
  );
});

it("A person with several proceedings has a line for each, with its subject", () => {
  const fields = structuredClone(demo);
  const [one] = fields.people[0]!.proceedings;
  const subject = { en: "The tax case", uk: "Податкова справа" };
  fields.people[0]!.proceedings = [
    { ...one!, subject: { en: "The gathering" } },
    { ...one!, id: "tax", value: "charged", subject, asOf: on("2026-11") },
  ];
  const lines = (locale: LocaleTag) =>
    viewCase(
      fields,
      first,
      locale,
      Date.parse(first.liveAt),
      profile,
    ).people.list[0]!.lines.slice(-3);
  expect(lines("en").map(({ text }) => text)).toEqual([
    "The gathering: convicted",
    "The tax case: charged · as of November 2026",
    // Last, above the bar that shows its length.
    "Sentenced on 12\u00a0October 2026 to 2 years and 6 months in prison",
  ]);
  expect(lines("uk")[0]).toEqual({
    text: "The gathering",
    lang: "en",
    after: ": винесено обвинувальний вирок",
  });
});

const person = "Demo";
const asOf = "2026-11-25";
it.each<[Change, string]>([
  [
    { what: "custody", person, from: "imprisoned", to: "released", asOf },
    "Demo: released (previously imprisoned), as of 25\u00a0November 2026",
  ],
  [{ what: "custody", person, from: null, to: "missing" }, "Demo: missing"],
  [
    { what: "custody", person, from: "missing", to: null },
    "Demo: no longer stated (previously missing)",
  ],
  [
    {
      what: "proceedings",
      person,
      subject: { en: "the tax case" },
      from: "charged",
      to: "dropped",
      asOf,
    },
    "Demo (the tax case): charges dropped (previously charged), as of 25\u00a0November 2026",
  ],
  [
    { what: "sentence", person, from: "P12Y", to: "P10Y" },
    "Demo: sentenced to 10 years in prison (previously 12 years in prison)",
  ],
  [
    { what: "earlier-terms", person, terms: ["P12Y", "life"] },
    "Demo: earlier sentences now stated (12 years in prison and life in prison)",
  ],
  [
    { what: "earlier-terms", person, terms: [] },
    "Demo: earlier sentences no longer stated",
  ],
  [
    { what: "deadline", from: null, to: "2026-12-31" },
    "New deadline for appeals: 31\u00a0December 2026",
  ],
  [{ what: "action", from: "closed", to: "active" }, "Action opened"],
  [{ what: "text", part: "request" }, "The wording of the request changed"],
  [{ what: "text", part: "addressees" }, "The addressees changed"],
  [{ what: "text", part: "letter" }, "The model letter changed"],
])("A change in English %j reads “%s”", (change, words) =>
  expect(changesIn("en", [change], profile)).toEqual([words]),
);

describe.each(localeTags)("The words in %s", (locale) => {
  it("exist for every state and gender, and an unknown code stays a code", () => {
    for (const gender of genders) {
      const words = [
        ...custodyStates.map((value) =>
          statusLabel("custody", value, gender, locale, profile),
        ),
        ...proceedingStates.map((value) =>
          statusLabel("proceedings", value, gender, locale, profile),
        ),
        ...["P12Y", "P2Y6M", "life", "death"].flatMap((duration) => [
          sentenceIn({ duration }, gender, locale),
          sentenceIn({ duration, imposedOn: on("2019") }, gender, locale),
        ]),
      ];
      expect(new Set(words).size).toBe(words.length);
      for (const text of words)
        expect(text).toMatch(/^[\p{Lu}\p{Lo}\d][^{}]+$/u);
    }
    for (const list of codedFields)
      for (const code of ["in-the-hole", "toString"])
        expect(statusLabel(list, code, "they", locale, profile)).toBe(code);
  });

  it("begin with a small letter inside a change, except for abbreviations and scripts without one", () => {
    const change = {
      what: "custody",
      person: "X",
      from: "released",
      to: "imprisoned",
    } as const;
    const [text = ""] = changesIn(locale, [change], profile);
    const [from, to] = ["released", "imprisoned"].map((code) =>
      statusLabel("custody", code, "they", locale, profile),
    );
    expect(text.toLocaleLowerCase(locale)).toContain(
      to?.toLocaleLowerCase(locale),
    );
    for (const label of [from, to])
      if (/^\p{Lu}/u.test(label ?? "")) expect(text).not.toContain(label);
    expect(text).toMatch(/^\u2068?X\u2069?[ \u00a0]?: [\p{Ll}\p{Lo}]/u);
  });
});

it.each<[LocaleTag, string]>([
  ["en", "2 years and 6 months in prison"],
  ["tr", "2 yıl 6 ay hapis"],
  ["crh", "2 yıl 6 ay apis cezası"],
  ["ru", "2 года 6 месяцев заключения"],
  ["uk", "2 роки і 6 місяців ув’язнення"],
  ["es", "2 años y 6 meses de prisión"],
  ["fr", "2 ans et 6 mois de prison"],
  ["ar", "سنتان و6 أشهر سجنًا"],
])("Years and months are joined as in %s", (locale, joined) => {
  expect(termIn("P2Y6M", locale)).toBe(joined);
});
