/** Reads an uploaded document into a draft. Stores nothing. */
import { Refusal } from "../../shared/failure.ts";
import { contract } from "../contract/contract.ts";
import { documentText } from "../importer/document-text.ts";
import { draftFrom } from "../importer/importer.ts";
import type { Handlers } from "./router.ts";

const types: string[] = contract.readDocument.body.types;

export const documentHandlers = {
  async readDocument(c) {
    const type = (c.req.header("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (!types.includes(type)) throw new Refusal({ tag: "not-a-document" });
    const text = documentText(new Uint8Array(await c.req.arrayBuffer()));
    const read = draftFrom(text);
    if ("unreadable" in read) throw new Refusal({ tag: "unreadable-document", reason: read.unreadable });
    // Return the text too, because line numbers in the draft refer to it.
    return c.json({ ...read.draft, text });
  },
} satisfies Partial<Handlers>;
