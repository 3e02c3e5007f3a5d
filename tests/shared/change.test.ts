import { describe, expect, it } from "vitest";
import type { Case } from "../../shared/case/schema.ts";
import { changesBetween } from "../../shared/change.ts";
import { demo } from "./cases.ts";

const changed = (edit: (next: Case) => void) => {
  const next = structuredClone(demo);
  edit(next);
  return changesBetween(demo, next);
};

const asOf = (status?: { asOf: { date: string } }) => status?.asOf.date;

describe("The list of changes", () => {
  it("is empty for a first version and when nothing changed", () => {
    expect(changesBetween(null, demo)).toEqual([]);
    expect(changed(() => {})).toEqual([]);
  });

  it("names each person whose status changed, from what, to what", () => {
    const changes = changed(({ people: [one, two] }) => {
      if (one?.custody && one.proceedings && one.sentence && two) {
        one.custody.value = "released";
        one.proceedings.value = "quashed";
        delete one.sentence;
        delete two.custody;
      }
    });
    expect(changes).toEqual([
      {
        what: "custody",
        person: "Demo Person One",
        from: "imprisoned",
        to: "released",
        asOf: asOf(demo.people[0]?.custody),
      },
      {
        what: "proceedings",
        person: "Demo Person One",
        from: "convicted",
        to: "quashed",
        asOf: asOf(demo.people[0]?.proceedings),
      },
      { what: "sentence", person: "Demo Person One", from: "P2Y6M", to: null },
      { what: "custody", person: "Demo Person Two", from: "pre-trial-detention", to: null },
    ]);
  });

  it("recognises added and removed people by their id, not by their name or position", () => {
    expect(changed(({ people }) => people.reverse())).toEqual([]);
    expect(changed(({ people }) => people.splice(1, 1))).toEqual([
      { what: "person-removed", person: "Demo Person Two" },
    ]);
    const [one] = structuredClone(demo.people);
    if (!one) throw new Error("the demo case has people");
    expect(changed(({ people }) => people.push({ ...one, id: "demo-person-four" }))).toEqual([
      { what: "person-added", person: "Demo Person One" },
    ]);
  });

  it("distinguishes what was corrected, translated or removed from what was added", () => {
    const timeline = { what: "text", part: "timeline" };
    expect(changed(({ events }) => Object.assign(events[0]!.date, { date: "2026-09-02" }))).toEqual([timeline]);
    expect(changed(({ events }) => Object.assign(events[0]!.text, { fr: "Inventé." }))).toEqual([timeline]);
    expect(changed(({ events }) => events.pop())).toEqual([timeline]);
    expect(changed(({ documents }) => Object.assign(documents[0]!, { title: "Invented title" }))).toEqual([]);
  });

  it("names a new action, a new deadline, new facts and new words", () => {
    expect(
      changed((next) => {
        next.action.state = "closed";
        delete next.action.until;
        next.events.push({
          date: { date: "2026-11" },
          kind: "release",
          text: { en: "Invented release." },
          source: "demo-2",
        });
        next.asOf = { date: "2026-11-24" };
        next.title = { ...next.title, en: "Invented title" };
      }),
    ).toEqual([
      { what: "action", from: "active", to: "closed" },
      { what: "deadline", from: "2099-12-31", to: null },
      { what: "events-added", count: 1 },
      { what: "as-of", from: "2026-11-20", to: "2026-11-24" },
      { what: "text", part: "title" },
    ]);
  });
});
