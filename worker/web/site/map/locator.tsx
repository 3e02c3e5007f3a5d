/**
 * The locator map of a case: the country of its place, with a dot for the
 * region. It is drawn into the page, so that no request tells anyone where a
 * reader looks. The outlines come from tests/maps.
 */
import type { VNode } from "preact";
import type { Case } from "../../../../shared/case/schema.ts";
import { regionName } from "../../../../shared/intl.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { knownPlaceName } from "../../../../shared/place-names.ts";
import { runOf } from "../../../../shared/view/run.ts";
import { decode } from "../../../runtime/decode.ts";
import { MAP_SIZE } from "./size.ts";

/** A line for each country, with tabs between its fields. */
const readOutlines = async (): Promise<string> =>
  decode((await import("./outlines.txt")).default);

interface Outline {
  /**
   * Paths of the country, of the coasts around it, and of areas whose status is
   * open; empty where there are none.
   */
  country: string;
  coasts: string;
  open: string;
  /**
   * The point of each region by the second part of its ISO 3166-2 code; of the
   * country itself, when it is a speck, by an empty one; of its name, by `_`.
   */
  points: Map<string, { x: number; y: number }>;
}

/** @param code ISO 3166-1 alpha-2 */
function outlineOf(outlines: string, code: string): Outline | null {
  const start = outlines.startsWith(`${code}\t`)
    ? 0
    : outlines.indexOf(`\n${code}\t`) + 1;
  if (start === 0 && !outlines.startsWith(`${code}\t`)) return null;
  const [, country = "", coasts = "", open = "", points = ""] = outlines
    .slice(start, outlines.indexOf("\n", start))
    .split("\t");
  const entries = points.split(" ").flatMap((point) => {
    const [, region, x, y] = /^(\w*):(\d+),(\d+)$/.exec(point) ?? [];
    return region === undefined
      ? []
      : [[region, { x: Number(x), y: Number(y) }] as const];
  });
  return { country, coasts, open, points: new Map(entries) };
}

/** "Crimea": our name of the region, else the case's own. */
const shortNameOf = (
  { iso3166 = "", name }: Case["places"][number],
  fields: Case,
  locale: LocaleTag,
): string =>
  knownPlaceName(locale, iso3166) ?? runOf(name, fields.language, locale).text;

/** Keeps a name inside the map. */
const anchorAt = (x: number) =>
  x < MAP_SIZE.width / 3
    ? "start"
    : x > (2 * MAP_SIZE.width) / 3
      ? "end"
      : "middle";

/** "Crimea, Ukraine": our name of the region, else the case's own. */
function nameOf(
  place: Case["places"][number],
  fields: Case,
  locale: LocaleTag,
): string {
  const code = place.iso3166 ?? "";
  const country = regionName(locale, code.slice(0, 2)) ?? code.slice(0, 2);
  if (code.length === 2) return country;
  const region =
    knownPlaceName(locale, code) ??
    runOf(place.name, fields.language, locale).text;
  return region.includes(country)
    ? region
    : message(locale, "view.map.place", { region, country });
}

/**
 * Draws the map; null for an invented case, for one without a known place, and
 * for one whose editors hide the map.
 */
export async function locatorOf(
  fields: Case,
  locale: LocaleTag,
): Promise<VNode | null> {
  const place = fields.places.find(({ iso3166 }) => iso3166);
  if (!place?.iso3166 || fields.demo || fields.hideMap) return null;
  const country = place.iso3166.slice(0, 2);
  const outline = outlineOf(await readOutlines(), country);
  if (!outline) return null;
  const places = fields.places.filter(({ iso3166 }) =>
    iso3166?.startsWith(country),
  );
  const points = new Map(
    places.flatMap((one) => {
      const point = outline.points.get((one.iso3166 ?? "").slice(3));
      return point
        ? [
            [
              `${point.x} ${point.y}`,
              { ...point, name: shortNameOf(one, fields, locale) },
            ] as const,
          ]
        : [];
    }),
  );
  const inside = outline.points.get("_");
  const isFree = [...points.values()].every(
    ({ x, y }) => !inside || Math.hypot((x - inside.x) / 3, y - inside.y) > 20,
  );
  const named =
    inside && isFree
      ? { x: inside.x, y: inside.y + 3 }
      : { x: MAP_SIZE.width / 2, y: 10 };
  const label = message(locale, "view.map", {
    place: nameOf(place, fields, locale),
  });
  return (
    <div class="locator">
      <svg
        viewBox={`0 0 ${MAP_SIZE.width} ${MAP_SIZE.height}`}
        role="img"
        aria-label={label}
      >
        <path class="coasts" d={outline.coasts} />
        <path d={outline.country} />
        {outline.open && <path class="open" d={outline.open} />}
        <text class="country" {...named} text-anchor="middle">
          {regionName(locale, country) ?? country}
        </text>
        {[...points.values()].map(({ x, y, name }) => (
          <>
            <circle cx={x} cy={y} r={4} />
            <text
              x={x}
              y={y > MAP_SIZE.height / 2 ? y - 8 : y + 15}
              text-anchor={anchorAt(x)}
            >
              {name}
            </text>
          </>
        ))}
      </svg>
    </div>
  );
}
