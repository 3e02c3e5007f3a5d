/** A picture of a person loses everything but its pixels. */
import { expect, test } from "vitest";
import { cleanPicture } from "../../../worker/editing/rules/picture.ts";
import { jpeg, png, svg, webp } from "../../support/drawn-pictures.ts";

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
  expect(textOf(picture?.bytes ?? bytes)).not.toMatch(
    /GPS|Exif|eXIf|XMP|Photoshop|Comment/,
  );
  // What is clean stays as it is.
  expect(cleanPicture(picture?.bytes ?? bytes)).toEqual(picture);
});

test("the pixels stay: a picture without metadata is the same as with it", () => {
  expect(cleanPicture(png(90, SECRET))?.bytes).toEqual(png(90));
  expect(cleanPicture(webp(SECRET))?.bytes).toEqual(webp());
  expect(textOf(cleanPicture(jpeg(SECRET))?.bytes ?? png(0))).toContain(
    "\x12\xff\x00\x34\xff\xd0\x56\xff\xd9",
  );
});

test("anything else is refused: SVG, GIF, text, an animation, a file that was cut", () => {
  const cut = [png(1), jpeg(), webp()].map((bytes) => bytes.slice(0, -9));
  const texts = ["", "GIF89a", "hello", "\x89PNG\r\n\x1a\n"].map(
    (text) => new Uint8Array(Buffer.from(text, "latin1")),
  );
  for (const bytes of [svg, webp(undefined, true), ...cut, ...texts])
    expect(cleanPicture(bytes)).toBeNull();
});
