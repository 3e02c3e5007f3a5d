/**
 * Judges a page that quotes a case. A page is old only if it says something that an earlier revision said, that a later one took back, and
 * nothing on it shows that its author knows: a false accusation costs more trust than a missed page. Everything else is "unknown".
 */
import { plainCharacters } from "../../../shared/case/latin.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { localeTags } from "../../../shared/locale.ts";
import { escaped, numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { dateIn } from "../../../shared/view/date.ts";
import { joinedForms, nameFinder } from "./name-forms.ts";
/**
 * The sources of regular expressions for whole words, in the languages of pages that copy cases. `asks`: imperatives, and in English and
 * Spanish only where a clause begins, because "they ask" has the same form. `power`: of whom. `aim`: for what. `letter` alone may
 * be for anything. `other`: it asks for something else, or tells of an appeal. `else`: for somebody else. `story`: it may be no fact. `ended`: its author knows, or keeps it as it was. `now`: it is so now.
 * `hour`: beside a day it announces an event, which is past and not old.
 */
import words from "./old-text-words.json" with { type: "json" };
import type { PlaceFinding, SeenRevision } from "./places.ts";
import { wholeSentencesOf } from "./segments.ts";
import { personFinder, statesNothing, statusSignsIn, termsIn, wholeWords } from "./sentences.ts";
import { codesIn } from "./status-change.ts";

/** A longer page is no copy of a case, and patterns take long for endless sentences. */
const MAX_TEXT_CHARS = 100_000;
const MAX_SENTENCE_CHARS = 1_000;
const MAX_SENTENCES = 2_000;
/** A request stands near the name of whom it is for. */
const NEAR_SENTENCES = 3;
/** Words of somebody else, who asks for something else. */
const QUOTED = /[“”„«»"]/;
const STILL = new RegExp(wholeWords("still|до сих пор|toujours|encore"), "giu");
/** A day, with its month as "M3" where a word or an ISO date tells which number is the month. */
const DAY = /(?<![\dM])(M?\d{1,2})\D{1,8}?(M?\d{1,2})\D{1,6}?(20\d\d)(?!\d)/g;

const makeTables = () => {
  const sources = Object.entries(words).map(([name, some]) => [name, new RegExp(wholeWords(some.join("|")), "iu")]);
  const months = localeTags.flatMap((tag) =>
    Array.from({ length: 12 }, (_, at): [string, string] => {
      const date = plainCharacters(dateIn(tag, `2024-${String(at + 1).padStart(2, "0")}-15`));
      // Beside it may stand "de" or "р."
      const [name = ""] = (date.match(/\p{L}[\p{L}\p{M}]*/gu) ?? []).toSorted((a, b) => b.length - a.length);
      return [name.toLowerCase(), `M${at + 1}`];
    }),
  );
  return { patterns: Object.fromEntries(sources) as Record<keyof typeof words, RegExp>, months: new Map(months) };
};
let made: ReturnType<typeof makeTables> | null = null;

/** Every whole date in a text, as ISO days. Where it is unclear which number is the month, both. */
function daysIn(text: string, months: Map<string, string>): string[] {
  const marked = text
    .replace(/(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)/g, "M$2 $3 $1")
    .replace(/\p{L}[\p{L}\p{M}]{2,}/gu, (word) => months.get(word.toLowerCase()) ?? word);
  return [...marked.matchAll(DAY)].flatMap(([, a, b, year]) => {
    const orders = [`${a}-${b}`, `${b}-${a}`].filter((order) => !order.includes("-M"));
    const days = orders.map((order) => order.replace("M", "").replace(/\d+/g, (number) => number.padStart(2, "0")));
    return days.flatMap((day) => (Date.parse(`${year}-${day}`) ? `${year}-${day}` : []));
  });
}

/** The lines of a page about this case: of a list of cases, only those after its number and before another one. */
function ownLines(text: string, id: string, profile: Profile): { lines: string[]; hasNumber: boolean; alone: boolean } {
  const digits = escaped(numberOf(id, profile).replace(/^\D+/, ""));
  const any = new RegExp(`\\p{L}\\p{L}[\\s.:#№-]{0,4}0{0,4}(${digits.replace(/\d+/g, "\\d{1,6}")})(?!\\d)`, "giu");
  const own = new RegExp(`^${digits}$`);
  const numbersIn = (part: string) => [...part.matchAll(any)].map(([, number = ""]) => own.test(number));
  const all = numbersIn(text);
  let isOwn = !all.includes(false);
  const lines = text.split("\n").filter((line) => {
    const numbers = numbersIn(line);
    isOwn = numbers.at(-1) ?? isOwn;
    return isOwn && (numbers.length < 2 || !numbers.includes(false));
  });
  return { lines, hasNumber: all.includes(true), alone: !all.includes(false) };
}

/** Tells whether a sentence gives one of the names in full. */
export function fullNames(names: readonly string[]): (sentence: string) => boolean {
  const finder = nameFinder(names);
  return (sentence) =>
    joinedForms(sentence, finder.formsIn(sentence)).some(({ from, to }) => /\S\s+\S/.test(sentence.slice(from, to)));
}

/** The sentences of lines, each cut to a length that patterns can take. */
export const shortSentences = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => wholeSentencesOf(line).map((one) => one.slice(0, MAX_SENTENCE_CHARS)));

/**
 * @param text of the page's main part, one block a line
 * @param history what readers saw, oldest first, without erased revisions
 */
export function judge(text: string, history: readonly SeenRevision[], profile: Profile): PlaceFinding {
  const now = history.at(-1)?.case;
  if (!now) return { state: "unknown" };
  made ??= makeTables();
  const { patterns, months } = made;
  const { asks, power, aim, letter, other, ended, hour, story } = patterns;
  const { lines, hasNumber, alone } = ownLines(plainCharacters(text.slice(0, MAX_TEXT_CHARS)), now.id, profile);
  const sentences = shortSentences(lines).slice(0, MAX_SENTENCES);
  const names = history.flatMap((one) => one.case.people.flatMap((person) => person.names.map(({ value }) => value)));
  if (!hasNumber && !sentences.some(fullNames(names))) return { state: "unknown" };
  const days = lines.flatMap((line) => daysIn(line, months));
  const deadlines = history.flatMap(({ case: { action } }) => action.until ?? []);
  const dated = days.filter((one) => !deadlines.includes(one));
  const isNewerThan = ({ liveAt }: SeenRevision) => dated.some((one) => one > liveAt.slice(0, 10));
  const isOver = sentences.some((one) => ended.test(one));
  const isStory = lines.some((line) => story.test(line));
  const isEvent = dated.length > 0 && lines.some((line) => hour.test(line));
  const namedIn = personFinder(now.people);
  const named = sentences.map((one) => namedIn(one).map(({ id }) => id));
  const asksAt = sentences.flatMap((sentence, at) => {
    const near = <T>(list: T[], by: number) => list.slice(Math.max(0, at - by), at + by + 1);
    const isAsk = asks.test(sentence) && !isEvent && ![other, ended, QUOTED].some((one) => one.test(sentence));
    const isAsked = (one: string) => power.test(one) || aim.test(one);
    const isOfPower = isAsked(sentence) || (letter.test(sentence) && near(sentences, 1).some(isAsked));
    // Without an aim it may be about anything, and beside a friend or a sister for somebody else.
    const isOurs = (hasNumber && aim.test(sentence)) || near(named, NEAR_SENTENCES).some(([id]) => id);
    const isForOther = near(sentences.slice(0, at + 1), 1).some((one) => patterns.else.test(one) || story.test(one));
    return isAsk && isOfPower && isOurs && !isForOther ? at : [];
  });
  const timelines = now.people.flatMap(({ id }) =>
    (["custody", "proceedings", "sentence"] as const).map((field) => {
      const personIn = ({ people }: Case) => people.find((one) => one.id === id);
      return { id, field, codes: history.map((one) => codesIn(personIn(one.case), field).map(({ code }) => code)) };
    }),
  );
  // Nothing where it denies, claims, calls for, or tells of somebody else.
  const said = sentences.flatMap((sentence, at) => {
    if (asksAt.includes(at) || statesNothing(sentence.replace(STILL, ""))) return [];
    const statuses = [...statusSignsIn(sentence), ...termsIn(sentence).map((value) => ({ field: "sentence", value }))];
    const whom = named[at] as string[];
    const [isAlone, isNow] = [whom.length === 1, patterns.now.test(sentence)];
    return statuses.flatMap(({ field, value }) =>
      timelines.flatMap((of) =>
        of.field === field && (!whom[0] || whom.includes(of.id)) ? { of, value, isAlone, isNow } : [],
      ),
    );
  });
  const holds = ({ of, value }: (typeof said)[0]) => of.codes.at(-1)?.includes(value) ?? false;
  const knows = (timeline: (typeof timelines)[0]) => said.some((one) => one.of === timeline && holds(one));

  // It asks for appeals after the closing.
  const { until, state } = now.action;
  if (state !== "active") {
    const open = history.findLastIndex(({ case: { action } }) => action.state === "active") + 1;
    const isNews = (one: (typeof said)[0]) => holds(one) && !one.of.codes.slice(0, open).flat().includes(one.value);
    if (isOver || said.some(isNews)) return { state: asksAt.length === 0 ? "current" : "unknown" };
    const closing = open > 0 && (hasNumber || days.some((one) => deadlines.includes(one))) ? history[open] : undefined;
    if (closing && asksAt.length > 0 && !isNewerThan(closing))
      return { state: "old", olderThan: closing.number, reason: "asks" };
  }
  // It states a status that was corrected, or one that has changed, as if it were so now.
  for (const { of, value, isAlone, isNow } of said) {
    const last = of.codes.findLastIndex((codes) => codes.includes(value));
    const by = last >= 0 && of.codes[last + 1]?.[0] && of.codes.at(-1)?.[0] ? history[last + 1] : undefined;
    if (!by || !isAlone || isOver || isStory || isNewerThan(by) || knows(of)) continue;
    if (by.kind === "correction" || (isNow && hasNumber && alone && !dated[0]))
      return { state: "old", olderThan: by.number, reason: "status" };
  }
  // It quotes a request that is out of date.
  if (state === "active" && asksAt.length > 0 && !isOver) {
    if (until && days.includes(until)) return { state: "current" };
    const by = history.slice(1).find((after, at) => {
      const before = history[at]?.case.action.until;
      const isReplaced = before && before !== until && before !== after.case.action.until;
      return isReplaced && days.includes(before) && !isNewerThan(after);
    });
    if (by) return { state: "old", olderThan: by.number, reason: "request" };
  }
  const changed = timelines.filter(({ codes }) => codes.flat().some((code) => !codes.at(-1)?.includes(code)));
  return { state: changed[0] && changed.every(knows) && asksAt.length === 0 ? "current" : "unknown" };
}
