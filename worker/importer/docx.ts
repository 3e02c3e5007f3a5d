/** The text of a .docx: its paragraphs, in the order header, body, notes, footer; nothing of it is run, fetched or kept. */
import { parseXml, XmlElement, type XmlNode, XmlText } from "@rgrove/parse-xml";
import { Unzip, UnzipInflate } from "fflate";

/** What a part may grow to when it is unpacked, in bytes; the largest Urgent Action's text has some 200 KB. */
const PART_LIMIT = 4 * 1024 * 1024;
/** Bytes unpacked at a time: deflate grows at most a thousandfold, so that a bomb is met before it has grown. */
const STEP = 2048;
/** How many entries a Word document has at most; a real one has some thirty. */
const ENTRY_LIMIT = 2000;
/** How deep real documents nest is about thirty. */
const DEPTH = 200;

export type Broken = "broken-docx" | "docx-too-large";

export class BrokenDocx extends Error {
  readonly reason: Broken;
  constructor(reason: Broken) {
    super(reason);
    this.reason = reason;
  }
}

const wanted = /^word\/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml$/;

/** A zip ends with its list of entries and a record of 22 bytes, behind which only a comment may stand (APPNOTE.TXT, 4.3.16). */
const END = { signature: 0x06054b50, size: 22, comment: 0xffff };

/** Whether the file has its end: what was cut off before it may have held text. */
function isWhole(file: Uint8Array): boolean {
  const bytes = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = file.length - END.size; at >= Math.max(0, file.length - END.size - END.comment); at--)
    if (bytes.getUint32(at, true) === END.signature) return true;
  return false;
}

/** The parts that hold text, by name, unpacked no further than the limit; pictures are passed over unread. */
function partsOf(file: Uint8Array): Map<string, string> {
  const parts = new Map<string, { chunks: Uint8Array[]; size: number; ended: boolean }>();
  let entries = 0;
  let failed: Broken | null = null;
  const unzip = new Unzip((entry) => {
    if (++entries > ENTRY_LIMIT) throw new BrokenDocx("docx-too-large");
    if (!wanted.test(entry.name)) return;
    const part = { chunks: [] as Uint8Array[], size: 0, ended: false };
    parts.set(entry.name, part);
    entry.ondata = (error, chunk, final) => {
      if (error) failed ??= "broken-docx";
      if (!chunk) return;
      part.size += chunk.length;
      if (part.size > PART_LIMIT) failed = "docx-too-large";
      else part.chunks.push(chunk.slice());
      part.ended ||= final;
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  for (let at = 0; at < file.length && !failed; at += STEP)
    unzip.push(file.subarray(at, at + STEP), at + STEP >= file.length);
  if (failed) throw new BrokenDocx(failed);
  const texts = new Map<string, string>();
  for (const [name, { chunks, ended }] of parts) {
    if (!ended) throw new BrokenDocx("broken-docx");
    const decoder = new TextDecoder("utf-8", { fatal: true });
    texts.set(name, chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode());
  }
  return texts;
}

/** What no reader sees: instructions to Word, and what tracked changes took away. */
const unseen = new Set(["w:instrText", "w:del", "w:moveFrom", "w:delText", "w:delInstrText", "w:rPr", "w:pPr"]);
const within = (node: XmlElement, ...names: string[]): XmlElement | undefined =>
  names.reduce<XmlElement | undefined>(
    (parent, name) =>
      parent?.children.find((child): child is XmlElement => child instanceof XmlElement && child.name === name),
    node,
  );
/** A property that is on: written without a value, or with another than "off". */
const isOn = (property: XmlElement | undefined) =>
  property !== undefined && !/^(?:0|false|off|none)$/.test(property.attributes["w:val"] ?? "");

const isHidden = (node: XmlElement) =>
  (node.name === "w:r" && (isOn(within(node, "w:rPr", "w:vanish")) || isOn(within(node, "w:rPr", "w:webHidden")))) ||
  // A row that was deleted, and a field's text before anybody filled it in.
  (node.name === "w:tr" && within(node, "w:trPr", "w:del") !== undefined) ||
  (node.name === "w:sdt" && within(node, "w:sdtPr", "w:showingPlcHdr") !== undefined);

/** Text as a reader sees it: a line a paragraph, tabs as tabs, table cells and text boxes apart. */
function textOf(xml: string): string {
  const walk = (node: XmlNode, depth: number, written: string[], boxes: string[]): void => {
    if (depth > DEPTH) throw new BrokenDocx("broken-docx");
    if (!(node instanceof XmlElement) || unseen.has(node.name) || isHidden(node)) return;
    const { name } = node;
    const inner = (into: string[], aside: string[]) => {
      for (const child of node.children) walk(child, depth + 1, into, aside);
    };
    if (name === "w:t") for (const child of node.children) if (child instanceof XmlText) written.push(child.text);
    if (name === "w:t") return;
    if (name === "mc:AlternateContent") {
      // The same twice, for newer and older programs: the first that says anything.
      for (const version of ["mc:Choice", "mc:Fallback"]) {
        const [own, aside]: [string[], string[]] = [[], []];
        const chosen = within(node, version);
        if (chosen) walk(chosen, depth + 1, own, aside);
        written.push(...own);
        boxes.push(...aside);
        if ([...own, ...aside].join("").trim() !== "") return;
      }
      return;
    }
    // A box floats beside its paragraph: it is read behind it, not within its words.
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
      // Where its end was deleted, a paragraph goes on in the next.
      if (!within(node, "w:pPr", "w:rPr", "w:del")) written.push("\n");
      written.push(...aside);
      return;
    }
    inner(written, boxes);
    // A cell of several lines is a block.
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
 * @returns plain text, a paragraph a line
 * @throws BrokenDocx when the file is cut short, is no Word document, or unpacks to more than its limit
 */
export function docxText(file: Uint8Array): string {
  try {
    if (!isWhole(file)) throw new BrokenDocx("broken-docx");
    const parts = partsOf(file);
    const body = parts.get("word/document.xml");
    if (body === undefined) throw new BrokenDocx("broken-docx");
    const named = (kind: string) =>
      [...parts].filter(([name]) => name.startsWith(`word/${kind}`)).map(([, xml]) => textOf(xml));
    // First pages and later ones have headers of their own, often the same.
    const once = (texts: string[]) => [...new Set(texts.map((text) => text.trim()))].filter(Boolean);
    const notes = [...named("footnotes"), ...named("endnotes")];
    return [...once(named("header")), textOf(body), ...once(notes), ...once(named("footer"))].join("\n\n");
  } catch (error) {
    if (error instanceof BrokenDocx) throw error;
    throw new BrokenDocx("broken-docx");
  }
}
