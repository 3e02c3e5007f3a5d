/**
 * Extracts the text of a .docx file: header, body, notes and footer, in this order. Nothing in the file is run, fetched or stored. The
 * zip's directory says where each part is, so that a file with two contents can't show one here and another in a word processor.
 */
import { parseXml, XmlElement, type XmlNode, XmlText } from "@rgrove/parse-xml";
import { Inflate } from "fflate";
import type { BrokenFile } from "../../../shared/refusals/documents.ts";

/** The limit for one unpacked part. The text of the largest Urgent Action has about 200 KB. */
const MAX_PART_BYTES = 4 * 1024 * 1024;
/** Unpacks in small steps: deflate expands at most a thousandfold, so a zip bomb is detected before it fills the memory. */
const CHUNK_BYTES = 2048;
/** Real Word documents have about thirty. */
const MAX_ENTRIES = 2000;
/** Real documents have up to about ten headers, footers and notes. */
const MAX_PARTS = 60;
/** Real documents nest about thirty levels deep. */
const MAX_DEPTH = 200;

export class BrokenDocx extends Error {
  readonly reason: BrokenFile;
  constructor(reason: BrokenFile) {
    super(reason);
    this.reason = reason;
  }
}

/** The records of a zip (APPNOTE.TXT, 4.3): signature and size of the fixed fields. */
const END_RECORD = { signature: 0x06054b50, bytes: 22, maxCommentBytes: 0xffff };
const DIRECTORY_ENTRY = { signature: 0x02014b50, bytes: 46 };
const LOCAL_HEADER = { signature: 0x04034b50, bytes: 30 };
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});
const crcWith = (crc: number, chunk: Uint8Array): number => {
  let next = crc;
  for (const byte of chunk) next = (crcTable[(next ^ byte) & 0xff] as number) ^ (next >>> 8);
  return next;
};

interface Entry {
  method: number;
  flags: number;
  crc: number;
  packedBytes: number;
  bytes: number;
  at: number;
}

/** The zip's directory, by name. */
function entriesOf(file: Uint8Array): Map<string, Entry> {
  const bytes = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const last = file.length - END_RECORD.bytes;
  let end = last;
  while (end >= Math.max(0, last - END_RECORD.maxCommentBytes) && bytes.getUint32(end, true) !== END_RECORD.signature)
    end--;
  // A truncated file has no end record. The missing bytes may have held text.
  if (end < 0 || bytes.getUint32(end, true) !== END_RECORD.signature) throw new BrokenDocx("broken-docx");
  const count = bytes.getUint16(end + 10, true);
  if (count > MAX_ENTRIES) throw new BrokenDocx("docx-too-large");
  const entries = new Map<string, Entry>();
  let at = bytes.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (bytes.getUint32(at, true) !== DIRECTORY_ENTRY.signature) throw new BrokenDocx("broken-docx");
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => bytes.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const start = at + DIRECTORY_ENTRY.bytes;
    const name = new TextDecoder().decode(file.subarray(start, start + nameBytes));
    // Readers differ in which of two entries with one name they take.
    if (entries.has(name)) throw new BrokenDocx("broken-docx");
    entries.set(name, {
      flags: bytes.getUint16(at + 8, true),
      method: bytes.getUint16(at + 10, true),
      crc: bytes.getUint32(at + 16, true),
      packedBytes: bytes.getUint32(at + 20, true),
      bytes: bytes.getUint32(at + 24, true),
      at: bytes.getUint32(at + 42, true),
    });
    at = start + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

/** XML is in UTF-8, or in UTF-16 with a byte order mark. */
const encodingOf = ([first, second]: Uint8Array): string =>
  first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";

/** Unpacks an entry and checks its size and CRC. */
function unpack(file: Uint8Array, { flags, method, crc, packedBytes, bytes: size, at }: Entry): string {
  const bytes = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (flags & ENCRYPTED_FLAG) throw new BrokenDocx("encrypted-docx");
  if (size > MAX_PART_BYTES) throw new BrokenDocx("docx-too-large");
  if (bytes.getUint32(at, true) !== LOCAL_HEADER.signature) throw new BrokenDocx("broken-docx");
  const start = at + LOCAL_HEADER.bytes + bytes.getUint16(at + 26, true) + bytes.getUint16(at + 28, true);
  const packed = file.subarray(start, start + packedBytes);
  if (packed.length !== packedBytes) throw new BrokenDocx("broken-docx");
  let decoder: TextDecoder | undefined;
  let text = "";
  let read = 0;
  let sum = 0xffffffff;
  const take = (chunk: Uint8Array) => {
    read += chunk.length;
    if (read > MAX_PART_BYTES) throw new BrokenDocx("docx-too-large");
    sum = crcWith(sum, chunk);
    decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
    text += decoder.decode(chunk, { stream: true });
  };
  if (method === STORED) take(packed);
  else if (method === DEFLATED) {
    const inflate = new Inflate(take);
    for (let from = 0; from < packed.length; from += CHUNK_BYTES)
      inflate.push(packed.subarray(from, from + CHUNK_BYTES), from + CHUNK_BYTES >= packed.length);
  } else throw new BrokenDocx("broken-docx");
  if (read !== size || (sum ^ 0xffffffff) >>> 0 !== crc) throw new BrokenDocx("broken-docx");
  return text + (decoder?.decode() ?? "");
}

/** The targets of a part's relationships, by the last word of their type ("header", "footnotes"). Both flavours of the format share it. */
function relationshipsOf(xml: string, folder: string): { type: string; target: string }[] {
  const root = parseXml(xml).root;
  return (root?.children ?? []).flatMap((node) => {
    if (!(node instanceof XmlElement) || node.attributes.TargetMode === "External") return [];
    const { Type = "", Target = "" } = node.attributes;
    const path = Target.startsWith("/") ? Target.slice(1) : `${folder}${Target}`;
    const parts: string[] = [];
    for (const part of path.split("/")) {
      if (part === "..") parts.pop();
      else if (part !== "." && part !== "") parts.push(part);
    }
    return [{ type: Type.split("/").at(-1) ?? "", target: parts.join("/") }];
  });
}

/** Elements without visible text: instructions to Word, and text deleted by tracked changes. */
const unseen = new Set(["w:instrText", "w:del", "w:moveFrom", "w:delText", "w:delInstrText", "w:rPr", "w:pPr"]);
const within = (node: XmlElement, ...names: string[]): XmlElement | undefined =>
  names.reduce<XmlElement | undefined>(
    (parent, name) =>
      parent?.children.find((child): child is XmlElement => child instanceof XmlElement && child.name === name),
    node,
  );
/** True when a property is present and its value is not "off". */
const isOn = (property: XmlElement | undefined) =>
  property !== undefined && !/^(?:0|false|off|none)$/.test(property.attributes["w:val"] ?? "");

const isHidden = (node: XmlElement) =>
  (node.name === "w:r" && (isOn(within(node, "w:rPr", "w:vanish")) || isOn(within(node, "w:rPr", "w:webHidden")))) ||
  // Deleted rows, and the placeholder text of empty form fields.
  (node.name === "w:tr" && within(node, "w:trPr", "w:del") !== undefined) ||
  (node.name === "w:sdt" && within(node, "w:sdtPr", "w:showingPlcHdr") !== undefined);

/** Spreading a long list into `push` would overflow the stack. */
const append = (list: string[], more: string[]) => {
  for (const text of more) list.push(text);
};

/** The namespace of a Word document, in both flavours of the format. */
const wordNamespace =
  /\sxmlns(?::([\w.-]{1,40}))?=["'](?:http:\/\/schemas\.openxmlformats\.org\/wordprocessingml\/2006\/main|http:\/\/purl\.oclc\.org\/ooxml\/wordprocessingml\/main)["']/;

/** Gives the elements of a Word document their usual prefix. Some programs choose another. */
function withUsualPrefix(xml: string): string {
  const found = wordNamespace.exec(xml);
  const prefix = found?.[1];
  if (!found || prefix === "w") return xml;
  // An attribute without a prefix has no namespace, so no Word document can be written without one.
  if (prefix === undefined) throw new BrokenDocx("broken-docx");
  const own = new RegExp(`(?<=^</?|\\s)${prefix.replaceAll(".", "\\.")}:`, "g");
  return xml.replace(/<[^>]*>/g, (tag) => tag.replace(own, "w:"));
}

/** The visible text, one paragraph a line. Table cells and text boxes are separate blocks. */
function textOf(xml: string): string {
  const walk = (node: XmlNode, depth: number, written: string[], boxes: string[]): void => {
    if (depth > MAX_DEPTH) throw new BrokenDocx("broken-docx");
    if (!(node instanceof XmlElement) || unseen.has(node.name) || isHidden(node)) return;
    const { name } = node;
    const inner = (into: string[], aside: string[]) => {
      for (const child of node.children) walk(child, depth + 1, into, aside);
    };
    if (name === "w:t") for (const child of node.children) if (child instanceof XmlText) written.push(child.text);
    if (name === "w:t") return;
    if (name === "mc:AlternateContent") {
      // The same content for newer and older programs: take the first that has text.
      for (const version of ["mc:Choice", "mc:Fallback"]) {
        const [own, aside]: [string[], string[]] = [[], []];
        const chosen = within(node, version);
        if (chosen) walk(chosen, depth + 1, own, aside);
        append(written, own);
        append(boxes, aside);
        if ([...own, ...aside].join("").trim() !== "") return;
      }
      return;
    }
    // A text box floats beside its paragraph, so its text comes after the paragraph, not inside it.
    if (name === "w:txbxContent") {
      const own: string[] = [];
      inner(own, own);
      boxes.push(`\n${own.join("").trim()}\n\n`);
      return;
    }
    if (name === "w:altChunk") throw new BrokenDocx("embedded-document");
    // A row of plain cells is one line, so that a table of names keeps each name with its mark and age.
    if (name === "w:tr") {
      const cells = node.children.filter(
        (child) => child instanceof XmlElement && child.name === "w:tc",
      ) as XmlElement[];
      const texts = cells.map((cell) => {
        const own: string[] = [];
        for (const child of cell.children) walk(child, depth + 2, own, boxes);
        return own.join("").replace(/\n$/, "");
      });
      if (cells.length > 1 && texts.every((text) => !text.includes("\n")))
        written.push(`${texts.join("\t").trimEnd()}\n`);
      else for (const text of texts) written.push(text, text.includes("\n") ? "\n\n" : "\n");
      return;
    }
    if (name === "w:tab" || name === "w:ptab") written.push("\t");
    if (name === "w:noBreakHyphen") written.push("-");
    if (name === "w:br" || name === "w:cr") written.push("\n");
    if (name === "w:p") {
      const aside: string[] = [];
      inner(written, aside);
      // A paragraph whose end mark was deleted continues in the next one.
      if (!within(node, "w:pPr", "w:rPr", "w:del")) written.push("\n");
      append(written, aside);
      return;
    }
    inner(written, boxes);
  };
  const [written, boxes]: [string[], string[]] = [[], []];
  for (const child of parseXml(withUsualPrefix(xml)).children) walk(child, 0, written, boxes);
  return [...written, ...boxes].join("");
}

/**
 * @returns plain text, one paragraph or row of a table a line
 * @throws BrokenDocx when the file is damaged, encrypted, no Word document, exceeds a limit, or contains text in another format
 */
export function docxText(file: Uint8Array): string {
  try {
    const entries = entriesOf(file);
    const read = (name: string): string => {
      const entry = entries.get(name);
      if (!entry) throw new BrokenDocx(entries.has("EncryptedPackage") ? "encrypted-docx" : "broken-docx");
      return unpack(file, entry);
    };
    const main = relationshipsOf(read("_rels/.rels"), "").find(({ type }) => type === "officeDocument")?.target;
    if (main === undefined) throw new BrokenDocx("broken-docx");
    const folder = main.slice(0, main.lastIndexOf("/") + 1);
    const relationships = `${folder}_rels/${main.slice(folder.length)}.rels`;
    const parts = entries.has(relationships) ? relationshipsOf(read(relationships), folder).slice(0, MAX_PARTS) : [];
    const textsOf = (...types: string[]) =>
      types.flatMap((wanted) =>
        [...new Set(parts.flatMap(({ type, target }) => (type === wanted && entries.has(target) ? [target] : [])))]
          .sort()
          .map((target) => textOf(read(target))),
      );
    // First and later pages have separate headers, often with the same text.
    const once = (texts: string[]) => [...new Set(texts.map((text) => text.trim()))].filter(Boolean);
    return [
      ...once(textsOf("header")),
      textOf(read(main)),
      ...once(textsOf("footnotes", "endnotes")),
      ...once(textsOf("footer")),
    ].join("\n\n");
  } catch (error) {
    if (error instanceof BrokenDocx) throw error;
    throw new BrokenDocx("broken-docx");
  }
}
