/** Parses and prints moments on the command line. */
import { InvalidArgumentError } from "commander";

const MOMENT_PATTERN = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:\d\d)?$/;
/** No time zone changes its offset by more than this at once. */
const MAX_CLOCK_CHANGE_MS = 3 * 3_600_000;
/** Offsets of time zones are multiples of a quarter of an hour. */
const OFFSET_STEP_MS = 15 * 60_000;
const MAX_OFFSET_MINUTES = 14 * 60;

const twoDigits = (number: number) => String(number).padStart(2, "0");

/** "+02:00" */
function offsetOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

/** The local wall clock as a number, to compare. */
const wallOf = (date: Date) =>
  Date.UTC(
    date.getFullYear(),
    date.getMonth(),
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
    date.getMilliseconds(),
  );

/**
 * @param text in this machine's time zone, unless it has an offset
 * @returns ISO 8601 in UTC, with milliseconds
 * @throws InvalidArgumentError when it is not a moment, doesn't exist, or is ambiguous
 */
export function momentFrom(text: string): string {
  const parts = MOMENT_PATTERN.exec(text);
  if (!parts)
    throw new InvalidArgumentError(
      'It must be a moment like "2026-12-01 09:00" (in this machine\'s time zone) or 2026-12-01T09:00+02:00.',
    );
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, Number((parts[7] ?? "0").padEnd(3, "0")));
  if (hour > 23 || minute > 59 || second > 59) throw new InvalidArgumentError("There is no such time of day.");
  const written = new Date(wall);
  if (written.getUTCMonth() !== month - 1 || written.getUTCDate() !== day)
    throw new InvalidArgumentError("There is no such day.");
  const zone = parts[8];
  if (zone === undefined) return localMoment(wall);
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const offset = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  if (Math.abs(offset) > MAX_OFFSET_MINUTES || Number(minutes ?? 0) > 59)
    throw new InvalidArgumentError(`No time zone has the offset ${zone}.`);
  return new Date(wall - offset * 60_000).toISOString();
}

/** The only instant at which this machine's clock shows a wall time. @throws InvalidArgumentError when there is none, or two */
function localMoment(wall: number): string {
  // A first guess, wrong by at most one clock change.
  const guess = wall + new Date(wall).getTimezoneOffset() * 60_000;
  const found: Date[] = [];
  for (let step = -MAX_CLOCK_CHANGE_MS; step <= MAX_CLOCK_CHANGE_MS; step += OFFSET_STEP_MS)
    if (wallOf(new Date(guess + step)) === wall) found.push(new Date(guess + step));
  const [first, second] = found;
  if (!first) throw new InvalidArgumentError("That hour doesn't exist here: the clocks go forward over it.");
  if (second)
    throw new InvalidArgumentError(
      `That hour occurs twice here, because the clocks go back. Add ${found.map(offsetOf).join(" or ")}.`,
    );
  return first.toISOString();
}

/** "Tuesday, 1 December 2026 at 09:00:00 CET (2026-12-01T08:00:00.000Z)" */
export const momentWords = (iso: string) =>
  `${new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" }).format(new Date(iso))} (${iso})`;
