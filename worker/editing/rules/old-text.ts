/**
 * Judges a page that quotes a case. A page is old only if it says something that an earlier revision said, that a later one took back, and
 * nothing on it shows that its author knows: a false accusation costs more trust than a missed page. Everything else is "unknown".
 */
import { plainCharacters } from "../../../shared/case/latin.ts";
import type { Case, Person } from "../../../shared/case/schema.ts";
import { localeTags } from "../../../shared/locale.ts";
import { codesOf } from "../../../shared/profile/codes.ts";
import { statusLabel } from "../../../shared/profile/labels.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { RevisionKind } from "../../../shared/revision.ts";
import { dateIn } from "../../../shared/view/date.ts";
import { joinedForms, nameFinder } from "./name-forms.ts";
import { askedWords, askWords, endedWords, letterWords, nowWords, otherAskWords } from "./old-text-words.ts";
import type { OldReason } from "./places.ts";
import { wholeSentencesOf } from "./segments.ts";
import { personFinder, statesNothing, statusSignsIn, termsIn, wholeWords } from "./sentences.ts";

/** A revision that readers saw. */
export interface SeenRevision {
  number: number;
  kind: RevisionKind;
  liveAt: string;
  case: Case;
}

/** `revision` is the first one that the page is older than. */
export type Judgement =
  | { verdict: "current" | "unknown" }
  | { verdict: "old"; revision: number; reason: Exclude<OldReason, "erased"> };

/** A longer page is no copy of a case. */
const MAX_TEXT_CHARS = 150_000;
/** A request stands near the name of whom it is for. */
const NEAR_SENTENCES = 4;

/** Words of somebody else, who asks for something else. */
const QUOTED = /[“”„«»"]/;
/** An hour beside a day announces an event, which is past and not old. */
const HOUR = /(?<!\d)(?:[01]?\d|2[0-3])(?::[0-5]\d| ?(?:am|pm|a\.m\.|p\.m\.|h|uhr)(?!\p{L}))/iu;

const anyOf = (words: readonly string[]) => new RegExp(wholeWords(words.join("|")), "iu");
const makePatterns = () => ({
  asks: anyOf(askWords),
  asked: anyOf(askedWords),
  letter: anyOf(letterWords),
  other: anyOf(otherAskWords),
  ended: anyOf(endedWords),
  now: anyOf(nowWords),
  still: new RegExp(wholeWords("still|до сих пор|toujours|encore"), "giu"),
  months: new Map(
    localeTags.flatMap((tag) =>
      Array.from({ length: 12 }, (_, at) => {
        const month = String(at + 1).padStart(2, "0");
        const [word = ""] = /\p{L}[\p{L}\p{M}]+/u.exec(plainCharacters(dateIn(tag, `2024-${month}-15`))) ?? [];
        return [word.toLowerCase(), month] as const;
      }),
    ),
  ),
});
let made: ReturnType<typeof makePatterns> | null = null;
const patterns = () => {
  made ??= makePatterns();
  return made;
};

const spellingsOf = ({ people }: Pick<Case, "people">) =>
  people.flatMap(({ names }) => names.map(({ value }) => value));

/** Every whole date in a text, as ISO days, in any offered language. */
function daysIn(text: string): string[] {
  const found: string[] = [];
  const add = (year: string, month: string, day: string) => found.push(`${year}-${month}-${day.padStart(2, "0")}`);
  const plain = plainCharacters(text);
  for (const [, day = "", word = "", year = ""] of plain.matchAll(
    /(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|\.)? (?:of |de )?(\p{L}[\p{L}\p{M}]+)\.?,? (?:del? )?(20\d\d)/gu,
  ))
    add(year, patterns().months.get(word.toLowerCase()) ?? "00", day);
  for (const [, word = "", day = "", year = ""] of plain.matchAll(/(\p{L}+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (20\d\d)/gu))
    add(year, patterns().months.get(word.toLowerCase()) ?? "00", day);
  for (const [, year = "", month = "", day = ""] of plain.matchAll(/(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)/g))
    add(year, month, day);
  for (const [, day = "", month = "", year = ""] of plain.matchAll(
    /(?<!\d)(\d{1,2})[./](\d{1,2})[./](20\d\d)(?!\d)/g,
  )) {
    add(year, month.padStart(2, "0"), day);
    // Where the month comes first.
    add(year, day.padStart(2, "0"), month);
  }
  return found.filter((day) => Number(day.slice(5, 7)) >= 1 && Number(day.slice(5, 7)) <= 12);
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/** The lines of a page about this case: of a list of cases, only those after its number and before another one. */
function ownLines(text: string, id: string, profile: Profile): { lines: string[]; hasNumber: boolean; alone: boolean } {
  const digits = numberOf(id, profile).replace(/^\D+/, "");
  const after = (number: string) => new RegExp(`\\p{L}{2,}[\\s.:#№-]{0,4}0*(${number})(?!\\d)`, "giu");
  const own = new RegExp(`^0*${escaped(digits)}$`);
  const any = after(escaped(digits).replace(/\d+/g, "\\d{1,6}"));
  const lines = text.split("\n").map((line) => ({
    line,
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

type Field = "custody" | "proceedings" | "sentence";

function statusesOf(person: Person | undefined, field: Field): string[] {
  if (field === "custody") return person?.custody ? [person.custody.value] : [];
  if (field === "sentence") return person?.sentence ? [person.sentence.value.duration] : [];
  return (person?.proceedings ?? []).map(({ value }) => value);
}

/** A status that an earlier revision stated and the head doesn't. */
interface Replaced {
  person: string;
  field: Field;
  value: string;
  /** The revision that took it back. */
  by: SeenRevision;
}

function replacedIn(history: readonly SeenRevision[], head: SeenRevision): Replaced[] {
  return history.slice(1).flatMap((by, at) =>
    (history[at] as SeenRevision).case.people.flatMap((before) =>
      (["custody", "proceedings", "sentence"] as const).flatMap((field) => {
        const personIn = ({ people }: Case) => people.find(({ id }) => id === before.id);
        const [after, now] = [by, head].map((revision) => statusesOf(personIn(revision.case), field));
        return statusesOf(before, field).flatMap((value) =>
          after?.length && now?.length && !after.includes(value) && !now.includes(value)
            ? { person: before.id, field, value, by }
            : [],
        );
      }),
    ),
  );
}

/** What a sentence says of somebody's status; nothing where it denies, claims, calls for, or tells of somebody else. */
function saidIn(sentence: string, profile: Profile): { field: string; value: string }[] {
  if (statesNothing(sentence.replace(patterns().still, ""))) return [];
  const lower = sentence.toLowerCase();
  const labels = (["custody", "proceedings"] as const).flatMap((field) =>
    codesOf(field, profile).flatMap((value) =>
      localeTags.some((tag) =>
        (["he", "she", "they"] as const).some((gender) =>
          lower.includes(statusLabel(field, value, gender, tag, profile).toLowerCase()),
        ),
      )
        ? { field, value }
        : [],
    ),
  );
  return [...statusSignsIn(sentence), ...labels, ...termsIn(sentence).map((value) => ({ field: "sentence", value }))];
}

/**
 * @param text of the page's main part, one block a line
 * @param history what readers saw, oldest first, without erased revisions
 */
export function judge(text: string, history: readonly SeenRevision[], profile: Profile): Judgement {
  const head = history.at(-1);
  if (!head) return { verdict: "unknown" };
  const { case: now } = head;
  const { lines, hasNumber, alone } = ownLines(text.slice(0, MAX_TEXT_CHARS), now.id, profile);
  const sentences = lines.flatMap((line) => wholeSentencesOf(line));
  const finder = nameFinder(history.flatMap((one) => spellingsOf(one.case)));
  const named = sentences.map((sentence) =>
    joinedForms(sentence, finder.formsIn(sentence)).some(({ from, to }) => /\s/.test(sentence.slice(from, to).trim())),
  );
  if (!hasNumber && !named.includes(true)) return { verdict: "unknown" };
  const { asks, asked, letter, other, ended, now: isNow } = patterns();

  const deadlines = new Set(history.flatMap(({ case: { action } }) => action.until ?? []));
  const days = lines.flatMap(daysIn);
  const dated = days.filter((day) => !deadlines.has(day));
  const isNewerThan = ({ liveAt }: SeenRevision) => dated.some((day) => day > liveAt.slice(0, 10));

  const targets = history.flatMap(({ case: { action } }) => action.targets);
  const flat = lines.join("\n").toLowerCase();
  const mentions = (words: string | undefined) => words !== undefined && flat.includes(words.toLowerCase());
  const isOver = sentences.some((sentence) => ended.test(sentence));
  const isEvent = dated.length > 0 && lines.some((line) => HOUR.test(plainCharacters(line)));
  const asksAt = sentences.flatMap((sentence, at) => {
    const isAsk =
      asks.test(sentence) &&
      (asked.test(sentence) ||
        (letter.test(sentence) && [sentences[at - 1], sentences[at + 1]].some((near) => near && asked.test(near)))) &&
      ![other, ended, QUOTED].some((pattern) => pattern.test(sentence)) &&
      !isEvent;
    const near = named.slice(Math.max(0, at - NEAR_SENTENCES), at + NEAR_SENTENCES + 1);
    return isAsk && (hasNumber || near.includes(true)) ? at : [];
  });

  const replaced = replacedIn(history, head);
  const said = sentences.map((sentence, at) => (asksAt.includes(at) ? [] : saidIn(sentence, profile)));
  const namedIn = personFinder(now.people);
  const whom = sentences.map((sentence, at) => (said[at]?.length ? namedIn(sentence) : []));
  /** True when the page states what the case says now in place of a replaced status. */
  const knows = ({ person: id, field }: Replaced) => {
    const values = statusesOf(
      now.people.find((one) => one.id === id),
      field,
    );
    return said.some(
      (all, at) =>
        all.some((one) => one.field === field && values.includes(one.value)) &&
        (whom[at]?.length === 0 || whom[at]?.some((one) => one.id === id)),
    );
  };

  // It asks for appeals after the closing.
  const isOurs =
    hasNumber ||
    days.some((day) => deadlines.has(day)) ||
    targets.some(({ email, name }) => mentions(email) || mentions(name));
  if (now.action.state !== "active") {
    const lastActive = history.findLastIndex(({ case: { action } }) => action.state === "active");
    const closing = history[lastActive + 1];
    const isKnown = replaced.some((one) => one.by.number >= (closing?.number ?? 0) && knows(one));
    if (isOver || isKnown) return { verdict: asksAt.length === 0 ? "current" : "unknown" };
    if (lastActive >= 0 && closing && isOurs && asksAt.length > 0 && !isNewerThan(closing))
      return { verdict: "old", revision: closing.number, reason: "asks" };
  }

  // It states a status that was corrected, or one that has changed, as if it were so now.
  for (const one of replaced) {
    if (knows(one) || isNewerThan(one.by)) continue;
    const isCorrected = one.by.kind === "correction";
    const states = sentences.some(
      (sentence, at) =>
        said[at]?.some(({ field, value }) => field === one.field && value === one.value) &&
        whom[at]?.length === 1 &&
        whom[at][0]?.id === one.person &&
        (isCorrected || isNow.test(sentence)),
    );
    if (states && !isOver && (isCorrected || (hasNumber && alone && dated.length === 0)))
      return { verdict: "old", revision: one.by.number, reason: "status" };
  }

  // It quotes a request that is out of date.
  const { until, state } = now.action;
  if (state === "active" && asksAt.length > 0 && !isOver) {
    const isStated = until !== undefined && days.includes(until);
    const emails = now.action.targets.map(({ email }) => email);
    const changed = history.slice(1).find((after, at) => {
      const before = (history[at] as SeenRevision).case.action;
      const wasMoved = before.until !== until && before.until !== after.case.action.until;
      const isGone = before.targets.some(
        ({ email }) =>
          mentions(email) &&
          !emails.includes(email) &&
          !after.case.action.targets.some((target) => target.email === email),
      );
      return (
        !isNewerThan(after) &&
        ((!isStated && wasMoved && before.until !== undefined && days.includes(before.until)) ||
          (isGone && !emails.some(mentions)))
      );
    });
    if (changed) return { verdict: "old", revision: changed.number, reason: "request" };
    if (isStated) return { verdict: "current" };
  }
  return { verdict: replaced.length > 0 && replaced.every(knows) && asksAt.length === 0 ? "current" : "unknown" };
}
