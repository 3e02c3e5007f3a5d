/** Parses and prints moments on the command line. */
import { Stop } from "./outcome.ts";

const MOMENT_PATTERN = /^\d{4}-\d\d-(\d\d)T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

/**
 * @param text such as 2026-12-01T09:00+02:00
 * @returns ISO 8601 in UTC, with milliseconds
 * @throws Stop when it is not a moment, or has no offset
 */
export function momentFrom(text: string): string {
  const day = Number(MOMENT_PATTERN.exec(text)?.[1]);
  const moment = new Date(text);
  // Date takes 30 February for 2 March.
  const exists = new Date(text.slice(0, 10)).getUTCDate() === day;
  if (exists && !Number.isNaN(moment.getTime())) return moment.toISOString();
  throw new Stop("usage", {
    title: "Invalid moment",
    detail: `“${text}” is not a moment with an offset from UTC.`,
    remedy: "Write it like 2026-12-01T09:00+02:00 or 2026-12-01T07:00Z.",
  });
}

/** "Tuesday, 1 December 2026 at 09:00:00 CET (2026-12-01T08:00:00.000Z)" */
export const momentWords = (iso: string) =>
  `${new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" }).format(new Date(iso))} (${iso})`;

/** "14 hours ago", rounded down. @param age in milliseconds */
export function ageWords(age: number): string {
  const units = {
    day: 86_400_000,
    hour: 3_600_000,
    minute: 60_000,
    second: 1_000,
  } as const;
  const ago = new Intl.RelativeTimeFormat("en");
  for (const [unit, length] of Object.entries(units))
    if (age >= length)
      return ago.format(-Math.floor(age / length), unit as keyof typeof units);
  return ago.format(-0, "second");
}
