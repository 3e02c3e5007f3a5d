import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyChanges,
  type CopiedCase,
  visibleIn,
} from "../../../../worker/editing/contract/copy.ts";
import {
  entriesIn,
  entryIn,
  tilesAt,
} from "../../../../worker/editing/contract/log-entry.ts";
import { shownFault } from "../../../../worker/editing/contract/log-faults.ts";
import type { Journal } from "../../../../worker/objects/ledger/journal.ts";
import type { ChangeCursor } from "../../../../worker/reads/state.ts";
import type { LogHead } from "../../../../worker/runtime/checkpoint.ts";
import { mustContinue, treeOf } from "../../../../worker/tools/cli/log-copy.ts";
import { inventedCase } from "../../../support/invented.ts";
import { takeAll } from "../../../support/random-steps.ts";
import { scaled } from "../../../support/scaled.ts";
import { erased } from "../../erased.ts";
import {
  it,
  type Newsroom,
  seenIn,
  weighed,
  withNewsroom,
} from "./newsroom.ts";

const IDS = ["ua-1-00", "ua-2-00", "ua-3-00"];

class Mirror {
  cases = new Map<string, CopiedCase>();
  cursor: ChangeCursor | null = null;
  /** Heads of the signed log that were seen. */
  readonly heads: LogHead[] = [];
  /** The changes read since the last crash or new log. */
  read: number[] = [];
  /** What a restart of the mirror finds. */
  #saved = { cases: this.cases, cursor: this.cursor };

  save(): void {
    this.#saved = { cases: new Map(this.cases), cursor: this.cursor };
  }

  crash(): void {
    this.cases = new Map(this.#saved.cases);
    this.cursor = this.#saved.cursor;
    this.read = [];
  }

  lose(): void {
    this.cases = new Map();
    this.cursor = null;
    this.save();
    this.crash();
  }

  /**
   * Reads a page.
   * @param halfway true for a mirror that dies before it has noted its cursor
   */
  poll({ feed }: Journal, limit: number, halfway = false): boolean {
    const { value: page } = feed.page(this.cursor, limit);
    if (!page) {
      this.lose();
      return true;
    }
    expect(page.changes.length).toBeLessThanOrEqual(limit);
    if (page.more) expect(page.changes).not.toHaveLength(0);
    applyChanges(this.cases, page.changes);
    if (halfway) return true;
    for (const { change } of page.changes) {
      expect(change).toBeGreaterThan(
        this.read.at(-1) ?? this.cursor?.position ?? 0,
      );
      this.read.push(change);
    }
    this.cursor = { log: page.log, position: page.next };
    return page.more;
  }

  readOn(journal: Journal, limit: number): void {
    while (this.poll(journal, limit));
  }

  get visible(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.cases].map(([id, copied]) => [id, visibleIn(copied)]),
    );
  }
}

const id = fc.constantFrom(...IDS);
const step = fc.oneof(
  weighed(4, "wait", { ms: fc.constantFrom(0, 1_000, 7_000, 30_000) }),
  weighed(5, "publish", { id, later: fc.constantFrom(0, 0, 3_000, 20_000) }),
  weighed(1, "undo", { id }),
  weighed(1, "redact", { id }),
  weighed(1, "withdraw", {
    id,
    reason: fc.constantFrom("mistake" as const, "consent" as const),
  }),
  weighed(1, "damage", { id }),
  weighed(1, "repair", { id }),
  weighed(4, "poll", {
    limit: fc.integer({ min: 1, max: 4 }),
    halfway: fc.boolean(),
  }),
  weighed(1, "save"),
  weighed(1, "crash"),
  weighed(1, "lose"),
  weighed(1, "restart"),
  weighed(1, "restore"),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/**
 * A mirror begins while a case is withdrawn, which is published again later.
 */
const publishedAgain: Step[] = [
  { what: "publish", id: "ua-1-00", later: 0 },
  { what: "wait", ms: 7_000 },
  { what: "withdraw", id: "ua-1-00", reason: "mistake" },
  { what: "wait", ms: 7_000 },
  { what: "poll", limit: 4, halfway: false },
  { what: "publish", id: "ua-1-00", later: 0 },
  { what: "wait", ms: 7_000 },
];

function take(room: Newsroom, mirror: Mirror, step: Step): void {
  const { journal } = room;
  takeAll([step], {
    wait({ ms }) {
      room.clock += ms;
    },
    // A refusal changes nothing, as with a publish.
    redact({ id }) {
      try {
        erased(room.review, id, journal.newest(id));
      } catch {}
    },
    publish({ id, later }) {
      const at = later > 0 ? { liveAt: room.clock + 7_000 + later } : {};
      room.offer(journal.newest(id), {
        id,
        case: inventedCase(IDS.indexOf(id) + 1),
        ...at,
      });
    },
    undo: ({ id }) => void journal.undo(id, journal.newest(id), "tester"),
    withdraw: ({ id, reason }) => void journal.withdraw(id, reason, "tester"),
    damage: ({ id }) =>
      void room.sql(
        "UPDATE revisions SET content = json_set(content, '$.title', 1) WHERE content IS NOT NULL AND shown = 1 AND case_id = ?",
        id,
      ),
    repair: ({ id }) =>
      void room.sql(
        `UPDATE revisions SET content = json_set(content, '$.title', json('{"en":"Repaired"}'))
         WHERE json_extract(content, '$.title') = 1 AND case_id = ?`,
        id,
      ),
    poll: ({ limit, halfway }) => void mirror.poll(journal, limit, halfway),
    save: () => mirror.save(),
    crash: () => mirror.crash(),
    lose: () => mirror.lose(),
    restart: () => room.restart(),
    restore: () => journal.changes.startAfresh(),
  });
}

/**
 * Damage is noticed when somebody reads, so everything is read before the
 * mirror is compared.
 */
function compare(room: Newsroom, mirror: Mirror, limit: number): void {
  seenIn(room.journal);
  mirror.readOn(room.journal, limit);
  expect(mirror.visible).toEqual(seenIn(room.journal));
  verify(room, mirror);
}

/**
 * Finds in the signed log exactly what the mirror has. The log continues every
 * head that was seen before.
 */
function verify(
  { journal: { log } }: Newsroom,
  { heads, cases }: Mirror,
): void {
  const head = log.head();
  const leaves = tilesAt("entries", head.size).flatMap((tile) =>
    entriesIn(log.tile(tile)!),
  );
  const tree = treeOf(leaves, head);
  for (const earlier of heads)
    mustContinue(tree, earlier, "a head seen earlier");
  heads.push(head);
  const shown = new Map(
    [...cases].map(([id, copied]) => [id, visibleIn(copied)]),
  );
  expect(
    shownFault(leaves.map(entryIn), shown, {
      settled: head.size,
      isWhole: true,
      withdrawn: null,
    }),
  ).toBeNull();
}

describe("A mirror that follows the log of changes", () => {
  test(
    "has what readers see after any history, and any crash of its own",
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 1, maxLength: 30 }),
          fc.integer({ min: 1, max: 5 }),
          (steps, limit) =>
            withNewsroom(async (room) => {
              const mirror = new Mirror();
              for (const [index, step] of steps.entries()) {
                take(room, mirror, step);
                if (index % 8 === 7) compare(room, mirror, limit);
              }
              compare(room, mirror, limit);
              room.clock += 60_000;
              compare(room, mirror, limit);
              const fresh = new Mirror();
              compare(room, fresh, limit);
            }),
        ),
        {
          numRuns: scaled(12, 600),
          seed: Date.now(),
          examples: [[publishedAgain, 2]],
        },
      ),
    scaled(600_000, 1_200_000),
  );

  it("gets pages of a bounded size, and a lease that ends before the next moment", async (room) => {
    const long = inventedCase(1, { summary: { en: "word ".repeat(790) } });
    for (let number = 0; number < 40; number++)
      room.publish("ua-1-00", {
        case: long,
        liveAt: room.clock + 8_000 + number,
      });
    room.pass(9_000);
    const first = room.journal.feed.page(null, 100).value!;
    expect(first.more).toBe(true);
    expect(JSON.stringify(first).length).toBeLessThan(400_000);
    const mirror = new Mirror();
    mirror.readOn(room.journal, 100);
    expect(mirror.read).toHaveLength(40);
    room.publish("ua-2-00");
    room.clock += 4_000;
    expect(room.journal.feed.page(mirror.cursor, 100)).toMatchObject({
      validFor: 1_000,
      value: { changes: [] },
    });
  });

  it("is told to start again when the log is another one", async (room) => {
    room.live();
    const { log, next } = room.journal.feed.page(null, 100).value!;
    expect(
      room.journal.feed.page({ log, position: next }, 1).value?.changes,
    ).toEqual([]);
    expect(
      room.journal.feed.page({ log, position: next + 1 }, 1).value,
    ).toBeNull();
    const [text, erasures] = [await room.export(), room.erasures()];
    await room.restored(erasures + text, false);
    expect(room.journal.feed.page({ log, position: next }, 1).value).toBeNull();
  });
});
