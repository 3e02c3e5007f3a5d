/** People's statuses in words: states as of their date, attributed. */

import { addressOf, paths } from "../addresses.ts";
import {
  type Case,
  type PartialDate,
  type Person,
  type Proceeding,
  preferredName,
  type Stated,
  statedFields,
} from "../case/schema.ts";
import { joinList } from "../intl.ts";
import { isolate, type LocaleTag } from "../locale.ts";
import { type Gender, message, sayIn } from "../messages.ts";
import { countedCustody, inSentence, statusLabel } from "../profile/labels.ts";
import type { Profile } from "../profile/schema.ts";
import type { Revision } from "../revision.ts";
import { portraitEnd } from "./age.ts";
import { factsAsOf, partialDateIn } from "./date.ts";
import { DOT } from "./dot.ts";
import { PEOPLE_NAMED } from "./limits.ts";
import { lineOf, marked, runOf, SLOT } from "./run.ts";
import type {
  CustodyGroup,
  LabelledList,
  Line,
  PeopleView,
  PersonView,
  PresentView,
  Run,
} from "./schema.ts";
import {
  earlierIn,
  monthsOf,
  sentenceIn,
  shortSentenceIn,
} from "./sentence.ts";
import type { Brief, CustodyCount } from "./summary.ts";

export function genderOf(person: Partial<Pick<Person, "pronouns">>) {
  return person.pronouns === "he/him"
    ? "he"
    : person.pronouns === "she/her"
      ? "she"
      : "they";
}

/** The grammatical gender that all people share; `they` when they differ. */
function commonGender(people: Pick<Person, "pronouns">[]): Gender {
  const genders = new Set(people.map(genderOf));
  return genders.size === 1 ? ([...genders][0] as Gender) : "they";
}

/** What the view's head says of all facts. */
const headOf = ({ asOf, issuer }: Pick<Case, "asOf" | "issuer">): Stated => ({
  asOf,
  statedBy: issuer,
});

const isSame = (one: Stated, other: Stated): boolean =>
  one.asOf.date === other.asOf.date && one.statedBy === other.statedBy;

/**
 * The date and the source that most statements about the people share; those of
 * the view's head when no others are more frequent.
 */
function commonOf(fields: Case): Stated {
  const counts = new Map<string, number>();
  const countOf = ({ asOf, statedBy }: Stated) =>
    counts.get(`${asOf.date} ${statedBy}`) ?? 0;
  const all = fields.people.flatMap((person) =>
    statedFields.flatMap((field): Stated | Stated[] => person[field] ?? []),
  );
  for (const one of all)
    counts.set(`${one.asOf.date} ${one.statedBy}`, countOf(one) + 1);
  return all.reduce(
    (best, one) => (countOf(one) > countOf(best) ? one : best),
    headOf(fields),
  );
}

/**
 * A status's words with its date and who stated it, or with the date, where
 * they differ from the `common` ones that stand above it.
 */
function qualified(
  text: string,
  stated: Stated,
  common: Stated,
  locale: LocaleTag,
): string {
  if (isSame(stated, common)) return text;
  const date = partialDateIn(locale, stated.asOf);
  return stated.statedBy === common.statedBy
    ? message(locale, "person.dated", { text, date })
    : message(locale, "person.qualified", { text, date, by: stated.statedBy });
}

/** What the words for a case's people depend on. */
interface Telling {
  fields: Case;
  locale: LocaleTag;
  profile: Profile;
  /** The date and the source that stand above the people. */
  common: Stated;
}

/** "The tax case: charged"; without a subject "Charged" */
function proceedingLine(
  proceeding: Proceeding,
  gender: Gender,
  { fields, locale, profile, common }: Telling,
): Line {
  const { value, subject } = proceeding;
  const label = statusLabel("proceedings", value, gender, locale, profile);
  if (!subject) return { text: qualified(label, proceeding, common, locale) };
  const text = message(locale, "person.proceeding", {
    subject: SLOT,
    text: inSentence(label, locale),
  });
  return lineOf(
    qualified(text, proceeding, common, locale),
    runOf(subject, fields.language, locale),
  );
}

/**
 * The group of each common custody state. A profile's own states are in none.
 */
export const custodyGroupOf: Record<string, CustodyGroup> = {
  detained: "held",
  "pre-trial-detention": "held",
  imprisoned: "held",
  "psychiatric-detention": "held",
  "house-arrest": "limited",
  "restricted-freedom": "limited",
  "suspended-sentence": "limited",
  "conditional-release": "limited",
  deported: "limited",
  "not-detained": "free",
  released: "free",
  missing: "lost",
  "died-in-custody": "lost",
  executed: "lost",
};

/** Where the person is, then how the proceedings stand. */
function statusLines(
  { proceedings, custody, pronouns }: Person,
  telling: Telling,
): Line[] {
  const { locale, profile, common } = telling;
  const gender = genderOf({ pronouns });
  const lines = proceedings.map((one) => proceedingLine(one, gender, telling));
  if (!custody) return lines;
  const text = qualified(
    statusLabel("custody", custody.value, gender, locale, profile),
    custody,
    common,
    locale,
  );
  return [
    { text, custody: custodyGroupOf[custody.value] ?? "unknown" },
    ...lines,
  ];
}

/** More states than this are no summary. */
const MAX_STATES_COUNTED = 4;

/**
 * How many people are in each state of custody; empty unless every person's
 * state is known.
 */
function custodyCounts({ people }: Case): CustodyCount[] {
  if (!people.every(({ custody }) => custody)) return [];
  const groups = Map.groupBy(
    people.flatMap(({ custody }) => custody ?? []),
    ({ value, asOf, statedBy }) => [value, asOf.date, statedBy].join(" "),
  );
  return [...groups.values()].map((group) => {
    const [{ value, asOf, statedBy }] = group as [(typeof group)[number]];
    return { state: value, count: group.length, asOf, statedBy };
  });
}

/** The same, where the states differ. */
function countCustody(fields: Case): CustodyCount[] {
  const counts = custodyCounts(fields);
  return counts.length > 1 && counts.length <= MAX_STATES_COUNTED ? counts : [];
}

/**
 * "39 imprisoned", "1 released · as of 20 November 2026", with date and source
 * where they are not the `common` ones.
 */
const countLines = (
  counts: CustodyCount[],
  common: Stated,
  locale: LocaleTag,
  profile: Profile,
): Line[] =>
  counts.map((one) => ({
    text: qualified(
      countedCustody(one.state, one.count, locale, profile),
      one,
      common,
      locale,
    ),
    custody: custodyGroupOf[one.state] ?? "unknown",
  }));

/** What `viewBrief` and `viewCounts` say of the people. */
export function peopleInBrief(fields: Case): Pick<Brief, "people" | "first"> {
  const [first, ...others] = fields.people;
  if (!first) return { people: [] };
  const { custody } = first;
  const isCommon =
    custody &&
    fields.people.every(
      (one) =>
        one.custody?.value === custody.value &&
        isSame(one.custody, headOf(fields)),
    );
  const counts = countCustody(fields);
  return {
    people: fields.people.map((person) => preferredName(person).value),
    first: {
      lang: preferredName(first).lang,
      gender: others[0] ? "they" : genderOf(first),
      ...(isCommon ? { custody: custody.value } : {}),
      ...(counts[0] ? { counts } : {}),
    },
  };
}

/**
 * "A. Person and 5 others: imprisoned as of 25 June 2020"; without people the
 * title.
 * @param asOf said where the people have no common status, if given
 * @param counts said there instead, if anybody is counted
 */
export function viewBrief(
  { title, language, people: [name, ...others], first }: Brief,
  asOf: PartialDate | undefined,
  locale: LocaleTag,
  profile: Profile,
  counts?: PresentView["status"],
): Line {
  const say = sayIn(locale);
  const date = asOf ? partialDateIn(locale, asOf) : "";
  const facts = asOf ? ` · ${say("view.asOf")} ${date}` : "";
  if (name === undefined || !first)
    return lineOf(`${SLOT}${facts}`, runOf(title, language, locale));
  const who = others[0]
    ? say("view.brief.others", { who: SLOT, count: others.length })
    : SLOT;
  const { lang, gender, custody } = others[0]
    ? { ...first, gender: "several" as const }
    : first;
  const run = marked(name, lang, locale);
  if (custody === undefined) {
    if (!counts?.text) return lineOf(who + facts, run);
    const status = inSentence(counts.text, locale);
    return lineOf(
      say("person.proceeding", {
        subject: who,
        text: status + DOT + counts.asOf,
      }),
      run,
    );
  }
  const status = inSentence(
    statusLabel("custody", custody, gender, locale, profile),
    locale,
  );
  return {
    ...lineOf(say("view.brief", { who, status, date }), run),
    custody: custodyGroupOf[custody] ?? "unknown",
  };
}

/**
 * "1 released and 2 imprisoned", and as of when, or from when to when. Without
 * words where nobody is counted, or too many states.
 */
export function custodyStatus(
  counts: CustodyCount[],
  { asOf, issuer }: Pick<Case, "asOf" | "issuer">,
  locale: LocaleTag,
  profile: Profile,
  alone?: Person,
): PresentView["status"] {
  const dated = factsAsOf(
    locale,
    counts[0] ? counts.map((one) => one.asOf) : [asOf],
  );
  const groups = Map.groupBy(
    counts,
    ({ state, statedBy }) => `${state} ${statedBy}`,
  );
  if (groups.size === 0 || groups.size > MAX_STATES_COUNTED)
    return { asOf: dated };
  const text = [...groups.values()].map((group) => {
    const [{ state, statedBy }] = group as [CustodyCount];
    const count = group.reduce((sum, one) => sum + one.count, 0);
    const counted = alone
      ? statusLabel("custody", state, genderOf(alone), locale, profile)
      : countedCustody(state, count, locale, profile);
    return statedBy === issuer ? counted : `${counted} (${statedBy})`;
  });
  // A number stays on the line of what it counts.
  return {
    text: joinList(locale, text).replace(/(?<=\d) /g, "\u00a0"),
    asOf: dated,
  };
}

/** The status of a case's people. */
export const peopleStatus = (
  fields: Case,
  locale: LocaleTag,
  profile: Profile,
): PresentView["status"] =>
  custodyStatus(
    custodyCounts(fields),
    fields,
    locale,
    profile,
    fields.people[1] ? undefined : fields.people[0],
  );

/**
 * What a list says of a person: where the person is, or the sentence of
 * somebody who is held.
 */
function shortLine(
  person: Person,
  { fields, locale, profile }: Telling,
): Line | undefined {
  const { custody, sentence, proceedings } = person;
  const gender = genderOf(person);
  const by = (text: string, { statedBy }: Stated) =>
    statedBy === fields.issuer ? text : text + DOT + statedBy;
  const group = custody && (custodyGroupOf[custody.value] ?? "unknown");
  if (sentence && (!group || group === "held"))
    return {
      text: by(shortSentenceIn(sentence.value.duration, locale), sentence),
    };
  if (custody && group)
    return {
      text: by(
        statusLabel("custody", custody.value, gender, locale, profile),
        custody,
      ),
      custody: group,
    };
  const [first] = proceedings;
  return (
    first && {
      text: by(
        statusLabel("proceedings", first.value, gender, locale, profile),
        first,
      ),
    }
  );
}

function viewPerson(person: Person, telling: Telling, now: number): PersonView {
  const { fields, locale, profile, common } = telling;
  const say = sayIn(locale);
  const gender = genderOf(person);
  const name = preferredName(person);
  const status = statusLines(person, telling);
  const lines: Line[] = status.filter(({ custody }) => custody);
  if (person.role) lines.push(runOf(person.role, fields.language, locale));
  for (const designation of person.designations) {
    const text = statusLabel(
      "designations",
      designation.value,
      gender,
      locale,
      profile,
    );
    // A designation is a judgement, so it always names who made it.
    const [date, by] = [
      partialDateIn(locale, designation.asOf),
      designation.statedBy,
    ];
    const isDated = designation.asOf.date !== common.asOf.date;
    lines.push({
      text: say(isDated ? "person.qualified" : "person.designation", {
        text,
        date,
        by,
      }),
    });
  }
  if (person.charges) {
    const words = qualified(
      say("person.charges", { text: SLOT }),
      person.charges,
      common,
      locale,
    );
    lines.push(
      lineOf(words, runOf(person.charges.value, fields.language, locale)),
    );
  }
  lines.push(...status.filter(({ custody }) => !custody));
  if (person.sentence) {
    const { value } = person.sentence;
    for (const earlier of value.earlier ?? [])
      lines.push({ text: earlierIn(earlier, locale) });
    // At the end, where surfaces draw its length as a bar.
    lines.push({
      text: qualified(
        sentenceIn(value, gender, locale),
        person.sentence,
        common,
        locale,
      ),
    });
  }
  const native = person.names.find(({ form }) => form === "native");
  const also = person.names
    .filter((other) => other !== name)
    .map((other) => isolate(other.value, locale));
  const months = person.sentence && monthsOf(person.sentence.value.duration);
  const { portrait } = person;
  const alt = portrait && runOf(portrait.alt, fields.language, locale);
  const view: PersonView = {
    name: marked(name.value, name.lang, locale),
    ...(native ? { native: marked(native.value, native.lang, locale) } : {}),
    ...(alt && !fields.hidePortraits && now < portraitEnd(portrait.until)
      ? {
          portrait: {
            src: addressOf(paths.portrait, {
              id: fields.id,
              image: portrait.image,
            }),
            alt: alt.text,
            ...(alt.lang ? { lang: alt.lang } : {}),
            credit: portrait.credit + DOT + portrait.licence,
          },
        }
      : {}),
    lines,
    ...(months ? { months } : {}),
  };
  const short = shortLine(person, telling);
  if (short) view.short = short;
  if (also.length > 0)
    view.alsoText = say("view.also", { names: joinList(locale, also) });
  return view;
}

/**
 * The last known status of a person. The act's head names its date and who
 * stated it, and a line does where they differ.
 */
export function viewStatus(
  person: Person,
  fields: Case,
  locale: LocaleTag,
  profile: Profile,
): { name: Run; lines: Line[] } {
  const name = preferredName(person);
  return {
    name: marked(name.value, name.lang, locale),
    lines: statusLines(person, {
      fields,
      locale,
      profile,
      common: headOf(fields),
    }),
  };
}

/**
 * Separates the lines that all people share from each person's own, so that a
 * shared line is shown once.
 * @param lists the lines of each person
 */
export function splitShared<L extends Line>(
  lists: L[][],
): { shared: L[]; own: L[][] } {
  const [first = [], ...others] = lists;
  const isIn = (lines: L[]) => (line: L) =>
    lines.some((other) => JSON.stringify(other) === JSON.stringify(line));
  const shared =
    others.length === 0
      ? []
      : first.filter((line) => others.every((lines) => isIn(lines)(line)));
  return {
    shared,
    own: lists.map((lines) => lines.filter((line) => !isIn(shared)(line))),
  };
}

/**
 * The shared lines under the label "Each of them:"; empty when there are none.
 */
export function eachOf<L extends Line>(
  people: Case["people"],
  shared: L[],
  locale: LocaleTag,
): { each?: LabelledList<L> } {
  return shared.length === 0
    ? {}
    : {
        each: {
          label: message(locale, "view.each", { gender: commonGender(people) }),
          list: shared,
        },
      };
}

/** The number of people beyond the first `PEOPLE_NAMED`, in words. */
export function countBeyond(
  people: Case["people"],
  locale: LocaleTag,
): { more?: string } {
  const count = people.length - PEOPLE_NAMED;
  return count > 0
    ? { more: message(locale, "view.people.more", { count }) }
    : {};
}

/**
 * Whoever is in the news first, then those whose state is the newest; else in
 * the case's own order.
 */
export function newestFirst(
  people: Person[],
  news: Pick<Revision, "changes">[],
): Person[] {
  const named = news.flatMap(({ changes }) =>
    changes.flatMap((change) => ("person" in change ? change.person : [])),
  );
  const rank = (person: Person) =>
    `${named.includes(preferredName(person).value) ? 1 : 0} ${person.custody?.asOf.date ?? ""}`;
  return people.toSorted((one, other) =>
    rank(one) > rank(other) ? -1 : rank(one) < rank(other) ? 1 : 0,
  );
}

/** @param now milliseconds since the epoch; decides which pictures are shown */
export function viewPeople(
  fields: Case,
  locale: LocaleTag,
  now: number,
  profile: Profile,
): PeopleView {
  const common = commonOf(fields);
  const head = headOf(fields);
  const people = fields.people.map((person) =>
    viewPerson(person, { fields, locale, profile, common }, now),
  );
  const { shared, own } = splitShared(people.map(({ lines }) => lines));
  const label = message(locale, "view.people");
  const counts = countCustody(fields);
  const [only, other] = fields.people;
  // A card shows them under the day of the custody.
  const above = {
    asOf: only?.custody?.asOf ?? fields.asOf,
    statedBy: fields.issuer,
  };
  return {
    // In the label, which every surface shows, pinned releases of the widget
    // among them.
    ...(isSame(common, head)
      ? { label, plain: true }
      : {
          label: message(locale, "view.people.common", {
            text: qualified(label, common, head, locale),
          }),
        }),
    list: people.map((person, index) => ({
      ...person,
      lines: own[index] as Line[],
    })),
    // They stand under the date of the facts, in summaries without the label.
    ...(counts[0] ? { counts: countLines(counts, head, locale, profile) } : {}),
    ...eachOf(fields.people, shared, locale),
    ...(only && !other
      ? {
          alone: viewPerson(
            only,
            { fields, locale, profile, common: above },
            now,
          ).lines.flatMap((line) =>
            line.custody
              ? []
              : { ...line, text: line.text.replaceAll(" · ", DOT) },
          ),
        }
      : {}),
    ...countBeyond(fields.people, locale),
  };
}
