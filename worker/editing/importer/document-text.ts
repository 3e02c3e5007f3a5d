/** Extracts the text of a document: a .docx file, or text in UTF-8, UTF-16 or Windows-1252. */
import { Refusal } from "../../../shared/failure.ts";
import { docxText } from "./docx.ts";
import { UnreadableFile } from "./zip.ts";

/** The first bytes tell a file's type more reliably than its Content-Type. */
const startsWith = (bytes: Uint8Array, signature: string) =>
  [...signature].every((letter, at) => bytes[at] === letter.charCodeAt(0));

/** The name of the stream that holds an encrypted document ([MS-OFFCRYPTO], 2.3.4.4), in UTF-16. */
const encrypted = Uint8Array.from([..."EncryptedPackage"].flatMap((letter) => [letter.charCodeAt(0), 0]));
const isEncrypted = (bytes: Uint8Array): boolean => {
  for (let at = bytes.indexOf(encrypted[0] as number); at >= 0; at = bytes.indexOf(encrypted[0] as number, at + 1))
    if (encrypted.every((byte, index) => bytes[at + index] === byte)) return true;
  return false;
};

/** @throws Refusal `unreadable-document` */
export async function documentText(bytes: Uint8Array): Promise<string> {
  if (startsWith(bytes, "PK\u0003\u0004"))
    try {
      return await docxText(bytes);
    } catch (error) {
      throw error instanceof UnreadableFile ? new Refusal({ tag: "unreadable-document", reason: error.reason }) : error;
    }
  // An encrypted .docx stands inside a file of the old format.
  if (startsWith(bytes, "\u00d0\u00cf\u0011\u00e0"))
    throw new Refusal({ tag: "unreadable-document", reason: isEncrypted(bytes) ? "encrypted-docx" : "old-word" });
  for (const [mark, encoding] of [
    ["\u00ff\u00fe", "utf-16le"],
    ["\u00fe\u00ff", "utf-16be"],
  ] as const)
    if (startsWith(bytes, mark)) return new TextDecoder(encoding).decode(bytes);
  // Older programs write Windows-1252, in which every byte is valid, so it is tried last.
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
