/** A list's first page from the Ledger, compared with the one that an isolate with the whole list makes. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { select } from "../../../worker/reads/list.ts";
import type { FirstPageQuery } from "../../../worker/reads/state.ts";
import { inventedCase } from "../../invented.ts";
import { profile } from "../../profile.ts";
import { done, type Newsroom, withNewsroom } from "./newsroom.ts";

const names = ["Aliyev", "Алієв", "محمد", "Muhammad", "Said-Ahmed", "O'Neil", "Şevket"];
const name = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 2 }).map((chosen) => chosen.join(" "));
const id = fc.integer({ min: 1, max: 9 }).map((number) => `ua-${number}-00`);

const query = fc.record({
  q: fc.oneof(
    fc.constant(undefined),
    fc.tuple(name, fc.integer({ min: 1, max: 9 })).map(([whole, length]) => whole.slice(0, length)),
    fc.constantFrom("UA 3/00", "4/00", "Україна", "ukr", "x".repeat(150), "al ".repeat(60)),
  ),
  action: fc.constantFrom(undefined, undefined, "active" as const, "closed" as const),
  place: fc.constantFrom(undefined, undefined, "UA", "UA-43", "RU", "%"),
  limit: fc.integer({ min: 1, max: 12 }),
});

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant("publish" as const), id, name, closed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("withdraw" as const, "damage" as const), id }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("restart" as const, "afresh" as const) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant("ask" as const), query }) },
);

function publish(room: Newsroom, id: string, name: string, closed: boolean): void {
  const fields = inventedCase(Number(id.split("-")[1]));
  fields.people[0]!.names = [{ ...fields.people[0]!.names[0]!, value: name }];
  if (closed) fields.action = { ...fields.action, state: "closed" };
  const basedOn = room.journal.readings.desk(id)?.revision.number ?? 0;
  const command = { id, case: fields, note: { en: "Note" }, kind: "update" as const, basedOn };
  room.journal.publish({ ...command, notify: "none", editor: "tester" });
  room.pass();
}

function check(room: Newsroom, asked: FirstPageQuery): void {
  const { value: page, validFor, epoch } = room.journal.list.firstPage(asked);
  const { q, action, limit, place } = asked;
  const { value: list, ...lease } = room.journal.readings.summaries();
  const whole = select(list, { q, action, limit, cursor: undefined, lang: undefined }, room.clock, profile, place);
  expect(page.selection).toEqual(whole);
  expect(new Set(page.countries)).toEqual(
    new Set(list.cases.flatMap(({ places }) => places.filter((code) => code.length === 2))),
  );
  expect({ validFor, epoch }).toEqual(lease);
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("A list's first page from the Ledger", () => {
  it("is what an isolate with the whole list would show, after any history", () =>
    withNewsroom((room) =>
      fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
          await room.wipe();
          for (const one of steps) {
            if (one.what === "publish") publish(room, one.id, one.name, one.closed);
            if (one.what === "withdraw") {
              room.journal.withdraw(one.id, "consent", "tester");
              room.pass();
            }
            if (one.what === "damage") {
              room.storage.sql.exec(
                "UPDATE revisions SET content = '{' WHERE case_id = ? AND content IS NOT NULL",
                one.id,
              );
              await room.restarted();
              room.journal.readings.case(one.id);
            }
            if (one.what === "restart") await room.restarted();
            if (one.what === "afresh") room.journal.changes.startAfresh();
            if (one.what === "ask") check(room, one.query);
          }
          check(room, { q: undefined, action: undefined, place: undefined, limit: 5 });
        }),
        { numRuns: 25, endOnFailure: true },
      ),
    ));

  it("keeps no word that a redaction removed", () =>
    withNewsroom(async (room) => {
      publish(room, "ua-1-00", "Secretname Aliyev", false);
      const found = () => room.journal.list.firstPage({ q: "secretname", limit: 5 }).value.selection.found;
      expect(found()).toBe(1);
      const { revision } = done(
        room.journal.publish({
          id: "ua-1-00",
          case: inventedCase(1),
          note: {},
          kind: "redaction",
          notify: "none",
          editor: "tester",
          basedOn: 1,
        }),
      );
      expect(revision).toBe(2);
      room.pass();
      const words = room.storage.sql.exec<{ words: string | null }>("SELECT words FROM changes").one().words;
      expect(words).toBeNull();
      expect(found()).toBe(0);
    }));
});
