/**
 * The formats of documents, and how each is known, bounded and read. To add
 * one, write a reader in this folder and add a row.
 *
 * The first row whose signature matches reads the file, because a file's first
 * bytes tell more reliably what it is than its name or its Content-Type.
 * Readers are loaded at their first use.
 */
import {
  type FileText,
  type MemberReader,
  UnreadableFile,
} from "./file-text.ts";

interface Format<Limits extends { bytes: number }> {
  name: string;
  /** @param start the first `START_BYTES`, as Latin-1 */
  is(start: string, file: Uint8Array): boolean;
  /** What the reader stops at. `bytes` is the largest file. */
  limits: Limits;
  reader(): Promise<
    (
      file: Uint8Array,
      given: { limits: Limits; start: string; readMember: MemberReader },
    ) => FileText | Promise<FileText>
  >;
}

/** A row of the table, whose reader takes the limits of this row. */
const format = <Limits extends { bytes: number }>(row: Format<Limits>) =>
  row as unknown as Format<{ bytes: number }>;

export const START_BYTES = 64 * 1024;
const MIB = 1024 * 1024;
/**
 * Real word processor files have about thirty members, nest thirty levels deep,
 * and the largest appeal has 200 KB of text.
 */
const packed = {
  bytes: 8 * MIB,
  members: 2000,
  memberBytes: 4 * MIB,
  unpackedBytes: 16 * MIB,
  depth: 200,
};

/** The header of a mail, or of a page that a browser saved as one file. */
const mailHeader =
  /^(?:From .+\r?\n)?(?=[\w-]{1,60}:)(?:[^\r\n]+\r?\n){0,200}?(?:mime-version|message-id|received|content-type|return-path):/i;

export const formats = [
  format({
    name: "pdf",
    is: (start) => start.slice(0, 1024).includes("%PDF-"),
    // Chromium's largest test pages have some thousand objects. Bytes unpacked
    // are those of all streams but pictures.
    limits: {
      bytes: 8 * MIB,
      pages: 200,
      objects: 50_000,
      unpackedBytes: 32 * MIB,
      depth: 500,
    },
    reader: async () => (await import("./pdf.ts")).pdfText,
  }),
  format({
    name: "odt",
    is: (start) =>
      start.startsWith("PK\u0003\u0004") &&
      /^.{26,40}mimetypeapplication\/vnd\.oasis\.opendocument\.text/s.test(
        start,
      ),
    limits: packed,
    reader: async () => (await import("./odt.ts")).odtText,
  }),
  format({
    name: "docx",
    is: (start) => start.startsWith("PK\u0003\u0004"),
    limits: packed,
    reader: async () => (await import("./docx.ts")).docxText,
  }),
  format({
    // An encrypted .docx stands inside a file of this format.
    name: "doc",
    is: (start) => start.startsWith("\u00d0\u00cf\u0011\u00e0"),
    limits: { bytes: 8 * MIB },
    reader: async () => (file) => {
      // The name of the stream that holds an encrypted document
      // ([MS-OFFCRYPTO], 2.3.4.4).
      const isEncrypted = new TextDecoder("utf-16le")
        .decode(file)
        .includes("EncryptedPackage");
      throw new UnreadableFile(isEncrypted ? "encrypted" : "old-word");
    },
  }),
  format({
    name: "mail",
    is: (start) => mailHeader.test(start),
    limits: { bytes: 8 * MIB, members: 50, depth: 20, headerBytes: 256 * 1024 },
    reader: async () => (await import("./mail.ts")).mailText,
  }),
  format({
    name: "page",
    is: (start) =>
      /^(?:\u00ef\u00bb\u00bf|\s|<\?xml[^>]{0,200}>|<!--[^>]{0,400}-->)*<(?:!doctype html|html)[\s>]/i.test(
        start,
      ),
    limits: { bytes: 4 * MIB, elements: 30_000, depth: 200 },
    reader: async () => (await import("./page.ts")).pageText,
  }),
  format({
    name: "rtf",
    is: (start) => start.startsWith("{\\rtf"),
    limits: { bytes: 8 * MIB, depth: 200 },
    reader: async () => (await import("./rtf.ts")).rtfText,
  }),
  format({
    name: "text",
    is: () => true,
    limits: { bytes: 2 * MIB },
    reader: async () => (await import("./text.ts")).plainText,
  }),
];
