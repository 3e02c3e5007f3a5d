/** Removes the lines around a text: mail headers, quotation marks of a reply, page numbers and running footers. */
import { hasLabel } from "./layouts.ts";
import type { Line } from "./lines.ts";

/** "From:", "Subject:" and the like, and the continuation of such a line. */
const header =
  /^(?:from|to|cc|bcc|sent|date|subject|reply-to|de|para|enviado|fecha|asunto|à|envoyé|objet|von|an|gesendet|datum|betreff|da|a|inviato|data|oggetto|return-path|received|message-id|mime-version|content-[\w-]+|x-[\w-]+|list-[\w-]+)\s?:/i;
const sender = /^(?:from|de|von|da|expéditeur)\s?:/i;
const subject = /^(?:subject|asunto|objet|betreff|oggetto)\s?:/i;

const MAX_HEADER_LINES = 40;

/** The numbers of the lines of mail headers: a run of header lines with a sender and a subject. */
function mailHeaders(lines: Line[]): Set<number> {
  const found = new Set<number>();
  for (let at = 0; at < lines.length; at++) {
    if (!header.test((lines[at] as Line).text)) continue;
    const run: Line[] = [];
    for (const line of lines.slice(at, at + MAX_HEADER_LINES)) {
      // A long value continues on an indented line.
      if (!header.test(line.text) && !(run.length > 0 && /^\s+\S/.test(line.raw))) break;
      run.push(line);
    }
    if (run.some(({ text }) => sender.test(text)) && run.some(({ text }) => subject.test(text)))
      for (const { number } of run) found.add(number);
    at += Math.max(0, run.length - 1);
  }
  return found;
}

const pageNumber =
  /^(?:[-–—\s]*)(?:(?:page|página|pagina|seite|pág\.|p\.) ?\d{1,3}(?: ?(?:of|de|sur|von|di|\/) ?\d{1,3}(?: {3,}.{1,60}|\s.{1,60})?)?|\d{1,2} ?\/ ?\d{1,2}|[-–—] ?\d{1,3} ?[-–—])(?:[-–—\s]*)$/i;

/** The numbers of page numbers, and of short lines that stand beside a page number more than once. */
function pageFurniture(lines: Line[]): Set<number> {
  const found = new Set<number>();
  const beside = new Map<string, Line[]>();
  const filled = lines.filter(({ text }) => text !== "");
  for (const [at, { text, number }] of filled.entries()) {
    if (!pageNumber.test(text)) continue;
    found.add(number);
    for (const near of [filled[at - 1], filled[at + 1]])
      if (near && near.text.length < 120) beside.set(near.text, [...(beside.get(near.text) ?? []), near].slice(0, 50));
  }
  for (const [text, repeated] of beside)
    if (repeated.length > 1 && !hasLabel(text, "number", "index", "names"))
      for (const { number } of repeated) found.add(number);
  return found;
}

/**
 * @returns the lines of the document itself. A page's footer goes with its empty lines, so that a list goes on across pages; other
 * lines become empty.
 */
export function documentLines(lines: Line[]): Line[] {
  const headers = mailHeaders(lines);
  const pages = pageFurniture(lines);
  const result: Line[] = [];
  let isCut = false;
  for (const line of lines) {
    if (pages.has(line.number)) {
      while (result.at(-1)?.text === "") result.pop();
      isCut = true;
      continue;
    }
    if (isCut && line.text === "") continue;
    isCut = false;
    result.push(headers.has(line.number) || hasLabel(line.text, "mail") ? { ...line, text: "", raw: "" } : line);
  }
  return result;
}
