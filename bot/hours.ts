/**
 * Hours in which a chat wants messages: quiet hours, and the hour of a daily
 * digest, in the zone that it chose.
 */

import { kept } from "../shared/intl.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * When messages may reach a chat: outside quiet hours, or once a day. Hours are
 * whole hours of its clock, 0 to 23.
 */
export interface Hours {
  /**
   * An offset from UTC (`+05:30`), an IANA zone that names no place and has
   * summer time (`EET`), or one whose summer is in January (`S+10:00`).
   */
  zone: string;
  /** Nothing is sent from the first hour until the second. */
  quiet?: { from: number; to: number };
  /** The hour at which a day's updates are sent together. */
  digest?: number;
}

/**
 * Zones with summer time whose names don't say in which country somebody lives.
 */
const summerZones = [
  "PST8PDT",
  "MST7MDT",
  "CST6CDT",
  "EST5EDT",
  "WET",
  "CET",
  "EET",
] as const;

/**
 * Zones whose summer is in January, under names that tell only their winter
 * offset, by the zone that has their rule.
 */
const southernZones: Record<string, string> = {
  "S-04:00": "America/Santiago",
  "S+09:30": "Australia/Adelaide",
  "S+10:00": "Australia/Sydney",
  "S+12:00": "Pacific/Auckland",
};

const offset = (minutes: number): string => {
  const [hour, minute] = [
    Math.floor(Math.abs(minutes) / 60),
    Math.abs(minutes) % 60,
  ];
  return `${minutes < 0 ? "-" : "+"}${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
};

const wholeHours = Array.from({ length: 26 }, (_, index) => (index - 11) * 60);
/**
 * Offsets that are no whole hour and in which many people live: Iran,
 * Afghanistan, India, Nepal, Myanmar, Australia.
 */
const partHours = [210, 270, 330, 345, 390, 570];
const fixedZones = [...wholeHours, ...partHours]
  .toSorted((a, b) => a - b)
  .map(offset);

/** The zones that can be chosen, those with summer time first. */
export const zones: readonly string[] = [
  ...summerZones,
  ...Object.keys(southernZones),
  ...fixedZones,
];

/** "+02:00", or "" for UTC itself. */
function offsetText(zone: string, at: number): string {
  if (/^[+-]/.test(zone)) return zone;
  const format = kept(Intl.DateTimeFormat, "en", {
    timeZone: southernZones[zone] ?? zone,
    timeZoneName: "longOffset",
  } as const);
  const name = format
    .formatToParts(at)
    .find(({ type }) => type === "timeZoneName");
  return name?.value.replace("GMT", "") ?? "";
}

/** Milliseconds that a zone's clock is ahead of UTC. */
export function zoneOffset(zone: string, at: number): number {
  const [, sign, hours = "0", minutes = "0"] =
    /^([+-])(\d\d):(\d\d)$/.exec(offsetText(zone, at)) ?? [];
  return (
    (sign === "-" ? -1 : 1) *
    (Number(hours) * HOUR_MS + Number(minutes) * 60_000)
  );
}

/** "14:30" on a zone's clock. */
export const clockIn = (zone: string, at: number): string =>
  new Date(at + zoneOffset(zone, at)).toISOString().slice(11, 16);

/** "22:00" */
export const hourText = (hour: number): string =>
  `${String(hour).padStart(2, "0")}:00`;

/** "UTC+2", or "UTC+2/+3" for a zone with summer time. */
export function zoneText(zone: string): string {
  const year = Date.UTC(2026, 0);
  const sides = [year, year + 180 * DAY_MS].map((at) => {
    const minutes = zoneOffset(zone, at) / 60_000;
    return offset(minutes)
      .replace(/^(.)0?(\d+):00$|^(.)0?(\d+:\d\d)$/, "$1$2$3$4")
      .replace("-", "\u2212");
  });
  return `UTC${[...new Set(sides)].join("/")}`;
}

/**
 * The instant at which a zone's clock shows a whole hour: the last one until
 * `now`, and the next one after it.
 */
function hourAround(
  zone: string,
  hour: number,
  now: number,
): { last: number; next: number } {
  const local = now + zoneOffset(zone, now);
  const today = local - (local % DAY_MS) + hour * HOUR_MS;
  const instants = [-1, 0, 1].map((days) => {
    const clock = today + days * DAY_MS;
    // The offset near that instant, which may differ from today's.
    return clock - zoneOffset(zone, clock - zoneOffset(zone, now));
  });
  return {
    last: instants.findLast((at) => at <= now) ?? now,
    next: instants.find((at) => at > now) ?? now + DAY_MS,
  };
}

/**
 * Until when a message waits, in milliseconds since the epoch; null when it may
 * be sent now.
 * @param since the moment of the message's news. A digest sends what is older
 * than its hour.
 */
export function restUntil(
  { zone, quiet, digest }: Hours,
  since: number,
  now: number,
): number | null {
  if (digest !== undefined) {
    const { last, next } = hourAround(zone, digest, now);
    if (last < since) return next;
  }
  if (!quiet || quiet.from === quiet.to) return null;
  const hour = Math.floor(((now + zoneOffset(zone, now)) % DAY_MS) / HOUR_MS);
  const { from, to } = quiet;
  const isQuiet =
    from < to ? from <= hour && hour < to : hour >= from || hour < to;
  return isQuiet ? hourAround(zone, to, now).next : null;
}
