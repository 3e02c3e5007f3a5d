/** The editors' list of cases. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { Case } from "../../../../shared/case/schema.ts";
import { withSources } from "../../../../shared/case/text.ts";
import { Journal } from "../../../../worker/objects/ledger/journal.ts";
import type { Ledger } from "../../../../worker/objects/ledger/ledger.ts";
import { inventedCase } from "../../../invented.ts";
import { profile } from "../../../profile.ts";

const START = Date.parse("2026-01-01T00:00:00Z");

/** Runs a test on a journal with its own storage and clock. */
const withJournal = (
  name: string,
  test: (journal: () => Journal, storage: DurableObjectStorage, clock: { now: number }) => void,
) =>
  runInDurableObject<Ledger, void>(env.LEDGER.getByName(name), async (_, { storage }) => {
    await storage.deleteAll();
    const clock = { now: START };
    test(() => new Journal(storage, 5_000, () => clock.now, profile), storage, clock);
  });

function publish(journal: Journal, fields: Case, liveAt?: number): void {
  const basedOn = journal.desk.record(fields.id)?.revision.number ?? 0;
  const command = {
    id: fields.id,
    case: fields,
    note: { en: "Note" },
    kind: "update",
    notify: "none",
    editor: "anna",
  } as const;
  const outcome = journal.publish({ ...command, basedOn, ...(liveAt === undefined ? {} : { liveAt }) });
  if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
}

/** The case with a title whose Ukrainian translation renders an earlier one. */
const withOutdatedTitle = (fields: Case): Case => {
  const title = { en: "A title", uk: { text: "Назва", of: "0123456789abcdef", reviewed: true } };
  return withSources({ ...fields, title });
};

it("says of each case what its editors filter by", () =>
  withJournal("desk-list", (open, _, clock) => {
    const journal = open();
    const fields = inventedCase(1);
    publish(journal, withOutdatedTitle(fields));
    expect(journal.desk.cases()).toMatchObject([{ state: "unpublished", live: null, liveAt: null }]);
    clock.now += 8_000;
    publish(journal, fields, clock.now + 86_400_000);
    expect(journal.desk.cases()).toMatchObject([
      {
        ...{ id: "ua-1-00", number: "UA 1/00", state: "present", newest: 2, live: 1, waiting: 0 },
        liveAt: expect.stringMatching(/^2026-01-01T00:00:0/),
        pending: [{ number: 2, kind: "update", editor: "anna", liveAt: "2026-01-02T00:00:08.000Z" }],
        ...{ action: fields.action.state, until: fields.action.until ?? null, asOf: fields.asOf.date, outdated: 0 },
        spellings: expect.arrayContaining([fields.people[0]!.names[0]!.value]),
      },
    ]);
    journal.undo("ua-1-00", 2, "anna");
    expect(journal.desk.cases()).toMatchObject([{ newest: 1, pending: [], outdated: 1 }]);
    journal.withdraw("ua-1-00", "consent", "anna");
    expect(journal.desk.cases()).toMatchObject([{ state: "present", title: { en: "A title" } }]);
    clock.now += 8_000;
    expect(journal.desk.cases()).toMatchObject([
      { state: "withdrawn", newest: 3, live: 3, title: null, asOf: null, action: null, outdated: 0, spellings: [] },
    ]);
  }));

it("counts outdated texts of summaries that were stored without them", () =>
  withJournal("desk-list-old", (open, storage, clock) => {
    publish(open(), withOutdatedTitle(inventedCase(1)));
    clock.now += 8_000;
    storage.sql.exec("UPDATE revisions SET summary = json_remove(summary, '$.outdated')");
    expect(open().desk.cases()).toMatchObject([{ outdated: 0 }]);
    storage.sql.exec("UPDATE derived SET content_version = 0");
    expect(open().desk.cases()).toMatchObject([{ outdated: 1 }]);
  }));

it("of 300 cases reads no content", () =>
  withJournal("desk-list-long", (open, storage, clock) => {
    const journal = open();
    for (let number = 1; number <= 300; number++) publish(journal, inventedCase(number));
    clock.now += 8_000;
    // A read of any content would log it as damaged.
    storage.sql.exec("UPDATE revisions SET content = 'not JSON'");
    const cases = journal.desk.cases();
    expect(cases).toHaveLength(300);
    expect(cases.every(({ title }) => title !== null)).toBe(true);
    expect(cases.map(({ id }) => id)).toEqual(Array.from({ length: 300 }, (_, index) => `ua-${300 - index}-00`));
  }));
