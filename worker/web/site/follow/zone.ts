/**
 * Zones with summer time that name no place, by their minutes ahead of UTC in
 * winter.
 */
const summerZones: Record<number, string> = {
  ...{
    [-480]: "PST8PDT",
    [-420]: "MST7MDT",
    [-360]: "CST6CDT",
    [-300]: "EST5EDT",
  },
  ...{ 0: "WET", 60: "CET", 120: "EET" },
};
/** In minutes ahead of UTC: the offsets of part hours that can be chosen. */
const partHours = [210, 270, 330, 345, 390, 570];

/**
 * The clock of this device, as in the bot's list of zones; in whole hours where
 * that has no such zone.
 */
export function zoneOfDevice(
  minutesAhead = (date: Date) => -date.getTimezoneOffset(),
): string {
  const now = new Date();
  const [january, july] = [0, 6].map((month) =>
    minutesAhead(new Date(now.getFullYear(), month)),
  ) as [number, number];
  const summer = summerZones[january];
  if (july - january === 60 && summer) return summer;
  const exact = minutesAhead(now);
  const minutes = partHours.includes(exact)
    ? exact
    : Math.round(exact / 60) * 60;
  const [hour, minute] = [
    Math.floor(Math.abs(minutes) / 60),
    Math.abs(minutes) % 60,
  ];
  return `${minutes < 0 ? "-" : "+"}${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}
