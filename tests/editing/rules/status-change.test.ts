/**
 * Changes of status in a draft: their dates, what must follow them, and the
 * authors whom a case quotes.
 */
import { describe, expect, it } from "vitest";
import {
  statementsBy,
  withAuthor,
} from "../../../worker/editing/rules/statements.ts";
import {
  earlierTerms,
  publishedStatus,
  type StatusDraft,
  statusChanges,
} from "../../../worker/editing/rules/status-change.ts";
import { inventedCase } from "../../support/invented.ts";

const said = { statedBy: "Invented Issuer", source: "first" };
const sentence = (duration: string, date: string) => ({
  value: { duration },
  asOf: { date },
  ...said,
});
const person = (more: object) => ({ ...inventedCase(904).people[0], ...more });
const base = inventedCase(904, {
  people: [person({ sentence: sentence("P4Y", "2000-01-02") })],
});
const draftOf = (more: object, changes: object = {}): StatusDraft => ({
  base: { case: base },
  case: {
    ...structuredClone(base),
    people: [{ ...base.people[0], ...more }],
    ...changes,
  } as never,
});
const released = (date: string) => ({
  custody: { value: "released", asOf: { date }, ...said },
});

describe("A changed status", () => {
  it("is found by person and field, and a new date alone is no change", () => {
    expect(statusChanges(draftOf({}))).toEqual([]);
    const { custody } = base.people[0] as never as { custody: object };
    expect(
      statusChanges(
        draftOf({ custody: { ...custody, asOf: { date: "2000-05-05" } } }),
      ),
    ).toEqual([]);
    expect(statusChanges(draftOf(released("2000-03-01")))).toMatchObject([
      {
        at: "people/invented-person-one/custody",
        name: "Invented Person One",
        path: ["people", 0, "custody"],
      },
    ]);
  });

  it("of a sentence offers the old term as an earlier one, once", () => {
    const draft = draftOf({ sentence: sentence("P2Y", "2000-06-01") });
    const [change] = statusChanges(draft);
    expect(change && earlierTerms(change)).toEqual([
      { duration: "P4Y", source: "first" },
    ]);
    const earlier = change && earlierTerms(change);
    const [kept] = statusChanges(
      draftOf({
        sentence: {
          ...sentence("P2Y", "2000-06-01"),
          value: { duration: "P2Y", earlier },
        },
      }),
    );
    expect(kept && earlierTerms(kept)).toEqual(earlier);
  });

  it("is told from the published one", () => {
    const draft = draftOf(released("2000-03-01"));
    expect(publishedStatus(draft.case, base, ["people", 0, "custody"])).toEqual(
      base.people[0]?.custody,
    );
    expect(
      publishedStatus(draft.case, null, ["people", 0, "custody"]),
    ).toBeUndefined();
  });
});

it("Every place that names an author is found, and one given author fills only the statuses without one", () => {
  expect(
    statementsBy(base, "Invented Issuer").map((path) => path.join("/")),
  ).toEqual(["people/0/custody/statedBy", "people/0/sentence/statedBy"]);
  const people = [
    {
      custody: { value: "released" },
      proceedings: [{ value: "charged", statedBy: "A court" }],
      names: [],
    },
  ];
  const named = withAuthor(people, undefined, "Invented Issuer");
  expect(named).toEqual([
    {
      ...people[0],
      custody: { value: "released", statedBy: "Invented Issuer" },
    },
  ]);
  expect(withAuthor(named, "Invented Issuer", "Another")).toMatchObject([
    {
      custody: { statedBy: "Another" },
      proceedings: [{ statedBy: "A court" }],
    },
  ]);
});
