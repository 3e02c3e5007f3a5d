/**
 * Lists the sentences of a document that a person must judge before the
 * document counts as read: those that name somebody of the case or have a word
 * for a status. Rules were wrong about every one of 31 statuses in prose, so a
 * value is only offered, and only where the sentence can hardly mean anything
 * else.
 */

import { fold } from "../../../shared/case/names.ts";
import { compareEdtf } from "../../../shared/case/partial-date.ts";
import { spellingsOf } from "../../../shared/case/same-person.ts";
import { codesOf } from "../../../shared/profile/codes.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { datesIn, edtfOf } from "../importer/dates.ts";
import type { ProposedField } from "../importer/draft.ts";
import { collect } from "../importer/finding.ts";
import { hasLabel } from "../importer/layouts.ts";
import {
  type DocumentLine,
  linesOf,
  splitSentences,
} from "../importer/lines.ts";
import { documentLines } from "../importer/zones.ts";
import type { UnfinishedCase } from "./desk.ts";
import { type NameFinder, nameFinder } from "./name-forms.ts";
import {
  type ListedSentence,
  type OfferedStatus,
  sentenceId,
} from "./reading.ts";
import { codesIn } from "./status-change.ts";
import { statusSigns, unsaidSigns } from "./status-words.ts";

const MAX_SENTENCE_LENGTH = 2_000;
const MAX_NEIGHBOUR_LENGTH = 160;
const MAX_LETTER_LINES = 80;

/**
 * Arabic writes "and", "so", "in", "to", "like" and the article together with
 * the next word.
 */
export const wholeWords = (words: string) =>
  `(?<![\\p{L}-])(?:[وفبلك]{0,2}(?:ال)?)?(?:${words})(?!\\p{L})`;

interface StatusSign {
  field: ProposedField | "charges";
  value: string;
  pattern: RegExp;
}

const makePatterns = () => {
  const signs: StatusSign[] = Object.entries(statusSigns).flatMap(
    ([field, codes]) =>
      Object.entries(codes).map(([value, words]) => ({
        field: field as ProposedField | "charges",
        value,
        pattern: new RegExp(wholeWords(words), "iu"),
      })),
  );
  const all = Object.values(statusSigns).flatMap((codes) =>
    Object.values(codes),
  );
  return {
    signs,
    any: new RegExp(wholeWords(all.join("|")), "giu"),
    // "May" is a month.
    may: /(?<!\p{L})may(?!\p{L})/u,
    unsaid: new RegExp(
      `${wholeWords(Object.values(unsaidSigns).join("|"))}|[?؟“”«»"„]|n['’]t(?!\\p{L})`,
      "iu",
    ),
  };
};
let made: ReturnType<typeof makePatterns> | null = null;
const patterns = () => {
  made ??= makePatterns();
  return made;
};

const units =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = ["twenty", "thirty", "forty", "fifty"];
const spelled = `(?:(?:${tens.join("|")})(?:[- ](?:${units.slice(0, 9).join("|")}))?|${[...units].reverse().join("|")})`;
const term = new RegExp(
  `(?<![\\p{L}\\d])(?:(\\d{1,3}|${spelled})(?: and (?:a half|(\\d{1,2}|${spelled}) months))?[- ](?:years?|años|ans|jahren?|anni|рок(?:ів|и)|рік|лет|года?)|(\\d{1,3}|${spelled})[- ](?:months?|meses|mois|monaten?|mesi|місяц\\p{L}+|месяц\\p{L}+))(?!\\p{L})(?!['’]? (?:old|ago|later|after|earlier|before))(?: and (?:(\\d{1,2}|${spelled}) months|(a half)))?`,
  "giu",
);
const final = {
  life: /\blife (?:imprisonment|in prison|sentence|term)|imprisonment for life|cadena perpetua|perpétuité|lebenslang|ergastolo|довічн|пожизненн/i,
  death:
    /\b(?:sentenced to death|death (?:sentence|penalty|row)|pena (?:de muerte|di morte)|peine de mort|zum tode|todesstrafe|condamnée?s? à mort|condenad[oa]s? a muerte)/i,
};

const count = (text: string): number =>
  /^\d+$/.test(text)
    ? Number(text)
    : text
        .toLowerCase()
        .split(/[- ]/)
        .reduce(
          (sum, part) =>
            sum + (units.indexOf(part) + 1 || (tens.indexOf(part) + 2) * 10),
          0,
        );

/** Every term in a sentence, as durations: "P10Y6M", "life", "death". */
export function termsIn(text: string): string[] {
  const found = Object.entries(final).flatMap(([code, words]) =>
    words.test(text) ? [code] : [],
  );
  for (const [, years, months, only, more, half] of text.matchAll(term)) {
    const extra =
      half || /and a half/i.test(text) ? 6 : count(months ?? more ?? "0");
    const value = count(years ?? only ?? "0");
    if (value > 0 && value <= 150)
      found.push(only ? `P${value}M` : `P${value}Y${extra ? `${extra}M` : ""}`);
  }
  return [...new Set(found)];
}

/**
 * The lines without labels, and the numbers of those that belong to model
 * letters, from the salutation to the valediction.
 */
function readable(lines: DocumentLine[]): {
  lines: DocumentLine[];
  letters: Set<number>;
} {
  const letters = new Set<number>();
  let end = -1;
  const kept = lines.map((line, at) => {
    const isSalutation = at > end && hasLabel(line.text, "salutation");
    if (isSalutation) {
      const last = lines
        .slice(at, at + MAX_LETTER_LINES)
        .findIndex(({ text }) => hasLabel(text, "valediction"));
      if (last >= 0) end = at + last;
    }
    if (at <= end) letters.add(line.number);
    const isLabelled =
      line.text.length < 200 &&
      hasLabel(line.text, "names", "previous", "banner", "languages");
    return isSalutation || at === end || isLabelled
      ? { ...line, text: "", raw: "" }
      : line;
  });
  return { lines: kept, letters };
}

const yearsIn = (text: string): number[] =>
  [...new Set(text.match(/(?<!\d)(?:19|20)\d\d(?!\d)/g))].map(Number);

type People = NonNullable<UnfinishedCase["people"]>;
type Person = NonNullable<People[number]>;

const plainWord = /[\p{L}\p{M}\p{N}'’ʼ.-]+/gu;
const capitalised = /^\p{Lu}/u;
type Known = Person & { id: string };

/**
 * Tells whom of many people a sentence names. Few sentences name anybody, so
 * each person is looked for only in those.
 */
export function personFinder(
  people: readonly Known[],
): (sentence: string) => Known[] {
  const any = nameFinder(people.flatMap(spellingsOf));
  const finders = new Map<Known, NameFinder>();
  const finderOf = (person: Known): NameFinder => {
    const others = people.filter((other) => other !== person);
    const finder =
      finders.get(person) ??
      nameFinder(spellingsOf(person), others.flatMap(spellingsOf));
    finders.set(person, finder);
    return finder;
  };
  return (sentence) =>
    any.formsIn(sentence).length === 0
      ? []
      : people.filter(
          (person) => finderOf(person).formsIn(sentence).length > 0,
        );
}

/**
 * Words between a name's words, and titles and months, which make no second
 * name.
 */
const noName =
  /^(?:.|january|february|march|april|may|june|july|august|september|october|november|december|prison|court|police|international|human|rights|ua|mrs?|ms|dr|prof)\.?$/i;

/**
 * Words before a name that make it part of something else: "the lawyer of Demo
 * Alfa", "the case against Demo Alfa", "Demo Bravo and Demo Alfa".
 */
const joining =
  /^(?:of|and|with|for|by|to|against|about|from|near|than|de|du|des|del|et|y|contre|contra|con|avec|pour|por|para|à|a|sur|sobre|von|und|mit|gegen|für|di|e|contro|per|da|і|й|та|и|з|с|із|від|от|для|про|о|об|проти|против)$/i;

/**
 * Where a sentence has a full name of somebody, neither a possessive nor part
 * of a longer name; null when it has none, or a second name.
 */
function nameAlone(
  text: string,
  spellings: readonly string[],
): { from: number; to: number } | null {
  const words = [...text.matchAll(plainWord)].map(({ 0: written, index }) => ({
    written,
    index,
  }));
  const names = spellings
    .map((spelling) => fold(spelling).split(" "))
    .filter((keys) => keys.length > 1)
    .toSorted((a, b) => b.length - a.length);
  const keysOf = words.map(({ written }) =>
    fold(written.replace(/[.'’]+$/, "")).split(" "),
  );
  for (const name of names)
    for (let at = 0; at < words.length; at++) {
      let end = at;
      const keys: string[] = [];
      while (end < words.length && keys.length < name.length)
        keys.push(...(keysOf[end++] as string[]));
      if (keys.join(" ") !== name.join(" ")) continue;
      const [last, next, before] = [words[end - 1], words[end], words[at - 1]];
      if (
        !last ||
        /['’]s?$/.test(last.written) ||
        joining.test(before?.written ?? "")
      )
        return null;
      const to = last.index + last.written.length;
      if (next && capitalised.test(next.written) && next.index === to + 1)
        return null;
      // A capitalised word may be somebody else, and so may the first one right
      // before the name: "Omar Ahmad Hassan" is a son of Ahmad Hassan.
      const rest = [...words.slice(at === 1 ? 0 : 1, at), ...words.slice(end)];
      if (
        rest.some(
          ({ written }) => capitalised.test(written) && !noName.test(written),
        )
      )
        return null;
      return { from: (words[at] as (typeof words)[number]).index, to };
    }
  return null;
}

/**
 * Words by which something is said of the name before them, and others that may
 * stand beside them.
 */
const copula =
  "is|was|been|being|remains|released|given|in|on|under|at|es|est|fue|está|sido|en|bajo|ist|wurde|im|unter|été|sous|è|stat[oa]|sotto|agli|був|була|є|перебуває|під|у|в|был|была|находится|под";
const filler =
  "has|now|also|again|an?|the|ha|una?|desde|el|\\p{L}+ly|\\d{1,2}|de|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre";
const saidOf = new RegExp(
  `^(?:,[^,]{2,60},)?( ?(?:(?:${copula}|${filler}) )*)$`,
  "iu",
);
const withCopula = new RegExp(` (?:${copula}) `, "iu");
/**
 * What needs no such word. Without one, the person acts: "Demo Alfa released a
 * statement", "засудила катування".
 */
const withoutCopula =
  /^(?:in |on |desaparec|cumpl|purg|verbüß|scont|зник|исчез|відбува|отбыва)/iu;
const acts = /^\p{Script=Latin}|[аи](?:ла|в|л)$|(?:є|ет|с[ья])$/iu;
/** "Is a psychiatrist", but not "in a", "given a". */
const article = /(?<!(?:in|on|under|at|given|en|bajo)) (?:an?|the|una?|el) $/iu;
/** From work or a hospital, unless it is a place of detention. */
const fromElsewhere =
  /^ (?:from|de|du|aus|з|із|від|от|из) (?!(?:(?:la|the) )?(?:prison|jail|custody|detention|pris|cárcel|gefängnis|колон|тюр|в['’ʼ]яз|сізо|сизо|під|заключ))/iu;
/** Charges are dropped, and convictions quashed or upheld; people are not. */
const notOfPeople = ["dropped", "quashed", "conviction-upheld"];

/**
 * True when the words of a value are said of the name right before them; a
 * designation may also stand right before the name.
 */
function isSaidOf(
  text: string,
  name: { from: number; to: number },
  { field, value, pattern }: StatusSign,
): boolean {
  const behind = text.slice(name.to);
  const found = pattern.exec(behind);
  const [, between] =
    (found && saidOf.exec(behind.slice(0, found.index))) ?? [];
  const ahead = text.slice(0, name.from);
  if (field === "designation") {
    const title = pattern.exec(ahead);
    return (
      between !== undefined ||
      (title !== null &&
        /^,? $/.test(ahead.slice(title.index + title[0].length)))
    );
  }
  if (
    !found ||
    between === undefined ||
    notOfPeople.includes(value) ||
    article.test(between)
  )
    return false;
  if (
    !withCopula.test(between) &&
    !withoutCopula.test(found[0]) &&
    acts.test(found[0])
  )
    return false;
  return (
    value !== "released" ||
    !fromElsewhere.test(behind.slice(found.index + found[0].length))
  );
}

/**
 * True for a sentence beside whose words nothing is stated of its people: it
 * denies, claims, calls for, threatens or recalls.
 */
export const statesNothing = (sentence: string): boolean =>
  patterns().unsaid.test(sentence) || patterns().may.test(sentence);

/**
 * The statuses whose words stand in a sentence, without those that more
 * specific words contain.
 */
export function statusSignsIn(
  sentence: string,
): { field: ProposedField; value: string }[] {
  const found = patterns().signs.flatMap(({ field, value, pattern }) =>
    field !== "charges" && value !== "" && pattern.test(sentence)
      ? { field, value }
      : [],
  );
  return found.filter(({ field, value }) => !isCoveredBy(value, field, found));
}

/**
 * The only value of each field that a sentence may state. Two values of one
 * field are a story, which only a person can read.
 */
function valuesIn(
  text: string,
  sentence: string,
  codes: Record<ProposedField, string[]>,
) {
  const found = patterns().signs.filter(({ pattern }) => pattern.test(text));
  const values = found.flatMap((sign) => {
    const { field, value } = sign;
    return field !== "charges" && value !== "" && codes[field].includes(value)
      ? [{ field, value, sign }]
      : [];
  });
  const term = found.find(({ field }) => field === "sentence");
  if (term)
    values.push(
      ...termsIn(sentence).map((value) => ({
        field: "sentence" as const,
        value,
        sign: term,
      })),
    );
  const specific = values.filter(
    ({ field, value }) => !isCoveredBy(value, field, values),
  );
  return specific.filter(
    ({ field }) => specific.filter((one) => one.field === field).length === 1,
  );
}

/**
 * "Pre-trial detention" is also a word for detention, and "sentenced to prison"
 * for a prison.
 */
const covered: Record<string, string[]> = {
  detained: [
    "pre-trial-detention",
    "house-arrest",
    "psychiatric-detention",
    "imprisoned",
  ],
  imprisoned: ["suspended-sentence", "conditional-release"],
  released: ["conditional-release"],
  "on-trial": [
    "charged",
    "convicted",
    "acquitted",
    "quashed",
    "conviction-upheld",
    "dropped",
  ],
  charged: ["dropped", "acquitted"],
  convicted: ["conviction-upheld", "quashed"],
};
const isCoveredBy = (
  value: string,
  field: ProposedField,
  all: { field: ProposedField; value: string }[],
) =>
  all.some((one) => one.field === field && covered[value]?.includes(one.value));

/**
 * The sentences of a document that wait for a verdict, in its order.
 * @param text the document's text, whose lines are numbered from 1
 * @param fields the case, with the people whom the document added to it; any
 * field may be missing
 */
export function sentencesOf(
  text: string,
  fields: UnfinishedCase,
  profile: Profile,
  most = Number.POSITIVE_INFINITY,
): ListedSentence[] {
  const { lines, letters } = readable(
    documentLines(collect(linesOf(text)).result),
  );
  const sentences = splitSentences(lines);
  const people = (Array.isArray(fields.people) ? fields.people : []).filter(
    (person): person is Person & { id: string } =>
      typeof person?.id === "string" && spellingsOf(person).length > 0,
  );
  const codes: Record<ProposedField, string[]> = {
    custody: codesOf("custody", profile),
    proceedings: codesOf("proceedings", profile),
    designation: codesOf("designations", profile),
    sentence: [],
  };
  const namedIn = personFinder(people);
  const newestYear = Math.max(0, ...yearsIn(text));
  const listed: ListedSentence[] = [];
  const cut = (words: string | undefined) =>
    (words ?? "").slice(0, MAX_NEIGHBOUR_LENGTH);
  for (const [at, { text: written, line }] of sentences.entries()) {
    if (listed.length === most) break;
    const sentence = written.slice(0, MAX_SENTENCE_LENGTH);
    // A word may be broken at the end of a line, and Arabic vowels are written
    // or not.
    const read = sentence
      .replace(/(?<=\p{Ll})-(?=\p{Ll})/gu, "")
      .replace(/[\u064b-\u0652]/g, "");
    const named = namedIn(sentence);
    // A line without an end, or in capitals, is a title, a part of an address
    // or an entry of a list.
    const isSentence =
      /[.!?؟۔][”"’'»)]?$/.test(sentence) &&
      (sentence !== sentence.toUpperCase() || !/\p{Lu}/u.test(sentence));
    const statusWords = [
      ...new Set([...read.matchAll(patterns().any)].map(([word]) => word)),
    ].slice(0, 20);
    // A model letter speaks to those to whom it is sent: it tells of people,
    // but states nothing.
    const states = statusWords.length > 0 && isSentence && !letters.has(line);
    if (
      !states &&
      (named.length === 0 || (!isSentence && statusWords.length === 0))
    )
      continue;
    const values =
      states && written.length < MAX_SENTENCE_LENGTH && !statesNothing(read)
        ? valuesIn(read, sentence, codes)
        : [];
    const [only] = named;
    // Without capitals nothing shows whether there is a second name.
    const isOneName = named.length === 1 && /\p{Lu}/u.test(sentence);
    const name =
      only && isOneName && values.length > 0
        ? nameAlone(sentence, spellingsOf(only))
        : null;
    // A year before the document's tells of an old case, or of what came
    // before.
    const isNow = yearsIn(sentence).every((year) => year >= newestYear);
    const said =
      name && isNow
        ? values.filter(({ sign }) => isSaidOf(sentence, name, sign))
        : [];
    const offers = said.flatMap(({ field, value }) =>
      only ? { person: only.id, field, value } : [],
    );
    const latest = datesIn(sentence).flatMap((date) => edtfOf(date) ?? []);
    const contradicts = named.flatMap((person) =>
      values.flatMap(({ field, value }) => {
        const now = field === "designation" ? [] : codesIn(person, field);
        const dates = now.map(({ asOf }) => asOf).toSorted();
        // An older date tells of what was before.
        const isOlder =
          latest.length > 0 &&
          latest.every((date) => compareEdtf(date, dates.at(-1) ?? "") < 0);
        return now.length > 0 &&
          !now.some(({ code }) => code === value) &&
          !isOlder
          ? [
              {
                person: person.id,
                field,
                value,
                now: now.map(({ code }) => code).join(", "),
              },
            ]
          : [];
      }),
    );
    listed.push({
      id: sentenceId(line, sentence),
      sentence,
      before: cut(sentences[at - 1]?.text.slice(-MAX_NEIGHBOUR_LENGTH)),
      after: cut(sentences[at + 1]?.text),
      line,
      people: named.map(({ id }) => id),
      statusWords,
      offers,
      ...(contradicts.length > 0 && { contradicts }),
    });
  }
  // Of two values for one person, the older sentence tells of what was.
  const offered = listed.flatMap(({ offers }) => offers);
  const isOnly = ({ person, field, value }: OfferedStatus) =>
    offered.every(
      (other) =>
        other.person !== person ||
        other.field !== field ||
        other.value === value,
    );
  return listed.map((one) => ({ ...one, offers: one.offers.filter(isOnly) }));
}
