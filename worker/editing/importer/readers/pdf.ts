/**
 * Reads the text of a PDF, line by line. Nothing in the file is run or fetched.
 */
import { getDocumentProxy } from "unpdf";
import {
  type FileText,
  MAX_DOCUMENT_LENGTH,
  UnreadableFile,
} from "./file-text.ts";
import { unpacked } from "./pdf-streams.ts";

interface PdfLimits {
  pages: number;
  objects: number;
  unpackedBytes: number;
  depth: number;
}

/** A piece of text, as PDF.js finds it. */
interface Piece {
  str: string;
  dir: string;
  /** `[, , , , x, y]` */
  transform: number[];
  width: number;
  height: number;
  hasEOL: boolean;
}

interface Line {
  text: string;
  y: number;
  height: number;
}

const TEXT_START = 4;
/** A gap of more heights of a letter separates columns. */
const COLUMN_GAP = 1.5;
/** A line further below than this many usual distances begins a paragraph. */
const PARAGRAPH_GAP = 1.25;

function lineOf(pieces: Piece[]): Line | null {
  const height = Math.max(...pieces.map((piece) => piece.height));
  const isRightToLeft =
    pieces.filter(({ dir }) => dir === "rtl").length * 2 > pieces.length;
  const ordered = isRightToLeft
    ? pieces.toSorted(
        (a, b) =>
          (b.transform[TEXT_START] ?? 0) - (a.transform[TEXT_START] ?? 0),
      )
    : pieces;
  const text = ordered
    .map(({ str, width }) =>
      str === " " && width > COLUMN_GAP * height ? "    " : str,
    )
    .join("")
    // The forms of Arabic letters at the start, in the middle and at the end of
    // a word are one letter to a reader.
    .replace(/[\ufb50-\ufdff\ufe70-\ufefc]/g, (form) => form.normalize("NFKC"))
    .trimEnd();
  return text === ""
    ? null
    : { text, y: pieces[0]?.transform[TEXT_START + 1] ?? 0, height };
}

/** A page's lines, with an empty one between paragraphs. */
function textOfPage(pieces: Piece[]): string {
  const lines: Line[] = [];
  let open: Piece[] = [];
  const close = () => {
    const line = open.length > 0 ? lineOf(open) : null;
    if (line) lines.push(line);
    open = [];
  };
  for (const piece of pieces) {
    if (piece.str !== "") open.push(piece);
    if (piece.hasEOL) close();
  }
  close();
  const gaps = lines.flatMap(({ y, height }, at) => {
    const gap = (lines[at - 1]?.y ?? y) - y;
    return gap > height / 2 ? [gap] : [];
  });
  // Of a page with short paragraphs, most gaps are between paragraphs.
  const usual = gaps.toSorted((a, b) => a - b)[gaps.length >> 2] ?? 0;
  return lines
    .map(({ text, y, height }, at) => {
      const gap = (lines[at - 1]?.y ?? y) - y;
      const isApart = gap < 0 || gap > Math.max(usual, height) * PARAGRAPH_GAP;
      return at > 0 && isApart ? `\n${text}` : text;
    })
    .join("\n");
}

const latin1 = new TextDecoder("latin1");
/** The letters of a name may be written as codes: "/#45ncrypt". */
const withoutCodes = (names: string) =>
  names.replace(/#([2-7][\da-f])/gi, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
const encrypted = new RegExp(
  `/${[..."Encrypt"].map((sign) => `(?:${sign}|#${sign.charCodeAt(0).toString(16)})`).join("")}[\\s<]`,
  "i",
);
/** The operators "q" and "Q", and the largest byte of white space. */
const [SAVE, RESTORE, SPACE] = [0x71, 0x51, 0x20];

/**
 * Counts objects, the bytes of unpacked streams that aren't pictures, and
 * states of graphics that are kept: PDF.js takes quadratic time for them.
 */
function checkSize(
  file: Uint8Array,
  { objects, unpackedBytes, depth }: PdfLimits,
): void {
  const text = latin1.decode(file);
  // Nobody can tell to what its streams unpack, also where it opens without a
  // password.
  if (encrypted.test(text)) throw new UnreadableFile("encrypted");
  let [count, left, states] = [0, unpackedBytes, 0];
  const mark = /\d obj\b|\bstream\r?\n/g;
  for (let match = mark.exec(text); match; match = mark.exec(text)) {
    const { 0: found, index } = match;
    if (++count > objects) throw new UnreadableFile("too-large");
    if (found.endsWith("obj")) continue;
    const head = text.slice(Math.max(0, index - 1000), index);
    const own = withoutCodes(head.slice(head.lastIndexOf(" obj")));
    const from = index + found.length;
    const end = text.indexOf("endstream", from);
    mark.lastIndex = end < 0 ? text.length : end;
    if (/\/Subtype\s*\/Image/.test(own)) continue;
    const content = unpacked(file.subarray(from, mark.lastIndex), own, left);
    left -= content.length;
    for (const [at, byte] of content.entries()) {
      if (
        (byte !== SAVE && byte !== RESTORE) ||
        (content[at - 1] ?? 0) > SPACE ||
        (content[at + 1] ?? 0) > SPACE
      )
        continue;
      states = Math.max(0, states + (byte === SAVE ? 1 : -1));
      if (states > depth) throw new UnreadableFile("too-large");
    }
  }
}

/**
 * @throws UnreadableFile when the file is damaged, encrypted or a scan, or
 * exceeds a limit
 */
export async function pdfText(
  file: Uint8Array,
  { limits }: { limits: PdfLimits },
): Promise<FileText> {
  checkSize(file, limits);
  let pdf: Awaited<ReturnType<typeof getDocumentProxy>>;
  try {
    // PDF.js keeps the bytes that it is given.
    pdf = await getDocumentProxy(file.slice(), {
      disableFontFace: true,
      useSystemFonts: false,
      verbosity: 0,
    });
  } catch {
    throw new UnreadableFile("broken");
  }
  try {
    const pages: string[] = [];
    let length = 0;
    const last = Math.min(pdf.numPages, limits.pages);
    for (
      let number = 1;
      number <= last && length <= MAX_DOCUMENT_LENGTH;
      number++
    ) {
      const { items } = await (await pdf.getPage(number)).getTextContent();
      const text = textOfPage(items as Piece[]);
      length += text.length;
      pages.push(text);
    }
    if (pages.every((page) => page.trim() === ""))
      throw new UnreadableFile("scan");
    return {
      text: pages.join("\n\f\n"),
      unread:
        pdf.numPages > last && length <= MAX_DOCUMENT_LENGTH
          ? [`${last + 1}-${pdf.numPages}`]
          : [],
    };
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile("broken");
  } finally {
    await pdf.loadingTask.destroy();
  }
}
