/**
 * Share images, as their own renderer measures and draws them; and what the
 * workshop does with the renderer.
 */
import { Resvg } from "@resvg/resvg-wasm";
import { beforeAll, expect, test, vi } from "vitest";
import type { Case } from "../../../../shared/case/schema.ts";
import { type LocaleTag, localeTags } from "../../../../shared/locale.ts";
import { shareImage } from "../../../../worker/web/site/share-image/share-image.tsx";
import { drawPng } from "../../../../worker/web/workshop/draw-png.ts";
import font from "../../../../worker/web/workshop/share.ttf?inline";
import { png } from "../../../support/drawn-pictures.ts";
import { inventedCase, inventedPerson } from "../../../support/invented.ts";
import { profile } from "../../../support/profile.ts";

/** The workshop has no font here, so squares are all that it draws. */
const square = (size: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"/>`;

let failedStart: unknown;
beforeAll(async () => {
  // A renderer starts once, so this has to be the first thing that it does.
  const instantiate = vi
    .spyOn(WebAssembly, "instantiate")
    .mockRejectedValueOnce(new Error("No memory, as this test wants"));
  failedStart = await drawPng(square(1)).catch((error: unknown) => error);
  instantiate.mockRestore();
});

test("A start of the renderer that failed is tried again by the next image", async () => {
  expect(String(failedStart)).toContain("No memory");
  expect((await drawPng(square(1))).length).toBeGreaterThan(0);
});

test("An image that several ask for at once is drawn once", async () => {
  using render = vi.spyOn(Resvg.prototype, "render");
  const [one, other] = await Promise.all([
    drawPng(square(2)),
    drawPng(square(2)),
  ]);
  expect(one).toEqual(other);
  expect(render).toHaveBeenCalledOnce();
  expect(await drawPng(square(3))).not.toEqual(one);
});

test("What was drawn leaves the renderer's memory, also after an error", async () => {
  using free = vi.spyOn(Resvg.prototype, "free");
  using render = vi.spyOn(Resvg.prototype, "render");
  render.mockImplementationOnce(() => {
    throw new Error("Not drawn, as this test wants");
  });
  await expect(drawPng(square(4))).rejects.toThrow("Not drawn");
  expect(free).toHaveBeenCalledOnce();
});

const fontBuffers = [
  Uint8Array.from(atob(font.slice(font.indexOf(",") + 1)), (byte) =>
    byte.charCodeAt(0),
  ),
];

/** The texts of an image, each with its left and right end in pixels. */
function textsOf(
  fields: Case,
  locale: LocaleTag,
  newsroom = profile.newsroom.name,
  faces?: Record<string, string>,
) {
  const svg = shareImage(
    fields,
    locale,
    { ...profile, newsroom: { ...profile.newsroom, name: newsroom } },
    faces,
  );
  const start = /<svg[^>]*>/.exec(svg)![0];
  return (svg.match(/<text.*?<\/text>/gs) ?? []).map((text) => {
    const alone = new Resvg(`${start}${text}</svg>`, { font: { fontBuffers } });
    const { x, width } = alone.getBBox()!;
    alone.free();
    const size = Number(/font-size="(\d+)"/.exec(text)![1]);
    return {
      text: text.replace(/<[^>]+>/g, ""),
      left: x,
      right: x + width,
      size,
    };
  });
}

const called = (...names: string[]) =>
  inventedCase(1, {
    people: names.map((name, index) =>
      inventedPerson(name, { id: `invented-${index}` }),
    ),
  });

function expectInside(texts: ReturnType<typeof textsOf>): void {
  for (const { text, left, right } of texts) {
    expect(left, text).toBeGreaterThanOrEqual(60);
    expect(right, text).toBeLessThanOrEqual(1_200 - 60);
  }
}

test("A date keeps its size beside a face, also with an inferred year, in every language", () => {
  const fields = inventedCase(1, {
    asOf: { date: "2000-11-20", inferred: ["year"] },
  });
  for (const locale of localeTags)
    for (const { text, size } of textsOf(fields, locale, "N", {
      a: "data:image/png;base64,",
    }))
      expect(size, `${locale} ${text}`).toBeGreaterThanOrEqual(34);
});

test("A name of any length is inside the image, in every language", () => {
  for (const words of [
    "Wanda MWMW ",
    "Numberwang",
    "Жовтень Щодня ",
    "شخص مختلق ",
    "بيت كتاب ",
    "ill fit ",
  ])
    for (const length of [10, 30, 44, 60, 120, 200]) {
      const name = `${words.repeat(length).slice(0, length - 1)}x`;
      for (const locale of ["en", "ar"] as const)
        expectInside(textsOf(called(name, "B"), locale));
    }
});

test("A case without people has its title, in lines, and the whole date above a long newsroom's name", () => {
  const title = "Wanda of Demoland was invented on a long day "
    .repeat(8)
    .trim();
  for (const locale of localeTags) {
    const nobody = inventedCase(1, { people: [], title: { en: title } });
    const texts = textsOf(nobody, locale, "Invented Newsroom ".repeat(4));
    const shortest = Math.min(
      ...texts
        .filter(({ text }) => /Wanda|long/.test(text))
        .map((one) => one.right - one.left),
    );
    expect(shortest, "No word stands alone").toBeGreaterThan(400);
    expect(
      texts.filter(({ text }) => text.includes("Wanda")).length,
      locale,
    ).toBeGreaterThan(1);
    expectInside(texts);
    expect(texts.some(({ text }) => text.includes("2000"))).toBe(true);
  }
});

/**
 * The columns, in pixels, in which the images of two cases differ: the first
 * and the last.
 */
function differenceOf(
  locale: LocaleTag,
  ...cases: [Case, Case]
): [number, number] {
  const [one, other] = cases.map((fields) => {
    const whole = new Resvg(shareImage(fields, locale, profile), {
      font: { fontBuffers },
    });
    const image = whole.render();
    const pixels = new Uint32Array(image.pixels.slice().buffer);
    image.free();
    whole.free();
    return pixels;
  }) as [Uint32Array, Uint32Array];
  const columns = [...one.keys()]
    .filter((index) => one[index] !== other[index])
    .map((index) => index % 1_200);
  return [Math.min(...columns), Math.max(...columns)];
}

test("A face has half of the image to itself, on the far side of the text", async () => {
  const faces = {
    "invented-1": `data:image/png;base64,${Buffer.from(png(90)).toString("base64")}`,
  };
  const fields = {
    ...called(
      "Invented Person of a Long Name ".repeat(4),
      "Person B",
      "C",
      "D",
      "E",
    ),
    demo: true,
  };
  const portrait = {
    image: "",
    alt: {},
    credit: "Invented Studio",
    licence: "CC BY 4.0",
    until: "2099-12-31",
  };
  fields.people[1] = { ...fields.people[1]!, portrait };
  for (const locale of ["en", "ar"] as const) {
    const svg = shareImage(fields, locale, profile, faces);
    const image = new Resvg(svg, { font: { fontBuffers } }).render();
    const grey = [1, 599, 600, 1_199].map(
      (x) => image.pixels[(300 * 1_200 + x) * 4] === 90,
    );
    expect(grey).toEqual(
      locale === "ar" ? [true, true, false, false] : [false, false, true, true],
    );
    const [credit, ...texts] = textsOf(
      fields,
      locale,
      "Invented Newsroom ".repeat(4),
      faces,
    );
    expect(credit!.text).toContain("Invented Studio · CC BY 4.0");
    expect(texts[2]!.text, "Whose face it is").toMatch(/Person B/);
    for (const { text, left, right } of texts) {
      expect(left, text).toBeGreaterThanOrEqual(locale === "ar" ? 600 : 60);
      expect(right, text).toBeLessThanOrEqual(locale === "ar" ? 1_140 : 600);
    }
  }
});

const MARGIN_PX = 72;
const LETTER_PX = 60;

test("Each line of an image reads in the direction of its own first letter", () => {
  const people = (count: number) =>
    called(
      ...Array.from({ length: count }, (_, index) => `Wanda ${index % 3}`),
    );
  const [, digit] = differenceOf("ar", people(6), people(11));
  expect(
    digit,
    "The number in “3 more people” is at the right in Arabic",
  ).toBeGreaterThan(1_200 - MARGIN_PX - LETTER_PX);
  const [left, right] = differenceOf(
    "ar",
    called("شخص (مختلق)"),
    called("شخص (مختلق]"),
  );
  const [, wholeRight] = differenceOf("ar", called("شخص (مختلق)"), called("W"));
  expect(right - left, "Only the mark at the end differs").toBeLessThan(
    LETTER_PX,
  );
  expect(right, "An Arabic name ends at its left").toBeLessThan(
    wholeRight - 2 * LETTER_PX,
  );
  const [, latinMark] = differenceOf(
    "ar",
    called("Wanda Wonderland (b)"),
    called("Wanda Wonderland (b]"),
  );
  expect(latinMark, "A Latin name ends at its right").toBeGreaterThan(
    1_200 - MARGIN_PX - LETTER_PX,
  );
});
