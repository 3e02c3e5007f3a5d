/**
 * The Ledger's short answers about the list, compared with those of an isolate
 * that has all cases.
 */
import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CaseSummary } from "../../../../shared/view/summary.ts";
import type { LeasedText } from "../../../../worker/reads/state.ts";
import { inventedCase } from "../../../support/invented.ts";
import { scaled } from "../../../support/scaled.ts";
import { casesIn } from "../../all-cases.ts";
import { type Newsroom, weighed, withNewsroom } from "./newsroom.ts";

const day = fc
  .integer({ min: 25, max: 37 })
  .map((number) =>
    new Date(Date.UTC(2025, 11, number)).toISOString().slice(0, 10),
  );
const id = fc.integer({ min: 1, max: 9 }).map((number) => `ua-${number}-00`);
const fields = fc.record({
  state: fc.constantFrom("active" as const, "closed" as const),
  until: fc.option(day, { nil: undefined }),
  authorities: fc.subarray(["RU", "UA"]),
  place: fc.constantFrom(null, "UA-43", "UA", undefined),
  demo: fc.boolean(),
  hearing: fc.option(day),
});
const step = fc.oneof(
  weighed(12, "publish", { id, fields }),
  weighed(1, "withdraw", { id }),
  weighed(1, "damage", { id }),
  weighed(1, "restart"),
  weighed(1, "afresh"),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function publish(
  room: Newsroom,
  { id, fields: given }: Extract<Step, { what: "publish" }>,
): void {
  const { state, until, authorities, place, demo, hearing } = given;
  const fields = inventedCase(Number(id.split("-")[1]), { authorities, demo });
  fields.action = { ...fields.action, state, ...(until ? { until } : {}) };
  const places = { name: { en: "Demoville" }, source: "first" };
  fields.places =
    place === null ? [] : [{ ...places, ...(place ? { iso3166: place } : {}) }];
  if (hearing)
    fields.events.push({ ...fields.events[0]!, date: { date: hearing } });
  const basedOn = room.journal.desk.record(id)?.revision.number ?? 0;
  const outcome = room.offer(basedOn, { id, case: fields });
  if ("failure" in outcome) expect(outcome.failure.tag).toBe("withdrawn");
  room.pass();
}

async function take(room: Newsroom, one: Step): Promise<void> {
  if (one.what === "publish") publish(room, one);
  if (one.what === "withdraw") {
    room.journal.withdraw(one.id, "consent", "tester");
    room.pass();
  }
  if (one.what === "damage") {
    room.sql(
      "UPDATE revisions SET content = '{' WHERE case_id = ? AND content IS NOT NULL",
      one.id,
    );
    room.restart();
    room.journal.readings.case(one.id);
  }
  if (one.what === "restart") room.restart();
  if (one.what === "afresh") room.journal.changes.startAfresh();
}

const casesOf = ({ text }: LeasedText<unknown>) =>
  JSON.parse(text) as CaseSummary[];
const TODAY = "2026-01-02";

function check(
  { journal: { list }, clock }: Newsroom,
  all: ReturnType<typeof casesIn>,
): void {
  const query = {
    q: undefined,
    action: undefined,
    cursor: undefined,
    limit: 99,
  };
  const { selection, ...codes } = all.page(query, clock);
  const { found, unshowable } = selection;
  expect(list.newest().value).toEqual({
    found,
    unshowable,
    ...codes,
    example: all.example(),
  });
  expect(casesOf(list.newest())).toEqual(all.cases);
  const isDue = ({ action, until, hearings }: CaseSummary) =>
    (action === "active" && until === TODAY) ||
    hearings.some(({ date }) => date === TODAY);
  expect(casesOf(list.deadlines(TODAY))).toEqual(all.cases.filter(isDue));
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

it("The Ledger's short answers are what all cases give, after any history", () =>
  withNewsroom((room) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        async (steps) => {
          await room.wipe();
          for (const one of steps) {
            await take(room, one);
            check(room, casesIn(room.journal));
          }
        },
      ),
      { numRuns: scaled(8, 800), endOnFailure: true },
    ),
  ));
