/** What a view says of people. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Case,
  custodyStates,
  proceedingStates,
} from "../../shared/case/schema.ts";
import type { Change } from "../../shared/change.ts";
import { type LocaleTag, localeTags } from "../../shared/locale.ts";
import { dateIn } from "../../shared/view/date.ts";
import { viewCase } from "../../shared/view/view.ts";
import { profile } from "../support/profile.ts";
import { scaled } from "../support/scaled.ts";
import { demo, edited, first, texts, ua12619, view } from "./cases.ts";

const shared = (fields: Case) => view(fields, "en").people;
const all = (fields: Case) => {
  const { list, each } = shared(fields);
  return list.map((person) =>
    [...person.lines, ...(each?.list ?? [])]
      .map((line) => line.text)
      .toSorted(),
  );
};

it("What all people of a case share is never lost, for any mix of statuses, and is not worded so of one person", () => {
  const status = fc.record({
    custody: fc.constantFrom(...custodyStates),
    proceedings: fc.constantFrom(...proceedingStates),
    designations: fc.subarray(profile.designations.map(({ value }) => value)),
  });
  fc.assert(
    fc.property(
      fc.array(status, { minLength: 1, maxLength: 4 }),
      (statuses) => {
        const base = ua12619.people[0]!;
        const people = statuses.map(
          ({ custody, proceedings, designations }, index) => ({
            ...{
              ...base,
              id: `demo-${index}`,
              custody: { ...base.custody!, value: custody },
            },
            proceedings: base.proceedings.map((one) => ({
              ...one,
              value: proceedings,
            })),
            designations: designations.map((value) => ({
              ...base.designations[0]!,
              value,
            })),
          }),
        );
        const alone = people.map(
          (person) => all({ ...ua12619, people: [person] })[0],
        );
        expect(all({ ...ua12619, people })).toEqual(alone);
      },
    ),
    { numRuns: scaled(60) },
  );
  expect(
    shared(edited(ua12619, (copy) => copy.people.splice(1))),
  ).not.toHaveProperty("each");
});

describe("The dates and sources of people's statuses", () => {
  /**
   * Six invented people, of whom the third was released after the day of the
   * others' facts.
   */
  const released = edited(ua12619, (copy) => {
    copy.issuer = "Demo Rights Group";
    for (const [index, person] of copy.people.entries()) {
      const { custody, charges, sentence, designations, proceedings } = person;
      person.names = [
        {
          value: `Demo Person ${index + 1}`,
          lang: "en",
          form: "preferred",
          source: "outcome",
        },
      ];
      for (const stated of [
        custody!,
        charges!,
        sentence!,
        ...designations,
        ...proceedings,
      ])
        stated.statedBy = copy.issuer;
    }
    copy.asOf = { date: "2026-11-26" };
    Object.assign(copy.people[2]!.custody!, {
      value: "released",
      asOf: copy.asOf,
    });
  });

  it.each(localeTags)(
    "are said once where most share them, and on the lines that differ, in %s",
    (locale) => {
      const { label, each, list } = view(released, locale).people;
      const said = texts([label, each, list]).filter((text) =>
        /2020|2026/.test(text),
      );
      expect(said).toHaveLength(2);
      expect(said[0]).toBe(label);
      expect(said[0]).toContain(dateIn(locale, "2020-06-25"));
      expect(said[1]).toBe(list[0]!.lines[0]!.text);
      expect(said[1]).toContain(dateIn(locale, "2026-11-26"));
      // The head names the source of them all.
      expect(label).not.toContain("Demo Rights Group");
    },
  );

  it("are worded so that nobody takes the label's date for that of a line with its own", () => {
    const { label, each, list } = view(released, "en").people;
    expect(label).toBe(
      "People · as of 25\u00a0June 2020 (year inferred), unless stated otherwise",
    );
    expect(each!.list.map(({ text }) => text)).toEqual([
      "Prisoner of conscience · Demo Rights Group",
      "Charges: terrorism-related and others",
      "Conviction upheld",
    ]);
    expect(list[0]!.lines.map(({ text }) => text)).toEqual([
      "Released · as of 26\u00a0November 2026",
      "Sentenced in 2019 to 12 years in prison",
    ]);
    expect(view(ua12619, "en").people.label).toBe("People");
  });

  it("are each found on the line, else in the label, else in the head, for any mix of them", () => {
    const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
    const organizations = ["Demo Rights Group", "Another Demo Group"];
    const stated = fc.record({
      date: fc.constantFrom(...days),
      statedBy: fc.constantFrom(...organizations),
    });
    const one = demo.people[0] as Case["people"][number];
    fc.assert(
      fc.property(
        stated,
        fc.array(fc.tuple(stated, stated, stated), {
          minLength: 1,
          maxLength: 5,
        }),
        (head, all) => {
          const of = ({ date, statedBy }: typeof head) => ({
            asOf: { date },
            statedBy,
          });
          const people = all.map(([custody, charges, sentence], index) => ({
            ...one,
            ...{
              id: `demo-${index}`,
              role: undefined,
              designations: [],
              proceedings: [],
            },
            custody: { ...one.custody!, ...of(custody) },
            charges: { ...one.charges!, ...of(charges) },
            sentence: {
              ...one.sentence!,
              ...of(sentence),
              value: { duration: `P${index + 1}Y` },
            },
          }));
          const shown = view(
            {
              ...demo,
              asOf: { date: head.date },
              issuer: head.statedBy,
              people,
            } as Case,
            "en",
          );
          const { label, each, list } = shown.people;
          const found = (text: string, known: string[]) =>
            known.find((value) => text.includes(value));
          const readings = list.map(({ lines }) => {
            const own = [...lines, ...(each?.list ?? [])].map(
              ({ before = "", text, after = "" }) => before + text + after,
            );
            return [/^Imprisoned|^Pre-trial/, /^Charges/, /^Sentenced/].map(
              (kind) => {
                const line = own.find((text) => kind.test(text))!;
                const nearest = (known: string[], head: string) =>
                  found(line, known) ??
                  found(label, known) ??
                  found(head, known);
                const printed = days.map((day) => dateIn("en", day));
                return [
                  nearest(printed, shown.asOf.text),
                  nearest(organizations, shown.asOf.stated),
                ];
              },
            );
          });
          const newestFirst = all.toSorted(([one], [other]) =>
            other.date.localeCompare(one.date),
          );
          expect(readings).toEqual(
            newestFirst.map((three) =>
              three.map(({ date, statedBy }) => [dateIn("en", date), statedBy]),
            ),
          );
        },
      ),
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
    const said = "imprisoned as of 25\u00a0June 2020 (year inferred)";
    expect(brief(ua12619)).toBe(`Emir-Usein Kuku and 5 others: ${said}`);
    expect(brief(edited(ua12619, (copy) => copy.people.splice(1)))).toBe(
      `Emir-Usein Kuku: ${said}`,
    );
    expect(view(ua12619, "uk").brief).toMatchObject({
      text: "Emir-Usein Kuku",
      lang: "en",
    });
    for (const locale of localeTags)
      expect(brief(ua12619, locale)).toMatch(/^Emir-Usein Kuku .*5.*2020/u);
  });

  it("leaves to a list how many people are in each state, where states differ", () => {
    const two = edited(ua12619, (copy) => {
      for (const { custody } of copy.people.slice(0, 2))
        Object.assign(custody!, { value: "released" });
    });
    expect(view(two, "en").people.counts).toEqual([
      { text: "2 released", custody: "free" },
      { text: "4 imprisoned", custody: "held" },
    ]);
  });

  it("counts people where their states or their sources differ", () => {
    expect(brief(demo)).toBe(
      "Demo Person One and 2 others: 1\u00a0imprisoned, 1\u00a0in pre-trial detention and 1\u00a0under house arrest\u00a0· as of 20\u00a0November 2026",
    );
    const elsewhere = edited(ua12619, (copy) =>
      Object.assign(copy.people[2]!.custody!, { statedBy: "Demo Group" }),
    );
    expect(brief(elsewhere)).toBe(
      "Emir-Usein Kuku and 5 others: 5\u00a0imprisoned and 1\u00a0imprisoned (Demo Group)\u00a0· as of 25\u00a0June 2020 (year inferred)",
    );
    const alone = edited(demo, (copy) => {
      copy.people.splice(1);
      copy.people[0]!.custody!.asOf = { date: "2026-11-19" };
    });
    expect(brief(alone)).toBe(
      "Demo Person One: imprisoned\u00a0· as of 19\u00a0November 2026",
    );
    // A card says the rest of this one person below that day.
    expect(shared(alone).alone?.map(({ text }) => text)).toContain(
      "Convicted\u00a0· as of 20\u00a0November 2026",
    );
    expect(shared(demo)).not.toHaveProperty("alone");
    // So many states are no summary.
    const many = edited(demo, (copy) => {
      const [one] = copy.people;
      copy.people = custodyStates.slice(0, 5).map((value, at) => ({
        ...{ ...one!, id: `demo-${at}` },
        custody: { ...one!.custody!, value },
      }));
    });
    expect(brief(many)).toContain("and 4 others · Facts as of");
  });

  it("is the title when nobody is named", () =>
    expect(brief(edited(demo, (copy) => copy.people.splice(0)))).toBe(
      "Invented case: three demo people held in Demoland · Facts as of 20\u00a0November 2026",
    ));
});

it("A person's row begins with where the person is, as one of five groups, and has the length of the term", () => {
  const { list } = view(demo, "en").people;
  expect(list.map(({ lines }) => lines[0]?.custody)).toEqual([
    "held",
    "held",
    "limited",
  ]);
  expect(list.map(({ months }) => months)).toEqual([30, undefined, undefined]);
  const group = (value: string) =>
    view(
      edited(demo, (copy) =>
        Object.assign(copy.people[0]!.custody!, { value }),
      ),
      "en",
    ).people.list[0]?.lines[0]?.custody;
  const groups = {
    released: "free",
    missing: "lost",
    "conditional-release": "limited",
    unknown: "unknown",
  };
  for (const [value, name] of Object.entries({
    ...groups,
    "a-word-of-a-profile": "unknown",
  }))
    expect(group(value), value).toBe(name);
});

it("A person's row has the name in the person's own script where a source gives it", () => {
  const named = edited(demo, (copy) => {
    copy.people[0]!.names.push({
      value: "Демо Особа",
      lang: "uk",
      form: "native",
      source: "demo-1",
    });
  });
  expect(view(named, "en").people.list[0]?.native).toEqual({
    text: "Демо Особа",
    lang: "uk",
  });
  expect(view(demo, "en").people.list[0]).not.toHaveProperty("native");
});

it("A view's people begin with whoever is in the news, then with the newest states", () => {
  const fields = edited(demo, ({ people }) =>
    Object.assign(people[1]!.custody!, { asOf: { date: "2026-11-24" } }),
  );
  const changes = [
    {
      what: "custody",
      person: "Demo Person Three",
      from: "released",
      to: "house-arrest",
    },
  ] as Change[];
  const orderOn = (day: string) =>
    viewCase(
      fields,
      { ...first, number: 2, changes },
      "en",
      Date.parse(day),
      profile,
    ).people.list.map((one) => one.name.text);
  expect(orderOn("2026-11-26").join()).toMatch(/Three.*Two.*One/);
  expect(orderOn("2027-01-01").join()).toMatch(/Two.*One.*Three/);
});

describe("The count of people by custody", () => {
  const one = demo.people[0]!;
  const held = (count: number) => Array.from({ length: count }, () => one);
  const freedOn = (date: string) => ({
    ...one,
    custody: { ...one.custody!, value: "released", asOf: { date } },
  });
  const released = freedOn("2026-11-24");
  const countOf = (people: Case["people"], locale: LocaleTag = "en") =>
    view({ ...demo, people }, locale).people.counts?.map(({ text }) => text);

  it("says each state once, with its date where that is another", () => {
    expect(countOf([...held(39), released])).toEqual([
      "1 released · as of 24\u00a0November 2026",
      "39 imprisoned",
    ]);
    expect(countOf([...held(2), released], "uk")).toEqual([
      "1 особу звільнено · станом на 24\u00a0листопада 2026\u00a0р.",
      "2 особи ув’язнено",
    ]);
    for (const locale of localeTags)
      expect(countOf([...held(39), released], locale)?.[1]).toContain("39");
    expect(
      view({ ...demo, people: [one, released] }, "fr").status.asOf,
    ).toContain("du 20 au 24\u00a0novembre 2026");
  });

  it("is left out where it would hide something or say nothing", () => {
    expect(countOf(held(3))).toBeUndefined();
    const { custody: _, ...unstated } = one;
    expect(countOf([...held(3), released, unstated])).toBeUndefined();
    expect(
      countOf([
        ...held(30),
        ...[1, 2, 3, 4].map((day) => freedOn(`2026-11-0${day}`)),
      ]),
    ).toBeUndefined();
  });
});
