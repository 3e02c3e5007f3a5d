import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Case, custodyStates, proceedingStates } from "../../shared/case/schema.ts";
import { languagesIn, textIn, textsIn } from "../../shared/case/text.ts";
import { changesBetween } from "../../shared/change.ts";
import { languageName } from "../../shared/intl.ts";
import { type LocaleTag, locales, localeTags } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import type { Revision } from "../../shared/revision.ts";
import { dateIn, viewAsOf } from "../../shared/view/date.ts";
import type { Run } from "../../shared/view/schema.ts";
import { viewCase, viewSummary, viewUnknown, viewWithdrawn } from "../../shared/view/view.ts";
import { summaryOf } from "../../worker/ledger/summary.ts";
import { profile } from "../profile.ts";
import { scaled } from "../scaled.ts";
import { demo, first, ua12619 } from "./cases.ts";
import { leavesOf, valueAt } from "./facts.ts";

const DAY_MS = 86_400_000;
const now = Date.parse(first.liveAt);
const view = (fields: Case, locale: LocaleTag, at = now) => viewCase(fields, first, locale, at, profile);
const edited = (fields: Case, edit: (copy: Case) => void) => {
  const copy = structuredClone(fields);
  edit(copy);
  return copy;
};
const texts = (value: unknown) => leavesOf(value).map((pointer) => String(valueAt(value, pointer)));

/** Verbs that would claim a present state, in each language. A state without a verb stands under the date of the facts. */
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

describe.each(localeTags)("The view in %s", (locale) => {
  /** Language and direction of a run in English. */
  const mark = { ...(locale === "en" ? {} : { lang: "en" }), ...(locales[locale].dir === "rtl" ? { dir: "ltr" } : {}) };

  it("states its language and direction", () => {
    for (const fields of [ua12619, demo])
      expect(view(fields, locale)).toMatchObject({ lang: locale, dir: locales[locale].dir });
  });

  it("claims nothing about today, whatever the status", () => {
    const people = [...custodyStates.map((custody) => ({ custody, proceedings: "unknown" as const }))].concat(
      proceedingStates.map((proceedings) => ({ custody: "unknown", proceedings })) as never,
    );
    const one = demo.people[0] as Case["people"][number];
    const every = edited(demo, (copy) => {
      copy.people = people.flatMap(({ custody, proceedings }, index) =>
        (["he/him", "she/her", "they/them"] as const).map((pronouns) => ({
          ...structuredClone(one),
          id: `demo-${index}-${pronouns.slice(0, 2)}`,
          pronouns,
          custody: { ...(one.custody as NonNullable<typeof one.custody>), value: custody },
          proceedings: one.proceedings.map((status) => ({ ...status, value: proceedings })),
        })),
      );
    });
    const released = edited(demo, (copy) => {
      if (copy.people[0]?.custody) copy.people[0].custody.value = "released";
    });
    const revision = { ...first, note: { de: "Eine Notiz" }, changes: changesBetween(demo, released) };
    const changed = viewCase(released, revision, locale, now, profile);
    expect(changed.revision.changes.list).toEqual([
      expect.stringContaining(viewAsOf(demo, locale).match(/\d+\D+\d{4}/)![0]),
    ]);
    for (const shown of [view(ua12619, locale), view(demo, locale), view(every, locale), changed])
      for (const text of texts(shown)) expect(text).not.toMatch(present[locale] ?? /^$/);
  });

  it("leaves no placeholder unfilled", () => {
    const refusals = [
      viewUnknown("ua-1-00", locale),
      viewWithdrawn("ua-1-00", { ...first, kind: "withdrawal" }, locale, profile),
    ];
    for (const shown of [view(ua12619, locale), view(demo, locale), ...refusals])
      for (const text of texts(shown)) expect(text).not.toMatch(/\{\w+\}|undefined|\bnull\b|^\s*$/);
  });

  it("marks every passage in another language, with its direction where that differs", () => {
    const english = edited(demo, (copy) => {
      for (const { text } of textsIn(copy))
        for (const tag of localeTags) if (tag !== "en") delete (text as Record<string, unknown>)[tag];
    });
    const shown = view(english, locale);
    const runs: Run[] = [shown.title, shown.summary, ...shown.impact.list, ...shown.next.list, shown.rights.text];
    for (const run of runs) expect(run).toEqual({ text: run.text, ...mark });
    expect(shown.title.text).toBe(demo.title.en);
    // The label, the attribution and the date of a charge are still in the reader's language.
    const [someone] = english.people;
    Object.assign(someone!.charges!, { asOf: { date: "2026-11-01" }, statedBy: "Another Demo Group" });
    someone!.designations = [
      { value: "human-rights-defender", asOf: { date: "2026-11" }, statedBy: demo.issuer, source: "first" },
    ];
    const { lines } = view(english, locale).people.list[0]!;
    const charge = lines.find(({ before = "", text }) =>
      (before + text).includes(textIn(demo.people[0]!.charges!.value, "en")!),
    )!;
    const words = [charge.before, charge.text, charge.after].join("");
    for (const said of [message(locale, "person.charges", { text: "" }), "Another Demo Group"])
      expect(words).toContain(said);
    if (locale !== "en") expect(charge).toMatchObject({ text: demo.people[0]!.charges!.value.en, ...mark });
    const dated = lines.filter(
      (line) => line !== charge && line.text.includes(demo.issuer) && line.text.includes("2026"),
    );
    expect(dated).toHaveLength(1);
  });

  it("marks the language of names and quotations, and never translates them", () => {
    const shown = view(ua12619, locale);
    expect(shown.people.list.map((person) => person.name)).toEqual(
      ua12619.people.map((person) => ({ text: person.names[0]?.value, ...mark })),
    );
    expect(shown.quotations.list[0]?.text).toEqual({ text: ua12619.quotations[0]?.excerpt, ...mark });
    expect(shown.people.list[1]?.alsoText).toContain("Muslim Aliev");
  });

  it("says when no native speaker has reviewed its texts", () => {
    const said = view(ua12619, locale).notes.includes(message(locale, "view.unreviewed"));
    expect(said).toBe(!locales[locale].reviewed);
  });

  it("says which of its texts are in another language, except names and quotations", () => {
    const said = (fields: Case) => view(fields, locale).notes.length - (locales[locale].reviewed ? 1 : 2);
    for (const fields of [ua12619, demo]) expect(said(fields)).toBe(languagesIn(fields).includes(locale) ? 0 : 1);
  });

  it.runIf(languagesIn(demo).includes(locale))(
    "marks an outdated translation, explains the mark once, and shows the original of an outdated request",
    () => {
      const changed = v.parse(Case, {
        ...demo,
        title: { ...demo.title, en: "Another title" },
        action: { ...demo.action, state: "active", until: undefined, request: { ...demo.action.request, en: "Wait." } },
        people: demo.people.map((person) => ({
          ...person,
          charges: { ...person.charges, value: { ...person.charges!.value, en: "Other charges" } },
        })),
      });
      const shown = view(changed, locale);
      const outdated = message(locale, "view.outdated");
      const isTranslated = locale !== "en";
      expect(shown.title).toEqual({ text: textIn(changed.title, locale), ...(isTranslated ? { outdated } : {}) });
      expect(shown.summary).not.toHaveProperty("outdated");
      const lines = [...(shown.people.each?.list ?? []), ...shown.people.list.flatMap((person) => person.lines)];
      expect(lines.some((line) => line.outdated === outdated)).toBe(isTranslated);
      expect(shown.action.text).toEqual({ text: "Wait.", ...mark });
      const note = message(locale, "view.outdated.note", { language: languageName(locale, "en") });
      expect(shown.notes.filter((text) => text === note)).toHaveLength(isTranslated ? 1 : 0);
      expect(view(demo, locale).notes).not.toContain(note);
      expect(viewSummary(summaryOf(changed), locale, now).title).toEqual(shown.title);
    },
  );

  it("labels an invented case as invented, and a real one not", () => {
    expect(view(demo, locale).demo).toMatch(/\S/);
    expect(view(ua12619, locale)).not.toHaveProperty("demo");
  });
});

describe("The view of UA 126/19", () => {
  const shown = view(ua12619, "en");

  it("keeps what was inferred about its date in a list's line", () =>
    expect(viewSummary(summaryOf(ua12619), "en", now).asOf).toBe("Facts as of 25\u00a0June 2020 (year inferred)"));

  it("begins with the as-of date of its facts and the organization that stated them", () => {
    expect(shown.asOf).toEqual({
      label: "Facts as of",
      date: "2020-06-25",
      text: "25\u00a0June 2020 (year inferred)",
      stated: "As stated by Amnesty International",
      note: "We have nothing more recent.",
    });
  });

  it("gives each man's own term, and states once what was true of all six", () => {
    expect(shown.people.list.map(({ name, lines }) => [name.text, ...lines.map((line) => line.text)])).toEqual([
      ["Emir-Usein Kuku", "Human rights defender · Amnesty International", "Sentenced in 2019 to 12 years in prison"],
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
      text: { text: "Amnesty International thanked everybody who had sent an appeal." },
    });
  });

  it("names its sources as its issuer numbers them", () => {
    expect(shown.sources.list[0]?.text).toContain("UA 126/19");
    expect(shown.sources.list[1]).toEqual({
      text: "Amnesty International: Urgent Action text · EUR 46/2507/2020",
      href: "https://www.amnesty.org/en/documents/EUR46/2507/2020/en/",
    });
    // Without isolates, a title in the other direction would move the first digit of the date.
    expect(view(demo, "ar").sources.list[0]?.text).toMatch(
      /^\u2068Demo Rights Group\u2069: .+ · \u2068Invented appeal\u2069 · 5\u00a0سبتمبر 2026$/,
    );
  });

  it("uses the grammar of each man", () => {
    expect(view(ua12619, "uk").people.each?.label).toBe("Кожен із них");
    expect(view(ua12619, "uk").people.list[4]?.lines[0]?.text).toBe("Засуджений у 2019 році до 7 років ув’язнення");
    expect(view(ua12619, "ar").people.list[4]?.lines[0]?.text).toBe("حُكم عليه في عام 2019 بالسجن 7 سنوات");
  });
});

describe("What all people of a case share", () => {
  const shared = (fields: Case) => view(fields, "en").people;
  const all = (fields: Case) => {
    const { list, each } = shared(fields);
    return list.map((person) => [...person.lines, ...(each?.list ?? [])].map((line) => line.text).toSorted());
  };

  it("is stated once, and per person as soon as one of them differs", () => {
    const apart = edited(ua12619, (copy) => {
      if (copy.people[3]?.custody) copy.people[3].custody.value = "unknown";
    });
    expect(shared(apart).each?.list.map((line) => line.text)).not.toContain("Imprisoned");
    expect(shared(apart).list.map((person) => person.lines[0]?.text === "Imprisoned")).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
    ]);
  });

  it("is never lost, for any mix of statuses", () => {
    const status = fc.record({
      custody: fc.constantFrom(...custodyStates),
      proceedings: fc.constantFrom(...proceedingStates),
      designations: fc.subarray(profile.designations.map(({ value }) => value)),
    });
    fc.assert(
      fc.property(fc.array(status, { minLength: 1, maxLength: 4 }), (statuses) => {
        const base = ua12619.people[0] as Case["people"][number];
        const people = statuses.map((own, index) => ({
          ...structuredClone(base),
          id: `demo-${index}`,
          custody: { ...(base.custody as NonNullable<typeof base.custody>), value: own.custody },
          proceedings: base.proceedings.map((one) => ({ ...one, value: own.proceedings })),
          designations: own.designations.map((value) => ({
            ...(base.designations[0] as (typeof base.designations)[number]),
            value,
          })),
        }));
        const alone = people.map((person) => all({ ...ua12619, people: [person] })[0]);
        expect(all({ ...ua12619, people })).toEqual(alone);
      }),
      { numRuns: scaled(60) },
    );
  });

  it("is not worded as shared when there is only one person", () => {
    expect(shared(edited(ua12619, (copy) => copy.people.splice(1)))).not.toHaveProperty("each");
  });
});

describe("The dates and sources of people's statuses", () => {
  /** Six invented people, of whom the third was released after the day of the others' facts. */
  const released = edited(ua12619, (copy) => {
    copy.issuer = "Demo Rights Group";
    for (const [index, person] of copy.people.entries()) {
      person.names = [{ value: `Demo Person ${index + 1}`, lang: "en", form: "preferred", source: "outcome" }];
      for (const stated of [person.custody!, person.charges!, person.sentence!, ...person.designations])
        stated.statedBy = copy.issuer;
      for (const stated of person.proceedings) stated.statedBy = copy.issuer;
    }
    copy.asOf = { date: "2026-11-26" };
    Object.assign(copy.people[2]!.custody!, { value: "released", asOf: copy.asOf });
  });

  it.each(localeTags)("are said once where most share them, and on the lines that differ, in %s", (locale) => {
    const { label, each, list } = view(released, locale).people;
    const said = texts([label, each, list]).filter((text) => /2020|2026/.test(text));
    expect(said).toHaveLength(2);
    expect(said[0]).toBe(label);
    expect(said[0]).toContain(dateIn(locale, "2020-06-25"));
    expect(said[1]).toBe(list[2]!.lines[0]!.text);
    expect(said[1]).toContain(dateIn(locale, "2026-11-26"));
    // The head names the source of them all.
    expect(label).not.toContain("Demo Rights Group");
  });

  it("are worded so that nobody takes the label's date for that of a line with its own", () => {
    const { label, each, list } = view(released, "en").people;
    expect(label).toBe("People · as of 25\u00a0June 2020 (year inferred), unless stated otherwise");
    expect(each!.list.map(({ text }) => text)).toEqual([
      "Prisoner of conscience · Demo Rights Group",
      "Charges: terrorism-related and others",
      "Conviction upheld",
    ]);
    expect(list[2]!.lines.map(({ text }) => text)).toEqual([
      "Released · as of 26\u00a0November 2026",
      "Sentenced in 2019 to 12 years in prison",
    ]);
    expect(view(ua12619, "en").people.label).toBe("People");
  });

  it("are each found on the line, else in the label, else in the head, for any mix of them", () => {
    const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
    const organizations = ["Demo Rights Group", "Another Demo Group"];
    const stated = fc.record({ date: fc.constantFrom(...days), statedBy: fc.constantFrom(...organizations) });
    const one = demo.people[0] as Case["people"][number];
    fc.assert(
      fc.property(stated, fc.array(fc.tuple(stated, stated, stated), { minLength: 1, maxLength: 5 }), (head, all) => {
        const of = ({ date, statedBy }: typeof head) => ({ asOf: { date }, statedBy });
        const people = all.map(([custody, charges, sentence], index) => ({
          ...one,
          ...{ id: `demo-${index}`, role: undefined, designations: [], proceedings: [] },
          custody: { ...one.custody!, ...of(custody) },
          charges: { ...one.charges!, ...of(charges) },
          sentence: { ...one.sentence!, ...of(sentence), value: { duration: `P${index + 1}Y` } },
        }));
        const shown = view({ ...demo, asOf: { date: head.date }, issuer: head.statedBy, people } as Case, "en");
        const { label, each, list } = shown.people;
        const found = (text: string, known: string[]) => known.find((value) => text.includes(value));
        const readings = list.map(({ lines }) => {
          const own = [...lines, ...(each?.list ?? [])].map(
            ({ before = "", text, after = "" }) => before + text + after,
          );
          return [/^Imprisoned|^Pre-trial/, /^Charges/, /^Sentenced/].map((kind) => {
            const line = own.find((text) => kind.test(text))!;
            const printed = days.map((day) => dateIn("en", day));
            const day = found(line, printed) ?? found(label, printed) ?? shown.asOf.text;
            return [
              day,
              found(line, organizations) ?? found(label, organizations) ?? found(shown.asOf.stated, organizations),
            ];
          });
        });
        expect(readings).toEqual(all.map((three) => three.map(({ date, statedBy }) => [dateIn("en", date), statedBy])));
      }),
      { numRuns: scaled(200) },
    );
  });
});

describe("A case in half a line", () => {
  const brief = (fields: Case, locale: LocaleTag = "en") => {
    const { before = "", text, after = "" } = view(fields, locale).brief;
    return before + text + after;
  };

  it("names the first person, counts the others, and says what was true of all as of the date of the facts", () => {
    expect(brief(ua12619)).toBe("Emir-Usein Kuku and 5 others: imprisoned as of 25\u00a0June 2020 (year inferred)");
    expect(brief(edited(ua12619, (copy) => copy.people.splice(1)))).toBe(
      "Emir-Usein Kuku: imprisoned as of 25\u00a0June 2020 (year inferred)",
    );
    expect(view(ua12619, "uk").brief).toMatchObject({ text: "Emir-Usein Kuku", lang: "en" });
    for (const locale of localeTags) expect(brief(ua12619, locale)).toMatch(/^Emir-Usein Kuku .*5.*2020/u);
  });

  it("leaves to a list how many people are in each state, where states differ", () => {
    const two = edited(ua12619, (copy) => {
      for (const { custody } of copy.people.slice(0, 2)) Object.assign(custody!, { value: "released" });
    });
    expect(view(two, "en").people.counts).toEqual([
      { text: "Released: 2", custody: "free" },
      { text: "Imprisoned: 4", custody: "held" },
    ]);
    expect(view(ua12619, "en").people.counts).toBeUndefined();
    expect(view(demo, "en").people.counts?.map(({ text }) => text)).toEqual([
      "Imprisoned: 1",
      "Pre-trial detention: 1",
      "Under house arrest: 1",
    ]);
  });

  it("gives only the date of the facts when people's states, their dates or their sources differ", () => {
    expect(brief(demo)).toBe("Demo Person One and 2 others · Facts as of 20\u00a0November 2026");
    const elsewhere = edited(ua12619, (copy) => Object.assign(copy.people[2]!.custody!, { statedBy: "Demo Group" }));
    expect(brief(elsewhere)).toBe("Emir-Usein Kuku and 5 others · Facts as of 25\u00a0June 2020 (year inferred)");
  });

  it("is the title when nobody is named", () =>
    expect(brief(edited(demo, (copy) => copy.people.splice(0)))).toBe(
      "Invented case: three demo people held in Demoland · Facts as of 20\u00a0November 2026",
    ));
});

describe("A person's row", () => {
  it("begins with where the person is, as one of five groups, and has the length of the term", () => {
    const { list } = view(demo, "en").people;
    expect(list.map(({ lines }) => lines[0]?.custody)).toEqual(["held", "held", "limited"]);
    expect(list.map(({ months }) => months)).toEqual([30, undefined, undefined]);
    const group = (value: string) =>
      view(
        edited(demo, (copy) => Object.assign(copy.people[0]!.custody!, { value })),
        "en",
      ).people.list[0]?.lines[0]?.custody;
    expect(["released", "missing", "conditional-release", "unknown", "a-word-of-a-profile"].map(group)).toEqual([
      "free",
      "lost",
      "limited",
      "unknown",
      "unknown",
    ]);
  });

  it("has the name in the person's own script where a source gives it", () => {
    const named = edited(demo, (copy) => {
      copy.people[0]!.names.push({ value: "Демо Особа", lang: "uk", form: "native", source: "demo-1" });
    });
    expect(view(named, "en").people.list[0]?.native).toEqual({ text: "Демо Особа", lang: "uk" });
    expect(view(demo, "en").people.list[0]).not.toHaveProperty("native");
  });
});

describe("What a revision changed", () => {
  const released = edited(demo, (copy) => Object.assign(copy.people[0]!.custody!, { value: "released" }));
  const listed = (note: Revision["note"], locale: LocaleTag) =>
    viewCase(released, { ...first, note, changes: changesBetween(demo, released) }, locale, now, profile).revision
      .changes.list.length;

  it.each(localeTags)("is listed only where the note doesn't say it in the reader's language: %s", (locale) => {
    expect(listed({ de: "Eine Notiz", [locale]: "Demo Person One" }, locale)).toBe(0);
    expect(listed({ de: "Eine Notiz" }, locale)).toBe(1);
    // A note that was damaged in the storage.
    expect(listed({}, locale)).toBe(1);
  });
});

describe("News", () => {
  const at = Date.parse("2026-11-25T10:00:07.000Z");
  const second: Revision = { ...first, number: 2, liveAt: "2026-11-25T10:00:07.000Z" };
  const correction: Revision = { ...second, kind: "correction", note: { en: "A term was wrong." } };
  const shown = (revision: Revision, now: number, corrected?: Revision) =>
    viewCase(demo, revision, "en", now, profile, corrected);

  it("are an update for a week and a correction for two, and the first revision is none", () => {
    expect(shown(first, at).revision).not.toHaveProperty("news");
    for (const [revision, days] of [
      [second, 7],
      [correction, 14],
    ] as const) {
      expect(shown(revision, at + days * DAY_MS - 1).revision.news).toBe(true);
      expect(shown(revision, at + days * DAY_MS).revision).not.toHaveProperty("news");
      expect(shown(revision, at).until).toBe(new Date(at + days * DAY_MS).toISOString());
    }
  });

  it("keep a correction in sight after the next revision", () => {
    const third = { ...second, number: 3, liveAt: "2026-11-26T10:00:07.000Z" };
    expect(shown(third, at + DAY_MS, correction).correction).toEqual({
      label: "Correction",
      day: "25\u00a0November 2026",
      note: { text: "A term was wrong." },
    });
    expect(shown(third, at + 14 * DAY_MS, correction)).not.toHaveProperty("correction");
    expect(shown(third, at + 8 * DAY_MS, correction).until).toBe(new Date(at + 14 * DAY_MS).toISOString());
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
    const instant = Date.parse(before.until as string);
    expect(instant - Date.parse("2026-11-20T00:00:00Z")).toBe(181 * DAY_MS);
    expect(view(fields, "en", instant - 1).asOf).not.toHaveProperty("note");
    expect(view(fields, "en", instant).asOf.note).toBe("We have nothing more recent.");
    expect(view(fields, "en", instant)).not.toHaveProperty("until");
  });

  it("counts the 180 days from the last day that the facts' date can mean", () => {
    expect(view(recent("2026-11"), "en").until).toBe(view(recent("2026-11-30"), "en").until);
    expect(view(recent("2026-11/.."), "en")).not.toHaveProperty("until");
  });

  it("ends a deadline when its day has ended everywhere on Earth", () => {
    const fields = recent("2026-11-20", "2026-12-01");
    const end = Date.parse("2026-12-02T12:00:00.000Z");
    expect(view(fields, "en").until).toBe(new Date(end).toISOString());
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
      .map((days) => new Date(Date.parse("2026-01-01") + days * DAY_MS).toISOString().slice(0, 10));
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
          const end = shown.until ? Date.parse(shown.until) : Number.POSITIVE_INFINITY;
          expect(end).toBeGreaterThan(from);
          const same = (at: number) => JSON.stringify(view(fields, locale, at)) === JSON.stringify(shown);
          expect(same(Math.min(from + later, end - 1))).toBe(true);
          if (Number.isFinite(end)) expect(same(end)).toBe(false);
        },
      ),
      { numRuns: scaled(200) },
    );
  });
});

describe("The view of a withdrawn case", () => {
  it("states the number and moment of the withdrawal, and nothing about the case", () => {
    const shown = viewWithdrawn("ua-0-00", { ...first, number: 7, kind: "withdrawal" }, "en", profile);
    expect(shown).toMatchObject({
      state: "withdrawn",
      number: "UA 0/00",
      revision: { number: 7, label: "Withdrawn (revision 7)" },
    });
    expect(JSON.stringify(shown)).not.toContain("Demo Person");
  });

  it("says the day in its text, and the minute only once", () => {
    for (const locale of localeTags) {
      const shown = viewWithdrawn("ua-0-00", { ...first, number: 7, kind: "withdrawal" }, locale, profile);
      expect(shown.text).toContain(shown.revision!.day);
      expect(texts(shown).filter((text) => text.includes("UTC"))).toEqual([shown.revision!.published]);
      // A day that ends with a full stop doesn't end the sentence too.
      expect(shown.text).not.toContain("..");
    }
  });
});

describe("The count of people by custody", () => {
  const [one] = demo.people as [Case["people"][number]];
  const { custody } = one as { custody: NonNullable<typeof one.custody> };
  const held = (count: number) => Array.from({ length: count }, () => ({ ...one, custody }));
  const released = { ...one, custody: { ...custody, value: "released", asOf: { date: "2026-11-24" } } };
  const countOf = (people: Case["people"], locale: LocaleTag = "en") =>
    view(
      edited(demo, (copy) => {
        copy.people = people;
      }),
      locale,
    ).people.counts?.map(({ text }) => text);

  it("says each state once, with its date where that is another", () => {
    expect(countOf([...held(39), released])).toEqual(["Imprisoned: 39", "Released: 1 · as of 24\u00a0November 2026"]);
    expect(countOf([...held(2), released], "uk")).toEqual([
      "Ув’язнено: 2",
      "Звільнено: 1 · станом на 24\u00a0листопада 2026\u00a0р.",
    ]);
    for (const locale of localeTags) expect(countOf([...held(39), released], locale)?.[0]).toContain("39");
  });

  it("is left out where it would hide something or say nothing", () => {
    expect(countOf(held(3))).toBeUndefined();
    const { custody: _, ...unstated } = one;
    expect(countOf([...held(3), released, unstated])).toBeUndefined();
    const days = [1, 2, 3, 4].map((day) => ({
      ...released,
      custody: { ...released.custody, asOf: { date: `2026-11-0${day}` } },
    }));
    expect(countOf([...held(30), ...days])).toBeUndefined();
  });
});
