/** A redaction may only remove: here, entries of the lists inside a person. */
import { describe, expect, it } from "vitest";
import type { Case } from "../../shared/case/schema.ts";
import { additionsIn, withClaims, withoutRemovedNames } from "../../worker/editorial/redaction.ts";
import { inventedCase } from "../invented.ts";

const proceeding = (id: string, value: string) => ({ id, value, statedBy: "Invented Issuer", source: "first" });
const earlier = (duration: string) => ({ duration, source: "first" });
const before = {
  proceedings: [proceeding("one", "charged"), proceeding("two", "convicted")],
  sentence: { value: { duration: "P5Y", earlier: [earlier("P9Y"), earlier("P7Y")] } },
};

describe("A redaction of a person", () => {
  it("may remove proceedings and earlier terms", () => {
    const after = {
      proceedings: [before.proceedings[1]],
      sentence: { value: { duration: "P5Y", earlier: [earlier("P7Y")] } },
    };
    expect(additionsIn(before, after)).toEqual([]);
    expect(additionsIn(before, { sentence: { value: { duration: "P5Y" } } })).toEqual([]);
  });

  it("may neither change nor add one", () => {
    const after = {
      proceedings: [proceeding("one", "dropped")],
      sentence: { value: { duration: "P5Y", earlier: [...before.sentence.value.earlier, earlier("P1Y")] } },
    };
    expect(additionsIn(before, after)).toEqual(["/proceedings/0", "/sentence/value/earlier/2"]);
  });
});

describe("A redaction of a name", () => {
  const [one] = inventedCase(1).people;
  const named = (id: string, ...names: string[]): Case["people"][number] => ({
    ...one!,
    id,
    names: names.map((value, index) => ({
      value,
      lang: "en",
      form: index === 0 ? ("preferred" as const) : ("variant" as const),
      source: "first",
    })),
  });
  const redacted = (before: Case["people"], after: Case["people"]) =>
    withoutRemovedNames(inventedCase(1, { people: after }), [inventedCase(1, { people: before })]).people.map(
      ({ id }) => id,
    );
  const whole = [named("sean-o-brien", "Sean O’Brien", "Shaun"), named("maria-demo", "Maria Demo"), named("p1", "P")];

  it("takes it out of the person's id too, and out of no other", () => {
    const [sean, maria, p] = whole as [Case["people"][number], Case["people"][number], Case["people"][number]];
    expect(redacted(whole, [{ ...sean, names: named("", "[…]").names }, maria, p])).toEqual([
      "person",
      "maria-demo",
      "p1",
    ]);
    expect(redacted(whole, [named("sean-o-brien", "Sean […]"), maria])).toEqual(["person", "maria-demo"]);
    expect(redacted(whole, [named("sean-o-brien", "Sean O’Brien"), named("maria-demo", "[…]"), p])).toEqual([
      "sean-o-brien",
      "person",
      "p1",
    ]);
    const long = `${"x".repeat(56)}-abc`;
    expect(redacted([named(long, `${"x".repeat(56)} Abcdef`)], [named(long, `${"x".repeat(56)} […]`)])).toEqual([
      "person",
    ]);
  });

  it("may be sent with the id that it then has", () => {
    const before = inventedCase(1, { people: whole });
    const after = inventedCase(1, { people: [named("person", "[…]")] });
    expect(additionsIn(withClaims(before), withClaims(after))).toEqual([]);
    const other = inventedCase(1, { people: [named("someone-else", "[…]")] });
    expect(additionsIn(withClaims(before), withClaims(other))).toEqual(["/people/0"]);
  });
});
