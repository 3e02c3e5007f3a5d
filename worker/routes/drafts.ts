/** From an Urgent Action document to a draft that only its editor sees; nothing is stored. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Refusal } from "../../shared/failure.ts";
import { routes } from "../../shared/protocol.ts";
import { draftFrom } from "../../shared/urgent-action.ts";
import { type Editor, requireEditor } from "../auth.ts";
import { BrokenDocx, docxText } from "../docx.ts";

/** The largest document taken, in bytes: a .docx carries its pictures. */
const DOCUMENT_LIMIT = 2 * 1024 * 1024;

const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/** Files say what they are by their first bytes, whatever their Content-Type. */
const startsWith = (bytes: Uint8Array, signature: string) =>
  [...signature].every((letter, at) => bytes[at] === letter.charCodeAt(0));

function textIn(bytes: Uint8Array): string {
  if (startsWith(bytes, "PK\u0003\u0004"))
    try {
      return docxText(bytes);
    } catch (error) {
      throw error instanceof BrokenDocx ? new Refusal({ tag: "unreadable-document", reason: error.reason }) : error;
    }
  if (startsWith(bytes, "\u00d0\u00cf\u0011\u00e0"))
    throw new Refusal({ tag: "unreadable-document", reason: "old-word" });
  // Text files of older programs are in Windows-1252, which every byte belongs to.
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

export const drafts = new Hono<Editor>();

drafts.post(
  routes.drafts,
  requireEditor,
  bodyLimit({
    maxSize: DOCUMENT_LIMIT,
    onError: () => {
      throw new Refusal({ tag: "document-too-large", limit: DOCUMENT_LIMIT });
    },
  }),
  async (c) => {
    const type = (c.req.header("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase();
    if (type !== "text/plain" && type !== word && type !== "application/octet-stream" && type !== "application/pdf")
      throw new Refusal({ tag: "not-a-document" });
    const text = textIn(new Uint8Array(await c.req.arrayBuffer()));
    const read = draftFrom(text);
    if ("unreadable" in read) throw new Refusal({ tag: "unreadable-document", reason: read.unreadable });
    // The text itself goes back too: lines in the draft are counted in it.
    return c.json({ ...read.draft, text });
  },
);
