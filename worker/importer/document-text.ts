/** The text of an uploaded or dropped document, whatever kind of file it is. */
import { Refusal } from "../../shared/failure.ts";
import { BrokenDocx, docxText } from "./docx.ts";

/** Files say what they are by their first bytes, whatever their Content-Type. */
const startsWith = (bytes: Uint8Array, signature: string) =>
  [...signature].every((letter, at) => bytes[at] === letter.charCodeAt(0));

/** @throws Refusal `unreadable-document` */
export function documentText(bytes: Uint8Array): string {
  if (startsWith(bytes, "PK\u0003\u0004"))
    try {
      return docxText(bytes);
    } catch (error) {
      throw error instanceof BrokenDocx ? new Refusal({ tag: "unreadable-document", reason: error.reason }) : error;
    }
  if (startsWith(bytes, "\u00d0\u00cf\u0011\u00e0"))
    throw new Refusal({ tag: "unreadable-document", reason: "old-word" });
  for (const [mark, encoding] of [
    ["\u00ff\u00fe", "utf-16le"],
    ["\u00fe\u00ff", "utf-16be"],
  ] as const)
    if (startsWith(bytes, mark)) return new TextDecoder(encoding).decode(bytes);
  // Text files of older programs are in Windows-1252, which every byte belongs to.
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
