/** The calendar, read by Mozilla's parser. */
import ICAL from "ical.js";
import { expect, it } from "vitest";
import type { CaseSummary } from "../../../../shared/view/summary.ts";
import { summaryOf } from "../../../../worker/reads/summary.ts";
import {
  calendarOf,
  datedCases,
} from "../../../../worker/web/site/calendar/calendar.ts";
import { inventedCase } from "../../../support/invented.ts";
import { profile } from "../../../support/profile.ts";

const revision = {
  number: 3,
  sequence: 7,
  kind: "update" as const,
  liveAt: "2026-01-02T03:04:05.678Z",
};
const entryOf = (
  number: number,
  changes: Record<string, unknown>,
): CaseSummary => {
  const summary = summaryOf(inventedCase(number, changes));
  return { ...summary, number: `UA ${number}/00`, revision };
};
const event = (date: string, text: object) => ({
  date: { date },
  kind: "trial",
  text,
  source: "first",
});
const LONG = `Суд, апеляція; ${"дуже довге слово ".repeat(20)}\\ кінець`.trim();

it("lists deadlines of active appeals and announced hearings, whole days, in lines that a parser reads back", () => {
  const cases = [
    entryOf(1, {
      events: [
        event("2000-01-01", { en: "A hearing that took place." }),
        event("2000-05-06", {
          en: "Hearing of the appeal",
          uk: { text: LONG, of: "outdated", reviewed: true },
        }),
        event("2000-07", { en: "A month is no day." }),
      ],
    }),
    entryOf(2, { action: { state: "closed", until: "2099-12-31" } }),
  ];
  const text = calendarOf(
    cases,
    "uk",
    { origin: "https://casewire.test", profile },
    Date.parse("2000-02-01"),
  );
  const lines = text.split("\r\n");
  for (const line of lines)
    expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar
    .getAllSubcomponents("vevent")
    .map((component) => new ICAL.Event(component));
  expect(
    events.map(({ uid, startDate, endDate }) => [
      uid,
      String(startDate),
      String(endDate),
    ]),
  ).toEqual([
    ["ua-1-00-deadline@casewire.test", "2099-12-31", "2100-01-01"],
    ["ua-1-00-hearing-2000-05-06-0@casewire.test", "2000-05-06", "2000-05-07"],
  ]);
  expect(events[0]?.summary).toMatch(/^ДЕМО · UA 1\/00: .*31 грудня 2099/);
  expect(events[1]?.summary).toMatch(
    new RegExp(`^ДЕМО · UA 1/00: .*${LONG.slice(0, 20)}.*\\\\ кінець`),
  );
  expect(events[1]?.sequence).toBe(3);
  expect(String(events[1]?.component.getFirstPropertyValue("dtstamp"))).toBe(
    "2026-01-02T03:04:05Z",
  );
  expect(events[1]?.component.getFirstPropertyValue("url")).toBe(
    "https://casewire.test/cases/ua-1-00?lang=uk",
  );
});

it("has the hundred cases with a day from today on, nearest first, and then the last ones before it, or none", () => {
  const until = (number: number) =>
    new Date(Date.UTC(2000, 0, number)).toISOString().slice(0, 10);
  const on = (number: number) =>
    entryOf(number, {
      action: { ...inventedCase(1).action, until: until(number) },
    });
  const cases = [
    ...Array.from({ length: 130 }, (_, index) => on(130 - index)),
    entryOf(200, { action: { state: "closed" } }),
  ];
  const numbersOn = (day: number) =>
    datedCases(cases, Date.parse(until(day))).map(({ id }) =>
      Number(id.split("-")[1]),
    );
  expect(numbersOn(11)).toEqual(
    Array.from({ length: 100 }, (_, index) => 110 - index),
  );
  expect(numbersOn(121)).toEqual(
    Array.from({ length: 100 }, (_, index) => 130 - index),
  );
  const text = calendarOf(
    [],
    "en",
    { origin: "https://casewire.test", profile },
    0,
  );
  expect(
    new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent"),
  ).toEqual([]);
});
