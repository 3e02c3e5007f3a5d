/** Reads plain text in UTF-8, UTF-16, Windows-1251 or Windows-1252. */
import { type FileText, isBinary, UnreadableFile } from "./file-text.ts";

const marks = [
  ["\u00ff\u00fe", "utf-16le"],
  ["\u00fe\u00ff", "utf-16be"],
] as const;

/** @param start the first bytes, as Latin-1 */
export function decodedFile(file: Uint8Array, start: string): string {
  for (const [mark, encoding] of marks)
    if (start.startsWith(mark)) return new TextDecoder(encoding).decode(file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file);
  } catch {
    // In the encodings of older programs every byte is valid. Cyrillic letters
    // are all above ASCII, and accents are few.
    const letters = start.match(/[\u00c0-\u00ff]|[a-z]/gi) ?? [];
    const high = letters.filter((letter) => letter > "z").length;
    return new TextDecoder(
      high * 2 > letters.length ? "windows-1251" : "windows-1252",
    ).decode(file);
  }
}

export function plainText(
  file: Uint8Array,
  { start }: { start: string },
): FileText {
  const text = decodedFile(file, start);
  if (text.trim() !== "" && isBinary(text)) throw new UnreadableFile("binary");
  return { text, unread: [] };
}
