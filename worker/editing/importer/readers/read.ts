/** Reads a file of any known format into plain text. */

import {
  type FileText,
  MAX_DOCUMENT_LENGTH,
  UnreadableFile,
} from "./file-text.ts";
import { formats, START_BYTES } from "./formats.ts";

/** A mail with an attached mail with an attached file. */
const MAX_NESTED_FILES = 3;

/** The first bytes of a file, as Latin-1. */
export const firstBytesOf = (file: Uint8Array): string => {
  let start = "";
  // A long list of arguments would overflow the stack.
  for (let at = 0; at < Math.min(file.length, START_BYTES); at += 8192)
    start += String.fromCharCode(
      ...file.subarray(at, Math.min(at + 8192, START_BYTES)),
    );
  return start;
};

/** @throws UnreadableFile */
export async function readFile(
  file: Uint8Array,
  nested = 0,
): Promise<FileText> {
  if (nested > MAX_NESTED_FILES) throw new UnreadableFile("too-large");
  const start = firstBytesOf(file);
  const row = formats.find(({ is }) =>
    is(start, file),
  ) as (typeof formats)[number];
  if (file.byteLength > row.limits.bytes) throw new UnreadableFile("too-large");
  const read = await row.reader();
  const readMember = (member: Uint8Array) => readFile(member, nested + 1);
  const { text, unread } = await read(file, {
    limits: row.limits,
    start,
    readMember,
  });
  if (text.trim() === "" && unread.length === 0)
    throw new UnreadableFile("empty");
  // One character more shows that the text was cut.
  return { text: text.slice(0, MAX_DOCUMENT_LENGTH + 1), unread };
}
