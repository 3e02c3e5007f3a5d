/**
 * The clock of a city or a country that somebody names. The place itself is
 * stored nowhere.
 */
import { fold } from "../shared/case/names.ts";
import { intlTag, zonesOfPlace } from "../shared/intl.ts";
import type { LocaleTag } from "../shared/locale.ts";
import { zoneOffset, zones } from "./hours.ts";
import { placeCalled } from "./scope.ts";

/** Moments all over a year, for clocks that change on different days. */
const moments = Array.from({ length: 24 }, (_, index) =>
  Date.UTC(2026, 0, 8 + index * 15),
);

/**
 * Where clocks change by a month sooner or later, a zone still counts as the
 * same.
 */
const MIN_ALIKE = 20;

/**
 * The zone that can be chosen whose clock shows the same as an IANA zone's, all
 * year or nearly; null when none does.
 */
function chosenLike(iana: string): string | null {
  const alike = (zone: string) =>
    moments.filter((at) => zoneOffset(zone, at) === zoneOffset(iana, at))
      .length;
  const [first = "", like] = zones.reduce<[string, number]>(
    (best, zone) => (alike(zone) > best[1] ? [zone, alike(zone)] : best),
    ["", 0],
  );
  return like < MIN_ALIKE ? null : first;
}

/** True also for the older and newer names of a zone, in any case. */
function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}

/**
 * The IANA zones that a text names: by their city, a country or a region, or
 * the name of their time in a language.
 */
function namedZones(words: string, locale: LocaleTag): string[] {
  const wanted = fold(words);
  const all = Intl.supportedValuesOf("timeZone");
  const place = placeCalled(words);
  const areas = [
    ...new Set(all.map((zone) => zone.slice(0, zone.lastIndexOf("/")))),
  ];
  const named = areas
    .map((area) => `${area}/${words.trim().replaceAll(" ", "_")}`)
    .filter(isZone);
  const ofCity = all.filter(
    (zone) => fold(zone.split("/").at(-1) ?? "") === wanted,
  );
  if (named.length + ofCity.length > 0) return [...named, ...ofCity];
  if (place) return zonesOfPlace(place);
  // "Москва", or "hora de Nueva York"
  return all.filter((zone) => {
    const format = new Intl.DateTimeFormat(intlTag(locale), {
      timeZone: zone,
      timeZoneName: "shortGeneric",
    });
    const name = format
      .formatToParts(0)
      .find(({ type }) => type === "timeZoneName");
    return ` ${fold(name?.value ?? "")} `.includes(` ${wanted} `);
  });
}

/**
 * The zones that can be chosen for a city or a country; none for an unknown
 * one.
 * @param words in any language, a large city also in `locale`
 */
export function zonesCalled(words: string, locale: LocaleTag): string[] {
  const named = fold(words) === "" ? [] : namedZones(words, locale);
  const found = new Set(named.map(chosenLike));
  return zones.filter((zone) => found.has(zone));
}
