/** Which pages elsewhere are due, and what stays of them. */
import { expect } from "vitest";
import { inventedCase } from "../../../support/invented.ts";
import { A, B, done, it, type Newsroom } from "./newsroom.ts";

const url = "https://partner.example.org/page";
const DAY_MS = 86_400_000;
const add = (
  { journal }: Newsroom,
  id: string,
  more = {},
  editor: string | null = "tester",
) =>
  done(
    journal.places.add(
      { case: id, url, contact: "", note: "", ...more },
      editor,
    ),
  );
const due = (room: Newsroom) =>
  room.journal.places
    .due(room.clock, 8, null)
    .map((page) => page.subjects.map(({ id }) => id));

it("A page of two cases is asked for once a day, whatever else is due", (room) => {
  room.goLive(A);
  room.goLive(B);
  add(room, A);
  expect(due(room)).toEqual([[A]]);
  add(room, B);
  expect([due(room), due(room)]).toEqual([[], []]);
  room.pass(DAY_MS);
  expect(due(room).map((ids) => ids.toSorted())).toEqual([[A, B]]);
  // What a visitor told is never read, and a case whose only revision was
  // undone holds up no other.
  add(room, A, { url: `${url}/told` }, null);
  room.publish("ua-4-00", {
    case: inventedCase(4, { links: [{ href: `${url}/link`, name: "A link" }] }),
  });
  done(room.journal.undo("ua-4-00", 1, "tester"));
  room.pass(7 * DAY_MS);
  expect([due(room).length, due(room)]).toEqual([2, []]);
});

it("Pages that visitors told of take no room from those of editors", (room) => {
  room.goLive(A);
  for (let told = 0; told < 100; told++)
    add(room, A, { url: `${url}/told-${told}` }, null);
  for (let known = 0; known < 100; known++)
    add(room, A, { url: `${url}/${known}` });
  const oneMore = { case: A, url: `${url}/100`, contact: "", note: "" };
  expect(room.journal.places.add(oneMore, "tester")).toMatchObject({
    failure: { tag: "too-many-places" },
  });
  expect(room.journal.places.list(A)).toHaveLength(200);
});

it("A backup brings pages back as they were, and their log holds no digest of an address", async (room) => {
  room.goLive(A);
  const { id } = add(room, A, {
    contact: "web@partner.example.org",
    note: "On Mondays",
  });
  due(room);
  const found = {
    state: "old",
    reason: "asks",
    olderThan: 1,
    judged: 1,
    digest: "d",
  } as const;
  room.journal.places.saw([{ place: id, found }]);
  const before = room.journal.places.list(null);
  expect(before).toMatchObject([
    { url, note: "On Mondays", state: "old", since: "2026-01-01" },
  ]);
  expect(await room.restored(await room.export())).toMatchObject({ places: 1 });
  expect(room.journal.places.list(A)).toEqual(before);
  room.journal.places.saw([
    { place: id, found: { ...found, reason: "erased" } },
  ]);
  room.journal.places.saw([{ place: id, found: { state: "unreachable" } }]);
  // A look that had begun before the erasure.
  room.journal.places.saw([{ place: id, found }]);
  expect(room.journal.places.list(A)).toMatchObject([{ reason: "erased" }]);
  room.journal.places.saw([
    { place: id, found: { ...found, digest: "changed" } },
  ]);
  done(room.journal.withdraw(A, "consent", "tester"));
  room.pass();
  expect(room.journal.places.list(A)).toMatchObject([
    { url, note: null, state: null },
  ]);
  done(room.journal.places.remove(id, "tester"));
  const subjects = room.journal.audit
    .newest(A, 100)
    .filter(({ action }) => action.startsWith("place-"));
  expect([
    subjects.length,
    new Set(subjects.map(({ subject }) => subject)).size,
  ]).toEqual([3, 1]);
});
