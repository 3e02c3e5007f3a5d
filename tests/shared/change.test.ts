import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { Case } from "../../shared/case/schema.ts";
import { Change, changesBetween } from "../../shared/change.ts";
import { demo } from "./cases.ts";

const changed = (edit: (next: Case) => void) => {
  const next = structuredClone(demo);
  edit(next);
  return changesBetween(demo, next);
};

const who = { person: "Demo Person One", pronouns: "she/her" };

describe("The list of changes", () => {
  it("is empty for a first version and when nothing changed", () => {
    expect(changesBetween(null, demo)).toEqual([]);
    expect(changed(() => {})).toEqual([]);
  });

  it("names each person whose status changed, from what, to what", () => {
    const changes = changed(({ people: [one, two] }) => {
      if (one?.custody && one.proceedings[0] && one.sentence && two) {
        one.custody.value = "released";
        one.proceedings[0].value = "quashed";
        delete one.sentence;
        delete two.custody;
      }
    });
    const asOf = "2026-11-20";
    expect(changes).toEqual([
      { what: "custody", ...who, from: "imprisoned", to: "released", asOf },
      { what: "proceedings", ...who, from: "convicted", to: "quashed", asOf },
      { what: "sentence", ...who, from: "P2Y6M", to: null },
      {
        what: "custody",
        person: "Demo Person Two",
        pronouns: "he/him",
        from: "pre-trial-detention",
        to: null,
      },
    ]);
  });

  it("recognises added and removed people by their id, not by their name or position", () => {
    expect(changed(({ people }) => people.reverse())).toEqual([]);
    expect(changed(({ people }) => people.splice(1, 1))).toEqual([
      { what: "person-removed", person: "Demo Person Two" },
    ]);
    expect(
      changed(({ people }) =>
        people.push({ ...people[0]!, id: "demo-person-four" }),
      ),
    ).toEqual([{ what: "person-added", person: "Demo Person One" }]);
  });

  it("distinguishes what was corrected, translated or removed from what was added", () => {
    const timeline = { what: "text", part: "timeline" };
    expect(
      changed(({ events }) =>
        Object.assign(events[0]!.date, { date: "2026-09-02" }),
      ),
    ).toEqual([timeline]);
    expect(
      changed(({ events }) =>
        Object.assign(events[0]!.text, { fr: "Inventé." }),
      ),
    ).toEqual([timeline]);
    expect(changed(({ events }) => events.pop())).toEqual([timeline]);
    expect(
      changed(({ documents }) =>
        Object.assign(documents[0]!, { title: "Invented title" }),
      ),
    ).toEqual([]);
  });

  it("names a new action, a new deadline, new facts and new words", () => {
    expect(
      changed((next) => {
        next.action.state = "closed";
        delete next.action.until;
        next.events.push({
          ...next.events[0]!,
          text: { en: "Invented release." },
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

  it("names no new deadline of an action that is closed", () => {
    const moved = (state: "active" | "closed") =>
      changed((next) => {
        next.action.state = state;
        next.action.until = "2099-11-30";
      });
    expect(moved("active")).toEqual([
      { what: "deadline", from: "2099-12-31", to: "2099-11-30" },
    ]);
    expect(moved("closed")).toEqual([
      { what: "action", from: "active", to: "closed" },
    ]);
  });

  it("matches proceedings by their id, and names each by its subject where there are several", () => {
    const [first] = demo.people[0]!.proceedings;
    const subject = { en: "the tax case", uk: "податкова справа" };
    const tax = { ...first!, id: "tax", value: "charged" as const, subject };
    const several = structuredClone(demo);
    several.people[0]!.proceedings = [
      { ...first!, subject: { en: "the gathering" } },
      tax,
    ];
    const change = { what: "proceedings", ...who, subject };
    const asOf = "2026-11-20";
    expect(changesBetween(demo, several)).toEqual([
      { ...change, from: null, to: "charged", asOf },
    ]);
    const next = structuredClone(several);
    next.people[0]!.proceedings.reverse();
    expect(changesBetween(several, next)).toEqual([]);
    next.people[0]!.proceedings[0]!.value = "dropped";
    expect(changesBetween(several, next)).toEqual([
      { ...change, from: "charged", to: "dropped", asOf },
    ]);
    expect(changesBetween(several, demo)).toEqual([
      { ...change, from: "charged", to: null },
    ]);
  });

  it("tells a replaced term once, and earlier terms that are added or removed", () => {
    const older = { duration: "P9Y" as const, source: "demo-1" };
    const served = {
      duration: "P2Y6M" as const,
      source: "demo-2",
      changedOn: { date: "2026-11-20" },
    };
    const replaced = {
      what: "sentence",
      ...who,
      from: "P2Y6M",
      to: "P1Y",
      asOf: "2026-11-20",
    };
    const withTerms = (duration: string, earlier?: object[]) =>
      changed(({ people: [one] }) =>
        Object.assign(one!.sentence!.value, { duration, earlier }),
      );
    expect(withTerms("P1Y")).toEqual([replaced]);
    expect(withTerms("P1Y", [served])).toEqual([replaced]);
    expect(withTerms("P1Y", [older, served])).toEqual([
      replaced,
      { what: "earlier-terms", ...who, terms: ["P9Y", "P2Y6M"] },
    ]);
    expect(withTerms("P2Y6M", [older])).toEqual([
      { what: "earlier-terms", ...who, terms: ["P9Y"] },
    ]);
    const stated = structuredClone(demo);
    stated.people[0]!.sentence!.value.earlier = [older];
    expect(changesBetween(stated, demo)).toEqual([
      { what: "earlier-terms", ...who, terms: [] },
    ]);
  });

  it("names a changed request, addressee and letter while readers are asked to write", () => {
    const edit = ({ action }: Case) => {
      action.request = { en: "Invented request." };
      action.targets = [];
      delete action.letter;
    };
    expect(changed(edit)).toEqual([
      { what: "text", part: "request" },
      { what: "text", part: "addressees" },
      { what: "text", part: "letter" },
    ]);
    expect(
      changed((next) => {
        edit(next);
        next.action.state = "closed";
      }),
    ).toEqual([{ what: "action", from: "active", to: "closed" }]);
  });

  it("still reads what was stored before there were subjects and pronouns", () => {
    const stored = {
      what: "proceedings",
      person: "Demo Person One",
      from: "convicted",
      to: "quashed",
    };
    expect(v.parse(Change, stored)).toEqual(stored);
  });
});
