/** A redaction may only remove: here, entries of the lists inside a person. */
import { describe, expect, it } from "vitest";
import { additionsIn } from "../../worker/editorial/redaction.ts";

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
