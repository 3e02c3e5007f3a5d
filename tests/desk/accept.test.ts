/** A status that an editor accepts from a sentence of the document. */
import { describe, expect, it } from "vitest";
import { accepted } from "../../worker/desk/form/accept.ts";
import { withValue } from "../../worker/desk/form/path.ts";

describe("An accepted status", () => {
  const statement = { asOf: { date: "2020-06-25" }, statedBy: "Invented Court", source: "update" };
  const fields = { people: [{ id: "demo-alfa" }, { id: "demo-bravo" }] };
  it.each([
    [{ field: "custody", value: "imprisoned" }, "custody", { value: "imprisoned", ...statement }],
    [{ field: "proceedings", value: "convicted" }, "proceedings", { value: "convicted", ...statement }],
    [{ field: "sentence", value: "P12Y" }, "sentence", { value: { duration: "P12Y" }, ...statement }],
    [
      { field: "designation", value: "prisoner-of-conscience" },
      "designations",
      [{ value: "prisoner-of-conscience", ...statement }],
    ],
  ] as const)(
    "%o goes into its field, with the date, author and source that the editor gave",
    (proposal, name, value) => {
      const [path, next] = accepted(fields, 1, proposal, statement);
      expect(withValue(fields, path, next)).toEqual({
        people: [{ id: "demo-alfa" }, { id: "demo-bravo", [name]: value }],
      });
    },
  );

  it("replaces the same designation, and keeps the others", () => {
    const first = accepted(fields, 0, { field: "designation", value: "human-rights-defender" }, statement);
    const second = accepted(
      withValue(fields, ...first),
      0,
      { field: "designation", value: "prisoner-of-conscience" },
      { ...statement, statedBy: "Demo Group" },
    );
    expect(second[1]).toHaveLength(2);
    expect(
      accepted(withValue(fields, ...second), 0, { field: "designation", value: "human-rights-defender" }, statement)[1],
    ).toHaveLength(2);
  });
});
