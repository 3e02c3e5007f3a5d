/** Moments on the editor's wall and on the wall where the case is. */
import type { UnfinishedCase } from "../../editorial/desk.ts";
import { clock } from "../words.ts";

/** The editor's own time zone. */
export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** As the time zone database writes it today; browsers still hand out a name that Kyiv no longer bears. */
export const zoneName = (zone: string): string => zone.replace("Kiev", "Kyiv").replaceAll("_", " ");

/** What a `datetime-local` field shows for a moment, in this machine's zone: "2026-11-26T12:00". */
export function wallTime(moment: number): string {
  const at = new Date(moment);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/**
 * The moment that a wall time names here, in milliseconds; null when it is incomplete. `skipped` is true for a time that this
 * wall never shows, because clocks go forward over it.
 */
export function momentOf(wall: string): { moment: number; skipped: boolean } | null {
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

/** With its offset, so that the hour that clocks show twice is no riddle; a minus, for a line may end after a hyphen. */
export const printMoment = (moment: number | string, timeZone?: string): string =>
  clock(moment, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: timeZone === "UTC" ? "short" : "shortOffset",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).replace(/-(?=[\d:]+$)/, "−");

/** Countries and parts of them whose clocks are known better than by the browser's list for the country, by ISO 3166. */
const knownZones: Record<string, string> = { UA: "Europe/Kyiv", "UA-43": "Europe/Simferopol" };

/** Newer than the language's type library; not every browser has it. */
interface RegionLocale extends Intl.Locale {
  getTimeZones?(): string[] | undefined;
  timeZones?: string[];
}

function zonesOfCountry(region: string): string[] {
  try {
    const locale: RegionLocale = new Intl.Locale("und", { region });
    return locale.getTimeZones?.() ?? locale.timeZones ?? [];
  } catch {
    return [];
  }
}

/** The time zones of a case's places, and of the responsible countries when it names no place. */
export function zonesOf({ places, authorities }: UnfinishedCase): string[] {
  const codes = (places ?? []).flatMap((place) => (place?.iso3166 ? [place.iso3166] : []));
  const regions = codes.length > 0 ? codes : (authorities ?? []);
  return [
    ...new Set(
      regions.flatMap((code) => {
        const zone = knownZones[code] ?? knownZones[code.slice(0, 2)];
        return zone ? [zone] : zonesOfCountry(code.slice(0, 2));
      }),
    ),
  ];
}
