/** What a read or a publish costs with a long history, and a short answer about the list with many cases, in rows of SQLite. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { DueAnnouncement } from "../../../../worker/objects/ledger/announcements.ts";
import { Journal } from "../../../../worker/objects/ledger/journal.ts";
import type { DueRow } from "../../../../worker/objects/ledger/revisions.ts";
import { inventedCase } from "../../../invented.ts";
import { profile } from "../../../profile.ts";

const LEASE_MS = 5_000;
const START = Date.parse("2026-01-01T00:00:00Z");
const A = "ua-1-00";
const B = "ua-2-00";

/** Counts the rows that every query reads. */
function counting(storage: DurableObjectStorage) {
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  const sql = new Proxy(storage.sql, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== "exec") return typeof value === "function" ? value.bind(target) : value;
      return (query: string, ...bindings: unknown[]) => {
        const cursor = target.exec(query, ...bindings);
        cursors.push(cursor);
        return cursor;
      };
    },
  });
  const counted = new Proxy(storage, {
    get(target, name) {
      if (name === "sql") return sql;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const rowsOf = (run: () => unknown, count: "rowsRead" | "rowsWritten" = "rowsRead"): number => {
    cursors.length = 0;
    run();
    return cursors.reduce((sum, cursor) => sum + cursor[count], 0);
  };
  return { counted, rowsOf };
}

interface Costs {
  [what: string]: number;
}

/** @param live revisions of case A @param pending revisions of case A whose moment is ahead, and as many of other cases */
async function costs({ live, pending }: { live: number; pending: number }): Promise<Costs> {
  return runInDurableObject(env.LEDGER.getByName("growth under test"), async (_, { storage }) => {
    await storage.deleteAll();
    let clock = START;
    const { counted, rowsOf } = counting(storage);
    const journal = new Journal(counted, LEASE_MS, () => clock, profile);
    const publish = (id: string, basedOn: number, liveAt?: number, replace?: number) => {
      const command = { id, case: inventedCase(Number(id.split("-")[1])), note: { en: "A note" }, editor: "tester" };
      const options = { ...(liveAt === undefined ? {} : { liveAt }), ...(replace === undefined ? {} : { replace }) };
      const outcome = journal.publish({ ...command, kind: "update", notify: "none", basedOn, ...options });
      if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
      return outcome.done.revision;
    };
    let newest = 0;
    for (; newest < live; clock += 10_000) newest = publish(A, newest);
    publish(B, 0);
    clock += 10_000;
    journal.settle();
    const epoch = journal.changes.epoch();
    for (const announcement of journal.announcements.due(100)) journal.announcements.acknowledge(announcement);
    while (journal.announcements.due(100).length > 0)
      for (const announcement of journal.announcements.due(100)) journal.announcements.acknowledge(announcement);
    for (let ahead = 1; ahead <= pending; ahead++) newest = publish(A, newest, clock + 60_000 * ahead);
    const { readings, desk } = journal;
    const since = { ...epoch, number: epoch.number - 2 };
    const reads: Costs = {
      case: rowsOf(() => readings.case(A)),
      revision: rowsOf(() => readings.revision(A, 1)),
      "first page of the history": rowsOf(() => readings.historyPage(A, null, 5)),
      "last page of the history": rowsOf(() => readings.historyPage(A, 6, 5)),
      feed: rowsOf(() => readings.recent(null)),
      "case's feed": rowsOf(() => readings.recent(A)),
      renewal: rowsOf(() => journal.list.changesSince(since)),
      "case as the API's publish reads it": rowsOf(() => desk.record(A, false)),
      "publish to it": rowsOf(() => publish(A, newest, clock + 60_000 * (pending + 1))),
      replacement: rowsOf(() => publish(A, newest + 1, clock + 60_000 * (pending + 1), newest + 1)),
      undo: rowsOf(() => journal.undo(A, newest + 2, "tester")),
      "publish to another case": rowsOf(() => publish(B, 1)),
      "next alarm": rowsOf(() => journal.nextAlarm()),
    };
    clock += 10_000;
    reads.moment = rowsOf(() => journal.settle());
    return reads;
  });
}

describe("A long history", () => {
  it("costs no more rows than a short one", async () => {
    const [short, long] = [await costs({ live: 60, pending: 0 }), await costs({ live: 150, pending: 0 })];
    expect(long).toEqual(short);
  }, 120_000);

  it("with a hundred pending revisions costs no more rows than with ten", async () => {
    const [few, many] = [await costs({ live: 60, pending: 10 }), await costs({ live: 60, pending: 100 })];
    expect(many).toEqual(few);
  }, 120_000);
});

/** @param waiting due announcements @param failed others, which are sent again later */
async function costsOfAnnouncing(waiting: number, failed: number): Promise<Costs> {
  return runInDurableObject(env.LEDGER.getByName("growth under test"), async (_, { storage }) => {
    await storage.deleteAll();
    const { counted, rowsOf } = counting(storage);
    const { announcements, ...journal } = new Journal(counted, LEASE_MS, () => START, profile);
    journal.registrations.register(A, 0);
    const addAll = (from: number, count: number) => {
      const revisions = storage.sql.exec<DueRow>(
        `WITH RECURSIVE n(n) AS (VALUES (?) UNION ALL SELECT n + 1 FROM n LIMIT ?)
         INSERT INTO revisions (content_version, case_id, number, kind, changes, editor, notify, committed_at, live_at, content_hash, previous_hash, hash, shown)
           SELECT 1, printf('ua-%d-00', n), 1, 'update', '[]', 'tester', 'none', 0, ?, '', '', '', 1 FROM n RETURNING *`,
        from,
        count / announcements.audiences.length,
        START,
      );
      announcements.add(revisions.toArray());
    };
    addAll(waiting + 1, failed);
    for (let next = announcements.due(100); next.length > 0; next = announcements.due(100))
      for (const one of next) announcements.postpone(one);
    addAll(1, waiting);
    const [first] = announcements.due(100);
    expect(first).toMatchObject({ id: A, audience: "channel" });
    let batch: DueAnnouncement[] = [];
    return {
      batch: rowsOf(() => {
        batch = announcements.due(100);
      }),
      acknowledgements: rowsOf(() => {
        for (const one of batch) announcements.acknowledge(one);
      }),
      "next batch": rowsOf(() => announcements.due(100)),
      "next alarm": rowsOf(() => announcements.nextDue()),
      registration: rowsOf(() => journal.registrations.register("ua-50-00", 0)),
    };
  });
}

describe("A moment that many cases share", () => {
  it("costs no more rows for each batch than one of a hundred cases, also when others failed", async () => {
    const few = await costsOfAnnouncing(200, 0);
    // Each announcement and its revision.
    expect(few.batch).toBeLessThan(2 * 105);
    expect(await costsOfAnnouncing(10_000, 2_000)).toEqual(few);
  }, 60_000);
});

async function costsOfLists(cases: number): Promise<Costs> {
  return runInDurableObject(env.LEDGER.getByName("growth under test"), async (_, { storage }) => {
    await storage.deleteAll();
    let clock = START;
    const { counted, rowsOf } = counting(storage);
    const journal = new Journal(counted, LEASE_MS, () => clock, profile);
    const { list } = journal;
    for (let number = 1; number <= cases; number++, clock += 10_000) {
      const until = number <= 3 ? "2026-01-02" : "2026-01-01";
      const fields = inventedCase(number, { action: { ...inventedCase(1).action, until } });
      const command = { id: `ua-${number}-00`, case: fields, note: { en: "A note" }, editor: "tester" };
      journal.publish({ ...command, kind: "update", notify: "none", basedOn: 0 });
    }
    journal.settle();
    // What it says of all cases is found once after each change.
    list.newest();
    return {
      newest: rowsOf(() => list.newest()),
      deadlines: rowsOf(() => list.deadlines("2026-01-02")),
      "page of all cases": rowsOf(() => list.casesBetween(0, 50)),
    };
  });
}

describe("A long list", () => {
  it("costs no more rows than a short one", async () => {
    const [short, long] = [await costsOfLists(110), await costsOfLists(220)];
    expect(long).toEqual(short);
  }, 60_000);
});
