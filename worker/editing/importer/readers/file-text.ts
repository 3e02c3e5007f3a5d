/** What the readers of all formats share. */
import type { Unreadable } from "../../../../shared/refusals/documents.ts";

export interface FileText {
  /**
   * Plain text: one paragraph, or one row of a table, a line; an empty line
   * between blocks; a form feed at the end of a page.
   */
  text: string;
  /**
   * Parts of the file that weren't read, in the words of the file: "scan.pdf",
   * "3-9" (pages).
   */
  unread: string[];
}

/** Reads a file inside another one. @throws UnreadableFile */
export type MemberReader = (file: Uint8Array) => Promise<FileText>;

export class UnreadableFile extends Error {
  readonly reason: Unreadable;
  constructor(reason: Unreadable) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * In characters. The longest Urgent Actions have about 15,000. A draft keeps
 * the text, and must stay below `MAX_DRAFT_BYTES`.
 */
export const MAX_DOCUMENT_LENGTH = 120_000;

/**
 * Whether a text must be left out because it is control characters, not text.
 */
export function isBinary(text: string): boolean {
  let strange = 0;
  const read = Math.min(text.length, MAX_DOCUMENT_LENGTH);
  for (let at = 0; at < read; at++) {
    const code = text.charCodeAt(at);
    if (code === 0) return true;
    if (
      (code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13) ||
      code === 0xfffd
    )
      strange++;
  }
  return strange * 50 > read;
}

/** The cells of a table's row: on one line, unless a cell has several. */
export const rowOf = (cells: string[]): string =>
  cells.length > 1 && cells.every((cell) => !cell.includes("\n"))
    ? `${cells.join("\t").trimEnd()}\n`
    : cells
        .map((cell) => `${cell}${cell.includes("\n") ? "\n\n" : "\n"}`)
        .join("");
