/** A redaction removes whole fields, or replaces a name by a mark. It changes no other word. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Case } from "../../../shared/case/schema.ts";
import { withoutRemovedNames } from "../../../worker/editing/rules/erasure.ts";
import { nameFinder, withMarks } from "../../../worker/editing/rules/name-forms.ts";
import {
  additionsIn,
  noRedacts,
  redactionIssues,
  remainingMentions,
  withClaims,
} from "../../../worker/editing/rules/redaction.ts";
import { inventedCase, inventedPerson, spelled } from "../../invented.ts";
import { scaled } from "../../scaled.ts";

const proceeding = (id: string, value: string) => ({ id, value, statedBy: "Invented Issuer", source: "first" });
const earlier = (duration: string) => ({ duration, source: "first" });
const before = {
  proceedings: [proceeding("one", "charged"), proceeding("two", "convicted")],
  sentence: { value: { duration: "P5Y", earlier: [earlier("P9Y"), earlier("P7Y")] } },
};
const nobody = nameFinder([]);

describe("A redaction of a person", () => {
  it("may remove proceedings and earlier terms", () => {
    const after = {
      proceedings: [before.proceedings[1]],
      sentence: { value: { duration: "P5Y", earlier: [earlier("P7Y")] } },
    };
    expect(additionsIn(before, after, nobody)).toEqual([]);
    expect(additionsIn(before, { sentence: { value: { duration: "P5Y" } } }, nobody)).toEqual([]);
  });

  it("may neither change nor add one", () => {
    const after = {
      proceedings: [proceeding("one", "dropped")],
      sentence: { value: { duration: "P5Y", earlier: [...before.sentence.value.earlier, earlier("P1Y")] } },
    };
    expect(additionsIn(before, after, nobody)).toEqual(["/proceedings/0", "/sentence/value/earlier/2"]);
  });

  it("may give a neutral id in place of one that holds the name, and no other id", () => {
    const finder = nameFinder(["Demo Alfaiev"]);
    expect(additionsIn({ id: "demo-alfaiev" }, { id: "person-1" }, finder)).toEqual([]);
    expect(additionsIn({ id: "demo-alfaiev" }, { id: "somebody-else" }, finder)).toEqual(["/id"]);
    expect(additionsIn({ id: "first" }, { id: "document-1" }, finder)).toEqual(["/id"]);
  });
});

const NAME = "Demo Alfaiev";
const summary = "Demo Alfaiev was not convicted. Neighbours of D. Alfaiev say that Rosa Demchuk was with him.";
const told = inventedCase(7, {
  summary: { en: summary },
  people: [inventedPerson(NAME, { pronouns: "he/him" })],
  events: [],
});
const without = (changes: Record<string, unknown>): Case =>
  ({
    ...told,
    people: [],
    summary: { en: "[…] was not convicted. Neighbours of […] say that Rosa Demchuk was with him." },
    ...changes,
  }) as Case;
const naming = (...names: string[]) => ({ ...noRedacts, names });

describe("A redaction by name", () => {
  it("may replace every form of a removed person's name", () => {
    expect(redactionIssues(told, without({}), noRedacts)).toEqual([]);
    expect(remainingMentions(told, without({}), noRedacts)).toEqual([]);
  });

  it("may not take out a “not”, however it is called", () => {
    for (const text of [
      "[…] was convicted. Neighbours of […] say that Rosa Demchuk was with him.",
      "[…] was […] convicted. Neighbours of […] say that Rosa Demchuk was with him.",
      "[…] convicted. Neighbours of […] say that Rosa Demchuk was with him.",
      "[…] was not convicted.",
    ])
      for (const words of [[], ["not"], ["Not"], ["was not"], ["was"], ["Neighbours"]])
        expect(redactionIssues(told, without({ summary: { en: text } }), naming(...words)), text).not.toEqual([]);
  });

  it("may mark a person who has no entry, when the case writes the words as a name", () => {
    const text = "[…] was not convicted. Neighbours of […] say that […] was with him.";
    expect(redactionIssues(told, without({ summary: { en: text } }), naming("Rosa Demchuk"))).toEqual([]);
    expect(redactionIssues(told, without({ summary: { en: text } }), noRedacts)).toHaveLength(1);
  });

  it("is refused while a form remains, unless the editor confirmed that it is another word", () => {
    const letter = {
      ...told.action,
      letter: { en: "Free Mr Alfaiev!", uk: { text: "Звільніть Алфаєва!", of: "", reviewed: false } },
    };
    const remaining = remainingMentions(told, without({ action: letter }), noRedacts);
    expect(remaining.map(({ pointer, word }) => [pointer, word])).toEqual([
      ["/case/action/letter/en", "Alfaiev"],
      ["/case/action/letter/uk/text", "Алфаєва"],
    ]);
    const alike = remaining.slice(0, 1).map(({ pointer, word }) => ({ pointer, word }));
    expect(remainingMentions(told, without({ action: letter }), { names: [], alike })).toHaveLength(1);
  });

  it("is refused when it changes any other word", () => {
    const finder = nameFinder([NAME]);
    const words = fc.array(fc.constantFrom("Demo", "Alfaiev", "was", "not", "heard", "Алфаєвим", "since", "May"), {
      minLength: 1,
      maxLength: 12,
    });
    const others = ["was", "not", "heard", "since", "May"];
    fc.assert(
      fc.property(words, fc.nat(), fc.constantFrom("", "never", "[…]", "not not"), (list, at, other) => {
        const text = list.join(" ");
        expect(additionsIn(text, withMarks(text, finder.formsIn(text)), finder)).toEqual([]);
        const place = at % list.length;
        fc.pre(others.includes(list[place] as string));
        const changed = (list as string[]).with(place, other).join(" ").trim();
        const marked = withMarks(changed, finder.formsIn(changed));
        fc.pre(changed !== text);
        expect(additionsIn(text, marked, finder)).toEqual([""]);
        expect(additionsIn(text, changed, finder)).toEqual([""]);
      }),
      { numRuns: scaled(100) },
    );
  });
});

describe("A redaction of a name", () => {
  const [one] = inventedCase(1).people;
  const named = (id: string, ...names: string[]) => ({ ...one!, id, names: spelled(...names) });
  const redacted = (before: Case["people"], after: Case["people"]) =>
    withoutRemovedNames(inventedCase(1, { people: after }), [inventedCase(1, { people: before })]).people.map(
      ({ id }) => id,
    );
  const whole = [named("sean-o-brien", "Sean O’Brien", "Shaun"), named("maria-demo", "Maria Demo"), named("p1", "P")];

  it("takes it out of the person's id too, and out of no other", () => {
    const [sean, maria, p] = whole as [Case["people"][number], Case["people"][number], Case["people"][number]];
    for (const [after, ids] of [
      [[{ ...sean, names: named("", "[…]").names }, maria, p], "person maria-demo p1"],
      [[named("sean-o-brien", "Sean […]"), maria], "person maria-demo"],
      [[named("sean-o-brien", "Sean O’Brien"), named("maria-demo", "[…]"), p], "sean-o-brien person p1"],
    ] as const)
      expect(redacted(whole, [...after]).join(" ")).toBe(ids);
    const long = "x".repeat(56);
    const ofLong = (name: string) => [named(`${long}-abc`, `${long} ${name}`)];
    expect(redacted(ofLong("Abcdef"), ofLong("[…]"))).toEqual(["person"]);
  });

  it("may be sent with the id that it then has", () => {
    const before = inventedCase(1, { people: whole });
    const after = inventedCase(1, { people: [named("person", "[…]")] });
    const finder = nameFinder(["Sean O’Brien", "Shaun", "Maria Demo", "P"]);
    expect(additionsIn(withClaims(before), withClaims(after), finder)).toEqual([]);
    const other = inventedCase(1, { people: [named("someone-else", "[…]")] });
    expect(additionsIn(withClaims(before), withClaims(other), finder)).toEqual(["/people/0"]);
  });
});
