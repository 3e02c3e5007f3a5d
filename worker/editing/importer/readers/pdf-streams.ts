/** Unpacks the streams of a PDF within a limit, because a few bytes may unpack to gigabytes. A damaged stream ends where the damage begins. */
import { Unzlib } from "fflate";
import { UnreadableFile } from "./file-text.ts";

const PART_BYTES = 4096;
const latin1 = new TextDecoder("latin1");

type Put = (bytes: Uint8Array | number[]) => void;

function flate(packed: Uint8Array, put: Put): void {
  const stream = new Unzlib(put);
  for (let at = 0; at < packed.length; at += PART_BYTES) stream.push(packed.subarray(at, at + PART_BYTES));
}

const LZW_CLEAR = 256;
const LZW_END = 257;
const LZW_ENTRIES = 4096;

function lzw(packed: Uint8Array, put: Put): void {
  let table: Uint8Array[] = [];
  let last: Uint8Array | null = null;
  let [bits, held] = [0, 0];
  const longer = (entry: Uint8Array, by: Uint8Array) => {
    const result = new Uint8Array(entry.length + 1);
    result.set(entry);
    result[entry.length] = by[0] as number;
    return result;
  };
  for (const byte of packed) {
    [bits, held] = [(bits << 8) | byte, held + 8];
    // A code grows by a bit one code before the table needs it.
    const size = Math.max(9, Math.min(12, Math.ceil(Math.log2(table.length + LZW_END + 3))));
    if (held < size) continue;
    held -= size;
    const code = bits >> held;
    bits &= (1 << held) - 1;
    if (code === LZW_END) return;
    if (code === LZW_CLEAR) {
      [table, last] = [[], null];
      continue;
    }
    const known: Uint8Array | undefined = code < LZW_CLEAR ? Uint8Array.of(code) : table[code - LZW_END - 1];
    if (!known && !last) return;
    const entry: Uint8Array = known ?? longer(last as Uint8Array, last as Uint8Array);
    put(entry);
    if (last && table.length + LZW_END + 1 < LZW_ENTRIES) table.push(longer(last, entry));
    last = entry;
  }
}

function ascii85(packed: Uint8Array, put: Put): void {
  const [text = ""] = latin1.decode(packed).replace(/\s/g, "").replaceAll("z", "!!!!!").split("~");
  for (let at = 0; at < text.length; at += 5) {
    const group = text.slice(at, at + 5);
    const value = [...group.padEnd(5, "u")].reduce((sum, digit) => sum * 85 + digit.charCodeAt(0) - 33, 0);
    put([24, 16, 8, 0].slice(0, group.length - 1).map((shift) => Math.floor(value / 2 ** shift) & 255));
  }
}

const filters: Record<string, (packed: Uint8Array, put: Put) => void> = {
  FlateDecode: flate,
  Fl: flate,
  LZWDecode: lzw,
  LZW: lzw,
  ASCII85Decode: ascii85,
  A85: ascii85,
};
/** No program packs text with these. */
const refused = /R$|\/(?:RL|AHx|RunLengthDecode|ASCIIHexDecode)\b/;

/** @param most bytes, after each filter @throws UnreadableFile when there are more, or for filters that are refused, or whose names stand elsewhere */
export function unpacked(stream: Uint8Array, dictionary: string, most: number): Uint8Array {
  const [, named = ""] = /\/F(?:ilter)?\s*(\[[^\]]*|\/\w+|\d+ \d+ R)/.exec(dictionary) ?? [];
  if (refused.test(named)) throw new UnreadableFile("too-large");
  let bytes = stream;
  for (const [, name = ""] of named.matchAll(/\/(\w+)/g)) {
    let grown = new Uint8Array(PART_BYTES);
    let length = 0;
    try {
      filters[name]?.(bytes, (part) => {
        if (length + part.length > most) throw new UnreadableFile("too-large");
        if (length + part.length > grown.length) {
          const larger = new Uint8Array(Math.max(2 * grown.length, length + part.length));
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
