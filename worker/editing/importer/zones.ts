/**
 * Removes the lines around a text: mail headers, quotation marks of a reply,
 * page numbers and running footers.
 */
import { hasLabel } from "./layouts.ts";
import type { DocumentLine } from "./lines.ts";

/** "From:", "Subject:" and the like, and the continuation of such a line. */
const header =
  /^(?:from|to|cc|bcc|sent|date|subject|reply-to|de|para|enviado|fecha|asunto|à|envoyé|objet|von|an|gesendet|datum|betreff|da|a|inviato|data|oggetto|return-path|received|message-id|mime-version|content-[\w-]+|x-[\w-]+|list-[\w-]+)\s?:/i;
const sender = /^(?:from|de|von|da|expéditeur)\s?:/i;
const subject = /^(?:subject|asunto|objet|betreff|oggetto)\s?:/i;

const MAX_HEADER_LINES = 40;

/**
 * The numbers of the lines of mail headers: a run of header lines with a sender
 * and a subject.
 */
function mailHeaders(lines: DocumentLine[]): Set<number> {
  const found = new Set<number>();
  for (let at = 0; at < lines.length; at++) {
    if (!header.test((lines[at] as DocumentLine).text)) continue;
    const run: DocumentLine[] = [];
    for (const line of lines.slice(at, at + MAX_HEADER_LINES)) {
      // A long value continues on an indented line, or on one that another
      // program has broken off.
      const next = lines[at + run.length + 1];
      const goesOn =
        run.length > 0 &&
        line.text !== "" &&
        (/^\s+\S/.test(line.raw) || header.test(next?.text ?? ""));
      if (!header.test(line.text) && !goesOn) break;
      run.push(line);
    }
    if (
      run.some(({ text }) => sender.test(text)) &&
      run.some(({ text }) => subject.test(text))
    )
      for (const { number } of run) found.add(number);
    at += Math.max(0, run.length - 1);
  }
  return found;
}

const pageNumber =
  /^(?:[-–—\s]*)(?:(?:page|página|pagina|seite|pág\.|p\.) ?\d{1,3}(?: ?(?:of|de|sur|von|di|\/) ?\d{1,3}(?: {3,}.{1,60}|\s.{1,60})?)?|\d{1,2} ?\/ ?\d{1,2}|\d{1,2}|[-–—] ?\d{1,3} ?[-–—])(?:[-–—\s]*)$/i;

const MIN_FOOTER_LINE = 5;
/** Longer lines are text, also where a copy of it stands below. */
const MAX_FOOTER_LENGTH = 60;

/**
 * The numbers of page numbers, and of short lines that stand beside a page
 * number more than once.
 */
function pageFurniture(lines: DocumentLine[]): Set<number> {
  const found = new Set<number>();
  const beside = new Map<string, DocumentLine[]>();
  const filled = lines.filter(({ text }) => text !== "");
  for (const [at, { text, number }] of filled.entries()) {
    // At the top of the first page it is the heading.
    if (
      !pageNumber.test(text) &&
      !(at >= MIN_FOOTER_LINE && hasLabel(text, "footer"))
    )
      continue;
    found.add(number);
    for (const near of [filled[at - 1], filled[at + 1]])
      if (near && near.text.length < MAX_FOOTER_LENGTH)
        beside.set(
          near.text,
          [...(beside.get(near.text) ?? []), near].slice(0, 50),
        );
  }
  for (const [text, repeated] of beside)
    if (repeated.length > 1 && !hasLabel(text, "number", "index", "names"))
      for (const { number } of repeated) found.add(number);
  return found;
}

/** Articles of names that a hyphen joins: "al-\nrahman" keeps its hyphen. */
const article =
  /(?:^|[^\p{L}])(?:al|el|ul|as|ash|ad|ar|az|an|at|bin|abu|[\p{L}])-$/iu;

/** Joins the two parts of a word that was broken at the end of a line. */
function unhyphenated(lines: DocumentLine[]): DocumentLine[] {
  const result = [...lines];
  for (let at = 0; at + 1 < result.length; at++) {
    const [line, next] = [
      result[at] as DocumentLine,
      result[at + 1] as DocumentLine,
    ];
    const [rest] = /^\p{Ll}+[.,;:)]*(?= |$)/u.exec(next.text) ?? [];
    if (!rest || !/\p{L}{2}-$/u.test(line.text) || article.test(line.text))
      continue;
    const joined = (text: string) => `${text.trimEnd().slice(0, -1)}${rest}`;
    result[at] = { ...line, raw: joined(line.raw), text: joined(line.text) };
    const left = next.text.slice(rest.length).trim();
    result[at + 1] = { ...next, raw: left, text: left };
  }
  return result.filter(
    (line, at) =>
      line === lines[at] || line.text !== "" || lines[at]?.text === "",
  );
}

/**
 * @returns the lines of the document itself. A page's footer goes with its
 * empty lines, so that a list goes on across pages; the line below it is
 * marked. Other lines that don't belong to the document become empty.
 */
export function documentLines(lines: DocumentLine[]): DocumentLine[] {
  const headers = mailHeaders(lines);
  const pages = pageFurniture(lines);
  const result: DocumentLine[] = [];
  let isCut = false;
  for (const line of lines) {
    if (pages.has(line.number) || (line.page && line.text === "")) {
      while (result.at(-1)?.text === "") result.pop();
      isCut = true;
      continue;
    }
    if (isCut && line.text === "") continue;
    const own =
      headers.has(line.number) || hasLabel(line.text, "mail")
        ? { ...line, text: "", raw: "" }
        : line;
    result.push(isCut ? { ...own, page: true } : own);
    isCut = false;
  }
  return unhyphenated(result);
}

const MIN_LINES_ACROSS = 6;

/**
 * True when two columns of a page were read straight across, so that many lines
 * mix two texts.
 */
export function isReadAcross(lines: DocumentLine[]): boolean {
  const filled = lines.filter(({ text }) => text !== "");
  const across = filled.filter(({ raw }) =>
    /^.{16,400}?\S\s{3,200}\S.{3}|^\s{24,400}\S.{3}/.test(raw),
  ).length;
  return across >= MIN_LINES_ACROSS && across * 4 > filled.length;
}
