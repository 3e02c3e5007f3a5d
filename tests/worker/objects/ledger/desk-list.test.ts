/** The editors' list of cases. */

import { expect } from "vitest";
import type { Case } from "../../../../shared/case/schema.ts";
import { withSources } from "../../../../shared/case/text.ts";
import { inventedCase } from "../../../support/invented.ts";
import { A, it } from "./newsroom.ts";

/** The case with a title whose Ukrainian translation renders an earlier one. */
const withOutdatedTitle = (fields: Case): Case => {
  const title = {
    en: "A title",
    uk: { text: "Назва", of: "0123456789abcdef", reviewed: true },
  };
  return withSources({ ...fields, title });
};

it("says of each case what its editors filter by, as readers see it", (room) => {
  const fields = inventedCase(1);
  room.goLive(A, { case: withOutdatedTitle(fields) });
  const people = [
    { name: "Invented Person One", custody: "pre-trial-detention" },
  ];
  const shown = { live: 1, title: { en: "A title" }, people, outdated: 1 };
  const [person] = fields.people;
  const other = {
    ...person,
    custody: { ...person!.custody, value: "released" },
  } as (typeof fields.people)[number];
  room.publish(A, {
    case: { ...fields, people: [other] },
    liveAt: room.clock + 86_400_000,
  });
  expect(room.journal.desk.cases()).toMatchObject([
    { state: "present", newest: 2, ...shown },
  ]);
  room.journal.undo(A, 2, "anna");
  expect(room.journal.desk.cases()).toMatchObject([
    { newest: 1, pending: [], ...shown },
  ]);
  room.journal.withdraw(A, "consent", "anna");
  expect(room.journal.desk.cases()).toMatchObject([
    { state: "present", title: { en: "A title" } },
  ]);
  room.pass();
  expect(room.journal.desk.cases()).toMatchObject([
    {
      state: "withdrawn",
      newest: 3,
      live: 3,
      title: null,
      asOf: null,
      action: null,
      outdated: 0,
      spellings: [],
    },
  ]);
});

it("of a hundred cases reads no content", (room) => {
  for (let number = 1; number <= 100; number++) room.publish(`ua-${number}-00`);
  room.clock += 8_000;
  // A read of any content would log it as damaged.
  room.sql("UPDATE revisions SET content = 'not JSON'");
  const cases = room.journal.desk.cases();
  expect(cases).toHaveLength(100);
  expect(cases.every(({ title }) => title !== null)).toBe(true);
  expect(cases.map(({ id }) => id)).toEqual(
    Array.from({ length: 100 }, (_, index) => `ua-${100 - index}-00`),
  );
});
