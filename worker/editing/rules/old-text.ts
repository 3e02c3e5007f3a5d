/**
 * Judges a page that quotes a case. A page is old only if it says something
 * that an earlier revision said, that a later one took back, and nothing on it
 * shows that its author knows: a false accusation costs more trust than a
 * missed page. Everything else is "unknown".
 */
import { plainCharacters } from "../../../shared/case/latin.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { escaped, numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { datesIn, edtfOf } from "../importer/dates.ts";
import { nameFinder, nameMentionsIn } from "./name-forms.ts";
/**
 * The sources of regular expressions for whole words, in the languages of pages
 * that copy cases. `asks`: imperatives, and in English and Spanish only where a
 * clause begins, because "they ask" has the same form. `power`: of whom. `aim`:
 * for what. `letter` alone may be for anything. `held`: what an appeal wants to
 * end; without it, anybody may ask for a visa or an apology.
 * `other`: it asks for something else, or tells of an appeal. `else`: for somebody else. `story`: it may be no fact, or is past. `ended`: its author knows, or keeps it as it was. `now`: it is so now.
 * `hour`: beside a day it announces an event, which is past and not old.
 */
import words from "./old-text-words.json" with { type: "json" };
import type { PlaceFinding, SeenRevision } from "./places.ts";
import { wholeSentencesOf } from "./segments.ts";
import {
  personFinder,
  statesNothing,
  statusSignsIn,
  termsIn,
  wholeWords,
} from "./sentences.ts";
import { codesIn } from "./status-change.ts";

/**
 * A longer page is no copy of a case, and patterns take long for endless
 * sentences.
 */
const MAX_TEXT_CHARS = 100_000;
const MAX_SENTENCE_CHARS = 1_000;
const MAX_SENTENCES = 2_000;
/** Words of somebody else, who asks for something else. */
const QUOTED = /[“”„«»"]/;
const STILL = new RegExp(wholeWords("still|до сих пор|toujours|encore"), "giu");

/**
 * Every day and month in a text that has a year, in EDTF. Where it is unclear
 * which number is the month, both.
 */
const daysIn = (text: string): string[] =>
  datesIn(text)
    .flatMap((one) => [
      one,
      ...(one.ambiguous ? [{ ...one, day: one.month, month: one.day }] : []),
    ])
    .flatMap((one) => (one.month && edtfOf(one)) || []);

/** Tells whether a text gives one of the names in full. */
export const hasFullName = (text: string, names: readonly string[]): boolean =>
  nameMentionsIn(text, nameFinder(names)).some(({ word }) =>
    /\S[^\S\n]+\S/.test(word),
  );

/**
 * What a page says about this case: of a list of cases, only the lines after
 * its number and before another one.
 */
function ownPart(text: string, id: string, profile: Profile) {
  const number = numberOf(id, profile).replace(/^\D+/, "");
  const digits = escaped(number).replace(/\d+/g, "\\d{1,6}");
  const any = new RegExp(
    `\\p{L}\\p{L}[\\s.:#№-]{0,4}0{0,4}(${digits})(?!\\d)`,
    "giu",
  );
  const numbersIn = (part: string) =>
    [...part.matchAll(any)].map(([, one]) => one === number);
  const all = numbersIn(text);
  let isOwn = !all.includes(false);
  const lines = text.split("\n").filter((line) => {
    const numbers = numbersIn(line);
    isOwn = numbers.at(-1) ?? isOwn;
    return isOwn && !numbers.includes(false);
  });
  return {
    own: lines.join("\n"),
    hasNumber: all.includes(true),
    isAlone: !all.includes(false),
  };
}

/**
 * What a page says of a case: its days, whether it asks for appeals, and what
 * it says of each status; null for a page about something else.
 */
function readPage(
  text: string,
  history: readonly SeenRevision[],
  now: Case,
  profile: Profile,
) {
  const patterns = Object.fromEntries(
    Object.entries(words).map(([kind, some]) => [
      kind,
      new RegExp(wholeWords(some.join("|")), "iu"),
    ]),
  );
  const tells = (part: string, ...kinds: (keyof typeof words)[]) =>
    kinds.some((kind) => patterns[kind]?.test(part));
  const plain = plainCharacters(text.slice(0, MAX_TEXT_CHARS)).replace(
    /[^\S\n]/g,
    " ",
  );
  const { own, hasNumber, isAlone } = ownPart(plain, now.id, profile);
  const names = history.flatMap((one) =>
    one.case.people.flatMap((person) => person.names.map(({ value }) => value)),
  );
  if (!hasNumber && !hasFullName(own, names)) return null;
  const days = daysIn(own);
  const deadlines = history.flatMap(
    ({ case: { action } }) => action.until ?? [],
  );
  const dated = days.filter((one) => !deadlines.includes(one));
  const isEvent = dated.length > 0 && tells(own, "hour");
  const namedIn = personFinder(now.people);
  const whole = wholeSentencesOf(own).slice(0, MAX_SENTENCES);
  const sentences = whole.map((one) => one.slice(0, MAX_SENTENCE_CHARS));
  const isSame = days.length > dated.length || tells(own, "aim", "held");
  const asking = sentences.map((sentence, at) => {
    if (
      !tells(sentence, "asks") ||
      tells(sentence, "other", "ended") ||
      QUOTED.test(sentence) ||
      isEvent
    )
      return false;
    const near = (before: number, after: number) =>
      sentences.slice(Math.max(0, at - before), at + after + 1).join("\n");
    // It stands near the name of whom it is for. Without an aim it may be about
    // anything, and beside a friend or a sister for somebody else.
    const isOurs =
      (hasNumber && tells(sentence, "aim")) || namedIn(near(3, 3)).length > 0;
    const isOfPower = tells(
      tells(sentence, "letter") ? near(1, 1) : sentence,
      "power",
      "aim",
    );
    return (
      isSame &&
      isOurs &&
      isOfPower &&
      !tells(near(1, 0), "else") &&
      !tells(near(3, 0), "story")
    );
  });
  // Nothing where it denies, claims, calls for, or tells of somebody else.
  const statuses = sentences.flatMap((sentence, at) => {
    if (asking[at] || statesNothing(sentence.replace(STILL, ""))) return [];
    const [whom, isNow] = [namedIn(sentence), tells(sentence, "now")];
    const found = [
      ...statusSignsIn(sentence),
      ...termsIn(sentence).map((value) => ({ field: "sentence", value })),
    ];
    return found.map((one) => ({ ...one, whom, isNow }));
  });
  const timelines = now.people.flatMap((person) =>
    (["custody", "proceedings", "sentence"] as const).map((field) => {
      const personIn = ({ people }: Case) =>
        people.find(({ id }) => id === person.id);
      const codes = history.map((one) =>
        codesIn(personIn(one.case), field).map(({ code }) => code),
      );
      const said = statuses.filter(
        (one) =>
          one.field === field && (!one.whom[0] || one.whom.includes(person)),
      );
      return {
        codes,
        said,
        knows: said.some(({ value }) => codes.at(-1)?.includes(value)),
      };
    }),
  );
  const [asks, isOver, isStory] = [
    asking.includes(true),
    tells(own, "ended"),
    tells(own, "story"),
  ];
  return { hasNumber, isAlone, days, dated, asks, isOver, isStory, timelines };
}

/**
 * @param text of the page's main part, one block a line
 * @param history what readers saw, oldest first, without erased revisions
 */
export function judge(
  text: string,
  history: readonly SeenRevision[],
  profile: Profile,
): PlaceFinding {
  const now = history.at(-1)?.case;
  const page = now && readPage(text, history, now, profile);
  if (!page) return { state: "unknown" };
  const { asks, days, dated, hasNumber, isOver, timelines } = page;
  const isNewerThan = ({ liveAt }: SeenRevision) =>
    dated.some((one) => one > liveAt.slice(0, 10));
  const quoted = history.findLastIndex((one) =>
    days.includes(one.case.action.until ?? ""),
  );
  const isOpen = now.action.state === "active";

  // It asks for appeals after the closing.
  if (!isOpen) {
    const open =
      history.findLastIndex(
        ({ case: { action } }) => action.state === "active",
      ) + 1;
    const isNews = timelines.some(({ codes, said }) =>
      said.some(
        ({ value }) =>
          codes.at(-1)?.includes(value) &&
          !codes.slice(0, open).flat().includes(value),
      ),
    );
    if (isOver || isNews) return { state: asks ? "unknown" : "current" };
    const closing =
      open > 0 && asks && (hasNumber || quoted >= 0) && history[open];
    if (closing && !isNewerThan(closing))
      return { state: "old", olderThan: closing.number, reason: "asks" };
  }
  // It states a status that was corrected, or one that has changed, as if it
  // were so now.
  for (const { codes, said, knows } of timelines)
    for (const { field, value, whom, isNow } of knows || isOver || page.isStory
      ? []
      : said) {
      const next = codes.findLastIndex((some) => some.includes(value)) + 1;
      const by =
        next > 0 && codes[next]?.[0] && codes.at(-1)?.[0] && history[next];
      if (!by || whom.length !== 1 || isNewerThan(by)) continue;
      const isSure =
        by.kind === "correction"
          ? isNow || field === "sentence"
          : isNow && hasNumber && page.isAlone;
      if (isSure && (by.kind === "correction" || !dated[0]))
        return { state: "old", olderThan: by.number, reason: "status" };
    }
  // It quotes a request that is out of date.
  if (isOpen && asks && !isOver && quoted >= 0) {
    const by = history[quoted + 1];
    if (!by) return { state: "current" };
    if (!isNewerThan(by))
      return { state: "old", olderThan: by.number, reason: "request" };
  }
  const changed = timelines.filter(({ codes }) =>
    codes.flat().some((code) => !codes.at(-1)?.includes(code)),
  );
  return {
    state:
      changed[0] && changed.every(({ knows }) => knows) && !asks
        ? "current"
        : "unknown",
  };
}
