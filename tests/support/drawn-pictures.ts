/**
 * Drawn pictures for tests: squares of one colour, and files with the places
 * where programs write where a picture was taken.
 */
import { crc32, deflateSync } from "node:zlib";

type Bytes = Uint8Array<ArrayBuffer>;

const bytesOf = (...parts: (string | number[] | Uint8Array)[]): Bytes =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string"
        ? Array.from(part, (letter) => letter.charCodeAt(0))
        : Array.from(part),
    ),
  );

const big = (value: number) =>
  [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
const little = (value: number) => big(value).reverse();

const chunk = (name: string, content: Uint8Array | string): Bytes => {
  const named = bytesOf(name, content);
  return bytesOf(big(named.length - 4), named, big(crc32(named)));
};

/**
 * A square of 8 pixels.
 * @param shade 0 to 255
 * @param secret written as a comment
 */
export const png = (shade: number, secret?: string): Bytes =>
  bytesOf(
    "\x89PNG\r\n\x1a\n",
    chunk("IHDR", bytesOf(big(8), big(8), [8, 0, 0, 0, 0])),
    secret ? chunk("tEXt", `Comment\0${secret}`) : [],
    secret ? chunk("eXIf", `MM\0*${secret}`) : [],
    chunk(
      "IDAT",
      new Uint8Array(
        deflateSync(
          bytesOf(
            ...Array.from({ length: 8 }, () => [0, ...Array(8).fill(shade)]),
          ),
        ),
      ),
    ),
    chunk("IEND", ""),
    secret ? secret : [],
  );

/** The structure of a JPEG, without pixels that could be shown. */
export const jpeg = (secret?: string): Bytes => {
  const segment = (marker: number, content: Bytes) =>
    bytesOf([0xff, marker], big(content.length + 2).slice(2), content);
  return bytesOf(
    [0xff, 0xd8],
    segment(0xe0, bytesOf("JFIF\0", [1, 1, 0, 0, 1, 0, 1, 0, 0])),
    secret ? segment(0xe1, bytesOf("Exif\0\0", secret)) : [],
    secret ? segment(0xed, bytesOf("Photoshop", secret)) : [],
    secret ? segment(0xfe, bytesOf(secret)) : [],
    segment(0xdb, bytesOf([0], Array(64).fill(1))),
    segment(0xc0, bytesOf([8, 0, 8, 0, 8, 1, 1, 0x11, 0])),
    segment(0xda, bytesOf([1, 1, 0, 0, 63, 0])),
    [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56],
    [0xff, 0xd9],
    secret ? secret : [],
  );
};

/** The structure of a WebP. */
export const webp = (secret?: string, animated = false): Bytes => {
  const part = (name: string, content: Bytes) =>
    bytesOf(
      name,
      little(content.length),
      content,
      content.length % 2 ? [0] : [],
    );
  const body = bytesOf(
    "WEBP",
    part("VP8X", bytesOf([secret ? 0x1c : 0x10, 0, 0, 0, 7, 0, 0, 7, 0, 0])),
    animated
      ? part("ANIM", bytesOf(Array(6).fill(0)))
      : part("VP8 ", bytesOf([1, 2, 3])),
    secret ? part("EXIF", bytesOf(secret)) : [],
    secret ? part("XMP ", bytesOf(secret)) : [],
  );
  return bytesOf("RIFF", little(body.length), body);
};

export const svg = bytesOf(
  '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
);
