/** Refusals of documents to import. */
import type { Refusals, Texts } from "./refusals.ts";

const unreadable = {
  empty: ["The document contains no text.", "Paste the document's text."],
  binary: ["The document is not text.", "Paste the document's text, or send a .docx."],
  pdf: ["The document is a PDF.", "Open it, select everything, and paste its text."],
  "old-word": ["The document is in the old Word format (.doc).", "Save it as .docx, or paste its text."],
  "rich-text": ["The document is rich text (.rtf).", "Save it as .docx, or paste its text."],
  "web-source": ["The document is the source of a web page.", "Open the page, select the text, and paste it."],
} satisfies Texts;
/** The kinds of documents whose text can't be read. */
export type Unreadable = keyof typeof unreadable;

/** An encrypted file is one with a password; an embedded document is text in another format inside the file. */
const brokenFiles = {
  "broken-docx": [
    "The file is truncated, damaged, or not a Word document.",
    "Save it again as .docx, or paste its text.",
  ],
  "docx-too-large": ["The unpacked document is too large.", "Paste the document's text."],
  "encrypted-docx": [
    "The document is protected with a password.",
    "Open it in its program and save it without a password, or paste its text.",
  ],
  "embedded-document": [
    "The document contains another document, whose text only a word processor can show.",
    "Open it in its program, select everything, and paste its text.",
  ],
} satisfies Texts;
/** Faults of a .docx file. */
export type BrokenFile = keyof typeof brokenFiles;

const unread = { ...unreadable, ...brokenFiles };

export const documentRefusals = {
  "no-import": [
    422,
    "This newsroom imports no documents",
    "The deployment's profile names no layout of documents.",
    "Enter the case in the desk's form, or publish it as JSON.",
  ],
  "not-a-document": [
    415,
    "The body must be a document",
    "Supported documents are plain text and Word's .docx.",
    "Send the text with Content-Type: text/plain, or the file with its own Content-Type.",
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
    ({ reason }: { reason: Unreadable | BrokenFile }) => unread[reason],
  ],
} as const satisfies Refusals;
