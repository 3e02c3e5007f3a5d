/** The list of cases: its filters, and paging while cases change. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Case } from "../../../shared/case/schema.ts";
import type { Revision } from "../../../shared/revision.ts";
import type { CaseSummary } from "../../../shared/view/summary.ts";
import type { ListQuery } from "../../../worker/editing/contract/parameters.ts";
import { AllCases } from "../../../worker/reads/all-cases.ts";
import { caseWords } from "../../../worker/reads/case-words.ts";
import {
  correctionsEnd,
  headsOf,
  listKey,
} from "../../../worker/reads/list.ts";
import { requireKnownCodes } from "../../../worker/reads/list-filters.ts";
import { newsFirst } from "../../../worker/reads/news-first.ts";
import { summaryOf } from "../../../worker/reads/summary.ts";
import { shortDigest } from "../../../worker/runtime/digest.ts";
import { inventedCase, inventedRevision } from "../../support/invented.ts";
import { profile } from "../../support/profile.ts";
import { scaled } from "../../support/scaled.ts";

const START = Date.parse("2026-01-01T00:00:00Z");

function entryOf(
  fields: Case,
  number: number,
  liveAt = START + number * 1_000,
): CaseSummary {
  const revision = {
    number,
    kind: "update" as const,
    liveAt: new Date(liveAt).toISOString(),
  };
  return { ...summaryOf(fields), number: fields.id, revision };
}

const all = {
  q: undefined,
  action: undefined,
  lang: undefined,
  limit: 50,
  cursor: undefined,
};
const page = (cases: CaseSummary[], query: Partial<ListQuery>) =>
  new AllCases(cases, [], profile).page({ ...all, ...query }, START).selection;

it("A list with a correction is another answer once readers need not hear of it any more, and ends then", () => {
  const liveAt = new Date(START).toISOString();
  const head = entryOf(inventedCase(1), 3);
  const corrected: CaseSummary = {
    ...head,
    correction: { number: 2, kind: "correction", liveAt },
  };
  const correcting: CaseSummary = {
    ...head,
    revision: { ...head.revision, kind: "correction", liveAt },
  };
  const end = START + 14 * 86_400_000;
  for (const entry of [corrected, correcting]) {
    expect(correctionsEnd([head, entry], end - 1)).toBe(end);
    expect(headsOf([entry], end - 1)).not.toBe(headsOf([entry], end));
  }
  expect(correctionsEnd([corrected], end)).toBe(Number.POSITIVE_INFINITY);
  expect(headsOf([corrected], end)).toBe(headsOf([head], end));
});

it("A page for readers begins with fresh releases and corrections, the newest first, and ends with redacted cases", () => {
  const now = START + 20 * 86_400_000;
  const at = (daysAgo: number, changes: Partial<Revision> = {}) =>
    inventedRevision({
      liveAt: new Date(now - daysAgo * 86_400_000).toISOString(),
      ...changes,
    });
  const release = { changes: [{ what: "custody" }] } as Pick<
    Revision,
    "changes"
  >;
  // A case's head, and what before it is still news.
  const told: {
    revision: Revision;
    earlier?: Revision;
    corrected?: Revision;
  }[] = [
    { revision: at(0, { kind: "redaction" }) },
    { revision: at(1) },
    { revision: at(2), earlier: at(5, release) },
    { revision: at(3, release) },
    {
      revision: at(4, { kind: "redaction" }),
      corrected: at(5, { kind: "correction" }),
    },
    { revision: at(6), corrected: at(13, { kind: "correction" }) },
    { revision: at(8, release) },
  ];
  const entries = told.map(({ revision }, number) => ({
    ...entryOf(inventedCase(number), 1),
    revision,
  }));
  const states = told.map(
    (news, at) =>
      [
        `ua-${at}-00`,
        { state: "present", record: news, ...news } as never,
      ] as const,
  );
  const order = newsFirst(entries, new Map(states), now).map(({ id }) =>
    Number(id.split("-")[1]),
  );
  expect(order).toEqual([3, 2, 5, 1, 6, 0, 4]);
});

it("Paging misses no case, and no newer revision of one, whatever changes between two pages", () => {
  const known = Array.from({ length: 12 }, (_, at) =>
    inventedCase(at + 1, {
      action: {
        state: at % 3 === 0 ? "closed" : "active",
        request: { en: "Write." },
      },
    }),
  );
  const change = fc.record({
    before: fc.integer({ min: 1, max: 6 }),
    number: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      (changes, limit, active) => {
        let sequence = 0;
        let cases: CaseSummary[] = [];
        const publish = (number: number) => {
          const entry = entryOf(known[number - 1]!, ++sequence);
          cases = [entry, ...cases.filter(({ id }) => id !== entry.id)];
        };
        for (let number = 1; number <= 10; number++) publish(number);
        const query = {
          limit,
          ...(active ? { action: "active" as const } : {}),
        };
        const seen = new Map<string, number>();
        let cursor: string | undefined;
        for (let read = 1; read < 60; read++) {
          const {
            page: found,
            next,
            changed,
          } = page(cases, { ...query, cursor });
          for (const { id, revision } of found)
            seen.set(id, Date.parse(revision.liveAt));
          cursor = next ?? changed;
          if (cursor === undefined) break;
          expect(cursor).toMatch(
            /^\d{1,15}\.[a-z0-9-]*(~\d{1,15}\.[a-z0-9-]*){0,2}$/,
          );
          for (const { before, number } of changes)
            if (before === read) publish(number);
        }
        expect(cursor).toBeUndefined();
        for (const { id, revision } of page(cases, { ...query, limit: 100 })
          .page)
          expect([id, seen.get(id)]).toEqual([id, Date.parse(revision.liveAt)]);
      },
    ),
    { numRuns: scaled(100) },
  );
});

it("Paging comes to its end at once when nothing changed", () => {
  const cases = [3, 2, 1].map((number) =>
    entryOf(inventedCase(number), number),
  );
  const first = page(cases, { limit: 2 });
  expect(first.page.map(({ id }) => id)).toEqual(["ua-3-00", "ua-2-00"]);
  const last = page(cases, { limit: 2, cursor: first.next });
  expect([last.page.map(({ id }) => id), last.next, last.changed]).toEqual([
    ["ua-1-00"],
    undefined,
    undefined,
  ]);
});

describe("A filter", () => {
  const cases = [2, 1].map((number) => entryOf(inventedCase(number), number));

  it("by time finds what changed since, and not before", () => {
    expect(
      page(cases, { changedSince: START + 2_000 }).page.map(({ id }) => id),
    ).toEqual(["ua-2-00"]);
  });

  it.each([{ place: "" }, { person: "" }, { q: "" }])(
    "that is left empty is none: %j",
    (query) => {
      const unshowable = [{ id: "ua-3-00", number: "UA 3/00" }];
      const list = new AllCases(cases, unshowable, profile);
      const whole = list.page(all, START);
      // Lists with one key share one kept answer.
      expect(listKey({ ...all, ...query })).toBe(listKey(all));
      expect(list.page({ ...all, ...query }, START)).toEqual(whole);
    },
  );

  it("with a code that the newsroom doesn't have is refused by name", () => {
    const check = (query: Partial<ListQuery>) => () =>
      requireKnownCodes({ ...all, ...query }, profile);
    const refusal = (pointer: string, message: RegExp) =>
      expect.objectContaining({
        failure: {
          tag: "invalid-query",
          issues: [{ pointer, message: expect.stringMatching(message) }],
        },
      });
    expect(check({ custody: "in-prison" })).toThrow(
      refusal("/custody", /^must be one of .*imprisoned/),
    );
    expect(check({ series: "ZZ" })).toThrow(
      refusal("/series", /^must be one of UA\b/),
    );
    expect(check({ custody: "imprisoned", series: "UA" })).not.toThrow();
  });
});

it("The words of a case are stored with its summary, so folding them in another way needs a migration that sets the version in `derived` to 0", () => {
  const spelt =
    "Алієв Jeppar|Şevket O'Neil|Said-Ahmed Üçgül|محمد الخطيب|Łódź Œuvre Þór|Ґалаґан Щерба";
  const title = { en: "Invented case 12", ru: "Вымышленный съезд" };
  const placeNames = [{ names: ["Вигадане", "Demoville, Demoland"] }];
  const words = caseWords({ title, spellings: spelt.split("|"), placeNames });
  expect(shortDigest(JSON.stringify(words))).toBe("797cb6e5e1e14e6c");
});
