/**
 * Every field of a person that the schema declares as stated has an author, a
 * date and a source everywhere, without a list that names it.
 */
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Person } from "../../../shared/case/schema.ts";
import { isFields } from "../../../shared/fields.ts";
import { codesOf } from "../../../shared/profile/codes.ts";
import { profileFaults } from "../../../shared/profile/faults.ts";
import { viewPeople } from "../../../shared/view/person.ts";
import { shapeAt } from "../../../worker/desk/form/shape.ts";
import { parsePublication } from "../../../worker/editing/rules/publication.ts";
import { withAuthor } from "../../../worker/editing/rules/statements.ts";
import { statusChanges } from "../../../worker/editing/rules/status-change.ts";
import { inventedCase } from "../../support/invented.ts";
import { profile } from "../../support/profile.ts";

const said = {
  asOf: { date: "2001-02-03" },
  statedBy: "Invented Court",
  source: "first",
};
/**
 * One of them is a value of every stated field. A field of another kind adds
 * its own.
 */
const values = [
  "released",
  "charged",
  "human-rights-defender",
  { en: "Invented words." },
  { duration: "P1Y" },
];

/**
 * What the schema accepts: the field with a status of each kind, alone, in a
 * list, or in a list of entries with ids.
 */
const accepted = Object.entries(Person.entries).flatMap(([field, schema]) => {
  const fits = (value: unknown) => v.safeParse(schema, value).success;
  const needsAuthor = ({
    statedBy: _,
    ...status
  }: {
    statedBy: string;
    value: unknown;
  }) => !fits(status) && !fits([status]) && !fits([{ id: "one", ...status }]);
  const found = values
    .map((value) => ({ ...said, value }))
    .filter(needsAuthor)
    .flatMap((status) => [status, [status], [{ id: "one", ...status }]])
    .find(fits);
  if (!found) return [];
  const isList = Array.isArray(found);
  return [
    {
      field,
      value: found,
      isList,
      at: `/case/people/0/${field}${isList ? "/0" : ""}`,
    },
  ];
});

/** The person without statuses, and with this one. */
const [bare] = inventedCase(905).people.map(({ id, names, pronouns }) => ({
  id,
  names,
  pronouns,
}));
const caseWith = (more: object) =>
  inventedCase(905, { people: [{ ...bare, ...more } as never] });

const statusOf = ({ value }: (typeof accepted)[number]) =>
  [value].flat()[0]?.value as unknown;
const isText = (value: unknown) => isFields(value) && "en" in value;

const without = (status: object, member: string) =>
  JSON.parse(
    JSON.stringify(status, (key, value) =>
      key === member ? undefined : value,
    ),
  ) as object;

it("finds the stated fields of the schema", () => {
  const stated = Object.entries(Person.entries).filter(([, schema]) => {
    const issues = [{}, [{}]].flatMap(
      (empty) => v.safeParse(schema, empty).issues ?? [],
    );
    return issues.some(({ path }) => path?.at(-1)?.key === "statedBy");
  });
  expect(accepted.map(({ field }) => field)).toEqual(
    stated.map(([field]) => field),
  );
});

describe.each(accepted)("A stated $field", ({ field, value, isList, at }) => {
  it("gets the author of a new case", () => {
    expect(
      withAuthor(
        [{ [field]: without(value, "statedBy") }],
        undefined,
        said.statedBy,
      ),
    ).toMatchObject([
      {
        [field]: isList
          ? [{ statedBy: said.statedBy }]
          : { statedBy: said.statedBy },
      },
    ]);
  });

  it("is a line for readers, and counts for the date and the author that stand above the people", () => {
    const { label, list } = viewPeople(
      caseWith({ [field]: value }),
      "en",
      0,
      profile,
    );
    expect(list[0]?.lines).toHaveLength(1);
    expect(label).toContain(`3\u00a0February 2001`);
  });

  it("is asked for its date and its source", () => {
    const faults = (member: string) => {
      const people = [{ ...bare, [field]: without(value, member) }];
      const parsed = parsePublication(
        {
          case: { ...caseWith({}), people },
          note: { en: "Note" },
          kind: "update",
        },
        0,
        profile,
      );
      return "issues" in parsed
        ? parsed.issues.map(({ pointer }) => pointer)
        : [];
    };
    expect(faults("asOf")).toEqual([`${at}/asOf`]);
    expect(faults("source")).toContain(`${at}/source`);
    expect(faults("none")).not.toContain(`${at}/source`);
  });
});

it.each(accepted.filter((one) => !isText(statusOf(one))))(
  "A stated $field can change",
  ({ field, value }) => {
    const draft = {
      case: caseWith({ [field]: value }) as never,
      base: { case: caseWith({}) },
    };
    expect(statusChanges(draft)).toMatchObject([
      { field, after: [value].flat()[0] },
    ]);
  },
);

it.each(accepted.filter((one) => typeof statusOf(one) === "string"))(
  "The codes of $field are those of the profile's list of that name",
  ({ field, value, at }) => {
    const unknown = JSON.parse(JSON.stringify(value), (key, child) =>
      key === "value" ? "no-such-code" : child,
    );
    const [fault] = profileFaults(caseWith({ [field]: unknown }), profile);
    expect(`/case/${fault?.path.join("/")}`).toBe(`${at}/value`);
    for (const code of codesOf(field as never, profile))
      expect(fault?.message).toContain(code);
    expect(JSON.stringify(shapeAt(["people"]))).toContain(
      `{"kind":"code","list":"${field}"`,
    );
  },
);
