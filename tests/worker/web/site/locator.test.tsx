/**
 * Which places have a locator map, and what it says. Its borders are tested in
 * tests/maps.test.ts.
 */
import { renderToString } from "preact-render-to-string";
import { expect, test } from "vitest";
import { localeTags } from "../../../../shared/locale.ts";
import { locatorOf } from "../../../../worker/web/site/map/locator.tsx";
import { inventedCase } from "../../../support/invented.ts";

const inPlaces = (
  places: { name: { en: string }; iso3166?: string }[],
  changes = {},
) => ({
  ...inventedCase(1, {
    places: places.map((place) => ({ ...place, source: "first" })),
  }),
  demo: false,
  ...changes,
});

const drawn = async (
  fields: ReturnType<typeof inPlaces>,
  locale: (typeof localeTags)[number] = "en",
) => {
  const map = await locatorOf(fields, locale);
  return map && renderToString(map);
};

test("names region and country in the reader's language, and marks each region of the country", async () => {
  const fields = inPlaces([
    { name: { en: "Crimea" }, iso3166: "UA-43" },
    { name: { en: "Lviv" }, iso3166: "UA-46" },
    { name: { en: "Rostov" }, iso3166: "RU-ROS" },
  ]);
  const html = await drawn(fields);
  expect(html).toMatch(/role="img" aria-label="Map: Crimea, Ukraine"/);
  expect(html?.match(/<circle/g)).toHaveLength(2);
  expect(await drawn(fields, "ar")).toMatch(
    /aria-label="خريطة: القرم، أوكرانيا"/,
  );
  const labels = await Promise.all(
    localeTags.map(
      async (tag) =>
        /aria-label="([^"]+)"/.exec((await drawn(fields, tag)) ?? "")?.[1],
    ),
  );
  expect(labels.every((label) => label && label.length > 10)).toBe(true);
  expect(
    await drawn(inPlaces([{ name: { en: "Lviv region" }, iso3166: "UA-46" }])),
  ).toMatch(/"Map: Lviv region, Ukraine"/);
  expect(
    await drawn(inPlaces([{ name: { en: "Somewhere" }, iso3166: "AF" }])),
  ).toMatch(/"Map: Afghanistan"/);
});

test("draws nothing for an invented case, an unknown place, or a case whose editors hide the map", async () => {
  const crimea = [{ name: { en: "Crimea" }, iso3166: "UA-43" }];
  for (const fields of [
    inPlaces(crimea, { demo: true }),
    inPlaces(crimea, { hideMap: true }),
    inPlaces([]),
    inPlaces([{ name: { en: "Demoland" } }]),
    inPlaces([{ name: { en: "Demoland" }, iso3166: "XX" }]),
  ])
    expect(await drawn(fields)).toBeNull();
});
