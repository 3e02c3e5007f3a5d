/**
 * The forms of a name that a redaction must find, in every script and case that
 * our languages write.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  joinedForms,
  nameFinder,
  nameMentionsIn,
  withMarks,
} from "../../../worker/editing/rules/name-forms.ts";
import { scaled } from "../../support/scaled.ts";

const found = (names: string[], text: string, others: string[] = []) => {
  const finder = nameFinder(names, others);
  return joinedForms(text, finder.formsIn(text)).map(({ from, to }) =>
    text.slice(from, to),
  );
};

describe("The finder of a name", () => {
  it("finds initials, alone and beside the surname", () => {
    const name = ["Demo Alfaiev"];
    const forms = ["D. Alfaiev", "Alfaiev D.", "D.A."];
    expect(
      found(
        name,
        `The court heard ${forms.join(", ")} again, and U.N. and E.U. observers`,
      ),
    ).toEqual(forms);
  });

  it("finds the name in ids, addresses and joined words", () => {
    const finder = nameFinder(["Demo Alfaiev"]);
    for (const [text, pointer] of [
      ["demo-alfaiev", "/id"],
      ["https://example.org/free-alfaiev", "/href"],
      ["https://example.org/%D0%90%D0%BB%D1%84%D0%B0%D1%94%D0%B2", "/href"],
      ["#FreeDemoAlfaiev", "/text"],
    ] as const)
      expect(
        nameMentionsIn({ [pointer.slice(1)]: text }, finder),
      ).toMatchObject([{ pointer }]);
  });

  it("leaves alone what only begins alike in lower case, and words that a person who stays has too", () => {
    expect(found(["Will Demo"], "They will demonstrate.")).toEqual([]);
    const brothers = [["Alim Demochenko"], ["Bekir Demochenko"]] as const;
    expect(
      found([...brothers[0]], "Bekir Demochenko spoke; B. Demochenko too", [
        ...brothers[1],
      ]),
    ).toEqual([]);
    expect(
      found([...brothers[0]], "Alim Demochenko and A. Demochenko", [
        ...brothers[1],
      ]),
    ).toEqual(["Alim", "A. Demochenko"]);
  });

  it("leaves no form in a text in which it set marks", () => {
    const others = ["was", "not", "heard", ",", "в"];
    const word = fc.constantFrom(
      "Demo",
      "Alfaiev",
      "D.",
      "Алфаєвим",
      "Алфаєву",
      "D.A.",
      "\n",
      ...others,
    );
    const finder = nameFinder(["Demo Alfaiev"]);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const text = words.join(" ");
        const marked = withMarks(text, finder.formsIn(text));
        expect(finder.formsIn(marked)).toEqual([]);
        const rest = (one: string) =>
          one.split(/\s+/).filter((part) => others.includes(part));
        expect(rest(marked)).toEqual(rest(text));
      }),
      { numRuns: scaled(100) },
    );
  });
});
