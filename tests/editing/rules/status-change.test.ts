/** Changes of status in a draft: their dates, what must follow them, and the authors whom a case quotes. */
import { describe, expect, it } from "vitest";
import { statementsBy, withAuthor } from "../../../worker/editing/rules/statements.ts";
import {
  answeredDates,
  dateQuestions,
  earlierTerms,
  eventOf,
  followUps,
  publishedStatus,
  type StatusDraft,
  statusChanges,
} from "../../../worker/editing/rules/status-change.ts";
import { inventedCase } from "../../invented.ts";

const said = { statedBy: "Invented Issuer", source: "first" };
const sentence = (duration: string, date: string) => ({ value: { duration }, asOf: { date }, ...said });
const person = (more: object) => ({ ...inventedCase(904).people[0], ...more });
const base = inventedCase(904, { people: [person({ sentence: sentence("P4Y", "2000-01-02") })] });
const draftOf = (more: object, changes: object = {}): StatusDraft => ({
  base: { case: base },
  case: { ...structuredClone(base), people: [{ ...base.people[0], ...more }], ...changes } as never,
  kind: "update",
  resolved: [],
});
const released = (date: string) => ({ custody: { value: "released", asOf: { date }, ...said } });

describe("A changed status", () => {
  it("is found by person and field, and a new date alone is no change", () => {
    expect(statusChanges(draftOf({}))).toEqual([]);
    const { custody } = base.people[0] as never as { custody: object };
    expect(statusChanges(draftOf({ custody: { ...custody, asOf: { date: "2000-05-05" } } }))).toEqual([]);
    expect(statusChanges(draftOf(released("2000-03-01")))).toMatchObject([
      { at: "people/invented-person-one/custody", name: "Invented Person One", path: ["people", 0, "custody"] },
    ]);
  });

  it("raises a question while its date is not later than the old one, which an answer settles", () => {
    expect(dateQuestions(draftOf(released("2000-03-01")))).toEqual([]);
    for (const date of ["1999-12-31", "2000-01-02", "2000"]) {
      const draft = draftOf(released(date));
      const [question] = dateQuestions(draft);
      expect(question?.change.name).toBe("Invented Person One");
      expect(answeredDates(draft)).toEqual([]);
      const answered = { ...draft, resolved: [question?.key ?? ""] };
      expect([dateQuestions(answered), answeredDates(answered)]).toEqual([[], [question]]);
    }
    expect(dateQuestions({ ...draftOf(released("1999")), kind: "redaction" })).toEqual([]);
  });

  it("must be followed by every text that may say the old one, and each is settled by a change or by an answer", () => {
    const open = (draft: StatusDraft) =>
      followUps(draft).flatMap(({ what, state }) => (state === "open" ? [what] : []));
    const draft = draftOf(released("2000-03-01"));
    expect(open(draft)).toEqual(["title", "summary", "state", "request", "until", "event", "asOf"]);
    const event = { ...eventOf(statusChanges(draft)[0] as never), text: { en: "Released." } };
    expect(event).toMatchObject({ date: { date: "2000-03-01" }, kind: "release", source: "first" });
    const title = { ...base.title, en: "Invented person released" };
    const followed = draftOf(released("2000-03-01"), { title, events: [...base.events, event] });
    expect(open(followed)).toEqual(["summary", "state", "request", "until", "asOf"]);
    const resolved = followUps(followed).map(({ key }) => key);
    expect(open({ ...followed, resolved })).toEqual([]);
    // Another change asks anew.
    const again = draftOf({ custody: { value: "missing", asOf: { date: "2000-04-01" }, ...said } });
    expect(open({ ...again, resolved })).toEqual(["title", "summary", "state", "request", "until", "event", "asOf"]);
    expect(followUps({ ...followed, kind: "redaction" })).toEqual([]);
    // The case's own date follows only a later one, and a closed action stays closed.
    expect(open(draftOf(released("2000-01-02")))).not.toContain("asOf");
    const closed = { ...base, action: { ...base.action, state: "closed" as const } };
    expect(open({ ...draft, base: { case: closed } })).not.toContain("state");
  });

  it("of a sentence offers the old term as an earlier one, once", () => {
    const draft = draftOf({ sentence: sentence("P2Y", "2000-06-01") });
    const [change] = statusChanges(draft);
    expect(change && earlierTerms(change)).toEqual([{ duration: "P4Y", source: "first" }]);
    expect(followUps(draft).find(({ what }) => what === "earlier")?.state).toBe("open");
    const value = { duration: "P2Y", earlier: change && earlierTerms(change) };
    const kept = draftOf({ sentence: { ...sentence("P2Y", "2000-06-01"), value } });
    expect(followUps(kept).find(({ what }) => what === "earlier")?.state).toBe("changed");
  });

  it("is told from the published one", () => {
    const draft = draftOf(released("2000-03-01"));
    expect(publishedStatus(draft.case, base, ["people", 0, "custody"])).toEqual(base.people[0]?.custody);
    expect(publishedStatus(draft.case, null, ["people", 0, "custody"])).toBeUndefined();
  });
});

it("Every place that names an author is found, and one given author fills only the statuses without one", () => {
  expect(statementsBy(base, "Invented Issuer").map((path) => path.join("/"))).toEqual([
    "people/0/custody/statedBy",
    "people/0/sentence/statedBy",
  ]);
  const people = [
    { custody: { value: "released" }, proceedings: [{ value: "charged", statedBy: "A court" }], names: [] },
  ];
  const named = withAuthor(people, undefined, "Invented Issuer");
  expect(named).toEqual([{ ...people[0], custody: { value: "released", statedBy: "Invented Issuer" } }]);
  expect(withAuthor(named, "Invented Issuer", "Another")).toMatchObject([
    { custody: { statedBy: "Another" }, proceedings: [{ statedBy: "A court" }] },
  ]);
});
