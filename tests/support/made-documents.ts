/**
 * Makes documents for tests, in the formats that the importer reads: one
 * paragraph for each line of a text.
 */
import { strToU8, zipSync } from "fflate";
import { docxOf } from "./docx.ts";
import { pagesOf, pdfOf } from "./pdf.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const rowsOf = (text: string) => text.split("\n");
const utf8 = (text: string) => strToU8(text) as Bytes;

const MIMETYPE = "application/vnd.oasis.opendocument.text";
const namespaces = ["office", "text", "table", "style", "draw"]
  .map(
    (name) =>
      `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`,
  )
  .join(" ");

/**
 * @param body the XML of `office:text`
 * @param styles the XML of the master styles, with headers and footers
 */
export const odtOf = (
  body: string,
  { styles = "", manifest = "" } = {},
): Bytes =>
  zipSync({
    mimetype: [strToU8(MIMETYPE), { level: 0 }],
    "content.xml": strToU8(
      `<office:document-content ${namespaces}><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    ),
    "styles.xml": strToU8(
      `<office:document-styles ${namespaces}><office:master-styles>${styles}</office:master-styles></office:document-styles>`,
    ),
    "META-INF/manifest.xml": strToU8(`<manifest>${manifest}</manifest>`),
  }) as Bytes;
export const odtParagraphs = (text: string) =>
  rowsOf(text)
    .map((row) => `<text:p>${escaped(row)}</text:p>`)
    .join("");

const base64 = (bytes: Uint8Array) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replace(
    /.{76}/g,
    "$&\r\n",
  );
const quotedPrintable = (text: string) =>
  rowsOf(text)
    .map((row) =>
      [...strToU8(row)]
        .map((byte) =>
          byte > 126 || byte === 61 || byte < 32
            ? `=${byte.toString(16).toUpperCase().padStart(2, "0")}`
            : String.fromCharCode(byte),
        )
        .join("")
        .replace(/.{70}(?!$)(?<!=.?)/g, "$&=\r\n"),
    )
    .join("\r\n");

export interface Attached {
  name: string;
  type?: string;
  content: Uint8Array;
}

/** A mail in quoted-printable or base64, plain or as HTML, with attachments. */
export function mailOf(
  body: string,
  attachments: Attached[] = [],
  {
    type = "text/plain",
    encoding = "quoted-printable" as "quoted-printable" | "base64",
  } = {},
): Bytes {
  const coded =
    encoding === "base64" ? base64(strToU8(body)) : quotedPrintable(body);
  const text = `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${coded}\r\n`;
  const parts = attachments.map(
    ({ name, type: own = "application/octet-stream", content }) =>
      `Content-Type: ${own}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(content)}\r\n`,
  );
  const mixed = [text, ...parts].map((part) => `--edge\r\n${part}`).join("");
  return utf8(
    `Return-Path: <desk@example.org>\r\nFrom: Invented Desk <desk@example.org>\r\nTo: team@example.org\r\nDate: Mon, 4 May 2020 10:00:00 +0000\r\nSubject: =?utf-8?B?${base64(strToU8("Нова справа"))}?=\r\nMIME-Version: 1.0\r\n${
      attachments.length === 0
        ? text
        : `Content-Type: multipart/mixed; boundary="edge"\r\n\r\n${mixed}--edge--\r\n`
    }`,
  );
}

/** A page as a browser saves it, with its navigation and a script. */
export const pageOf = (text: string, head = '<meta charset="utf-8">'): string =>
  `<!-- saved from url=(0020)https://example.org/ -->\n<!DOCTYPE html><html><head>${head}<title>Invented page</title><script>var hidden = "script";</script></head><body><nav><ul><li>Home<li>Menu of the site</ul></nav><main>${rowsOf(
    text,
  )
    .map((row) => `<p>${escaped(row)}`)
    .join("\n")}</main><footer>Imprint</footer></body></html>`;

export const rtfOf = (text: string): Bytes =>
  utf8(
    `{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0 Demo Font;}}{\\info{\\title Hidden title}}\\f0 ${rowsOf(
      text,
    )
      .map((row) =>
        row
          .replace(/[\\{}]/g, "\\$&")
          .replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0)}?`),
      )
      .join("\\par\n")}\\par}`,
  );

export const docxWith = (text: string): Bytes =>
  docxOf(
    `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${rowsOf(
      text,
    )
      .map(
        (row) =>
          `<w:p><w:r><w:t xml:space="preserve">${escaped(row)}</w:t></w:r></w:p>`,
      )
      .join("")}</w:body></w:document>`,
  );

/** The same text as a file of each format. */
export const files: Record<string, (text: string) => Bytes> = {
  "appeal.txt": utf8,
  "appeal.docx": docxWith,
  "appeal.odt": (text) => odtOf(odtParagraphs(text)),
  "appeal.pdf": (text) => pdfOf(pagesOf(text)),
  "appeal.eml": (text) => mailOf(text),
  "attached.eml": (text) =>
    mailOf(
      "See the attachment.",
      [{ name: "appeal.pdf", content: pdfOf(pagesOf(text)) }],
      { encoding: "base64" },
    ),
  "appeal.html": (text) => utf8(pageOf(text)),
  "appeal.mhtml": (text) => mailOf(pageOf(text), [], { type: "text/html" }),
  "appeal.rtf": rtfOf,
};
