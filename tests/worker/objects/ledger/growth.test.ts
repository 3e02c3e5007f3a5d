/**
 * What a read or a publish costs with a long history, and a short answer about
 * the list with many cases, in rows of SQLite.
 */

import { describe, expect, it } from "vitest";
import {
  audiences,
  type DueAnnouncement,
} from "../../../../worker/objects/ledger/announcements.ts";
import type { DueRow } from "../../../../worker/objects/ledger/revisions.ts";
import { inventedCase } from "../../../support/invented.ts";
import { countingRows } from "../../counting-rows.ts";
import { A, B, done, Newsroom, withNewsroom } from "./newsroom.ts";

interface Costs {
  [what: string]: number;
}

/** A Ledger of which every query is counted. */
const withCounted = (
  run: (room: Newsroom, rowsOf: (act: () => unknown) => number) => Costs,
): Promise<Costs> =>
  withNewsroom(({ storage, rule }) => {
    const { counted, rowsOf } = countingRows(storage);
    const room = new Newsroom(counted, rule);
    room.restart();
    return run(room, rowsOf);
  });

/**
 * @param live revisions of case A
 * @param pending revisions of case A whose moment is ahead, and as many of
 * other cases
 */
const costs = ({
  live,
  pending,
}: {
  live: number;
  pending: number;
}): Promise<Costs> =>
  withCounted((room, rowsOf) => {
    const { journal } = room;
    const publish = (id: string, basedOn: number, more = {}) =>
      done(room.offer(basedOn, { id, ...more })).revision;
    let newest = 0;
    for (; newest < live; room.clock += 10_000) newest = publish(A, newest);
    publish(B, 0);
    room.pass(10_000);
    const epoch = journal.changes.epoch();
    for (
      let due = journal.announcements.due(100);
      due.length > 0;
      due = journal.announcements.due(100)
    )
      for (const announcement of due)
        journal.announcements.acknowledge(announcement);
    const liveAt = (ahead: number) => ({ liveAt: room.clock + 60_000 * ahead });
    for (let ahead = 1; ahead <= pending; ahead++)
      newest = publish(A, newest, liveAt(ahead));
    const { readings, desk } = journal;
    const since = { ...epoch, number: epoch.number - 2 };
    const reads: Costs = {
      case: rowsOf(() => readings.case(A)),
      revision: rowsOf(() => readings.revision(A, 1)),
      "first page of the history": rowsOf(() =>
        readings.historyPage(A, null, 5),
      ),
      "last page of the history": rowsOf(() => readings.historyPage(A, 6, 5)),
      feed: rowsOf(() => readings.recent(null)),
      "case's feed": rowsOf(() => readings.recent(A)),
      renewal: rowsOf(() => journal.list.changesSince(since)),
      "case as the API's publish reads it": rowsOf(() => desk.record(A, false)),
      "publish to it": rowsOf(() => publish(A, newest, liveAt(pending + 1))),
      replacement: rowsOf(() =>
        publish(A, newest + 1, { ...liveAt(pending + 1), replace: newest + 1 }),
      ),
      undo: rowsOf(() => journal.undo(A, newest + 2, "tester")),
      "publish to another case": rowsOf(() => publish(B, 1)),
      "next alarm": rowsOf(() => journal.nextAlarm()),
    };
    room.clock += 10_000;
    reads.moment = rowsOf(() => journal.settle());
    return reads;
  });

describe("A long history", () => {
  it("costs no more rows than a short one, also with many pending revisions", async () => {
    // The feeds have fifty revisions.
    const [short, long] = [
      await costs({ live: 55, pending: 10 }),
      await costs({ live: 75, pending: 20 }),
    ];
    expect(long).toEqual(short);
  });
});

/**
 * @param waiting due announcements
 * @param failed others, which are sent again later
 */
const costsOfAnnouncing = (waiting: number, failed: number): Promise<Costs> =>
  withCounted((room, rowsOf) => {
    const { announcements, registrations } = room.journal;
    registrations.register(A, 0);
    const addAll = (from: number, count: number) => {
      const revisions = room.storage.sql.exec<DueRow>(
        `WITH RECURSIVE n(n) AS (VALUES (?) UNION ALL SELECT n + 1 FROM n LIMIT ?)
         INSERT INTO revisions (content_version, case_id, number, kind, changes, editor, notify, committed_at, live_at, content_hash, previous_hash, hash, shown)
           SELECT 1, printf('ua-%d-00', n), 1, 'update', '[]', 'tester', 'none', 0, ?, '', '', '', 1 FROM n RETURNING *`,
        from,
        count / audiences.length,
        room.clock,
      );
      announcements.add(revisions.toArray());
    };
    addAll(waiting + 1, failed);
    for (
      let next = announcements.due(100);
      next.length > 0;
      next = announcements.due(100)
    )
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
      registration: rowsOf(() => registrations.register("ua-50-00", 0)),
    };
  });

it("A moment that many cases share costs no more rows for each batch than one of a hundred cases, also when others failed", async () => {
  const few = await costsOfAnnouncing(200, 0);
  // Each announcement and its revision.
  expect(few.batch).toBeLessThan(2 * 105);
  expect(await costsOfAnnouncing(3_000, 600)).toEqual(few);
});

const costsOfLists = (cases: number): Promise<Costs> =>
  withCounted((room, rowsOf) => {
    const { list } = room.journal;
    for (let number = 1; number <= cases; number++) {
      const until = number <= 3 ? "2026-01-02" : "2026-01-01";
      const fields = inventedCase(number, {
        action: { ...inventedCase(1).action, until },
      });
      room.offer(0, { id: `ua-${number}-00`, case: fields });
      room.clock += 10_000;
    }
    room.journal.settle();
    // What it says of all cases is found once after each change.
    list.newest();
    return {
      newest: rowsOf(() => list.newest()),
      deadlines: rowsOf(() => list.deadlines("2026-01-02")),
      "page of all cases": rowsOf(() => list.casesBetween(0, 50)),
    };
  });

it("A long list costs no more rows than a short one, but for the day's hearings, which are looked for in each summary", async () => {
  const [short, long] = [await costsOfLists(105), await costsOfLists(125)];
  expect({ ...long, deadlines: 0 }).toEqual({ ...short, deadlines: 0 });
  expect(long.deadlines! - short.deadlines!).toBeLessThanOrEqual(2 * 20);
});
