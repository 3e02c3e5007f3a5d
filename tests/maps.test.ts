/** The borders of the locator maps, by the rule in docs/profile.md. */
import { readFile } from "node:fs/promises";
import { geoContains } from "d3-geo";
import { beforeAll, expect, test } from "vitest";
import { drawMaps, readWorld } from "./maps/draw.ts";
import { root } from "./support/root.ts";

let world: Awaited<ReturnType<typeof readWorld>>;
beforeAll(async () => {
  world = await readWorld();
});

/** A point in each territory, and the countries whose outline has it. */
const territories: [name: string, at: [number, number], codes: string[]][] = [
  ["Simferopol", [34.1, 44.95], ["UA"]],
  ["Sevastopol", [33.6, 44.6], ["UA"]],
  ["Donetsk", [37.8, 48], ["UA"]],
  ["Sukhumi", [41.1, 43.05], ["GE"]],
  ["Tskhinvali", [43.97, 42.3], ["GE"]],
  ["Tiraspol", [29.6, 46.85], ["MD"]],
  ["the Golan", [35.78, 32.98], ["SY"]],
  ["Ramallah", [35.2, 31.9], ["PS"]],
  ["East Jerusalem", [35.26, 31.78], ["PS"]],
  ["Gaza", [34.4, 31.45], ["PS"]],
  ["Laayoune", [-13.2, 27.15], ["EH"]],
  ["Tifariti", [-10.5, 26.2], ["EH"]],
  ["Northern Cyprus", [33.4, 35.25], ["CY"]],
  ["Hargeisa", [44.06, 9.56], ["SO"]],
  ["Srinagar", [74.8, 34.1], []],
  ["Gilgit", [74.3, 35.9], []],
  ["Pristina", [21.1, 42.6], ["XK"]],
  ["Taipei", [121.5, 25], ["TW"]],
  ["Lhasa", [91, 29.7], ["CN"]],
];

test.each(territories)("%s", (_name, at, codes) => {
  const found = [...world.shapes].filter(([, coordinates]) =>
    geoContains({ type: "MultiPolygon", coordinates }, at),
  );
  expect(found.map(([code]) => code)).toEqual(codes);
});

test("the committed outlines are those that the script draws", async () => {
  const committed = (
    await readFile(`${root}worker/web/site/map/outlines.txt`, "utf8")
  ).split("\n");
  const [cyprus, ukraine] = await drawMaps(world, ["CY", "UA"]);
  expect(committed).toContain(cyprus);
  expect(committed).toContain(ukraine);
  expect(ukraine).toMatch(/[\t ]43:\d+,\d+/);
  expect(committed.find((line) => line.startsWith("RU\t"))).not.toMatch(
    /[\t ]43:/,
  );
});
