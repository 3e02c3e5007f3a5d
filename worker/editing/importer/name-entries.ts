/** Reads the entries of a list of names: people with pronouns, age and role. Uncertain entries get a warning. */
import { doubt, type Findings, prose } from "./finding.ts";
import {
  BREAK,
  bareName,
  type Entry,
  entriesOf,
  hasShortSurname,
  isGroup,
  isName,
  mixesScripts,
  squareMarks,
} from "./name-forms.ts";
import { describesPerson, isSpokenOfAsPerson } from "./spoken-of.ts";

export interface Found {
  name: string;
  line: number;
  pronouns?: Pronouns;
  gender?: "m" | "f";
  age?: number;
  role?: string;
  /** Marks that contradict each other or are unknown, as written. */
  unclear?: string;
}

type Pronouns = "he/him" | "she/her" | "they/them";

const sets: [RegExp, Pronouns][] = [
  [/^(?:he|him|his)$/, "he/him"],
  [/^(?:she|her|hers)$/, "she/her"],
  [/^(?:they|them|their|theirs)$/, "they/them"],
];

/** "she/her/hers" is one set of pronouns. Words of several sets, or unknown words, are "unclear". Null when the text has no pronouns. */
function pronounsOf(text: string, language: string): Pronouns | "unclear" | null {
  const words = text
    .trim()
    .toLowerCase()
    .split(/\s*\/\s*/);
  if (language === "es" && words[0] === "ella") return "she/her";
  if (language === "es" && words[0] === "él") return "he/him";
  if (language === "fr" && words[0] === "elle") return "she/her";
  if (language === "fr" && words[0] === "il") return "he/him";
  if (language === "it" && words[0] === "lei") return "she/her";
  if (language === "it" && words[0] === "lui") return "he/him";
  if (language === "de" && words[0] === "er") return "he/him";
  if (!/^(?:he|she|they|him|her|them|ze|xe|it)$/.test(words[0] as string) || words.length < 2) return null;
  const found = words.map((word) => sets.find(([set]) => set.test(word))?.[1]);
  return found[0] && found.every((one) => one === found[0]) ? found[0] : "unclear";
}

const ageOf = (text: string): number | undefined => {
  const match =
    /^(?:(?:is )?aged? |âgée? de |de )?(\d{1,3})(?: years? old|-years?-old| años| ans| jahre(?: alt)?| anni)?$/i.exec(
      text.trim(),
    );
  const age = match ? Number(match[1]) : undefined;
  return age !== undefined && age > 0 && age < 120 ? age : undefined;
};

/** "(m)" is a man in English but a woman in Spanish, where a man is "(h)". In Spanish only unambiguous marks count. */
function genderOf(mark: string, language: string): "m" | "f" | undefined {
  const word = mark.trim().toLowerCase();
  if (/^(?:hombre|homme|masculino|masculin)$/.test(word)) return "m";
  if (/^(?:mujer|femme|femenino|féminin)$/.test(word)) return "f";
  if (language === "es") return word === "h" ? "m" : word === "f" ? "f" : undefined;
  if (language === "de" && word === "w") return "f";
  if (language === "fr") return word === "h" || word === "m" ? "m" : word === "f" ? "f" : undefined;
  return /^(?:m|male)$/.test(word) ? "m" : /^(?:f|female)$/.test(word) ? "f" : undefined;
}

/** True for "female" in "Name, female". */
const isSex = (text: string) => /^(?:fe)?male$/i.test(text);

interface Part extends Entry {
  name: string;
  /** The contents of the brackets. */
  marks: string[];
  behind: string;
}

function partOf({ text, comma }: Entry): Part {
  const plain = squareMarks(text.replace(/^(?:and|&|et|y) /, ""));
  const bracket = plain.indexOf("(");
  const marks = [...plain.matchAll(/\(([^()]*)/g)].flatMap(([, inside = ""]) =>
    // "(she, her)" is "(she/her)".
    /^(?:he|she|they), ?(?:him|her|them)\b/i.test(inside) ? [inside.replace(/\s*,\s*/g, "/")] : inside.split(/[,;] ?/),
  );
  const name = (bracket < 0 ? plain : plain.slice(0, bracket)).trim();
  const behind = plain.includes(")") ? plain.slice(plain.lastIndexOf(")") + 1).trim() : "";
  return { text, comma, name, marks, behind };
}

const isMarked = ({ marks }: Part, language: string) =>
  marks.some((mark) => pronounsOf(mark, language) !== null || genderOf(mark, language) !== undefined);

/** One word may be half a name. Then the text has more of it, or does not have it at all. */
function isWhole(name: string, marked: boolean, running: string): boolean {
  const spelling = `(?:${escaped(name)}|${escaped(name.slice(0, 1) + name.slice(1).toLowerCase())})`;
  const before = `\\p{Lu}\\p{Ll}[\\p{L}'’-]{0,40}(?: \\p{Ll}{1,6}){0,2} ${spelling}(?!\\p{L})`;
  const behind = `(?<!\\p{L})${spelling} (?:de |del |al-|bin )?\\p{Lu}\\p{Ll}`;
  if (new RegExp(`${before}|${behind}`, "u").test(running)) return false;
  return marked || new RegExp(`(?<!\\p{L})${spelling}(?!\\p{L})`, "u").test(running);
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
/** "SVD", "O.P.": letters behind the name of a member of an order. */
const isPostnominal = /^\p{Lu}{2,4}$/u;
const oneWord = (name: string) => !name.includes(" ");

/** "Surname, Given (she/her)" is one person when the running text confirms the name; otherwise it may be two. */
function surnameFirst(
  first: Part,
  second: Part | undefined,
  language: string,
  prose: string,
): "one" | "unclear" | null {
  if (!second || !first.comma || first.marks.length > 0 || !isName(first.name, true) || !isName(second.name, true))
    return null;
  if (prose.toLowerCase().includes(`${second.name} ${first.name}`.toLowerCase())) return "one";
  const isPair = isMarked(second, language) ? oneWord(first.name) || oneWord(second.name) : oneWord(first.name);
  return isPair ? "unclear" : null;
}

const kin =
  /^(?:(?:his|her|their|an?|the|two|three|four|five|six|both|su|sus|son|sa|ses|leurs?) )+(?:\p{L}+ ){0,3}(?:wi(?:fe|ves)|husband|sons?|daughters?|brothers?|sisters?|mother|father|cousins?|uncles?|aunts?|nephews?|nieces?|child(?:ren)?|bab(?:y|ies)|infants?|famil(?:y|ies)|parents?|relatives?|colleagues?|friends?|compan(?:y|ions?)|famil(?:ia|le)|hij[oa]s?|herman[oa]s?|espos[oa]|madre|padre|fils|filles?|frères?|sœurs?|enfants?|épouse|femme|mari|mère|père)$/iu;
/** Two to five capitalised words, which may be a name. */
const bare = /(?:\p{Lu}[\p{L}'’-]+ ){1,4}\p{Lu}[\p{L}'’-]+/u;

/** Reads people from "Name (she/her), Name (m), 54, lawyer and Name". @param vouched a label says that the text holds names */
export function* peopleIn(
  text: string,
  line: number,
  vouched: boolean,
  language: string,
  running: string,
): Findings<Found[]> {
  const found: Found[] = [];
  function* uncertain(written: string): Findings {
    const words = written.replaceAll(BREAK, " ");
    yield doubt("name-not-certain", line, words, "/people");
    yield prose("/people", words, line);
  }
  // "Name, (m), aged 17" is one entry.
  const whole = text.replace(/\.$/, "").replace(/, ?(?=[([](?:m|f|h|w)[)\]])/gi, " ");
  const parts = entriesOf(whole).map(partOf);
  for (let at = 0; at < parts.length; at++) {
    let part = parts[at] as Part;
    const next = parts[at + 1];
    const last = found.at(-1);
    const age = ageOf(part.name);
    if (age !== undefined) {
      const gender = part.marks.map((mark) => genderOf(mark, language)).find(Boolean);
      if (last) last.age = age;
      if (last && gender) last.gender ??= gender;
      continue;
    }
    if (/^aged? |^(?:and|including)$/i.test(part.name)) continue;
    if (isSex(part.name)) {
      if (last) last.gender ??= genderOf(part.name, "en") as "m" | "f";
      continue;
    }
    // "member of …" after a name describes that person.
    const isSaidOf = last && !vouched && /^\p{Ll}/u.test(part.text) && describesPerson(part.text);
    if (!isSaidOf && (isGroup(part.name) || kin.test(part.name))) {
      // "his wife" describes the person before, or is another person.
      if (last && /^(?:his|her|their) \p{L}+$/u.test(part.name))
        last.role = last.role ? `${last.role}, ${part.text}` : part.text;
      yield doubt("others-unnamed", line, part.text, "/people");
      continue;
    }
    const order = surnameFirst(part, next, language, running);
    if (order && next) {
      at++;
      if (order === "unclear") {
        yield* uncertain(`${part.text}, ${next.text}`);
        continue;
      }
      part = { ...next, name: `${next.name} ${part.name}` };
    }
    const person: Found = { name: part.name, line };
    const pronouns = part.marks.flatMap((mark) => pronounsOf(mark, language) ?? []);
    const genders = part.marks.flatMap((mark) => genderOf(mark, language) ?? []);
    for (const mark of part.marks) person.age ??= ageOf(mark) as number;
    if (person.age === undefined) delete person.age;
    const marked = pronouns.length > 0 || genders.length > 0;
    if (pronouns.includes("unclear") || new Set(pronouns).size > 1 || new Set(genders).size > 1)
      person.unclear = part.marks.join(", ");
    else {
      if (pronouns[0]) person.pronouns = pronouns[0] as Pronouns;
      if (genders[0]) person.gender = genders[0];
    }
    // "his wife Name (f)"
    if (marked) person.name = person.name.replace(/^(?:his|her|their) (?:\p{Ll}+ ){1,3}(?=\p{Lu})/u, "");
    const [other] = / (?:alias|also known as|a\.?k\.?a\.?) .*$/i.exec(person.name) ?? [];
    if (other && marked) {
      yield* uncertain(part.text);
      person.name = person.name.slice(0, -other.length);
    }
    person.name = bareName(person.name);
    const { name } = person;
    // "GROUP General Coordinator" begins with an abbreviation, not with a surname.
    const surname =
      (/ (?:\p{Lu}|[-'’]){3,}(?: |$)/u.test(name) && /^\S*\p{Ll}/u.test(name)) || hasShortSurname(name, running);
    const isDescribed =
      next !== undefined &&
      part.marks.length === 0 &&
      part.comma &&
      (describesPerson(next.name) || (/^an? /.test(next.name) && /^aged? \d/.test(parts[at + 2]?.name ?? "")));
    if (mixesScripts(name)) {
      yield doubt("name-mixes-scripts", line, name, "/people");
      yield prose("/people", part.text, line);
    } else if (language === "es" && /\p{L} y \p{L}+ \p{L}/u.test(name)) yield* uncertain(part.text);
    else if (
      (vouched || marked || surname || isDescribed || isSpokenOfAsPerson(name, running)) &&
      isName(name, vouched || marked) &&
      (!oneWord(name) || (isWhole(name, marked, running) && !(isPostnominal.test(name) && found.length + at > 0)))
    ) {
      const after = ageOf(part.behind.replace(/^,? ?/, ""));
      if (after !== undefined) person.age = after;
      found.push(person);
    } else if (last && !marked && (isRole(part.text, vouched) || (!vouched && describesPerson(part.text)))) {
      last.role = last.role ? `${last.role}, ${part.text}` : part.text;
      // "the student Demo Alfa" may be another person; "teacher at Demo School" is not.
      const other = bare.exec(part.text);
      if (
        other &&
        !/\b(?:of|from|with|for|at|in|by|on|to|and|de|del|du|des|en|à)\b/i.test(part.text.slice(0, other.index)) &&
        isName(other[0], false)
      )
        yield* uncertain(part.text);
    } else if (/\p{L}/u.test(name)) yield* uncertain(part.text);
  }
  // When all others have pronouns, a last name without any is probably incomplete.
  const last = found.at(-1);
  if (
    vouched &&
    last &&
    !last.pronouns &&
    !last.unclear &&
    found.length > 1 &&
    found.slice(0, -1).every(({ pronouns }) => pronouns)
  ) {
    found.pop();
    yield* uncertain(last.name);
  }
  return found;
}

/** True for a description of the person before: "former teacher", "from Nowhere", and, without a label, "Teacher". */
const isRole = (text: string, vouched: boolean) =>
  /^\p{Ll}|^\d+ (?:months?|weeks?|years?)\b/u.test(text) || (!vouched && /^\p{Lu}\p{Ll}+$/u.test(text));
