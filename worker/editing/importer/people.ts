/** Reads the people that a document is about from its name line or its heading, never from the running text alone. */
import { newPersonId } from "../../../shared/case/id.ts";
import { fold } from "../../../shared/case/names.ts";
import { doubt, type Findings, fact, prose } from "./finding.ts";
import { hasLabel } from "./layouts.ts";
import type { DocumentLine } from "./lines.ts";
import { type Found, peopleIn } from "./name-entries.ts";
import { isGroup, mixesScripts } from "./name-forms.ts";
import { countOf, countryLines, countWords, isListed, labelledList, markedLines } from "./name-lines.ts";
import { differing } from "./slips.ts";

const inCapitals = /(?<!\p{L})\p{Lu}[\p{Lu}'’-]+(?!\p{L})/u;

/** Lists often write surnames in capitals. The spelling comes from the running text alone: no rule knows how "YU MON" is written. */
function recased(name: string, body: string): string {
  if (!inCapitals.test(name)) return name;
  const written = body.matchAll(new RegExp(name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu"));
  for (const [spelling] of written) if (!inCapitals.test(spelling)) return spelling;
  return name;
}

/** Ignores case, apostrophes and quotation marks. */
const unquoted = (name: string) => name.toLowerCase().replace(/['’‘ʼ]/g, "");

/** Runs of two to four capitalised words in the running text, each with its count and its first line. */
function runsIn(lines: DocumentLine[]): Map<string, { count: number; line: number }> {
  const runs = new Map<string, { count: number; line: number }>();
  for (const { text, number } of lines) {
    const written = text.split(" ");
    const words = written.map((word) =>
      word.replace(/^[“"‘(]+|[”"),;:!?]+$|(?<!\b\p{Lu})\.+[”")]*$|['’]s$/gu, "").replace(/['’]s$/, ""),
    );
    // No name goes on over a quotation mark, a bracket or a comma.
    const mayFollow = words.map(
      (word, at) => at > 0 && written[at]?.startsWith(word) && written[at - 1]?.endsWith(words[at - 1] as string),
    );
    for (let at = 0; at < words.length; at++) {
      if (!/^\p{Lu}/u.test(words[at] as string)) continue;
      for (let size = 2; size <= 4 && at + size <= words.length; size++) {
        if (!mayFollow[at + size - 1]) break;
        const part = words.slice(at, at + size);
        if (!/^\p{Lu}/u.test(part.at(-1) as string) || part.some((one) => one.endsWith("-"))) continue;
        const run = part.join(" ");
        const known = runs.get(run);
        if (known) known.count++;
        else if (runs.size < 20_000) runs.set(run, { count: 1, line: number });
      }
    }
  }
  return runs;
}

const counted = new RegExp(
  `\\b(?:the|all|all the|these|those)? ?\\b(${countWords.join("|")}|\\d{1,2}) (?:young |other |human rights |peaceful |political |former |student )*(men|women|people|activists|students|prisoners|defendants|detainees|journalists|defenders|brothers|sisters|lawyers|boys|girls|protesters|co-defendants)\\b`,
  "gi",
);

const pronounOf = ({ pronouns, gender, unclear }: Found) =>
  unclear ?? pronouns ?? (gender && (gender === "m" ? "he/him" : "she/her"));

/** One entry for each name, with everything that its mentions say. */
function merged(found: Found[]): Found[] {
  const people = new Map<string, Found>();
  for (const person of found) {
    const key = unquoted(person.name);
    const known = people.get(key);
    // Two mentions with different pronouns: neither is certain.
    const marks = new Set([known, person].flatMap((one) => (one && pronounOf(one)) ?? []));
    people.set(key, { ...person, ...known, ...(marks.size > 1 ? { unclear: [...marks].join(", ") } : {}) });
  }
  return [...people.values()];
}

function* pronounsOf(person: Found, pointer: string): Findings {
  const byGender = pronounOf({ ...person, pronouns: undefined, unclear: undefined } as never);
  const unclear =
    person.unclear ??
    (person.pronouns && byGender && person.pronouns !== "they/them" && person.pronouns !== byGender
      ? `${person.pronouns}, ${person.gender}`
      : undefined);
  if (unclear !== undefined) yield doubt("pronoun-not-certain", person.line, `${person.name}: ${unclear}`, pointer);
  else if (person.pronouns) yield fact(pointer, person.pronouns, person.line);
  else if (byGender) {
    yield fact(pointer, byGender, person.line, "inferred");
    yield doubt("pronoun-from-gender", person.line, "", pointer);
  }
}

/** The numbers of people in the first lines that differ from the number of names. */
function* countsIn(lines: DocumentLine[], names: number): Findings {
  for (const { text, number } of lines.filter(({ text }) => text !== "").slice(0, 12))
    for (const [whole, count = ""] of text.matchAll(counted)) {
      const said = countOf(count);
      const companions =
        /\b(?:and (?:his|her|their)|his|her) (?:\w+ )?(?:co-defendants|other)/i.test(text) ||
        /co-defendants|other/i.test(whole);
      if (said === names || (companions && said === names - 1)) continue;
      yield doubt("count-differs", number, `${whole.trim()}; ${names}`, "/people");
    }
}

/** @param isLanguageKnown false when `language` is only assumed */
export function* findPeople(
  lines: DocumentLine[],
  furniture: Set<number>,
  source: string,
  language: string,
  isLanguageKnown: boolean,
): Findings {
  // "Name:" beside "Address:" is the name of a target.
  const isForm = (at: number) =>
    [-1, 1].some((step) =>
      /^(?:address|title|position|fax|e-?mail|tel|salutation)\b/i.test(lines[at + step]?.text ?? ""),
    );
  const labels = lines.flatMap((line, at) => (hasLabel(line.text, "names") && !isForm(at) ? [at] : []));
  const listed: { list: Found[]; line: number }[] = [];
  const taken = new Set<number>(furniture);
  function* leave(left: DocumentLine[]): Findings {
    for (const { text, number } of left) {
      if (isGroup(text.replace(/^and /, ""))) yield doubt("others-unnamed", number, text, "/people");
      else {
        yield doubt("name-not-certain", number, text, "/people");
        yield prose("/people", text, number);
      }
    }
  }
  for (const at of labels) {
    const { text, own, rest } = labelledList(lines, at);
    for (const { number } of [...own, ...rest]) taken.add(number);
    yield* leave(rest);
    const list = yield* peopleIn(text, own[0]?.number ?? (lines[at] as DocumentLine).number, true, language);
    for (const person of list) person.line = own.find((line) => line.text.includes(person.name))?.number ?? person.line;
    const gender =
      /^(?:gender|gender m\/f|sex|male\/female|m\/f) ?:? ?(?:m\/f ?:? ?)?\(?(m|f|male|female)\)?\.?$/i.exec(
        lines.slice(at + 1, at + 6).find(({ text: next }) => /^(?:gender|sex|male\/female|m\/f)\b/i.test(next))?.text ??
          "",
      )?.[1];
    if (gender && list.length === 1) for (const person of list) person.gender ??= gender[0]?.toLowerCase() as "m" | "f";
    // "Name:" also labels other things in a form, so a list without names is ignored.
    if (list.length > 0) listed.push({ list, line: (lines[at] as DocumentLine).number });
  }
  const first = lines.findIndex(({ text }) => text.length > 160 || (/[.]$/.test(text) && text.split(" ").length > 8));
  const above = lines.slice(0, Math.min(first < 0 ? 40 : first, 60));
  const { own, skipped } = countryLines(lines);
  // Some pages lose the line of the country. Then the marks below the number identify the names.
  const heading = listed.length > 0 || own.length > 0 ? own : markedLines(above, furniture);
  for (const { number } of [...heading, ...skipped]) taken.add(number);
  const headed: Found[] = [];
  for (const line of heading) headed.push(...(yield* peopleIn(line.text, line.number, false, language)));
  // German documents have a line for each person: "Herr DEMO ALFA".
  if (language === "de" && listed.length === 0 && headed.length === 0)
    for (const line of above) {
      const [, name = ""] = /^(?:herr|frau)\s+(.{3,80})$/i.exec(line.text) ?? [];
      if (!name) continue;
      taken.add(line.number);
      // A form of address is no pronoun.
      headed.push(...(yield* peopleIn(name, line.number, true, language)));
    }
  yield* leave(skipped.filter((line) => !headed.some((person) => person.line === line.number)));
  // Lines above the first paragraph that look like a list but were not read as one.
  const known = [...listed.flatMap(({ list }) => list), ...headed].map(({ name }) => name);
  yield* leave(
    above.filter(
      (line) => isListed(line) && !taken.has(line.number) && !known.some((name) => line.text.includes(name)),
    ),
  );
  for (const line of above) if (isListed(line)) taken.add(line.number);

  const people = merged([...listed.flatMap(({ list }) => list), ...headed]);

  const untaken = lines.filter(({ number }) => !taken.has(number));
  const body = untaken.map(({ text }) => text).join("\n");
  const runs = runsIn(untaken.filter(({ text }) => text !== text.toUpperCase()));
  const byFold = Map.groupBy(runs.keys(), (run) => fold(run));
  let count = 0;
  const ids = new Set<string>();
  for (const person of people.slice(0, 100)) {
    const pointer = `/people/${count}`;
    const name = recased(person.name, body);
    const folded = fold(name);
    const others = (byFold.get(folded) ?? []).filter(
      (run) => unquoted(run) !== unquoted(name) && /['’]$/.test(run) === /['’]$/.test(name) && !mixesScripts(run),
    );
    // The spelling that is more frequent in the running text wins over the list's.
    const times = (spelling: string) => runs.get(spelling)?.count ?? 0;
    const usual = others.toSorted((a, b) => times(b) - times(a))[0];
    const preferred = usual !== undefined && times(usual) > times(name) ? usual : name;
    const spellings = [...new Set([preferred, name, ...others, ...(person.spellings ?? [])])];
    const id = newPersonId(preferred, ids);
    ids.add(id);
    yield fact(`${pointer}/id`, id, person.line, "inferred");
    for (const [at, value] of spellings.entries()) {
      const line = value === name ? person.line : (runs.get(value)?.line ?? person.line);
      yield fact(`${pointer}/names/${at}/value`, value, line);
      const lang = isLanguageKnown && /\p{Script=Latin}/u.test(value) ? language : null;
      if (lang) yield fact(`${pointer}/names/${at}/lang`, lang, line, "inferred");
      yield fact(`${pointer}/names/${at}/form`, at === 0 ? "preferred" : "variant", line, "inferred");
      yield fact(`${pointer}/names/${at}/source`, source, line, "inferred");
    }
    if (inCapitals.test(preferred))
      yield doubt("name-in-capitals", person.line, person.name, `${pointer}/names/0/value`);
    if (spellings.length > 1) yield doubt("two-spellings", person.line, spellings.join(", "), `${pointer}/names`);
    const near = [...runs.keys()].find(
      (run) =>
        run.split(" ").length === name.split(" ").length &&
        differing(fold(run), folded) === 1 &&
        !people.some((other) => fold(other.name) === fold(run)),
    );
    if (near) yield doubt("similar-name", runs.get(near)?.line ?? null, `${name}, ${near}`, `${pointer}/names`);
    yield* pronounsOf(person, `${pointer}/pronouns`);
    if (person.role) yield prose(`${pointer}/role/en`, person.role, person.line);
    count++;
  }
  if (count === 0) yield doubt("no-people", null, "", "/people");
  else yield* countsIn(untaken, count);
}
