import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Case } from "../../shared/case/schema.ts";
import { profileFaults } from "../../shared/profile/faults.ts";
import demoFile from "../../worker/tools/local/cases/ua-0-00.json" with {
  type: "json",
};
import kukuFile from "../../worker/tools/local/cases/ua-126-19.json" with {
  type: "json",
};
import { profile } from "../support/profile.ts";
import { ua12619 } from "./cases.ts";
import { leavesOf, valueAt, without } from "./facts.ts";

/**
 * Returns the path of each issue that the schema finds, or else the profile.
 */
function faults(input: unknown): string[] {
  const result = v.safeParse(Case, input);
  return result.success
    ? profileFaults(result.output, profile).map(
        ({ path }) => `/${path.join("/")}`,
      )
    : result.issues.map(
        (issue) =>
          `/${(issue.path ?? []).map(({ key }) => String(key)).join("/")}`,
      );
}

describe("The schema of a case", () => {
  it("accepts both cases of the project, and changes nothing in what it accepts: publishing what was read is no change", () => {
    expect([...faults(kukuFile), ...faults(demoFile)]).toEqual([]);
    expect(v.parse(Case, ua12619)).toEqual(ua12619);
  });

  const wrong: [string, unknown][] = [
    ["/id", "UA 126/19"],
    ["/id", "ua-127-19"],
    ["/number/series", "UAA"],
    ["/number/number", 1.5],
    ["/title", {}],
    ["/title/EN", "a tag in capitals"],
    ["/title/en", ""],
    ["/title/en", "   "],
    ["/title/en", "an override \u202e turns this round"],
    ["/title/en", "an isolate \u2067 too"],
    ["/title/en", "a bell \u0007"],
    ["/title/en", "two\u2028lines"],
    ["/title/en", "a hidden tag \u{e0041}"],
    ["/title/en", "\u200b"],
    ["/title/en", "\u00ad \u2060"],
    ["/people/0/names/0/value", "\u3164"],
    ["/people/0/names/0/value", "\u2800\u2800"],
    ["/people/0/names/0/value", "\u200d\u034f"],
    ["/documents/1/href", "https://www.amnesty.org/\u202ecod.exe"],
    ["/documents/1/href", "https://www.amnesty.org/\u2028"],
    ["/documents/1/href", "https://www.amnesty.org/\u{e0041}"],
    ["/documents/1/href", "https://www.amnesty.org/a\u200bb"],
    ["/title/en", "x".repeat(4001)],
    ["/title/en", 3],
    ["/places/0/iso3166", "Crimea"],
    ["/authorities/0", "Russia"],
    ["/people/0/id", "Emir Usein"],
    ["/people/0/names/0/form", "nickname"],
    ["/people/0/names/0/value", "Emir\u202eUsein"],
    ["/people/0/pronouns", "it"],
    ["/people/0/ethnicity", "no such field"],
    ["/people/0/religion", "no such field"],
    ["/people/0/custody/value", "free"],
    ["/people/0/custody", "imprisoned"],
    ["/people/0/custody/source", "no such document"],
    ["/people/0/proceedings/0/value", "guilty"],
    ["/people/0/designations/0/value", "activist"],
    ["/people/0/sentence/value/duration", "12 years"],
    ["/people/0/sentence/value/duration", "P"],
    ["/people/0/sentence/value/imposedOn/date", "November 2019"],
    ["/events/0/date/date", "2019-02-30"],
    ["/asOf/inferred/0", "century"],
    ["/events/0/kind", "miracle"],
    ["/documents/1/href", "http://www.amnesty.org/"],
    ["/documents/1/href", "javascript:alert(1)"],
    ["/documents/1/reference", "EUR46/2507/2020"],
    ["/action/state", "open"],
    ["/action/until", "2020-06"],
    ["/action/until", "2021-02-29"],
    ["/quotations/0/excerpt", "We are content."],
    ["/asOf/date", "yesterday"],
    ["/asOf", "2020-06-25"],
    ["/rights/href", "creativecommons.org"],
    ["/verdict", "no such field"],
  ];
  it.each(wrong)(
    "names %s in its issue when the value is %j",
    (pointer, value) => {
      const found = faults(without(kukuFile, pointer, value));
      // Issues of dependent values (an id on its number, a source on its
      // document) may follow. The value's own issue comes first.
      expect(found[0]?.startsWith(pointer), String(found[0])).toBe(true);
    },
  );

  it.each([
    ...[
      "/id",
      "/issuer",
      "/title",
      "/asOf",
      "/rights",
      "/action",
      "/documents",
      "/people/2/names",
    ],
    ...[
      "/people/0/pronouns",
      "/people/0/custody/source",
      "/people/0/custody/statedBy",
      "/people/0/custody/asOf",
    ],
    ...["/quotations/0/speaker", "/assessments/0/by"],
  ])("names %s in its issue when it is missing", (pointer) =>
    expect(faults(without(kukuFile, pointer))).toEqual([pointer]),
  );

  it("may have no documents, and then no entry has a source", () => {
    const sources = leavesOf(kukuFile).filter((pointer) =>
      pointer.endsWith("/source"),
    );
    const bare = sources.reduce(
      (fields, pointer) => without(fields, pointer),
      without(kukuFile, "/documents", []),
    );
    expect(faults(bare)).toEqual([]);
    expect(faults(without(bare, "/events/0/source", "outcome"))).toEqual([
      "/events/0/source",
    ]);
  });

  it("requires a source wherever a case has one", () => {
    const sources = leavesOf(kukuFile).filter(
      (pointer) =>
        pointer.endsWith("/source") && !pointer.startsWith("/action"),
    );
    expect(sources.length).toBeGreaterThan(50);
    for (const pointer of sources)
      expect(faults(without(kukuFile, pointer)), pointer).toEqual([pointer]);
  });

  it("requires exactly one preferred name", () => {
    expect(
      faults(without(kukuFile, "/people/1/names/1/form", "preferred")),
    ).toEqual(["/people/1/names"]);
    expect(
      faults(without(kukuFile, "/people/1/names/0/form", "variant")),
    ).toEqual(["/people/1/names"]);
  });

  it("requires every text in the case's own language, and of a translation its words and a digest", () => {
    expect(faults(without(kukuFile, "/events/0/text/en"))).toEqual([
      "/events/0/text/en",
    ]);
    expect(faults(without(kukuFile, "/title/fr", "un titre"))).toEqual([]);
    expect(faults(without(kukuFile, "/title/fr", { reviewed: true }))).toEqual([
      "/title/fr",
    ]);
    expect(
      faults(
        without(kukuFile, "/title/fr", { text: "un titre", of: "the title" }),
      ),
    ).toEqual(["/title/fr/of"]);
  });

  it("requires a request while an action is active, and reserves number 0 for invented cases", () => {
    expect(faults(without(kukuFile, "/action/state", "active"))).toEqual([
      "/action/request",
    ]);
    expect(faults(without(demoFile, "/demo", false))).toEqual(["/demo"]);
  });

  it("requires a subject and an id of its own for each of several proceedings", () => {
    const [one] = demoFile.people[0]!.proceedings;
    const named = (id: string) => ({
      ...one,
      id,
      subject: { en: `the case ${id}` },
    });
    const given = (...proceedings: object[]) =>
      faults(without(demoFile, "/people/0/proceedings", proceedings));
    expect(given()).toEqual([]);
    expect(given(named("one"), named("two"))).toEqual([]);
    expect(given(named("one"), { ...one, id: "two" })).toEqual([
      "/people/0/proceedings/1/subject",
    ]);
    expect(given(named("one"), named("one"))).toEqual([
      "/people/0/proceedings",
    ]);
    expect(given({ ...one, id: "No. 1" })).toEqual([
      "/people/0/proceedings/0/id",
    ]);
  });

  it("accepts earlier terms with their source, and links to the same case elsewhere", () => {
    const earlier = (term: object) =>
      faults(without(demoFile, "/people/0/sentence/value/earlier", [term]));
    expect(
      earlier({
        duration: "P14Y",
        changedOn: { date: "2026" },
        source: "demo-2",
      }),
    ).toEqual([]);
    expect(earlier({ duration: "P14Y" })).toEqual([
      "/people/0/sentence/value/earlier/0/source",
    ]);
    const linked = (href: string) =>
      faults(
        without(demoFile, "/links", [{ href, name: "Demo encyclopedia" }]),
      );
    expect(linked("https://example.org/demo")).toEqual([]);
    expect(linked("http://example.org/demo")).toEqual(["/links/0/href"]);
  });

  it("accepts an excerpt only in the speaker's words and order", () => {
    const excerpt = (text: string) =>
      faults(without(kukuFile, "/quotations/0/excerpt", text));
    expect(excerpt("Our hearts demand change!")).toEqual([]);
    expect(
      excerpt("I’d like to thank all the people […] We are awaiting change."),
    ).toEqual([]);
    expect(
      excerpt("We are awaiting change. […] I’d like to thank all the people"),
    ).toEqual(["/quotations/0/excerpt"]);
    expect(excerpt("We are awaiting change. Those who deprived us")).toEqual([
      "/quotations/0/excerpt",
    ]);
  });

  it("reports an issue for each value of the wrong type", () => {
    for (const pointer of leavesOf(kukuFile)) {
      const value =
        typeof valueAt(kukuFile, pointer) === "object" ? 1 : { wrong: true };
      expect(
        faults(without(kukuFile, pointer, value)).length,
        pointer,
      ).toBeGreaterThan(0);
    }
  });
});
