/** The editors' list of cases. */

import { expect, it } from "vitest";
import type { Case } from "../../../../shared/case/schema.ts";
import { withSources } from "../../../../shared/case/text.ts";
import { inventedCase } from "../../../invented.ts";
import { A, withNewsroom } from "./newsroom.ts";

/** The case with a title whose Ukrainian translation renders an earlier one. */
const withOutdatedTitle = (fields: Case): Case => {
  const title = { en: "A title", uk: { text: "Назва", of: "0123456789abcdef", reviewed: true } };
  return withSources({ ...fields, title });
};

it("says of each case what its editors filter by", () =>
  withNewsroom((room) => {
    const fields = inventedCase(1);
    room.publish(A, { case: withOutdatedTitle(fields) });
    expect(room.journal.desk.cases()).toMatchObject([{ state: "unpublished", live: null, liveAt: null }]);
    room.clock += 8_000;
    room.publish(A, { case: fields, liveAt: room.clock + 86_400_000 });
    expect(room.journal.desk.cases()).toMatchObject([
      {
        ...{ id: "ua-1-00", number: "UA 1/00", state: "present", newest: 2, live: 1, waiting: 0 },
        liveAt: expect.stringMatching(/^2026-01-01T00:00:0/),
        pending: [{ number: 2, kind: "update", editor: "tester", liveAt: "2026-01-02T00:00:08.000Z" }],
        ...{ action: fields.action.state, until: fields.action.until ?? null, asOf: fields.asOf.date, outdated: 0 },
        spellings: expect.arrayContaining([fields.people[0]!.names[0]!.value]),
      },
    ]);
    room.journal.undo("ua-1-00", 2, "anna");
    expect(room.journal.desk.cases()).toMatchObject([{ newest: 1, pending: [], outdated: 1 }]);
    room.journal.withdraw("ua-1-00", "consent", "anna");
    expect(room.journal.desk.cases()).toMatchObject([{ state: "present", title: { en: "A title" } }]);
    room.clock += 8_000;
    expect(room.journal.desk.cases()).toMatchObject([
      { state: "withdrawn", newest: 3, live: 3, title: null, asOf: null, action: null, outdated: 0, spellings: [] },
    ]);
  }));

it("counts outdated texts of summaries that were stored without them", () =>
  withNewsroom((room) => {
    room.publish(A, { case: withOutdatedTitle(inventedCase(1)) });
    room.clock += 8_000;
    room.sql("UPDATE revisions SET summary = json_remove(summary, '$.outdated')");
    room.restart();
    expect(room.journal.desk.cases()).toMatchObject([{ outdated: 0 }]);
    room.sql("UPDATE derived SET content_version = 0");
    room.restart();
    expect(room.journal.desk.cases()).toMatchObject([{ outdated: 1 }]);
  }));

it("of 300 cases reads no content", () =>
  withNewsroom((room) => {
    for (let number = 1; number <= 300; number++) room.publish(`ua-${number}-00`);
    room.clock += 8_000;
    // A read of any content would log it as damaged.
    room.sql("UPDATE revisions SET content = 'not JSON'");
    const cases = room.journal.desk.cases();
    expect(cases).toHaveLength(300);
    expect(cases.every(({ title }) => title !== null)).toBe(true);
    expect(cases.map(({ id }) => id)).toEqual(Array.from({ length: 300 }, (_, index) => `ua-${300 - index}-00`));
  }));
