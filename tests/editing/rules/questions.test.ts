/**
 * What a revision is asked before it is published. More false things go through
 * every door: tests/support/false-things.ts.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Case, Person } from "../../../shared/case/schema.ts";
import {
  type QuestionContext,
  questionsOf,
} from "../../../worker/editing/rules/questions.ts";
import { inventedCase } from "../../support/invented.ts";
import { scaled } from "../../support/scaled.ts";

const MOMENT = Date.parse("2026-11-30T12:00:00Z");
const context: QuestionContext = {
  isKnownAuthor: (name) => ["Invented Issuer", "Casewire"].includes(name),
};

const asked = (
  before: Case | null,
  after: Case,
  more: { note?: Record<string, string>; liveAt?: number } = {},
) =>
  questionsOf(
    before && { case: before, liveAt: MOMENT },
    { case: after, liveAt: MOMENT, ...more },
    context,
  );
const kinds = (...args: Parameters<typeof asked>) => [
  ...new Set(asked(...args).map(({ kind }) => kind)),
];

const base = inventedCase(7, { people: inventedCase(7).people });
const [one] = base.people as [Person];
const withPerson = (changes: Partial<Person>, more: Partial<Case> = {}): Case =>
  ({ ...base, ...more, people: [{ ...one, ...changes }] }) as Case;
const custody = (value: string, date: string, more: object = {}) => ({
  custody: {
    ...one.custody,
    value,
    asOf: { date },
    ...more,
  } as Person["custody"],
});

it("Nothing is asked about a revision that says the same", () => {
  expect(asked(base, structuredClone(base))).toEqual([]);
});

it("The first revision of a case is asked about every text, event and translation", () => {
  const questions = asked(null, base);
  expect(questions.map(({ kind, at }) => [kind, ...at])).toEqual([
    ["statuses", "/case/title/en"],
    ["statuses", "/case/summary/en"],
    ["statuses", "/case/action/request/en"],
    ["stated", "/case/people/0"],
    ["stated", "/case/events/0"],
    ["stated", "/case/action/state"],
    ["stated", "/case/action/until"],
    ["translation", "/case/title/uk"],
  ]);
});

describe("A false thing is asked about", () => {
  it("a status with an older date, or today's with a copy of its source, and an issuer whom nobody here named before", () => {
    const documents = [
      ...base.documents,
      { ...base.documents[0]!, id: "copy" },
    ];
    const copied = withPerson(
      custody("pre-trial-detention", "2026-11-30", { source: "copy" }),
      { documents },
    );
    expect(kinds(base, copied)).toContain("status-date-moved");
    expect(
      kinds(base, withPerson(custody("released", "1999-01-01"))),
    ).toContain("status-not-later");
    expect(
      kinds(base, { ...base, issuer: "The Ministry of Invention" }),
    ).toContain("author");
  });

  it("an event at or after the older date of a status that changed, if it names the person", () => {
    const events = [
      {
        date: { date: "1999" },
        kind: "arrest",
        text: { en: "Invented Person One was arrested." },
        source: "first",
      },
      {
        date: { date: "2001" },
        kind: "trial",
        text: { en: "Invented Person One stood trial." },
        source: "first",
      },
      {
        date: { date: "2001" },
        kind: "other",
        text: { en: "It rained in Demoland." },
        source: "first",
      },
    ];
    const before = inventedCase(7, { events });
    const after = {
      ...before,
      people: [{ ...one, ...custody("released", "2002-01-01") }],
    } as Case;
    const stated = asked(before, after).flatMap(({ kind, at }) =>
      kind === "stated" ? at : [],
    );
    expect(stated).toEqual(["/case/people/0/custody", "/case/events/1"]);
  });

  it("a note, whatever its words, in each of its languages", () => {
    for (const en of [
      "They are home with their families.",
      "He was hanged.",
      "A comma was added.",
    ])
      expect(kinds(base, base, { note: { en } }), en).toEqual(["statuses"]);
    expect(kinds(base, base, { note: { en: " " } })).toEqual([]);
    const note = { en: "A new hearing.", uk: "Усіх звільнено" };
    expect(asked(base, base, { note }).map(({ at }) => at)).toEqual([
      ["/note/en"],
      ["/note/uk"],
    ]);
  });

  it("an event that vanished beside another one of its day", () => {
    const [event] = base.events;
    const other = { ...event, text: { en: "Somebody was arrested too." } };
    const before = { ...base, events: [event, other] } as Case;
    expect(kinds(before, base)).toEqual(["removed"]);
    // One that has other words, or another day, is the same event.
    for (const change of [
      { text: { en: "Invented Person One was taken away." } },
      { date: { date: "2000-01-03" } },
    ])
      expect(
        kinds(base, { ...base, events: [{ ...event, ...change }] } as Case),
      ).not.toContain("removed");
  });
});

describe("A pair is confirmed only by the revision that it follows, or by an answer", () => {
  it("of all people, also when the text names one, but whatever their dates and places in the list are", () => {
    const two = {
      ...one,
      id: "two",
      names: [{ ...one.names[0]!, value: "Zweitmann Erfunden" }],
    };
    const summary = { en: "Invented Person One and another are in prison." };
    const before = { ...base, summary, people: [one, two] } as Case;
    const texts = (after: Case) =>
      asked(before, after).flatMap(({ kind, at }) =>
        kind === "statuses" ? at : [],
      );
    const freed = {
      ...before,
      people: [{ ...two, ...custody("released", "2001-01-01") }, one],
    } as Case;
    expect(texts(freed)).toContain("/case/summary/en");
    const dated = {
      ...one,
      custody: { ...one.custody!, asOf: { date: "2000-01-03" } },
    };
    expect(texts({ ...before, people: [two, dated] } as Case)).toEqual([]);
  });

  it("An answer for one case is none for another", () => {
    const other = { ...base, id: "ua-8-00" } as Case;
    const moved = (of: Case) =>
      asked(of, { ...of, asOf: { date: "2026-11-30" } } as Case).map(
        ({ id }) => id,
      );
    expect(moved(base)).toHaveLength(1);
    expect(moved(other)).not.toEqual(moved(base));
  });
});

describe("In any history of edits, publishes, undos and replacements", () => {
  const [first, second] = ["Invented Person One", "Somebody Else"];
  const summaries = [
    `${first} was there.`,
    `${second} waits.`,
    `${first} and ${second} met.`,
    "Nobody is named.",
  ];
  const states = ["pre-trial-detention", "released", "imprisoned"];
  const Step = fc.record({
    does: fc.constantFrom("publish", "undo", "replace"),
    summary: fc.constantFrom(...summaries),
    custody: fc.tuple(fc.constantFrom(...states), fc.constantFrom(...states)),
    day: fc.integer({ min: 10, max: 28 }),
  });
  type Content = { summary: string; custody: [string, string]; day: number };
  const caseOf = ({ summary, custody: [of, ofOther], day }: Content): Case => {
    const names = [{ ...one.names[0], value: second }];
    const person = withPerson(custody(of, `2000-01-${day}`)).people[0];
    const other = {
      ...person,
      id: "somebody-else",
      names,
      ...custody(ofOther, `2000-01-${day}`),
    };
    return {
      ...base,
      summary: { en: summary },
      people: [person, other],
    } as Case;
  };
  /** A text about now with the statuses of all. */
  const pairOf = ({ summary, custody: states }: Content) =>
    [summary, ...states].join();

  it("every pair of a text and statuses is confirmed by the revision that it follows, or asked about", () => {
    fc.assert(
      fc.property(fc.array(Step, { maxLength: 8 }), (steps) => {
        const history: Content[] = [];
        for (const { does, ...content } of steps) {
          if (does !== "publish") history.pop();
          if (does === "undo") continue;
          const before = history.at(-1);
          const questions = asked(
            before ? caseOf(before) : null,
            caseOf(content),
          );
          const isAsked = questions.some(
            ({ kind, at }) =>
              kind === "statuses" && at.includes("/case/summary/en"),
          );
          expect(isAsked).toBe(
            before === undefined || pairOf(before) !== pairOf(content),
          );
          history.push(content);
        }
      }),
      { numRuns: scaled(100, 10_000) },
    );
  });
});
