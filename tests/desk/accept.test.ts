/** A status that an editor accepts from a sentence of the document. */
import { describe, expect, it } from "vitest";
import { accepted } from "../../worker/desk/form/accept.ts";
import { withValue } from "../../worker/desk/form/path.ts";

describe("An accepted status", () => {
  const statement = { asOf: { date: "2020-06-25" }, statedBy: "Invented Court", source: "update" };
  const DEFENDER = "human-rights-defender";
  const fields = { people: [{ id: "demo-alfa" }, { id: "demo-bravo" }] };
  it.each([
    [{ field: "custody", value: "imprisoned" }, "custody", { value: "imprisoned", ...statement }],
    [{ field: "proceedings", value: "convicted" }, "proceedings", [{ value: "convicted", ...statement }]],
    [{ field: "sentence", value: "P12Y" }, "sentence", { value: { duration: "P12Y" }, ...statement }],
    [{ field: "designation", value: DEFENDER }, "designations", [{ value: DEFENDER, ...statement }]],
  ] as const)(
    "%o goes into its field, with the date, author and source that the editor gave",
    (proposal, name, value) => {
      const [path, next] = accepted(fields, 1, proposal, statement);
      expect(withValue(fields, path, next)).toEqual({
        people: [{ id: "demo-alfa" }, { id: "demo-bravo", [name]: value }],
      });
    },
  );

  it("adds a proceeding, or replaces the chosen one and keeps its id and subject", () => {
    const tax = { id: "tax", value: "on-trial", subject: { en: "the tax case" }, ...statement };
    const known = { people: [{ id: "demo-alfa", proceedings: [tax] }] };
    const later = { ...statement, asOf: { date: "2021-03" }, source: "outcome" };
    const proposal = { field: "proceedings", value: "convicted" } as const;
    expect(withValue(known, ...accepted(known, 0, proposal, later)).people[0]?.proceedings).toEqual([
      tax,
      { value: "convicted", ...later },
    ]);
    expect(withValue(known, ...accepted(known, 0, proposal, later, 0)).people[0]?.proceedings).toEqual([
      { ...tax, value: "convicted", ...later },
    ]);
  });

  it("moves the term in force to the earlier ones, unless it is the same term", () => {
    const first = { value: { duration: "P12Y", imposedOn: { date: "2019-11-12" } }, ...statement };
    const known = { people: [{ id: "demo-alfa", sentence: first }] };
    const later = { ...statement, asOf: { date: "2021-03" }, source: "outcome" };
    expect(accepted(known, 0, { field: "sentence", value: "P9Y" }, later)[1]).toEqual({
      value: { duration: "P9Y", earlier: [{ ...first.value, source: "update" }] },
      ...later,
    });
    expect(accepted(known, 0, { field: "sentence", value: "P12Y" }, later)[1]).toEqual({ ...first, ...later });
  });

  it("replaces the same designation, and keeps the others", () => {
    let next = fields;
    for (const value of [DEFENDER, "prisoner-of-conscience", DEFENDER])
      next = withValue(next, ...accepted(next, 0, { field: "designation", value }, statement));
    expect(next.people[0]).toMatchObject({ designations: [{ value: "prisoner-of-conscience" }, { value: DEFENDER }] });
  });
});
