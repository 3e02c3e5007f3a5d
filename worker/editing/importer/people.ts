/**
 * Reads the people that a document is about from its labelled list of names,
 * never from the running text alone.
 */
import { newPersonId } from "../../../shared/case/id.ts";
import { fold } from "../../../shared/case/names.ts";
import { doubt, type Findings, fact } from "./finding.ts";
import { ends, hasLabel, label } from "./layouts.ts";
import type { DocumentLine } from "./lines.ts";
import {
  BREAK,
  entriesOf,
  type Found,
  mixesScripts,
  peopleIn,
} from "./names.ts";

const MAX_PEOPLE = 100;
const MAX_LIST_LINES = 200;

const hasMark = (text: string) =>
  /[([](?:m|f|h|w|male|female|he|she|they|elle|il|ella|él|lei|lui|er|sie)\b/i.test(
    text,
  );
const isOpen =
  /(?:[,;(/]| (?:and|&|y|e|et|und|or|of|from|in|at|the|de|del|la|los|du|des|aux?|von|aus|der|di|della|dei|al))$/i;
/** A sentence, not a list. */
const isSentence = (text: string) =>
  /\b(?:was|were|is|are|has|have|had)\b/.test(text) &&
  /[.!?][”"’']?$/.test(text) &&
  text.split(" ").length > 8;

/**
 * How two lines of an open list belong together: a name that goes on, a new
 * entry, or one that nobody can tell. Null when the second line does not belong
 * to the list.
 */
function joint(
  before: string,
  after: string,
): " " | ", " | typeof BREAK | null {
  if (
    isOpen.test(before) ||
    /^[(,;"“«]|^(?:and|&|y|e|et|und)(?: |$)/.test(after) ||
    before.lastIndexOf("(") > before.lastIndexOf(")")
  )
    return " ";
  if (/[)\]\d]$/.test(before)) return hasMark(after) ? ", " : null;
  if (/\p{L}-$/u.test(before)) return BREAK;
  const head = after.split(/[,;(]| (?:and|&|y|e|et|und) /)[0]?.trim() ?? "";
  if (!/^\p{Lu}/u.test(head) || !(hasMark(after) || hasMark(before)))
    return null;
  // One word is no full name, so the name goes on, if this is a list at all.
  const last = entriesOf(before).at(-1)?.text ?? "";
  return hasMark(after) && !(last.includes(" ") && head.includes(" "))
    ? " "
    : BREAK;
}

/**
 * The list under a name label, up to the next label or an empty line, as one
 * text. `rest` is a line that may hold further names.
 */
function listUnder(
  lines: DocumentLine[],
  at: number,
): { text: string; own: DocumentLine[]; rest?: DocumentLine } {
  const first = lines[at] as DocumentLine;
  let text = first.text.replace(label("names"), "").trim();
  const own: DocumentLine[] = text ? [first] : [];
  for (const line of lines.slice(at + 1, at + MAX_LIST_LINES)) {
    const words = line.text.replace(/^[-–•*▪■·] ?(?=\p{Lu})/u, "");
    if (words === "" && own.length === 0) continue;
    if (words === "" || words.length > 400 || isSentence(words)) break;
    if (
      hasLabel(words, ...ends) ||
      /^(?:ua[ :]|https?:|www\.)|^[\p{Lu} ,'’/&()-]{7,}:/u.test(words)
    )
      break;
    const join = text === "" ? "" : joint(text, words);
    if (join === null)
      return {
        text,
        own,
        ...(/\p{Lu}\p{L}+(?: \p{Lu}|[,.]?$)/u.test(words) && { rest: line }),
      };
    text = `${text}${join}${words}`;
    own.push(line);
  }
  return { text, own };
}

/**
 * Runs of two to four capitalised words in the running text, each with its
 * first line.
 */
function runsIn(
  lines: DocumentLine[],
): Map<string, { count: number; line: number }> {
  const runs = new Map<string, { count: number; line: number }>();
  for (const { text, number } of lines)
    for (const [whole] of text.matchAll(
      /(?<![\p{L}'’‘ʼ-])[‘’ʼ]?\p{Lu}[\p{L}'’‘ʼ-]*(?: \p{Lu}[\p{L}'’‘ʼ-]*)+/gu,
    )) {
      const words = whole.replace(/['’]s$/, "").split(" ");
      for (let at = 0; at < words.length; at++)
        for (let size = 2; size <= 4 && at + size <= words.length; size++) {
          const run = words.slice(at, at + size).join(" ");
          const known = runs.get(run);
          if (known) known.count++;
          else if (runs.size < 20_000)
            runs.set(run, { count: 1, line: number });
        }
    }
  return runs;
}

const inCapitals = /(?<!\p{L})\p{Lu}[\p{Lu}'’-]+(?!\p{L})/u;

/**
 * One entry for each name. Two mentions with different pronouns: neither is
 * certain.
 */
function merged(found: Found[]): Found[] {
  const people = new Map<string, Found>();
  for (const person of found) {
    const key = person.name.toLowerCase();
    const known = people.get(key);
    const isUnclear =
      known?.pronouns && person.pronouns && known.pronouns !== person.pronouns;
    people.set(key, {
      ...person,
      ...known,
      ...(isUnclear && { unclear: `${known.pronouns}, ${person.pronouns}` }),
    });
  }
  return [...people.values()];
}

export const countWords = "two three four five six seven eight nine ten".split(
  " ",
);
export const counted = "men|women|people|students|journalists|defenders".split(
  "|",
);
const count = new RegExp(
  `\\b(${countWords.join("|")}|\\d{1,2}) (?:other |\\p{Ll}+ )?(?:${counted.join("|")})\\b`,
  "iu",
);
/** The first lines of a document say how many people it is about. */
const MAX_COUNTED_LINES = 12;

/**
 * Tells a number of people in the first lines that differs from the number of
 * names.
 */
function* countIn(lines: DocumentLine[], names: number): Findings {
  for (const { text, number } of lines
    .filter((line) => line.text !== "")
    .slice(0, MAX_COUNTED_LINES)) {
    const [words, said = ""] = count.exec(text) ?? [];
    const of = countWords.indexOf(said.toLowerCase()) + 2;
    if (
      words &&
      !/ other /i.test(words) &&
      (of > 1 ? of : Number(said)) !== names
    )
      yield doubt("count-differs", number, words, "/people");
  }
}

export function* findPeople(
  lines: DocumentLine[],
  source: string,
  language: string | null,
): Findings {
  // "Name:" beside "Address:" or "Occupation:" is the name of a target, or of
  // whoever wrote.
  const beside =
    /^(?:address|title|position|fax|e-?mail|tel)\b|^(?!gender|sex|ua|index|date|country)\p{L}+ ?:/iu;
  const isForm = (at: number) =>
    !hasMark(lines[at]?.text ?? "") &&
    [-1, 1].some((step) => beside.test(lines[at + step]?.text ?? ""));
  const taken = new Set<number>();
  const found: Found[] = [];
  for (const [at, line] of lines.entries()) {
    if (!hasLabel(line.text, "names") || isForm(at)) continue;
    const { text, own, rest } = listUnder(lines, at);
    for (const { number } of own) taken.add(number);
    if (rest)
      yield doubt("name-not-certain", rest.number, rest.text, "/people");
    for (const person of yield* peopleIn(
      text,
      own[0]?.number ?? line.number,
      language ?? "en",
    ))
      found.push({
        ...person,
        line:
          own.find((one) => one.text.includes(person.name))?.number ??
          person.line,
      });
  }
  const body = lines.filter(
    ({ text, number }) => !taken.has(number) && text !== text.toUpperCase(),
  );
  const runs = runsIn(body);
  const byFold = Map.groupBy(runs.keys(), fold);
  const ids = new Set<string>();
  const all = merged(found);
  const people = all.slice(0, MAX_PEOPLE);
  for (const { name, line } of all.slice(MAX_PEOPLE))
    yield doubt("name-not-certain", line, name, "/people");
  if (people.length > 0) yield* countIn(body, people.length);
  for (const [at, person] of people.entries()) {
    const pointer = `/people/${at}`;
    // A list often writes surnames in capitals. The spelling comes from the
    // running text alone: no rule knows how "YU MON" is written.
    const name = inCapitals.test(person.name)
      ? ([...runs.keys()].find(
          (run) =>
            run.toLowerCase() === person.name.toLowerCase() &&
            !inCapitals.test(run),
        ) ?? person.name)
      : person.name;
    const others = (byFold.get(fold(name)) ?? []).filter(
      (run) => run.toLowerCase() !== name.toLowerCase() && !mixesScripts(run),
    );
    // The spelling that is more frequent in the running text wins over the
    // list's.
    const times = (spelling: string) => runs.get(spelling)?.count ?? 0;
    const [usual] = others.toSorted((a, b) => times(b) - times(a));
    const preferred =
      usual !== undefined && times(usual) > times(name) ? usual : name;
    const spellings = [
      ...new Set([preferred, name, ...others, ...person.spellings]),
    ];
    const id = newPersonId(preferred, ids);
    ids.add(id);
    yield fact(`${pointer}/id`, id, person.line, "inferred");
    for (const [spelling, value] of spellings.entries()) {
      const line =
        value === name ? person.line : (runs.get(value)?.line ?? person.line);
      yield fact(`${pointer}/names/${spelling}/value`, value, line);
      if (language && /\p{Script=Latin}/u.test(value))
        yield fact(
          `${pointer}/names/${spelling}/lang`,
          language,
          line,
          "inferred",
        );
      yield fact(
        `${pointer}/names/${spelling}/form`,
        spelling === 0 ? "preferred" : "variant",
        line,
        "inferred",
      );
      yield fact(
        `${pointer}/names/${spelling}/source`,
        source,
        line,
        "inferred",
      );
    }
    if (inCapitals.test(preferred))
      yield doubt(
        "name-in-capitals",
        person.line,
        person.name,
        `${pointer}/names/0/value`,
      );
    if (spellings.length > 1)
      yield doubt(
        "two-spellings",
        person.line,
        spellings.join(", "),
        `${pointer}/names`,
      );
    if (person.unclear)
      yield doubt(
        "not-understood",
        person.line,
        person.unclear,
        `${pointer}/pronouns`,
      );
    else if (person.pronouns)
      yield fact(`${pointer}/pronouns`, person.pronouns, person.line);
  }
}
