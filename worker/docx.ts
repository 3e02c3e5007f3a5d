/** The text of a .docx: its paragraphs, in the order header, body, footer; nothing of it is run, fetched or kept. */
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

const wanted = /^word\/(?:document|header\d*|footer\d*)\.xml$/;

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

/** Text as a reader sees it: a line a paragraph, tabs as tabs, table cells apart. */
function textOf(xml: string): string {
  const written: string[] = [];
  const walk = (node: XmlNode, depth: number) => {
    if (depth > DEPTH) throw new BrokenDocx("broken-docx");
    if (!(node instanceof XmlElement)) return;
    const { name } = node;
    // Of a text box written twice, the newer one; what tracked changes deleted is no text; nor are instructions to Word.
    if (name === "mc:Fallback" || name === "w:del" || name === "w:instrText" || name === "w:moveFrom") return;
    if (name === "w:t") {
      for (const child of node.children) if (child instanceof XmlText) written.push(child.text);
      return;
    }
    if (name === "w:tab") written.push("\t");
    if (name === "w:noBreakHyphen") written.push("-");
    if (name === "w:br" || name === "w:cr") written.push("\n");
    for (const child of node.children) walk(child, depth + 1);
    if (name === "w:p") written.push("\n");
  };
  for (const child of parseXml(xml).children) walk(child, 0);
  return written.join("");
}

/**
 * @returns plain text, a paragraph a line
 * @throws BrokenDocx when the file is cut short, is no Word document, or unpacks to more than its limit
 */
export function docxText(file: Uint8Array): string {
  try {
    const parts = partsOf(file);
    const body = parts.get("word/document.xml");
    if (body === undefined) throw new BrokenDocx("broken-docx");
    const named = (kind: string) =>
      [...parts].filter(([name]) => name.startsWith(`word/${kind}`)).map(([, xml]) => textOf(xml));
    // First pages and later ones have headers of their own, often the same.
    const once = (texts: string[]) => [...new Set(texts.map((text) => text.trim()))].filter(Boolean);
    return [...once(named("header")), textOf(body), ...once(named("footer"))].join("\n\n");
  } catch (error) {
    if (error instanceof BrokenDocx) throw error;
    throw new BrokenDocx("broken-docx");
  }
}
