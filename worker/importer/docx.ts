/** Extracts the text of a .docx file: header, body, notes and footer, in this order. Nothing in the file is run, fetched or stored. */
import { parseXml, XmlElement, type XmlNode, XmlText } from "@rgrove/parse-xml";
import { Unzip, UnzipInflate } from "fflate";

/** The limit for one unpacked part. The text of the largest Urgent Action has about 200 KB. */
const MAX_PART_BYTES = 4 * 1024 * 1024;
/** Unpacks in small steps: deflate expands at most a thousandfold, so a zip bomb is detected before it fills the memory. */
const CHUNK_BYTES = 2048;
/** Real Word documents have about thirty. */
const MAX_ENTRIES = 2000;
/** Real documents nest about thirty levels deep. */
const MAX_DEPTH = 200;

export type Broken = "broken-docx" | "docx-too-large";

export class BrokenDocx extends Error {
  readonly reason: Broken;
  constructor(reason: Broken) {
    super(reason);
    this.reason = reason;
  }
}

const wanted = /^word\/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml$/;

/** A zip ends with a record of 22 bytes, which only a comment may follow (APPNOTE.TXT, 4.3.16). */
const END_RECORD = { signature: 0x06054b50, bytes: 22, maxCommentBytes: 0xffff };

/** False for a truncated file: the missing bytes may have held text. */
function isWhole(file: Uint8Array): boolean {
  const bytes = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const last = file.length - END_RECORD.bytes;
  for (let at = last; at >= Math.max(0, last - END_RECORD.maxCommentBytes); at--)
    if (bytes.getUint32(at, true) === END_RECORD.signature) return true;
  return false;
}

/** Unpacks the parts that hold text, up to the limit. Pictures are skipped. */
function partsOf(file: Uint8Array): Map<string, string> {
  const parts = new Map<string, { chunks: Uint8Array[]; size: number; ended: boolean }>();
  let entries = 0;
  let failed: Broken | null = null;
  const unzip = new Unzip((entry) => {
    if (++entries > MAX_ENTRIES) throw new BrokenDocx("docx-too-large");
    if (!wanted.test(entry.name)) return;
    const part = { chunks: [] as Uint8Array[], size: 0, ended: false };
    parts.set(entry.name, part);
    entry.ondata = (error, chunk, final) => {
      if (error) failed ??= "broken-docx";
      if (!chunk) return;
      part.size += chunk.length;
      if (part.size > MAX_PART_BYTES) failed = "docx-too-large";
      else part.chunks.push(chunk.slice());
      part.ended ||= final;
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  for (let at = 0; at < file.length && !failed; at += CHUNK_BYTES)
    unzip.push(file.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= file.length);
  if (failed) throw new BrokenDocx(failed);
  const texts = new Map<string, string>();
  for (const [name, { chunks, ended }] of parts) {
    if (!ended) throw new BrokenDocx("broken-docx");
    const decoder = new TextDecoder("utf-8", { fatal: true });
    texts.set(name, chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode());
  }
  return texts;
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
    // A cell with several paragraphs is a block of its own.
    if (
      name === "w:tc" &&
      node.children.filter((child) => child instanceof XmlElement && child.name === "w:p").length > 1
    )
      written.push("\n");
  };
  const [written, boxes]: [string[], string[]] = [[], []];
  for (const child of parseXml(xml).children) walk(child, 0, written, boxes);
  return [...written, ...boxes].join("");
}

/**
 * @returns plain text, one paragraph a line
 * @throws BrokenDocx when the file is truncated, is not a Word document, or exceeds a limit when unpacked
 */
export function docxText(file: Uint8Array): string {
  try {
    if (!isWhole(file)) throw new BrokenDocx("broken-docx");
    const parts = partsOf(file);
    const body = parts.get("word/document.xml");
    if (body === undefined) throw new BrokenDocx("broken-docx");
    const named = (kind: string) =>
      [...parts].filter(([name]) => name.startsWith(`word/${kind}`)).map(([, xml]) => textOf(xml));
    // First and later pages have separate headers, often with the same text.
    const once = (texts: string[]) => [...new Set(texts.map((text) => text.trim()))].filter(Boolean);
    const notes = [...named("footnotes"), ...named("endnotes")];
    return [...once(named("header")), textOf(body), ...once(notes), ...once(named("footer"))].join("\n\n");
  } catch (error) {
    if (error instanceof BrokenDocx) throw error;
    throw new BrokenDocx("broken-docx");
  }
}
