/**
 * Judges a page that quotes a case. A page is old only if it says something that an earlier revision said, that a later one took back, and
 * nothing on it shows that its author knows: a false accusation costs more trust than a missed page. Everything else is "unknown".
 */
import { plainCharacters } from "../../../shared/case/latin.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { localeTags } from "../../../shared/locale.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { dateIn } from "../../../shared/view/date.ts";
import { joinedForms, nameFinder } from "./name-forms.ts";
/**
 * The sources of regular expressions for whole words, in the languages of pages that copy cases. `asks`: imperatives, and in English and
 * Spanish only where a clause begins, because "they ask" has the same form. `asked`: of whom, or for what; `letter` alone may be for
 * anything. `other`: it asks for something else, or tells of an appeal. `ended`: its author knows, or keeps it as it was. `now`: it is so now.
 */
import words from "./old-text-words.json" with { type: "json" };
import type { PlaceFinding, SeenRevision } from "./places.ts";
import { wholeSentencesOf } from "./segments.ts";
import { personFinder, statesNothing, statusSignsIn, termsIn, wholeWords } from "./sentences.ts";
import { codesIn } from "./status-change.ts";

type Judgement = Pick<PlaceFinding, "state" | "olderThan" | "reason">;
type Field = "custody" | "proceedings" | "sentence";
interface Status {
  field: string;
  value: string;
}

/** A longer page is no copy of a case, and patterns take long for endless sentences. */
const MAX_TEXT_CHARS = 100_000;
const MAX_SENTENCE_CHARS = 1_000;
const MAX_SENTENCES = 2_000;
/** A request stands near the name of whom it is for. */
const NEAR_SENTENCES = 4;
/** Words of somebody else, who asks for something else. */
const QUOTED = /[“”„«»"]/;
const STILL = new RegExp(wholeWords("still|до сих пор|toujours|encore"), "giu");

const makePatterns = () => ({
  ...(Object.fromEntries(
    Object.entries(words).map(([name, sources]) => [name, new RegExp(wholeWords(sources.join("|")), "iu")]),
  ) as Record<keyof typeof words, RegExp>),
  /** An hour beside a day announces an event, which is past and not old. */
  hour: /(?<!\d)(?:[01]?\d|2[0-3])(?::[0-5]\d| ?(?:am|pm|a\.m\.|p\.m\.|h|uhr)(?!\p{L}))/iu,
  date: /(?<!\d)(?:(\d{1,2})(?:st|nd|rd|th|er|º|\.)? (?:of |de )?(\p{L}[\p{L}\p{M}]{2,20})\.?,? (?:del? )?(20\d\d)|(20\d\d)-(\d\d)-(\d\d)|(\d{1,2})[./](\d{1,2})[./](20\d\d))(?!\d)|(?<!\p{L})(\p{L}{3,20})\.? (\d{1,2})(?:st|nd|rd|th)?,? (20\d\d)/gu,
  months: localeTags.flatMap((tag) =>
    Array.from({ length: 12 }, (_, at) => {
      const date = plainCharacters(dateIn(tag, `2024-${String(at + 1).padStart(2, "0")}-15`));
      // Beside it may stand "de" or "р."
      const [name = ""] = (date.match(/\p{L}[\p{L}\p{M}]*/gu) ?? []).toSorted((a, b) => b.length - a.length);
      return [name.toLowerCase(), at + 1] as const;
    }),
  ),
});
let made: ReturnType<typeof makePatterns> | null = null;
const patterns = () => {
  made ??= makePatterns();
  return made;
};

/** Every whole date in a text, as ISO days, in any offered language. Where it is unclear which number is the month, both. */
function daysIn(text: string): string[] {
  const { date, months } = patterns();
  const monthOf = (word: string | undefined) => months.find(([name]) => name === word?.toLowerCase())?.[1];
  return [...text.matchAll(date)].flatMap(([, d, word, y, y2, m2, d2, d3, m3, y3, word4, d4, y4]) => {
    const year = y ?? y2 ?? y3 ?? y4;
    const [month, day] = [m2 ?? m3 ?? monthOf(word ?? word4), d ?? d2 ?? d3 ?? d4].map(Number);
    const iso = (one = 0, other = 0) => `${year}-${String(one).padStart(2, "0")}-${String(other).padStart(2, "0")}`;
    return month ? [iso(month, day), ...(d3 ? [iso(day, month)] : [])].filter((one) => Date.parse(one)) : [];
  });
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/** The lines of a page about this case: of a list of cases, only those after its number and before another one. */
function ownLines(text: string, id: string, profile: Profile): { lines: string[]; hasNumber: boolean; alone: boolean } {
  const digits = escaped(numberOf(id, profile).replace(/^\D+/, ""));
  const any = new RegExp(`\\p{L}\\p{L}[\\s.:#№-]{0,4}0{0,4}(${digits.replace(/\d+/g, "\\d{1,6}")})(?!\\d)`, "giu");
  const own = new RegExp(`^${digits}$`);
  const lines = (text.match(/.*\S.*/g) ?? []).map((line) => ({
    line: plainCharacters(line),
    numbers: [...plainCharacters(line).matchAll(any)].map(([, number = ""]) => own.test(number)),
  }));
  const all = lines.flatMap(({ numbers }) => numbers);
  const alone = !all.includes(false);
  let isOwn = alone;
  const kept = lines.flatMap(({ line, numbers }) => {
    isOwn = numbers.at(-1) ?? isOwn;
    return isOwn && !(numbers.length > 1 && numbers.includes(false)) ? line : [];
  });
  return { lines: kept, hasNumber: all.includes(true), alone };
}

const statusesOf = ({ people }: Case, id: string, field: Field): string[] =>
  codesIn(
    people.find((one) => one.id === id),
    field,
  ).map(({ code }) => code);

/** The statuses that an earlier revision stated and the head doesn't, each with the revision that took it back. */
const replacedIn = (history: readonly SeenRevision[], now: Case) =>
  history.slice(1).flatMap((by, at) => {
    const before = (history[at] as SeenRevision).case;
    return before.people.flatMap(({ id }) =>
      (["custody", "proceedings", "sentence"] as const).flatMap((field) => {
        const [after, current] = [by.case, now].map((fields) => statusesOf(fields, id, field)) as [string[], string[]];
        return statusesOf(before, id, field).flatMap((value) =>
          after[0] && current[0] && ![...after, ...current].includes(value) ? { person: id, field, value, by } : [],
        );
      }),
    );
  });

/** What a sentence says of somebody's status; nothing where it denies, claims, calls for, or tells of somebody else. */
function saidIn(sentence: string): Status[] {
  if (statesNothing(sentence.replace(STILL, ""))) return [];
  return [...statusSignsIn(sentence), ...termsIn(sentence).map((value) => ({ field: "sentence", value }))];
}

/**
 * @param text of the page's main part, one block a line
 * @param history what readers saw, oldest first, without erased revisions
 */
export function judge(text: string, history: readonly SeenRevision[], profile: Profile): Judgement {
  const now = history.at(-1)?.case;
  if (!now) return { state: "unknown" };
  const { lines, hasNumber, alone } = ownLines(text.slice(0, MAX_TEXT_CHARS), now.id, profile);
  const whole = lines.flatMap((line) => wholeSentencesOf(line)).slice(0, MAX_SENTENCES);
  const sentences = whole.map((one) => one.slice(0, MAX_SENTENCE_CHARS));
  const finder = nameFinder(
    history.flatMap((one) => one.case.people.flatMap(({ names }) => names.map((name) => name.value))),
  );
  const isNamed = sentences.map((sentence) =>
    joinedForms(sentence, finder.formsIn(sentence)).some(({ from, to }) => /\S\s+\S/.test(sentence.slice(from, to))),
  );
  if (!hasNumber && !isNamed.includes(true)) return { state: "unknown" };
  const { asks, asked, letter, other, ended, hour, now: isNow } = patterns();
  const any = (pattern: RegExp, from: number, to = from) =>
    sentences.slice(Math.max(0, from), to + 1).some((sentence) => pattern.test(sentence));
  const days = lines.flatMap(daysIn);
  const deadlines = history.flatMap(({ case: { action } }) => action.until ?? []);
  const dated = days.filter((one) => !deadlines.includes(one));
  const isNewerThan = ({ liveAt }: SeenRevision) => dated.some((one) => one > liveAt.slice(0, 10));
  const isOver = any(ended, 0, sentences.length);
  const isEvent = dated.length > 0 && lines.some((line) => hour.test(line));
  const asksAt = sentences.flatMap((sentence, at) => {
    const isAsk = asks.test(sentence) && ![other, ended, QUOTED].some((pattern) => pattern.test(sentence)) && !isEvent;
    const isOfPower = asked.test(sentence) || (letter.test(sentence) && any(asked, at - 1, at + 1));
    const near = isNamed.slice(Math.max(0, at - NEAR_SENTENCES), at + NEAR_SENTENCES + 1);
    return isAsk && isOfPower && (hasNumber || near.includes(true)) ? at : [];
  });
  const replaced = replacedIn(history, now);
  const namedIn = personFinder(now.people);
  const said = sentences.map((sentence, at) => {
    const statuses = asksAt.includes(at) ? [] : saidIn(sentence);
    return { sentence, statuses, whom: statuses.length > 0 ? namedIn(sentence).map(({ id }) => id) : [] };
  });
  /** True when the page states what the case says now in place of a replaced status. */
  const knows = ({ person, field }: (typeof replaced)[0]) =>
    said.some(
      ({ statuses, whom }) =>
        statuses.some((one) => one.field === field && statusesOf(now, person, field).includes(one.value)) &&
        (whom.length === 0 || whom.includes(person)),
    );

  // It asks for appeals after the closing.
  const { until, state } = now.action;
  if (state !== "active") {
    const lastActive = history.findLastIndex(({ case: { action } }) => action.state === "active");
    const closing = history[lastActive + 1] as SeenRevision;
    if (isOver || replaced.some((one) => one.by.number >= closing.number && knows(one)))
      return { state: asksAt.length === 0 ? "current" : "unknown" };
    const isOurs = hasNumber || days.some((one) => deadlines.includes(one));
    if (lastActive >= 0 && isOurs && asksAt.length > 0 && !isNewerThan(closing))
      return { state: "old", olderThan: closing.number, reason: "asks" };
  }
  // It states a status that was corrected, or one that has changed, as if it were so now.
  for (const one of replaced) {
    const isCorrected = one.by.kind === "correction";
    const states = said.some(
      ({ sentence, statuses, whom }) =>
        statuses.some(({ field, value }) => field === one.field && value === one.value) &&
        whom.join() === one.person &&
        (isCorrected || isNow.test(sentence)),
    );
    if (states && !isOver && !knows(one) && !isNewerThan(one.by) && (isCorrected || (hasNumber && alone && !dated[0])))
      return { state: "old", olderThan: one.by.number, reason: "status" };
  }
  // It quotes a request that is out of date.
  if (state === "active" && asksAt.length > 0 && !isOver) {
    if (until && days.includes(until)) return { state: "current" };
    const changed = history.slice(1).find((after, at) => {
      const before = history[at]?.case.action.until;
      return (
        before && ![until, after.case.action.until].includes(before) && days.includes(before) && !isNewerThan(after)
      );
    });
    if (changed) return { state: "old", olderThan: changed.number, reason: "request" };
  }
  return { state: replaced.length > 0 && replaced.every(knows) && asksAt.length === 0 ? "current" : "unknown" };
}
