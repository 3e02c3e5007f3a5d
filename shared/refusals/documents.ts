/** Refusals of documents to import. */
import type { Refusals, Texts } from "./refusals.ts";

/** An embedded document is text in another format inside the file. */
const unreadable = {
  empty: ["The document contains no text.", "Paste the document's text."],
  binary: [
    "The file is neither text nor a document of a known format.",
    "Save it as PDF or .docx, or paste its text.",
  ],
  scan: [
    "The PDF has pictures of pages and no text.",
    "Run a text recognition (OCR) on it, or type what it says.",
  ],
  "old-word": [
    "The document is in the old Word format (.doc).",
    "Save it as .docx, or paste its text.",
  ],
  broken: [
    "The file is truncated or damaged.",
    "Save it again in its program, or paste its text.",
  ],
  "too-large": [
    "The document is too large, has too many parts, or is nested too deeply.",
    "Paste its text.",
  ],
  encrypted: [
    "The document is protected with a password.",
    "Open it in its program and save it without a password, or paste its text.",
  ],
  "embedded-document": [
    "The document contains another document, whose text only a word processor can show.",
    "Open it in its program, select everything, and paste its text.",
  ],
} satisfies Texts;
/**
 * Why a document can't be read. Its author, language and layout are no reasons.
 */
export type Unreadable = keyof typeof unreadable;

export const documentRefusals = {
  "not-a-document": [
    415,
    "The body must be a document",
    "Supported documents are text, PDF, .docx, .odt, .rtf, mails and saved web pages.",
    "Send the file with its own Content-Type, or with application/octet-stream.",
  ],
  "document-too-large": [
    413,
    "The document is too large",
    "The limit is {limit} bytes.",
    "Remove its pictures, or paste its text.",
  ],
  "unreadable-document": [
    422,
    "The document can't be read",
    ({ reason }: { reason: Unreadable }) => unreadable[reason],
  ],
} as const satisfies Refusals;
