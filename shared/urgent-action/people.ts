/** Who the document is about, as its name line or its heading states; never names that only the running text holds. */
import { fold } from "../names.ts";
import type { Drafting } from "./draft.ts";
import type { Line } from "./lines.ts";
import { hasShortSurname, isName, isSubject, mixesScripts, pieces } from "./name-forms.ts";
import { countryLines, counts, nameLabel, nameLines, plainNames } from "./name-lines.ts";
import { differing } from "./slips.ts";

export interface Named {
  /** As the draft prefers it. */
  name: string;
  /** All its spellings in the document. */
  spellings: string[];
  pointer: string;
  line: number;
}

interface Found {
  name: string;
  line: number;
  pronouns?: "he/him" | "she/her" | "they/them";
  gender?: "m" | "f";
  age?: number;
  role?: string;
}

const pronounsOf = (text: string): Found["pronouns"] => {
  const first = /^(he|she|they)\s*\/\s*(him|his|her|hers|them|their)\b/i.exec(text)?.[1]?.toLowerCase();
  return first === "he" ? "he/him" : first === "she" ? "she/her" : first === "they" ? "they/them" : undefined;
};

const ageOf = (text: string): number | undefined => {
  const match = /^(?:(?:is )?aged? )?(\d{1,3})(?: years? old|-years?-old)?$/i.exec(text.trim());
  const age = match ? Number(match[1]) : undefined;
  return age !== undefined && age > 0 && age < 120 ? age : undefined;
};

/** "(m)" is a man in English and a woman in Spanish, where a man is "(h)": there only what can't be mistaken counts. */
function genderOf(mark: string, language: string): "m" | "f" | undefined {
  const word = mark.trim().toLowerCase();
  if (/^(?:hombre|homme|masculino|masculin)$/.test(word)) return "m";
  if (/^(?:mujer|femme|femenino|féminin)$/.test(word)) return "f";
  if (language === "es") return word === "h" ? "m" : undefined;
  if (language === "fr") return word === "h" || word === "m" ? "m" : word === "f" ? "f" : undefined;
  return /^(?:m|male)$/.test(word) ? "m" : /^(?:f|female)$/.test(word) ? "f" : undefined;
}

/** "Name (she/her), Name (m), 54, lawyer and Name": `vouched` when a label says that these are names. */
function peopleIn(
  text: string,
  line: number,
  vouched: boolean,
  language: string,
  body: string,
  drafting: Drafting,
): Found[] {
  const found: Found[] = [];
  // "Name, (m), aged 17" is one entry.
  for (const part of pieces(text.replace(/\.$/, "").replace(/, ?(?=[([](?:m|f|h)[)\]])/gi, " "))) {
    const piece = part.replace(/^(?:and|&|et|y) /, "").replace(/\[(m|f|h)\]/gi, "($1)");
    const last = found.at(-1);
    const age = ageOf(piece);
    if (age !== undefined) {
      if (last) last.age = age;
      continue;
    }
    if (/^aged? /i.test(piece)) continue;
    const bracket = piece.indexOf("(");
    let name = (bracket < 0 ? piece : piece.slice(0, bracket)).trim();
    const inside = bracket < 0 ? "" : piece.slice(bracket + 1, piece.includes(")") ? piece.indexOf(")") : undefined);
    const behind = bracket < 0 || !piece.includes(")") ? "" : piece.slice(piece.indexOf(")") + 1).trim();
    name = name.replace(/^(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Rev|Fr|Sheikh|Sr|Sra)(?:\. ?| )(?=\p{Lu})/u, "");
    const person: Found = { name, line };
    const listed = pronounsOf(inside.replace(/\s*,\s*/g, "/"));
    if (listed) person.pronouns = listed;
    let marked = listed !== undefined;
    for (const mark of inside.split(/[,;] ?/)) {
      const pronouns = pronounsOf(mark);
      const gender = genderOf(mark, language);
      const years = ageOf(mark);
      if (pronouns) person.pronouns = pronouns;
      if (gender) person.gender = gender;
      if (years !== undefined) person.age = years;
      if (pronouns || gender) marked = true;
    }
    // "his wife Name (f)"
    if (marked) name = name.replace(/^(?:his|her|their) (?:\p{Ll}+ ){1,3}(?=\p{Lu})/u, "");
    person.name = name;
    const surname =
      (/(?:^| )(?:\p{Lu}|[-'’]){3,}(?: |$)/u.test(name) && /\p{Ll}/u.test(name)) || hasShortSurname(name, body);
    if (
      /^(?:\d+|two|three|four|five|six|seven|eight|nine|ten|many|several|about|around|some|at least|more than|over|possibly|hundreds|scores|dozens|other)\b.*\b(?:others?|people|men|women|members|more|families|workers|students|detainees|prisoners|children|relatives|persons|villagers|boys|girls)\b|^(?:the )?(?:members|communit(?:y|ies)|famil(?:y|ies)|relatives|residents|inhabitants|villagers|population|workers|employees|staff|students|supporters|leaders) of\b|^(?:an?|the|two|three|four|five) (?:unnamed|unidentified|unknown)\b|^others?\b/i.test(
        name,
      )
    ) {
      drafting.warn("others-unnamed", line, piece, "/people");
      continue;
    }
    if (mixesScripts(name)) {
      drafting.warn("name-mixes-scripts", line, name, "/people");
      drafting.restate("/people", piece, line);
    } else if (
      (vouched || marked || surname || (found.length === 0 && isSubject(name, body))) &&
      isName(name, vouched || marked)
    ) {
      const after = ageOf(behind.replace(/^,? ?/, ""));
      if (after !== undefined) person.age = after;
      found.push(person);
    } else if (last && !marked && !vouched && /^\p{Lu}\p{Ll}+$/u.test(name))
      last.role = last.role ? `${last.role}, ${piece}` : piece;
    else if (last && !marked && /^\p{Ll}/u.test(name)) last.role = last.role ? `${last.role}, ${piece}` : piece;
    else if (name) {
      drafting.warn("name-not-certain", line, piece, "/people");
      drafting.restate("/people", piece, line);
    }
  }
  // Where the others have pronouns, a last name without any was cut short.
  const last = found.at(-1);
  if (vouched && last && !last.pronouns && found.length > 1 && found.slice(0, -1).every(({ pronouns }) => pronouns)) {
    found.pop();
    drafting.warn("name-not-certain", line, last.name, "/people");
    drafting.restate("/people", last.name, line);
  }
  return found;
}

/** Capitals only in the surname are a custom of lists: the usual spelling is the running text's, else a guess. */
function recased(name: string, body: string): { name: string; guessed: boolean } {
  if (hasShortSurname(name, body))
    return { name: name.slice(0, -1) + (name.at(-1) as string).toLowerCase(), guessed: false };
  if (!/(?:\p{Lu}[-'’]?){3,}/u.test(name)) return { name, guessed: false };
  const plain = name
    .split(" ")
    .map((word) =>
      /^(?:\p{Lu}|[-'’]){2,}$/u.test(word) && word.length > 2
        ? word.toLowerCase().replace(/(?<![\p{L}])\p{L}/gu, (letter) => letter.toUpperCase())
        : word,
    )
    .join(" ");
  if (body.includes(plain)) return { name: plain, guessed: false };
  const at = body.toLowerCase().indexOf(name.toLowerCase());
  const inBody = at < 0 ? "" : body.slice(at, at + name.length);
  return inBody && inBody !== name && /\p{Ll}/u.test(inBody) && !/(?:\p{Lu}[-'’]?){3,}/u.test(inBody)
    ? { name: inBody, guessed: false }
    : { name: plain, guessed: true };
}

const slug = (name: string) =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’‘ʼ]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80);

/** Runs of capitalised words of the running text, at most four words long, with how often and where each stands. */
function runsIn(lines: Line[]): Map<string, { count: number; line: number }> {
  const runs = new Map<string, { count: number; line: number }>();
  for (const { text, number } of lines) {
    const words = text
      .split(" ")
      .map((word) => word.replace(/^[“"‘(]+|[”"),.;:!?]+$|['’]s$/g, "").replace(/['’]s$/, ""));
    for (let at = 0; at < words.length; at++) {
      if (!/^\p{Lu}/u.test(words[at] as string)) continue;
      for (let size = 2; size <= 4 && at + size <= words.length; size++) {
        const part = words.slice(at, at + size);
        if (!/^\p{Lu}/u.test(part.at(-1) as string)) continue;
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
  `\\b(?:the|all|all the|these|those)? ?\\b(${counts.join("|")}|\\d{1,2}) (?:young |other |human rights |peaceful |political |former |student )*(men|women|people|activists|students|prisoners|defendants|detainees|journalists|defenders|brothers|sisters|lawyers|boys|girls|protesters|co-defendants)\\b`,
  "gi",
);

export function findPeople(
  lines: Line[],
  furniture: Set<number>,
  source: string,
  language: string,
  drafting: Drafting,
): Named[] {
  const prose = lines
    .filter(({ text }) => text.length > 40)
    .map(({ text }) => text)
    .join(" ");
  // "Name:" above "Address:" is somebody who is written to.
  const isForm = (at: number) =>
    [-1, 1].some((step) =>
      /^(?:address|title|position|fax|e-?mail|tel|salutation)\b/i.test(lines[at + step]?.text ?? ""),
    );
  const labels = lines.flatMap((line, at) => (nameLabel.test(line.text) && !isForm(at) ? [at] : []));
  const listed: { list: Found[]; line: number }[] = [];
  const taken = new Set<number>(furniture);
  for (const at of labels) {
    const own = nameLines(lines, at);
    for (const { number } of own) taken.add(number);
    // One text, so that a name's brackets may stand on the next line.
    const text = own.map((line) => line.text).join(" ");
    const list = peopleIn(text, own[0]?.number ?? (lines[at] as Line).number, true, language, "", drafting);
    const gender =
      /^(?:gender|gender m\/f|sex|male\/female|m\/f) ?:? ?(?:m\/f ?:? ?)?\(?(m|f|male|female)\)?\.?$/i.exec(
        lines.slice(at + 1, at + 6).find(({ text: next }) => /^(?:gender|sex|male\/female|m\/f)\b/i.test(next))?.text ??
          "",
      )?.[1];
    if (gender && list.length === 1) for (const person of list) person.gender ??= gender[0]?.toLowerCase() as "m" | "f";
    // "Name:" also labels other things in a form; a list of names holds nothing else.
    if (list.length > 0) listed.push({ list, line: (lines[at] as Line).number });
  }
  const heading = countryLines(lines, prose);
  for (const { number } of heading) taken.add(number);
  const headed = heading.flatMap((line) => peopleIn(line.text, line.number, false, language, prose, drafting));
  if (listed.length === 0 && headed.length === 0)
    for (const line of plainNames(lines, prose)) {
      taken.add(line.number);
      headed.push(...peopleIn(line.text, line.number, true, language, prose, drafting));
    }

  const key = (person: Found) => fold(person.name);
  const people: Found[] = [];
  for (const person of [...listed.flatMap(({ list }) => list), ...headed]) {
    const known = people.find((other) => key(other) === key(person));
    if (known) {
      known.pronouns ??= person.pronouns as never;
      known.gender ??= person.gender as never;
      if (known.age === undefined && person.age !== undefined) known.age = person.age;
      if (known.role === undefined && person.role !== undefined) known.role = person.role;
      if (known.pronouns === undefined) delete known.pronouns;
      if (known.gender === undefined) delete known.gender;
    } else people.push(person);
  }

  const running = lines.filter(({ number }) => !taken.has(number));
  const body = running.map(({ text }) => text).join("\n");
  const runs = runsIn(running.filter(({ text }) => text !== text.toUpperCase()));
  const byFold = new Map<string, string[]>();
  for (const run of runs.keys()) {
    const folded = fold(run);
    byFold.set(folded, [...(byFold.get(folded) ?? []), run]);
  }
  const named: Named[] = [];
  const ids = new Set<string>();
  for (const person of people.slice(0, 100)) {
    const pointer = `/people/${named.length}`;
    const { name, guessed } = recased(person.name, body);
    const folded = fold(name);
    // The spelling of the running text is the issuer's considered one; ties and silence leave the list's.
    const others = (byFold.get(folded) ?? []).filter(
      (run) => run.toLowerCase() !== name.toLowerCase() && !mixesScripts(run),
    );
    const times = (spelling: string) => runs.get(spelling)?.count ?? 0;
    const usual = others.toSorted((a, b) => times(b) - times(a))[0];
    const preferred = usual !== undefined && times(usual) > times(name) ? usual : name;
    const spellings = [preferred, ...[name, ...others].filter((spelling) => spelling !== preferred)];
    let id = slug(preferred);
    if (!id) id = `person-${named.length + 1}`;
    if (ids.has(id)) id = `${id}-${named.length + 1}`;
    ids.add(id);
    drafting.fill(`${pointer}/id`, id, person.line, "inferred");
    for (const [at, value] of spellings.entries()) {
      const line = value === name ? person.line : (runs.get(value)?.line ?? person.line);
      drafting.fill(`${pointer}/names/${at}/value`, value, line, guessed && value === name ? "inferred" : "stated");
      const lang = /\p{Script=Latin}/u.test(value) ? language : null;
      if (lang) drafting.fill(`${pointer}/names/${at}/lang`, lang, line, "inferred");
      drafting.fill(`${pointer}/names/${at}/form`, at === 0 ? "preferred" : "variant", line, "inferred");
      drafting.fill(`${pointer}/names/${at}/source`, source, line, "inferred");
    }
    if (guessed) drafting.warn("name-recased", person.line, person.name, `${pointer}/names/0/value`);
    if (spellings.length > 1) drafting.warn("two-spellings", person.line, spellings.join(", "), `${pointer}/names`);
    const near = [...runs.keys()].find(
      (run) =>
        run.split(" ").length === name.split(" ").length &&
        differing(fold(run), folded) === 1 &&
        !people.some((other) => fold(other.name) === fold(run)),
    );
    if (near) drafting.warn("similar-name", runs.get(near)?.line ?? null, `${name}, ${near}`, `${pointer}/names`);
    if (person.pronouns) drafting.fill(`${pointer}/pronouns`, person.pronouns, person.line);
    else if (person.gender) {
      drafting.fill(`${pointer}/pronouns`, person.gender === "m" ? "he/him" : "she/her", person.line, "inferred");
      drafting.warn("pronoun-from-gender", person.line, "", `${pointer}/pronouns`);
    }
    if (person.role) drafting.restate(`${pointer}/role/en`, person.role, person.line);
    if (person.age !== undefined) drafting.draft.ages.push({ pointer, age: person.age, line: person.line });
    named.push({ name: preferred, spellings, pointer, line: person.line });
  }
  if (named.length === 0) drafting.warn("no-people", null, "", "/people");
  else {
    for (const { text, number } of running.filter(({ text }) => text !== "").slice(0, 12))
      for (const [whole, count = ""] of text.matchAll(counted)) {
        const said = counts.includes(count.toLowerCase()) ? counts.indexOf(count.toLowerCase()) + 2 : Number(count);
        const companions =
          /\b(?:and (?:his|her|their)|his|her) (?:\w+ )?(?:co-defendants|other)/i.test(text) ||
          /co-defendants|other/i.test(whole);
        if (said === named.length || (companions && said === named.length - 1)) continue;
        drafting.warn("count-differs", number, `${whole.trim()}; ${named.length}`, "/people");
      }
  }
  return named;
}
