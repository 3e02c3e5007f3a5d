/** A moment as somebody types it, and as it was understood. */
import { InvalidArgumentError } from "commander";

const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:\d\d)?$/;
/** Clocks are set forward and back by as much as this, in milliseconds. */
const LONGEST_STEP = 3 * 3_600_000;
const QUARTER = 900_000;

const twoDigits = (number: number) => String(number).padStart(2, "0");

/** "+02:00" */
function offsetOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

/** The wall clock as one number, to be compared. */
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
 * In this machine's time zone, unless the text names its own.
 * @returns ISO 8601, UTC, milliseconds
 * @throws InvalidArgumentError when it is no moment, none that exists, or one of two
 */
export function momentFrom(text: string): string {
  const parts = WRITTEN.exec(text);
  if (!parts)
    throw new InvalidArgumentError(
      'It must be a moment such as "2026-12-01 09:00" (this machine\'s time zone) or 2026-12-01T09:00+02:00.',
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
  if (zone === undefined) return here(wall);
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const offset = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  if (Math.abs(offset) > 14 * 60 || Number(minutes ?? 0) > 59)
    throw new InvalidArgumentError(`No time zone is ${zone} from UTC.`);
  return new Date(wall - offset * 60_000).toISOString();
}

/** Every instant at which this machine's wall clock shows that. */
function here(wall: number): string {
  const shown = new Date(wall);
  // As if it were UTC, so that the local one is a day off at most.
  const near = wall + shown.getTimezoneOffset() * 60_000;
  const found: Date[] = [];
  for (let step = -LONGEST_STEP; step <= LONGEST_STEP; step += QUARTER)
    if (wallOf(new Date(near + step)) === wall) found.push(new Date(near + step));
  const [first, second] = found;
  if (!first)
    throw new InvalidArgumentError("That hour does not exist here: the clocks are set forward over it that night.");
  if (second)
    throw new InvalidArgumentError(
      `That hour comes twice here, since the clocks are set back that night: add ${found.map(offsetOf).join(" or ")}.`,
    );
  return first.toISOString();
}

/** "Tuesday, 1 December 2026 at 09:00:00 CET (2026-12-01T08:00:00.000Z)" */
export const momentWords = (iso: string) =>
  `${new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" }).format(new Date(iso))} (${iso})`;
