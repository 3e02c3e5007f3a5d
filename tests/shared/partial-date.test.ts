import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareEdtf,
  firstDay,
  lastDay,
  parseEdtf,
  printEdtf,
} from "../../shared/case/partial-date.ts";
import { printDay } from "../../shared/intl.ts";
import { sayIn } from "../../shared/messages.ts";
import { scaled } from "../support/scaled.ts";

const english = (text: string) =>
  printEdtf(text, (date) => printDay("en", date), sayIn("en"));

const day = fc
  .date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T00:00:00Z"),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString().slice(0, 10));
const point = fc
  .tuple(day, fc.constantFrom(4, 7, 10), fc.constantFrom("", "?", "~", "%"))
  .map(([text, precision, qualifier]) => text.slice(0, precision) + qualifier);
const edtf = fc.oneof(
  point,
  point.map((from) => `${from}/..`),
  point.map((to) => `../${to}`),
  fc
    .tuple(point, point)
    .map(([a, b]) => (compareEdtf(a, b) <= 0 ? `${a}/${b}` : `${b}/${a}`)),
);

describe("Partial dates", () => {
  it("are parsed at their own precision", () => {
    fc.assert(
      fc.property(point, (text) => {
        const parsed = parseEdtf(text) as Exclude<
          ReturnType<typeof parseEdtf>,
          null
        >;
        if (!("year" in parsed))
          throw new Error("a point was read as an interval");
        const { year, month, day, qualifier } = parsed;
        const pad = (number: number, length: number) =>
          String(number).padStart(length, "0");
        const parts = [
          pad(year, 4),
          ...[month, day].flatMap((part) =>
            part === undefined ? [] : [pad(part, 2)],
          ),
        ];
        expect(parts.join("-") + (qualifier ?? "")).toBe(text);
      }),
      { numRuns: scaled(100) },
    );
  });

  it("begin before they end, and contain each of their days", () => {
    fc.assert(
      fc.property(edtf, (text) => {
        expect(parseEdtf(text)).not.toBeNull();
        const [first, last] = [firstDay(text), lastDay(text)];
        if (first && last) expect(first <= last).toBe(true);
      }),
      { numRuns: scaled(100) },
    );
    fc.assert(
      fc.property(day, fc.constantFrom(4, 7, 10), (text, precision) => {
        const coarse = text.slice(0, precision);
        const inOrder = [firstDay(coarse), text, lastDay(coarse)];
        expect(inOrder.toSorted()).toEqual(inOrder);
      }),
      { numRuns: scaled(100) },
    );
  });

  it("have one order", () => {
    fc.assert(
      fc.property(edtf, edtf, edtf, (a, b, c) => {
        expect(compareEdtf(a, a)).toBe(0);
        expect(compareEdtf(a, b) + compareEdtf(b, a)).toBe(0);
        if (compareEdtf(a, b) <= 0 && compareEdtf(b, c) <= 0)
          expect(compareEdtf(a, c)).toBeLessThanOrEqual(0);
        const [end, start] = [lastDay(a), firstDay(b)];
        if (end && start && end < start) expect(compareEdtf(a, b)).toBe(-1);
      }),
      { numRuns: scaled(100) },
    );
  });

  it("are refused when they are not EDTF or name a day that does not exist", () => {
    const wrong = [
      "",
      "20",
      "2020-6-5",
      "2020-00",
      "2020-13",
      "2020-06-00",
      "2020-06-31",
      "2019-02-29",
      "2020?!",
    ];
    const intervals = [
      "..",
      "../..",
      "/",
      "2020/",
      "/2020",
      "2020/2019",
      "2020/2021/2022",
      "2019-02-30/..",
    ];
    for (const text of [
      ...wrong,
      ...intervals,
      "June 2020",
      "2020-06-25T00:00:00Z",
      " 2020",
    ])
      expect(parseEdtf(text), text).toBeNull();
    expect(parseEdtf("2020-02-29")).toEqual({ year: 2020, month: 2, day: 29 });
    fc.assert(
      fc.property(
        fc.string(),
        (text) => [parseEdtf(text), firstDay(text), lastDay(text)].length === 3,
      ),
      { numRuns: scaled(100) },
    );
  });

  it.each([
    ["2016", "2016"],
    ["2019-11", "November 2019"],
    ["2020?", "2020 (uncertain)"],
    ["2020-03~", "about March 2020"],
    ["../2020-06-25", "by 25\u00a0June 2020"],
    ["2019-11/..", "since November 2019"],
    ["2017/2018", "2017 to 2018"],
    ["no date", "no date"],
  ])(
    "are printed with no more precision than they have: %s as %s",
    (date, words) => expect(english(date)).toBe(words),
  );

  it("print the same day in every time zone", () => {
    const before = process.env.TZ;
    try {
      for (const zone of ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Kyiv"]) {
        process.env.TZ = zone;
        fc.assert(
          fc.property(day, (text) => {
            const numbers = english(text).match(/\d+/g)?.map(Number);
            expect(numbers).toEqual([
              Number(text.slice(8)),
              Math.abs(Number(text.slice(0, 4))),
            ]);
          }),
          { numRuns: scaled(30) },
        );
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});
