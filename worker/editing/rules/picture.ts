/**
 * Removes everything from a picture but its pixels: the place and the device of
 * the photograph can harm people. Libraries remove the metadata that they know;
 * this code keeps only the parts that a browser needs to show the picture.
 */
import { concatBytes } from "@noble/hashes/utils.js";

export const MAX_PICTURE_BYTES = 200 * 1024;

export const pictureTypes = ["image/jpeg", "image/png", "image/webp"] as const;

export interface Picture {
  type: (typeof pictureTypes)[number];
  bytes: Uint8Array<ArrayBuffer>;
}

type Bytes = Uint8Array<ArrayBuffer>;

const joined = (parts: Bytes[]): Bytes => new Uint8Array(concatBytes(...parts));

const textAt = (bytes: Bytes, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/** Restart markers, and the stuffed zero after a 0xFF of the image itself. */
const isInsideScan = (marker: number) =>
  marker === 0 || (marker >= 0xd0 && marker <= 0xd7);

/**
 * Quantization, frames, Huffman tables, restart intervals and scans. The only
 * application segment is Adobe's, which says how the colours are stored.
 */
const isNeeded = (marker: number) =>
  marker === 0xdb ||
  (marker >= 0xc0 && marker <= 0xcf) ||
  marker === 0xdd ||
  marker === 0xda ||
  marker === 0xee;

function cleanJpeg(bytes: Bytes): Bytes | null {
  const parts: Bytes[] = [bytes.subarray(0, 2)];
  let hasScan = false;
  for (let at = 2; at + 2 <= bytes.length; ) {
    const marker = bytes[at + 1] as number;
    if (bytes[at] !== 0xff) return null;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9)
      return hasScan ? joined([...parts, bytes.subarray(at, at + 2)]) : null;
    const length = ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
    let end = at + 2 + length;
    if (length < 2 || end > bytes.length) return null;
    if (marker === 0xee && length !== 14) return null;
    if (marker === 0xda) {
      hasScan = true;
      while (
        end + 1 < bytes.length &&
        (bytes[end] !== 0xff || isInsideScan(bytes[end + 1] as number))
      )
        end++;
    }
    if (isNeeded(marker)) parts.push(bytes.subarray(at, end));
    at = end;
  }
  return null;
}

/** The image, its palette, transparency and brightness. */
const pngChunks = new Set([
  "IHDR",
  "PLTE",
  "IDAT",
  "IEND",
  "tRNS",
  "gAMA",
  "sRGB",
  "cHRM",
]);

function cleanPng(bytes: Bytes): Bytes | null {
  const parts: Bytes[] = [bytes.subarray(0, 8)];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    const name = textAt(bytes, at + 4, 4);
    if (end > bytes.length) return null;
    if (pngChunks.has(name)) parts.push(bytes.subarray(at, end));
    if (name === "IEND") return joined(parts);
    at = end;
  }
  return null;
}

/**
 * Flags of a VP8X chunk: an alpha channel. Those of profiles, EXIF, XMP and
 * animation are cleared.
 */
const ALPHA_FLAG = 0x10;

function cleanWebp(bytes: Bytes): Bytes | null {
  const parts: Bytes[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let hasImage = false;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = textAt(bytes, at, 4);
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length % 2);
    if (end > bytes.length) return null;
    const chunk = bytes.slice(at, end);
    if (name === "VP8X") chunk[8] = (chunk[8] as number) & ALPHA_FLAG;
    if (["VP8X", "VP8 ", "VP8L", "ALPH"].includes(name)) parts.push(chunk);
    hasImage ||= name === "VP8 " || name === "VP8L";
    at = end;
  }
  if (!hasImage) return null;
  const whole = joined([bytes.slice(0, 12), ...parts]);
  new DataView(whole.buffer).setUint32(4, whole.length - 8, true);
  return whole;
}

const formats = [
  {
    type: "image/jpeg",
    starts: (start: string) => start.startsWith("\xff\xd8\xff"),
    clean: cleanJpeg,
  },
  {
    type: "image/png",
    starts: (start: string) => start.startsWith("\x89PNG\r\n\x1a\n"),
    clean: cleanPng,
  },
  {
    type: "image/webp",
    starts: (start: string) =>
      start.startsWith("RIFF") && start.endsWith("WEBP"),
    clean: cleanWebp,
  },
] as const;

/**
 * The picture without metadata, by its signature; null for anything else than a
 * JPEG, a PNG or a still WebP.
 */
export function cleanPicture(bytes: Bytes): Picture | null {
  const format = formats.find(({ starts }) => starts(textAt(bytes, 0, 12)));
  const cleaned = format?.clean(bytes);
  return format && cleaned ? { type: format.type, bytes: cleaned } : null;
}
