/**
 * The entries of a list of names: people with pronouns and other spellings.
 * What can't be read for certain is told.
 */
import { isGarbled } from "./encoding.ts";
import { doubt, type Findings } from "./finding.ts";

type Pronouns = "he/him" | "she/her" | "they/them";

export interface Found {
  name: string;
  line: number;
  pronouns?: Pronouns;
  /** Pronouns that contradict each other or are unknown, as written. */
  unclear?: string;
  /** Other spellings, from brackets. */
  spellings: string[];
}

/**
 * A line break in a name, when the text does not show whether the name goes on.
 * No name contains it.
 */
export const BREAK = "\u2424";

export const particles =
  "al ag aït bin bint ben de del della da dos la van von der y e abu ould".split(
    " ",
  );

/** Words of groups and bodies, which are no part of a person's name. */
export const noNames =
  "members|refugees|workers|villagers|famil\\p{L}+|communit\\p{L}+|comunidad|people|others?|union|party|committee|comité|movement|movimiento|foundation|fundación|association|asociación|organi[sz]ation|corporación|sindicato|syndicat|collectif|centre|network".split(
    "|",
  );
const noName = new RegExp(
  `(?<!\\p{L})(?:${noNames.join("|")})(?!\\p{L})`,
  "iu",
);

/** True for up to seven words that are capitalised or particles. */
export function isName(text: string): boolean {
  const words = text.split(" ");
  const isCapital = (word: string) =>
    /^(?:['‘’ʼ]|(?:al|el|ul|as|ash|d|l)[-'’][‘’'ʼ]?)?[\p{Lu}\p{Lo}]/u.test(
      word,
    );
  return (
    /^[\p{L}\p{M} '‘’ʼ.-]{2,70}$/u.test(text) &&
    !isGarbled(text) &&
    !noName.test(text) &&
    words.length <= 7 &&
    // A name cut at its particle is not whole: "Demo van".
    !particles.includes((words.at(-1) as string).toLowerCase()) &&
    words.every((word) => isCapital(word) || particles.includes(word)) &&
    words.some(isCapital) &&
    /\p{L}{2}/u.test(text)
  );
}

const scripts = ["Latin", "Cyrillic", "Greek", "Armenian", "Cherokee"].map(
  (script) => new RegExp(`\\p{Script=${script}}`, "u"),
);
export const mixesScripts = (text: string) =>
  scripts.filter((script) => script.test(text)).length > 1;

/**
 * The entries of a list, which commas, semicolons and "and" separate outside
 * brackets.
 */
export function entriesOf(text: string): { text: string; comma: boolean }[] {
  const found: { text: string; comma: boolean }[] = [];
  let depth = 0;
  let from = 0;
  const cut = (to: number, next: number) => {
    const entry = text.slice(from, to).trim();
    if (entry) found.push({ text: entry, comma: text[to] === "," });
    from = next;
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] as string;
    if (/[([]/.test(sign)) depth++;
    else if (/[)\]]/.test(sign)) depth = Math.max(0, depth - 1);
    else if (depth === 0 && /[,;]/.test(sign)) cut(at, at + 1);
    else if (depth === 0 && sign === " ") {
      const [joint] =
        (text[at - 1] === ")"
          ? /^ (?:and|&|et|und|y|e) /i
          : /^ (?:and|&|et|und) /i
        ).exec(text.slice(at, at + 6)) ?? [];
      if (joint) cut(at, at + joint.length);
    }
  }
  cut(text.length, text.length);
  return found;
}

export const pronounWords: Record<Pronouns, string[]> = {
  "he/him": "he him his él il lui er".split(" "),
  "she/her": "she her hers ella elle lei".split(" "),
  "they/them": "they them theirs".split(" "),
};
const setOf = (word: string) =>
  (Object.keys(pronounWords) as Pronouns[]).find((set) =>
    pronounWords[set].includes(word),
  );

/**
 * "she/her/hers" is one set of pronouns, and "(f)" stands for one. Words of
 * several sets, or unknown ones, are "unclear". Null for other words.
 */
function pronounsOf(
  mark: string,
  language: string,
): Pronouns | "unclear" | null {
  const word = mark.trim().toLowerCase();
  // "(m)" is a man in English but a woman in Spanish, where a man is "(h)".
  const men = language === "es" || language === "fr" ? /^h$/ : /^(?:m|male)$/;
  const women = language === "de" ? /^[wf]$/ : /^(?:f|female)$/;
  if (men.test(word) || (language === "fr" && word === "m")) return "he/him";
  if (women.test(word)) return "she/her";
  const parts = word.split(/\s*[/,]\s*/);
  const found = parts.map(setOf);
  if (!found[0] && !/^(?:ze|xe)$/.test(parts[0] as string)) return null;
  // A pronoun of the other languages says enough alone.
  if (parts.length < 2 && !/^(?:él|ella|lei|lui|elle)$/.test(word)) return null;
  return found.every(
    (one) => one === found[0] || (language !== "en" && one === undefined),
  )
    ? (found[0] ?? "unclear")
    : "unclear";
}

const isAge = (text: string) =>
  /^(?:aged? |âgée? de |de )?\d{1,3}(?:[ -]?(?:years?[ -]old|años|ans|jahre(?: alt)?|anni))?$/i.test(
    text.trim(),
  );
const titled =
  /^(?:Mrs?|Ms|Dr|Prof|Rev|Sheikh|Sra?|Mme|Frau|Herrn?)(?:\. ?| )(?=\p{Lu})/u;

interface Entry {
  text: string;
  comma: boolean;
  name: string;
  /** The contents of the brackets. */
  marks: string[];
  behind: string;
}

function entryOf({ text, comma }: { text: string; comma: boolean }): Entry {
  const [before = ""] = /^[^([]*/.exec(text) ?? [];
  const marks = [...text.matchAll(/[([]([^()[\]]*)/g)].flatMap(
    ([, inside = ""]) =>
      /^(?:he|she|they), ?\p{Ll}+$/u.test(inside)
        ? [inside]
        : inside.split(/[,;] ?/),
  );
  const behind = text
    .slice(before.length)
    .replace(/[([][^()[\]]*[)\]]?/g, " ")
    .trim();
  return {
    text,
    comma,
    name: before.replace(/^(?:and|&|et|y|e|und) /, "").trim(),
    marks,
    behind,
  };
}

/**
 * Reads people from "Name (she/her), Name (m), 54, lawyer and Name". Whatever
 * is not used for a person is told, so that a list counts as read only when
 * nothing of it is left.
 */
export function* peopleIn(
  text: string,
  line: number,
  language: string,
): Findings<Found[]> {
  const found: Found[] = [];
  function* uncertain(
    written: string,
    tag: "name-not-certain" | "name-mixes-scripts" = "name-not-certain",
  ): Findings {
    yield doubt(tag, line, written.replaceAll(BREAK, " "), "/people");
  }
  const entries = entriesOf(
    text.replace(/\.$/, "").replace(/, ?(?=[([](?:m|f|h|w)[)\]])/gi, " "),
  ).map(entryOf);
  const markOf = ({ marks }: Entry) =>
    marks.flatMap((mark) => pronounsOf(mark, language) ?? []);
  const isOneWord = ({ name }: Entry) => !name.includes(" ");
  for (const [at, entry] of entries.entries()) {
    const [last, before, next] = [
      found.at(-1),
      entries[at - 1],
      entries[at + 1],
    ];
    if (isAge(entry.text)) continue;
    const pronouns = markOf(entry);
    // "Surname, Given (she/her)" is one person or two.
    const isBeside = (one: Entry, other: Entry) =>
      one.comma &&
      markOf(one).length === 0 &&
      isName(one.name) &&
      (isOneWord(one) || (markOf(other).length > 0 && isOneWord(other)));
    if (
      (next && isBeside(entry, next)) ||
      (before && isName(entry.name) && isBeside(before, entry))
    ) {
      yield* uncertain(entry.text);
      continue;
    }
    const [, name = "", alias = ""] =
      /^(.*?)(?: (?:alias|also known as|a\.?k\.?a\.?) (.*))?$/i.exec(
        entry.name.replace(titled, ""),
      ) ?? [];
    const others = [...entry.marks, alias]
      .filter(
        (mark) =>
          mark.trim() !== "" && !pronounsOf(mark, language) && !isAge(mark),
      )
      .map((mark) => mark.replace(/^(?:also|alias|or) /i, "").trim());
    const spellings = others.filter(
      (one) => one.includes(" ") && isName(one) && !mixesScripts(one),
    );
    const isWhole = isName(name) && (!isOneWord(entry) || pronouns.length > 0);
    if (mixesScripts(name)) yield* uncertain(entry.text, "name-mixes-scripts");
    // A name that goes on behind its bracket is cut at the bracket. In Spanish
    // "y" may join two names.
    else if (
      /\p{Lu}/u.test(entry.behind) ||
      (language === "es" && / y /.test(name))
    )
      yield* uncertain(entry.text);
    else if (isWhole) {
      const [first, ...rest] = new Set(pronouns);
      const isClear = first !== "unclear" && rest.length === 0;
      found.push({
        name,
        line,
        spellings,
        ...(first && (isClear ? { pronouns: first } : { unclear: entry.text })),
      });
      if (others.some((one) => !spellings.includes(one)))
        yield* uncertain(entry.text);
      // In small letters it says what the person before does.
    } else if (
      /\p{L}/u.test(entry.text) &&
      !(last && /^\p{Ll}[^\p{Lu}([]*$/u.test(entry.text))
    )
      yield* uncertain(entry.text);
  }
  // When all others have pronouns, a last name without any is probably
  // incomplete.
  const last = found.at(-1);
  if (
    last &&
    !last.pronouns &&
    found.length > 1 &&
    found.slice(0, -1).every(({ pronouns }) => pronouns)
  ) {
    found.pop();
    yield* uncertain(last.name);
  }
  return found;
}
