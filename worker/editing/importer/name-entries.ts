/** Reads the entries of a list of names: people with pronouns, age and role. Uncertain entries get a warning. */
import { doubt, type Findings, prose } from "./finding.ts";
import { BREAK, bareName, type Entry, entriesOf, isGroup, isName, mixesScripts, squareMarks } from "./name-forms.ts";

export interface Found {
  name: string;
  line: number;
  pronouns?: Pronouns;
  gender?: "m" | "f";
  role?: string;
  /** Other spellings, from brackets. */
  spellings?: string[];
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
  if (language === "es") return word === "h" ? "m" : word === "f" ? "f" : undefined;
  if (language === "de" && word === "w") return "f";
  if (language === "fr") return word === "h" || word === "m" ? "m" : word === "f" ? "f" : undefined;
  return /^(?:m|male)$/.test(word) ? "m" : /^(?:f|female)$/.test(word) ? "f" : undefined;
}

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
  const behind =
    bracket < 0
      ? ""
      : plain
          .slice(bracket)
          .replace(/\([^()]*\)?/g, " ")
          .trim();
  return { text, comma, name, marks, behind };
}

const isMarked = ({ marks }: Part, language: string) =>
  marks.some((mark) => pronounsOf(mark, language) !== null || genderOf(mark, language) !== undefined);

const oneWord = (name: string) => !name.includes(" ");

const kin =
  /^(?:(?:his|her|their|an?|the|two|three|four|five|six|both|su|sus|son|sa|ses|leurs?) )+(?:\p{L}+ ){0,3}(?:wi(?:fe|ves)|husband|sons?|daughters?|brothers?|sisters?|mother|father|cousins?|uncles?|aunts?|nephews?|nieces?|child(?:ren)?|bab(?:y|ies)|infants?|famil(?:y|ies)|parents?|relatives?|colleagues?|friends?|compan(?:y|ions?)|famil(?:ia|le)|hij[oa]s?|herman[oa]s?|espos[oa]|madre|padre|fils|filles?|frères?|sœurs?|enfants?|épouse|femme|mari|mère|père)$/iu;
/** Two to five capitalised words, which may be a name. */
const bare = /(?:\p{Lu}[\p{L}'’-]+ ){1,4}\p{Lu}[\p{L}'’-]+/u;

/**
 * Reads people from "Name (she/her), Name (m), 54, lawyer and Name". Whatever is not used for a person is told, so that a list counts as
 * read only when nothing of it is left.
 * @param vouched a label says that the text holds names
 */
export function* peopleIn(text: string, line: number, vouched: boolean, language: string): Findings<Found[]> {
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
    const part = parts[at] as Part;
    const next = parts[at + 1];
    const last = found.at(-1);
    const age = ageOf(part.name);
    if (age !== undefined) {
      const gender = part.marks.map((mark) => genderOf(mark, language)).find(Boolean);
      if (last && gender) last.gender ??= gender;
      continue;
    }
    if (/^aged? |^(?:and|including)$/i.test(part.name)) continue;
    if (isGroup(part.name) || kin.test(part.name)) {
      // "his wife" describes the person before, or is another person.
      if (last && /^(?:his|her|their) \p{L}+$/u.test(part.name))
        last.role = last.role ? `${last.role}, ${part.text}` : part.text;
      yield doubt("others-unnamed", line, part.text, "/people");
      continue;
    }
    // "Surname, Given (she/her)" is one person or two.
    if (
      next &&
      part.comma &&
      part.marks.length === 0 &&
      isName(part.name, true) &&
      isName(next.name, true) &&
      (oneWord(part.name) || (isMarked(next, language) && oneWord(next.name)))
    ) {
      at++;
      yield* uncertain(`${part.text}, ${next.text}`);
      continue;
    }
    const person: Found = { name: part.name, line };
    const pronouns = part.marks.flatMap((mark) => pronounsOf(mark, language) ?? []);
    const genders = part.marks.flatMap((mark) => genderOf(mark, language) ?? []);
    const marked = pronouns.length > 0 || genders.length > 0;
    if (pronouns.includes("unclear") || new Set(pronouns).size > 1 || new Set(genders).size > 1)
      person.unclear = part.marks.join(", ");
    else {
      if (pronouns[0]) person.pronouns = pronouns[0] as Pronouns;
      if (genders[0]) person.gender = genders[0];
    }
    // "his wife Name (f)"
    if (marked) person.name = person.name.replace(/^(?:his|her|their) (?:\p{Ll}+ ){1,3}(?=\p{Lu})/u, "");
    const [other, alias = ""] = / (?:alias|also known as|a\.?k\.?a\.?) (.*)$/i.exec(person.name) ?? [];
    if (other) person.name = person.name.slice(0, -other.length);
    person.name = bareName(person.name);
    const { name } = person;
    // Another spelling in brackets: "Demo Alfa (Демо Альфа)", "Demo Alfa (also Demo Alpha)".
    const rest = part.marks.filter(
      (mark) => mark.trim() !== "" && !pronounsOf(mark, language) && !genderOf(mark, language) && !ageOf(mark),
    );
    const others = [
      ...rest.map((mark) => mark.replace(/^(?:also|alias|a\.?k\.?a\.?|or|spelt|spelled) /i, "").trim()),
      alias,
    ];
    const spellings = others.filter((one) => one.includes(" ") && isName(one, true) && !mixesScripts(one));
    const after = ageOf(part.behind.replace(/^,? ?/, ""));
    const surname = / (?:\p{Lu}|[-'’]){3,}(?: |$)/u.test(name) && /^\S*\p{Ll}/u.test(name);
    if (mixesScripts(name)) {
      yield doubt("name-mixes-scripts", line, name, "/people");
      yield prose("/people", part.text, line);
    } else if (language === "es" && /\p{L} y \p{L}+ \p{L}/u.test(name)) yield* uncertain(part.text);
    // A name that goes on behind its bracket is cut at the bracket.
    else if (after === undefined && /\p{Lu}/u.test(part.behind)) yield* uncertain(part.text);
    else if ((vouched || marked || surname) && isName(name, vouched || marked) && (!oneWord(name) || marked)) {
      if (spellings.length > 0) person.spellings = spellings;
      found.push(person);
      if (others.some((one) => /\p{Lu}/u.test(one) && !spellings.includes(one))) yield* uncertain(part.text);
    } else if (last && !marked && isRole(part.text, vouched)) {
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
