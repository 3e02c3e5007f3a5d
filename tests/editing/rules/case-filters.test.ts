import { describe, expect, it } from "vitest";
import {
  type CaseFilter,
  type CaseOrder,
  filterCases,
  nearCases,
  sortCases,
} from "../../../worker/editing/rules/case-filters.ts";
import type { DeskCase } from "../../../worker/editing/rules/desk.ts";
import { profile } from "../../support/profile.ts";

const NOW = Date.parse("2026-11-26T11:00:00Z");

const deskCase = (number: number, more: Partial<DeskCase> = {}): DeskCase => ({
  id: `ua-${number}-00`,
  number: `UA ${number}/00`,
  title: { en: `Invented case ${number}` },
  language: "en",
  state: "present",
  newest: 1,
  live: 1,
  liveAt: "2026-11-01T00:00:00.000Z",
  pending: [],
  waiting: 0,
  action: "active",
  until: null,
  asOf: "2026-11-01",
  people: [],
  outdated: 0,
  spellings: [],
  places: [],
  placeNames: [],
  ...more,
});

const found = (cases: DeskCase[], filters: CaseFilter[], query = "") =>
  filterCases(cases, query, filters, NOW, profile).map(({ id }) => id);

describe("The editors' list of cases", () => {
  const pending = [
    {
      number: 2,
      kind: "update",
      liveAt: "2026-12-01T00:00:00.000Z",
      editor: "anna",
    },
  ] as const;
  const cases = [
    deskCase(1, { pending: [...pending] }),
    deskCase(2, { state: "withdrawn", title: null, action: null, asOf: null }),
    deskCase(3, {
      state: "unpublished",
      newest: 0,
      live: null,
      liveAt: null,
      waiting: 1,
      action: null,
      asOf: null,
    }),
    deskCase(4, { action: "closed", outdated: 3, until: "2026-12-24" }),
    deskCase(5, { asOf: "2026-05-29", until: "2026-12-24" }),
    deskCase(6, { asOf: "2026-05-30", until: "2026-11-25" }),
    deskCase(8, { until: "2026-11-20" }),
    deskCase(9, { action: "closed", until: "2026-11-20" }),
    deskCase(7, {
      until: "2026-12-05",
      places: ["RU"],
      placeNames: ["Wonderland"],
      spellings: ["Demo Person Öne"],
    }),
  ];

  it.each<[CaseFilter, number[]]>([
    ["open", [1, 3, 5, 6, 8, 7]],
    ["withdrawn", [2]],
    ["pending", [1]],
    ["waiting", [3]],
    ["outdated", [4]],
    ["stale", [5]],
    ["deadline", [5, 6, 7]],
    ["lapsed", [8]],
  ])("has the filter %s", (filter, numbers) => {
    expect(found(cases, [filter])).toEqual(
      numbers.map((number) => `ua-${number}-00`),
    );
  });

  it("passes every filter that is named, and is whole without one", () => {
    expect(found(cases, ["stale", "deadline"])).toEqual(["ua-5-00"]);
    expect(found(cases, [])).toHaveLength(cases.length);
    expect(found(cases, [], "  ")).toHaveLength(cases.length);
  });

  it.each(["7/00", "demo one", "Росія", "wonderland", "invented 7"])(
    "is searched as readers search: %s",
    (query) => {
      expect(found(cases, [], query)).toEqual(["ua-7-00"]);
      expect(found(cases, ["withdrawn"], query)).toEqual([]);
    },
  );

  it.each<[CaseOrder, number[]]>([
    ["newest", [1, 2, 3, 4]],
    ["name", [4, 1, 3, 2]],
    ["status", [3, 4, 1, 2]],
    // One that has passed, or that belongs to a closed action, isn't ahead.
    ["deadline", [2, 1, 3, 4]],
  ])("is sorted by %s, and what has none comes last", (order, numbers) => {
    const list = [
      deskCase(1, {
        people: [{ name: "Nobody", custody: "released" }],
        until: "2027-01-01",
      }),
      deskCase(2, { until: "2026-12-24" }),
      deskCase(3, {
        people: [{ name: "Somebody", custody: "detained" }],
        until: "2026-11-20",
      }),
      deskCase(4, {
        people: [
          { name: "Another", custody: "imprisoned" },
          { name: "Zero", custody: "" },
        ],
        until: "2026-12-01",
        action: "closed",
      }),
    ];
    const statusOf = ({ people }: DeskCase) => people[0]?.custody ?? "";
    const sorted = sortCases(
      list,
      order,
      statusOf,
      (a, b) => a.localeCompare(b),
      NOW,
    );
    expect(sorted.map(({ id }) => id)).toEqual(
      numbers.map((number) => `ua-${number}-00`),
    );
  });

  it("offers names that are near what was typed, the nearest first", () => {
    const people = [
      deskCase(1, { spellings: ["Invented Nowerman"] }),
      deskCase(2, {
        spellings: ["Вигаданий Новгерман", "Invented Nowhereman"],
      }),
      deskCase(3, { spellings: ["Somebody Else"] }),
    ];
    const near = (query: string) =>
      nearCases(people, query).map(({ id }) => id);
    expect(near("Inventet Nowhereman")).toEqual(["ua-2-00", "ua-1-00"]);
    expect(near("Вигадани Новгермен")).toEqual(["ua-2-00"]);
    for (const query of ["Nobody Atall", "7/00", "."])
      expect([query, near(query)]).toEqual([query, []]);
  });
});
