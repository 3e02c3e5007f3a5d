/**
 * Unpacks the streams of a PDF within a limit, because a few bytes may unpack
 * to gigabytes. A damaged stream ends where the damage begins.
 */
import { Unzlib } from "fflate";
import { UnreadableFile } from "./file-text.ts";

const PART_BYTES = 4096;
const latin1 = new TextDecoder("latin1");

type Put = (bytes: Uint8Array | number[]) => void;

function flate(packed: Uint8Array, put: Put): void {
  const stream = new Unzlib(put);
  for (let at = 0; at < packed.length; at += PART_BYTES)
    stream.push(packed.subarray(at, at + PART_BYTES));
}

function ascii85(packed: Uint8Array, put: Put): void {
  const [text = ""] = latin1
    .decode(packed)
    .replace(/\s/g, "")
    .replaceAll("z", "!!!!!")
    .split("~");
  for (let at = 0; at < text.length; at += 5) {
    const group = text.slice(at, at + 5);
    const value = [...group.padEnd(5, "u")].reduce(
      (sum, digit) => sum * 85 + digit.charCodeAt(0) - 33,
      0,
    );
    put(
      [24, 16, 8, 0]
        .slice(0, group.length - 1)
        .map((shift) => Math.floor(value / 2 ** shift) & 255),
    );
  }
}

const filters: Record<string, (packed: Uint8Array, put: Put) => void> = {
  FlateDecode: flate,
  Fl: flate,
  ASCII85Decode: ascii85,
  A85: ascii85,
};
/** No program of this century packs text with these. */
const refused =
  /R$|\/(?:LZW|RL|AHx|LZWDecode|RunLengthDecode|ASCIIHexDecode)\b/;

/**
 * @param most bytes, after each filter
 * @throws UnreadableFile when there are more, or for filters that are refused,
 * or whose names stand elsewhere
 */
export function unpacked(
  stream: Uint8Array,
  dictionary: string,
  most: number,
): Uint8Array {
  const [, named = ""] =
    /\/F(?:ilter)?\s*(\[[^\]]*|\/\w+|\d+ \d+ R)/.exec(dictionary) ?? [];
  if (refused.test(named)) throw new UnreadableFile("too-large");
  let bytes = stream;
  for (const [, name = ""] of named.matchAll(/\/(\w+)/g)) {
    let grown = new Uint8Array(PART_BYTES);
    let length = 0;
    try {
      filters[name]?.(bytes, (part) => {
        if (length + part.length > most) throw new UnreadableFile("too-large");
        if (length + part.length > grown.length) {
          const larger = new Uint8Array(
            Math.max(2 * grown.length, length + part.length),
          );
          larger.set(grown);
          grown = larger;
        }
        grown.set(part, length);
        length += part.length;
      });
    } catch (error) {
      if (error instanceof UnreadableFile) throw error;
      // PDF.js reads what comes before the damage, and so does this.
    }
    bytes = grown.subarray(0, length);
  }
  return bytes;
}
