/** Finds the lines that list the people of a document: under a label, or after the country of its heading. */
import { ends, hasLabel, label } from "./layouts.ts";
import { type DocumentLine, wrapping } from "./lines.ts";
import { BREAK, entriesOf, isGroup, isName, squareMarks } from "./name-forms.ts";
import { countryAtStart, countryCode } from "./places.ts";

/** True for a line with a label, which ends an open list of names. */
const isLabelled = (text: string) =>
  hasLabel(text, ...ends.names) ||
  /^(?:ua[ :]|https?:|www\.)/i.test(text) ||
  /^\p{Lu}[\p{Lu} ,'’/&()-]{6,}:/u.test(text);

/** Lines of names, and skipped lines that may hold further names. */
export interface NameLines {
  own: DocumentLine[];
  skipped: DocumentLine[];
}

const mark = /\((?:m|f|h|w|male|female|surname (?:is )?(?:unknown|not known))\b/i;
/** "Demo SURNAME": only the surname is in capitals. */
const listed = /^(?:\p{Lu}[\p{L}.'’-]* ){1,4}(?:\p{Lu}|[-'’]){3,}(?:$|[ ,;(])/u;
const aged = /^[^\d,;.:]{5,60}, (?:aged )?\d{1,2}(?=,|$| [^\p{L}])/u;
/** Replaces letters that a conversion lost: "_ahin", "Da_". */
const restored = (text: string) => text.replace(/(?<!\p{L})_/gu, "X").replace(/_/g, "x");
/** The first name of a list's line, and the entry after it. */
const firstOf = (text: string) => {
  const [first, next] = entriesOf(text.replace(/\.$/, "").replace(/^(?:and|&|y|et) /i, ""));
  const name = (first?.text ?? "").replace(/ ?\(.*$/, "");
  return { name, next: first?.comma ? (next?.text ?? "") : "" };
};
/** A verb marks a sentence, not an entry of a list. */
const verb = /\b(?:was|were|is|are|has|have|had)\b/;
/** True for a line whose first entry is a name or a group. */
const mayName = (text: string) => {
  const name = restored(firstOf(text).name);
  return (
    text.length < 160 &&
    text !== text.toUpperCase() &&
    !verb.test(text) &&
    ((/^(?:['‘’ʼ]|al-|\p{Lu})/u.test(name) && isName(name, false)) || isGroup(name))
  );
};

/** A sentence, not a list. */
const isSentence = (text: string) => verb.test(text) && /[.!?][”"’']?$/.test(text) && text.split(" ").length > 8;
const isOpen =
  /(?:[,;(/]| (?:and|&|y|e|et|und|or|of|from|in|at|the|de|del|la|los|du|des|aux?|von|aus|der|di|della|dei|al))$/i;
const marked = /\((?:he|she|they|elle|il|ella|él|lei|lui|er|sie)\b/i;
const hasMark = (text: string) => mark.test(squareMarks(text)) || marked.test(text);
const lastEntry = (text: string) => (entriesOf(text).at(-1)?.text ?? "").replace(/^(?:and|&|y|e|et|und) /, "");

/**
 * How two lines of an open list belong together: a name that goes on, a new entry, or one that nobody can tell. Null when the second line
 * does not belong to the list.
 */
function joint(before: string, after: string): " " | ", " | typeof BREAK | null {
  if (
    isOpen.test(before) ||
    /(?:and|&|y|e|et|und) \d{1,4}$/.test(before) ||
    /^[(,;)]|^(?:and|&|y|e|et|und) /.test(after) ||
    before.lastIndexOf("(") > before.lastIndexOf(")") ||
    // A nickname goes on with the name.
    /^["“«]/.test(after)
  )
    return " ";
  const head = after.split(/[,;(]| (?:and|&|y|e|et|und) /)[0]?.trim() ?? "";
  if (/[)\]\d]$/.test(before)) return hasMark(after) ? ", " : null;
  if (/\p{L}-$/u.test(before)) return BREAK;
  if (!/^\p{Lu}/u.test(head)) return null;
  // One word is no full name, so the name goes on, if this is a list at all.
  if (hasMark(after)) return lastEntry(before).includes(" ") && head.includes(" ") ? BREAK : " ";
  return hasMark(before) ? BREAK : null;
}

/** The list under a name label, up to the next label or an empty line, as one text. `rest` is a line that may hold further names. */
export function labelledList(
  lines: DocumentLine[],
  at: number,
): { text: string; own: DocumentLine[]; rest: DocumentLine[] } {
  const first = lines[at] as DocumentLine;
  let text = first.text.replace(label("names"), "").trim();
  const own: DocumentLine[] = text ? [first] : [];
  for (const written of lines.slice(at + 1, at + 40)) {
    const line = { ...written, text: written.text.replace(/^[-–•*▪■·] ?(?=\p{Lu})/u, "") };
    if (line.text === "") {
      if (own.length > 0) break;
      continue;
    }
    if (isLabelled(line.text) || line.text.length > 400 || isSentence(line.text)) break;
    const join = text === "" ? "" : joint(text, line.text);
    if (join === null) return { text, own, rest: /\p{Lu}\p{L}+ \p{Lu}/u.test(line.text) ? [line] : [] };
    text = `${text}${join}${line.text}`;
    own.push(line);
  }
  return { text, own, rest: [] };
}

/** True for a line of a list of people, not of a headline: it states what happened to them, or has a mark of gender. */
export const isListed = ({ text }: DocumentLine): boolean =>
  text.length < 160 && (hasLabel(text, "fate") || mark.test(squareMarks(text)) || (listed.test(text) && mayName(text)));

/** A list's line without a brace that groups it with its neighbours: "Demo Alfa, 23 } lawyers". */
const plain = (line: DocumentLine): DocumentLine => ({
  ...line,
  // A table has its columns after a mark or an age.
  text: squareMarks(
    line.raw
      .trim()
      .replace(/(?<=[)\d])(?:\t| {2,})\s*/g, ", ")
      .replace(/\s+/g, " "),
  )
    .replace(label("fate"), "")
    .replace(/ (?:\}|[\])](?= |$)).*$/, ""),
});

const indent = ({ raw }: DocumentLine) => raw.length - raw.trimStart().length;

/** The list that begins with a country: "KESTRIA   Name SURNAME (f), aged 17" and the lines below. */
export function countryLines(lines: DocumentLine[]): NameLines {
  const top = lines.slice(0, 60);
  const goesOn = wrapping(lines);
  for (const [at, line] of top.entries()) {
    const start = countryAtStart(line.raw);
    // A headline in capitals may begin with a country too.
    if (!start || line.text.length > 600 || (start.rest !== "" && line.text === line.text.toUpperCase())) continue;
    const own: DocumentLine[] = [];
    const skipped: DocumentLine[] = [];
    const rest = start.rest.trim();
    if (rest) own.push(plain({ ...line, raw: rest, text: rest.replace(/\s+/g, " ") }));
    let gap = false;
    for (const next of lines.slice(at + 1, at + 30)) {
      if (next.text === "") {
        gap ||= own.length > 0;
        continue;
      }
      const isFate = hasLabel(next.text, "fate");
      if (next.text.length > 160 || (isLabelled(next.text) && !isFate)) break;
      const text = squareMarks(next.text);
      const shown = mark.test(text) || isFate || listed.test(text) || aged.test(text);
      // After an empty line an indent no longer shows that the list continues.
      if (!shown && (gap || indent(next) <= indent(line))) {
        // A description may wrap: "… spokesperson for the Movement" above "of the Invented People".
        const isDescription =
          !gap && own.length + skipped.length > 0 && /^\p{Ll}/u.test(text) && text.length < 100 && !verb.test(text);
        if (isDescription && !mayName(text)) continue;
        if (gap || !mayName(text)) break;
        skipped.push(next);
        continue;
      }
      if (gap && /[.!?]$/.test(text) && text.split(" ").length > 8) break;
      const previous = own.at(-1);
      const above = lines[lines.indexOf(next, at) - 1];
      const isNext = previous !== undefined && previous.number === above?.number && !isFate;
      // A name may wrap: "… , Demo" above "ALFA, …".
      if (
        isNext &&
        /(?:, |^)\p{Lu}\p{Ll}+$/u.test(previous.text) &&
        /^(?:\p{Lu}|[-'’]){3,}(?:$|[ ,;])/u.test(next.text)
      )
        previous.text = `${previous.text} ${next.text}`;
      else if (isNext && indent(next) === 0 && goesOn(above, next) && /\p{L}$/u.test(previous.text))
        previous.text = `${previous.text}${/^\p{Ll}/u.test(next.text) ? " " : BREAK}${plain(next).text}`;
      else own.push(plain(next));
    }
    // A heading that is only a title has no sign of a person.
    if (
      [...own, ...skipped].some(({ text }) =>
        /\((?:m|f|h|w|male|female)\b|\baged \d|(?:^|[ ,])(?:\p{Lu}|[-'’]){3,}(?:[ ,;]|$)/u.test(text),
      )
    )
      return { own, skipped };
  }
  return { own: [], skipped: [] };
}

/** Lines below the number that begin with a name and a mark of gender; empty when one begins with capitals, which may be a country. */
export function markedLines(above: DocumentLine[], furniture: Set<number>): DocumentLine[] {
  // "Pays : Demo Alfa (h)"
  const plainly = above.map((line) => {
    const [whole = "", country = ""] = /^(\p{Lu}[\p{L}'’ -]{2,40}?) ?: /u.exec(line.text) ?? [];
    return countryCode(country)
      ? { ...line, text: line.text.slice(whole.length), raw: line.text.slice(whole.length) }
      : line;
  });
  const found = plainly.filter((line, at) => {
    const last = above.slice(0, at).findLast(({ text }) => text !== "");
    const isOpen = /(?:,| and| of)$/.test(last?.text ?? "");
    const isBelow = above.slice(0, at).some(({ number }) => furniture.has(number));
    return isBelow && !isOpen && mark.test(squareMarks(line.text)) && mayName(line.text);
  });
  return found.every(({ text }) => /^\S*\p{Ll}/u.test(text)) ? found.map(plain) : [];
}

/** The names that the document lists, without checking that they are people. */
export function listedNames(lines: DocumentLine[]): string[] {
  const labelled = lines.flatMap((line, at) =>
    hasLabel(line.text, "names") ? [{ text: labelledList(lines, at).text }] : [],
  );
  const own = labelled.length > 0 ? labelled : countryLines(lines).own;
  const names = own.flatMap(({ text }) =>
    entriesOf(text).map((entry) => entry.text.replace(/ ?[([].*$/, "").replace(/\.$/, "")),
  );
  return [...new Set(names)].filter((name) => name.includes(" ") && isName(name, true));
}

/** The number that a word or digits mean. */
export const countOf = (word: string): number => {
  const at = countWords.indexOf(word.toLowerCase());
  return at < 0 ? Number(word) : at + 2;
};
export const countWords =
  "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
