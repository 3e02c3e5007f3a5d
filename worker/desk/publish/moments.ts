/** Moments in the time zones of the editor and of the case. */
import { zonesOfPlace } from "../../../shared/intl.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { clock } from "../words.ts";
export const ownZone = (): string =>
  new Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * A time zone's name, with today's spelling of Kyiv, for which browsers still
 * use an old name.
 */
export const zoneName = (zone: string): string =>
  zone.replace("Kiev", "Kyiv").replaceAll("_", " ");

/**
 * The value of a `datetime-local` field for a moment, in this machine's time
 * zone: "2026-11-26T12:00".
 */
export function wallTime(moment: number): string {
  const offsetMs = new Date(moment).getTimezoneOffset() * 60_000;
  return new Date(moment - offsetMs).toISOString().slice(0, 16);
}

/**
 * The moment of a wall time in this machine's time zone, in milliseconds; null
 * when the text is incomplete. `skipped` is true for a time that doesn't exist
 * because clocks go forward over it.
 */
export function momentOf(
  wall: string,
): { moment: number; skipped: boolean } | null {
  const moment = new Date(wall).getTime();
  if (Number.isNaN(moment)) return null;
  return { moment, skipped: wallTime(moment) !== wall.slice(0, 16) };
}

/** The next full hour that is at least an hour away. */
export function proposedMoment(now: number): number {
  const at = new Date(now + 2 * 3_600_000);
  at.setMinutes(0, 0, 0);
  return at.getTime();
}

/**
 * Prints a moment with its UTC offset, because one hour in autumn occurs twice.
 * A minus sign replaces the offset's hyphen, after which a line could break.
 */
export const printMoment = (
  moment: number | string,
  timeZone?: string,
): string =>
  clock(moment, {
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: timeZone === "UTC" ? "short" : "shortOffset",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).replace(/-(?=[\d:]+$)/, "−");

/**
 * The time zones of a case's places, or of its responsible countries when it
 * has no places.
 */
export function zonesOf({ places, authorities }: UnfinishedCase): string[] {
  const codes = (places ?? []).flatMap((place) =>
    place?.iso3166 ? [place.iso3166] : [],
  );
  const regions = codes.length > 0 ? codes : (authorities ?? []);
  return [...new Set(regions.flatMap(zonesOfPlace))];
}
