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

const BY_HAND = "Start an empty draft and enter the case by hand.";
const unimportable = {
  "other-issuer": ["The text seems to come from another organisation.", BY_HAND],
  report: ["The text seems to be a report, not an appeal.", BY_HAND],
  opinion: ["The text seems to be an opinion piece, not an appeal.", BY_HAND],
  "press-release": ["The text seems to be a press release, not an appeal.", BY_HAND],
  "empty-form": ["The text is a form that nobody has filled in.", "Import the completed document."],
  language: [
    "The importer doesn't read the language of this text.",
    "Import the document in English, Spanish, French, German or Italian, or enter the case by hand.",
  ],
  columns: [
    "Two columns of the page were read straight across, so that its lines mix two texts.",
    "Copy the columns one by one, and paste them below each other.",
  ],
  "no-appeal": ["The text has none of the labels of a document that the importer knows.", BY_HAND],
} satisfies Texts;
/** The kinds of texts that the importer reads but does not import. */
export type Unimportable = keyof typeof unimportable;

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
  /** `line` and `words` show why; `line` is null when the whole text does. */
  "not-importable": [
    422,
    "The document can't be imported",
    ({ reason }: { reason: Unimportable; line: number | null; words: string }) => unimportable[reason],
  ],
} as const satisfies Refusals;
