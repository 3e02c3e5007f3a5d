/** From an Urgent Action document to a draft that only its editor sees; nothing is stored. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Refusal } from "../../shared/failure.ts";
import { routes } from "../../shared/protocol.ts";
import { documentText } from "../importer/document-text.ts";
import { draftFrom } from "../importer/importer.ts";
import { type Editor, requireEditor } from "./auth.ts";

/** The largest document taken, in bytes: a .docx carries its pictures. */
const DOCUMENT_LIMIT = 2 * 1024 * 1024;

const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

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
    const text = documentText(new Uint8Array(await c.req.arrayBuffer()));
    const read = draftFrom(text);
    if ("unreadable" in read) throw new Refusal({ tag: "unreadable-document", reason: read.unreadable });
    // The text itself goes back too: lines in the draft are counted in it.
    return c.json({ ...read.draft, text });
  },
);
