/** The hours in which a chat wants messages, on clocks of its own. */
import { expect, it } from "vitest";
import { zonesCalled } from "../../bot/cities.ts";
import {
  clockIn,
  restUntil,
  zoneOffset,
  zones,
  zoneText,
} from "../../bot/hours.ts";
import { zoneOfDevice } from "../../worker/web/site/follow/zone.ts";
import { scaled } from "../support/scaled.ts";

const at = (text: string) => Date.parse(`${text}Z`);
const iso = (instant: number | null) =>
  instant === null ? null : new Date(instant).toISOString().slice(0, 16);
const night = { from: 22, to: 7 };

it.each([
  ["+00:00", "2026-01-01T21:59", null],
  ["+00:00", "2026-01-01T22:00", "2026-01-02T07:00"],
  ["+00:00", "2026-01-02T06:59", "2026-01-02T07:00"],
  ["+00:00", "2026-01-02T07:00", null],
  ["+05:45", "2026-01-01T16:15", "2026-01-02T01:15"],
  ["-11:00", "2026-01-01T09:30", "2026-01-01T18:00"],
  ["EET", "2026-01-01T20:00", "2026-01-02T05:00"],
  ["EET", "2026-07-01T19:00", "2026-07-02T04:00"],
  // Summer is in January there.
  ["S+10:00", "2026-01-01T11:00", "2026-01-01T20:00"],
  ["S+10:00", "2026-07-01T12:00", "2026-07-01T21:00"],
  // In the nights in which the clocks change.
  ["EET", "2026-03-28T20:30", "2026-03-29T04:00"],
  ["EET", "2026-10-24T19:30", "2026-10-25T05:00"],
])("Quiet hours in %s at %s UTC end at %s", (zone, now, end) => {
  expect(iso(restUntil({ zone, quiet: night }, 0, at(now)))).toBe(end);
});

it("Quiet hours may lie within a day, and none are those that end when they begin", () => {
  const noon = { zone: "+00:00", quiet: { from: 12, to: 14 } };
  expect(iso(restUntil(noon, 0, at("2026-01-01T13:00")))).toBe(
    "2026-01-01T14:00",
  );
  expect(restUntil(noon, 0, at("2026-01-01T14:00"))).toBeNull();
  expect(
    restUntil(
      { ...noon, quiet: { from: 12, to: 12 } },
      0,
      at("2026-01-01T12:00"),
    ),
  ).toBeNull();
});

it("Quiet hours always end later than now, in every zone", () => {
  // Every hour of the day in turn, a seventh of the days; the changes of the
  // clocks have examples above.
  const step = scaled(35, 5);
  for (const zone of zones)
    for (let hour = 0; hour < 24 * 366; hour += step) {
      const now = at("2026-01-01T00:00") + hour * 3_600_000;
      const end = restUntil({ zone, quiet: night }, 0, now);
      if (end === null) continue;
      expect(end - now).toBeGreaterThan(0);
      expect(end - now).toBeLessThanOrEqual(10 * 3_600_000);
      expect(restUntil({ zone, quiet: night }, 0, end)).toBeNull();
    }
});

it.each([
  ["2026-01-01T08:59", "2026-01-01T08:00", "2026-01-01T09:00"],
  ["2026-01-01T09:00", "2026-01-01T08:00", null],
  // Telegram was down at nine.
  ["2026-01-01T13:00", "2026-01-01T08:00", null],
  ["2026-01-01T13:00", "2026-01-01T09:30", "2026-01-02T09:00"],
  ["2026-01-02T08:00", "2026-01-01T09:00", null],
])(
  "A digest at nine sends at %s news of %s, or lets it wait until %s",
  (now, since, until) => {
    expect(
      iso(restUntil({ zone: "+00:00", digest: 9 }, at(since), at(now))),
    ).toBe(until);
  },
);

it("A digest within quiet hours comes at their end", () => {
  const hours = { zone: "+00:00", digest: 23, quiet: night };
  expect(
    iso(restUntil(hours, at("2026-01-01T12:00"), at("2026-01-01T23:00"))),
  ).toBe("2026-01-02T07:00");
  expect(
    restUntil(hours, at("2026-01-01T12:00"), at("2026-01-02T07:00")),
  ).toBeNull();
});

it("A zone is shown by its time and its difference from UTC, and names no place", () => {
  expect(zones.map(zoneText)).toEqual(
    expect.arrayContaining([
      "UTC+2/+3",
      "UTC+0",
      "UTC+5:45",
      "UTC−11",
      "UTC−5/−4",
      "UTC+11/+10",
    ]),
  );
  expect(zones.join(" ")).not.toContain("/");
  expect(clockIn("EET", at("2026-01-01T12:30"))).toBe("14:30");
  for (const zone of zones) expect(zone.length).toBeLessThanOrEqual(9);
});

it.each([
  ["Istanbul", ["+03:00"]],
  ["буэнос-айрес", ["-03:00"]],
  ["Москва", ["+03:00"]],
  ["Kolkata", ["+05:30"]],
  ["sydney", ["S+10:00"]],
  ["Los Angeles", ["PST8PDT"]],
  ["Сімферополь", ["+03:00"]],
  ["Україна", ["EET"]],
  ["Türkiye", ["+03:00"]],
  ["Portugal", ["WET"]],
  ["nowhere", []],
  ["!", []],
])("The clock of %s is %s", (words, expected) => {
  const found = new Set(
    (["ru", "en", "es", "uk"] as const).flatMap((locale) =>
      zonesCalled(words, locale),
    ),
  );
  expect([...found]).toEqual(expected);
});

it("A device names a zone that can be chosen, with its summer time and part hours", () => {
  const named = (zone: string) =>
    zoneOfDevice((date) => zoneOffset(zone, date.getTime()) / 60_000);
  expect(
    Intl.supportedValuesOf("timeZone").filter(
      (zone) => !zones.includes(named(zone)),
    ),
  ).toEqual([]);
  const some = [
    "Europe/Kyiv",
    "Europe/Istanbul",
    "America/New_York",
    "Asia/Tehran",
    "Asia/Kathmandu",
    "UTC",
  ];
  expect(some.map(named)).toEqual([
    "EET",
    "+03:00",
    "EST5EDT",
    "+03:30",
    "+05:45",
    "+00:00",
  ]);
});
