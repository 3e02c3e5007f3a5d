/**
 * Makes PDF files for tests: text in any alphabet, as word processors write it
 * (codes of glyphs, and a table of their letters).
 */
import { strToU8, zlibSync } from "fflate";

const hex = (code: number) => code.toString(16).padStart(4, "0");
const LINES_PER_PAGE = 40;

export interface PackedStream {
  filter: string;
  bytes: Uint8Array;
}

/**
 * @param stream takes the place of the last page's own.
 * @param pages lists of lines; an empty line is a gap. A page without lines has
 * a picture only.
 * @param content operators behind the lines
 * @param trailer further keys of the trailer
 */
export function pdfOf(
  pages: string[][],
  {
    packed = true,
    content = "",
    stream,
    trailer = "",
  }: {
    packed?: boolean;
    content?: string;
    stream?: PackedStream;
    trailer?: string;
  } = {},
): Uint8Array<ArrayBuffer> {
  const letters = [...new Set(pages.flat().join(""))];
  const codes = new Map(letters.map((letter, at) => [letter, at + 1]));
  const parts: Uint8Array[] = [strToU8("%PDF-1.7\n%\u00e2\u00e3\n", true)];
  const offsets: number[] = [];
  let length = parts[0]!.length;
  const put = (bytes: Uint8Array) => {
    parts.push(bytes);
    length += bytes.length;
  };
  const object = (number: number, dictionary: string, stream?: Uint8Array) => {
    offsets[number] = length;
    put(strToU8(`${number} 0 obj\n${dictionary}\n`));
    if (stream) {
      put(strToU8("stream\n"));
      put(stream);
      put(strToU8("\nendstream\n"));
    }
    put(strToU8("endobj\n"));
  };
  const text = (number: number, content: string, more = "") => {
    const bytes = packed ? zlibSync(strToU8(content)) : strToU8(content);
    object(
      number,
      `<< /Length ${bytes.length}${packed ? " /Filter /FlateDecode" : ""}${more} >>`,
      bytes,
    );
  };
  const kids = pages.map((_, at) => `${7 + at * 2} 0 R`).join(" ");
  object(1, "<< /Type /Catalog /Pages 2 0 R >>");
  object(2, `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  object(
    3,
    "<< /Type /Font /Subtype /Type0 /BaseFont /Demo /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
  );
  object(
    4,
    "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Demo /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 500 /FontDescriptor 6 0 R >>",
  );
  const map = letters
    .map(
      (letter) => `<${hex(codes.get(letter)!)}> <${hex(letter.charCodeAt(0))}>`,
    )
    .join("\n");
  text(
    5,
    `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Demo def /CMapType 2 def\n1 begincodespacerange <0000> <ffff> endcodespacerange\n${letters.length} beginbfchar\n${map}\nendbfchar endcmap end end`,
  );
  object(
    6,
    "<< /Type /FontDescriptor /FontName /Demo /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
  );
  for (const [at, lines] of pages.entries()) {
    const shown = lines.map((line, index) => {
      const codesOf = [...line]
        .map((letter) => hex(codes.get(letter)!))
        .join("");
      return line
        ? `BT /F1 10 Tf 50 ${800 - index * 14} Td <${codesOf}> Tj ET`
        : "";
    });
    object(
      7 + at * 2,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 ${Math.max(842, lines.length * 14)}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${8 + at * 2} 0 R >>`,
    );
    if (stream && at === pages.length - 1)
      object(
        8 + at * 2,
        `<< /Length ${stream.bytes.length} /Filter ${stream.filter} >>`,
        stream.bytes,
      );
    else text(8 + at * 2, `${shown.join("\n")}\n${content}`);
  }
  const start = length;
  const rows = offsets
    .slice(1)
    .map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  put(
    strToU8(
      `xref\n0 ${offsets.length}\n0000000000 65535 f \n${rows.join("")}trailer << /Size ${offsets.length} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
  const file = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** Lines as pages, broken as on paper: PDF.js reads nothing beyond the edge. */
export const pagesOf = (text: string): string[][] => {
  const lines = text
    .split("\n")
    .flatMap(
      (line) =>
        line.match(/.{1,90}(?:\s|$)/g)?.map((part) => part.trimEnd()) ?? [line],
    );
  return Array.from(
    { length: Math.ceil(lines.length / LINES_PER_PAGE) },
    (_, at) => lines.slice(at * LINES_PER_PAGE, (at + 1) * LINES_PER_PAGE),
  );
};
