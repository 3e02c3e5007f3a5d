/** A picture of a person loses everything but its pixels. */
import * as v from "valibot";
import { expect, test } from "vitest";
import { Case } from "../../../shared/case/schema.ts";
import { textsIn } from "../../../shared/case/text.ts";
import { cleanPicture } from "../../../worker/editing/rules/picture.ts";
import { jpeg, png, svg, webp } from "../../drawn-pictures.ts";
import { inventedCase } from "../../invented.ts";

const SECRET = "GPS 44.9N 34.1E, the family's phone";
const textOf = (bytes: Uint8Array) => String.fromCharCode(...bytes);

test.each([
  ["image/jpeg", jpeg(SECRET)],
  ["image/png", png(90, SECRET)],
  ["image/webp", webp(SECRET)],
])("%s: where and with what it was taken is gone", (type, bytes) => {
  expect(textOf(bytes)).toContain(SECRET);
  const picture = cleanPicture(bytes);
  expect(picture?.type).toBe(type);
  expect(textOf(picture?.bytes ?? bytes)).not.toMatch(/GPS|Exif|eXIf|XMP|Photoshop|Comment/);
  // What is clean stays as it is.
  expect(cleanPicture(picture?.bytes ?? bytes)).toEqual(picture);
});

test("the pixels stay: a picture without metadata is the same as with it", () => {
  expect(cleanPicture(png(90, SECRET))?.bytes).toEqual(png(90));
  expect(cleanPicture(webp(SECRET))?.bytes).toEqual(webp());
  expect(textOf(cleanPicture(jpeg(SECRET))?.bytes ?? png(0))).toContain("\x12\xff\x00\x34\xff\xd0\x56\xff\xd9");
});

test("anything else is refused: SVG, GIF, text, an animation, a file that was cut", () => {
  const cut = [png(1), jpeg(), webp()].map((bytes) => bytes.slice(0, -9));
  const texts = ["", "GIF89a", "hello", "\x89PNG\r\n\x1a\n"].map((text) => new Uint8Array(Buffer.from(text, "latin1")));
  for (const bytes of [svg, webp(undefined, true), ...cut, ...texts]) expect(cleanPicture(bytes)).toBeNull();
});

test("its description is a text to translate, and a redaction may remove it", () => {
  const plain = inventedCase(1);
  const [person] = plain.people;
  const portrait = {
    image: "0".repeat(64),
    alt: { en: "A grey square", uk: "Сірий квадрат" },
    credit: "Invented Studio",
    licence: "CC0",
    until: "2099-12-31",
  };
  const shown = v.parse(Case, { ...plain, people: [{ ...person, portrait }] });
  expect(textsIn(shown).map(({ path }) => path.join("/"))).toContain("people/0/portrait/alt");
  expect(shown.people[0]?.portrait?.alt.uk).toMatchObject({ text: "Сірий квадрат", reviewed: false });
  // A case without a portrait is stored as before.
  expect(JSON.stringify(plain)).not.toMatch(/portrait|hide/i);
});
