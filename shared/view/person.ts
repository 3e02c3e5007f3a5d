/** People's statuses in words: in the past tense, dated and attributed. */

import { type Case, type PartialDate, type Person, preferredName, type Sentence } from "../case/schema.ts";
import { joinList } from "../intl.ts";
import { isolate, type LocaleTag } from "../locale.ts";
import { type Gender, message, sayIn } from "../messages.ts";
import { custodyLabel, designationLabel, proceedingsLabel } from "../profile/labels.ts";
import type { Profile } from "../profile/schema.ts";
import { PEOPLE_NAMED } from "../view/limits.ts";
import { partialDateIn } from "./date.ts";
import { lineOf, marked, runOf, SLOT } from "./run.ts";
import type { Line, PeopleView, PersonView, Run, Section } from "./schema.ts";

function genderOf(person: Pick<Person, "pronouns">): Gender {
  return person.pronouns === "he/him" ? "he" : person.pronouns === "she/her" ? "she" : "they";
}

/** The grammatical gender that all people share; `they` when they differ. */
function commonGender(people: Pick<Person, "pronouns">[]): Gender {
  const genders = new Set(people.map(genderOf));
  return genders.size === 1 ? ([...genders][0] as Gender) : "they";
}

/** "12 years", "7 years and 6 months" */
function termIn(locale: LocaleTag, duration: string): string {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/.exec(duration);
  if (!match) return duration;
  const units = ["sentence.years", "sentence.months", "sentence.days"] as const;
  return joinList(
    locale,
    units.flatMap((key, index) => {
      const count = match[index + 1];
      return count === undefined ? [] : [message(locale, key, { count: Number(count) })];
    }),
  );
}

export function sentenceIn(locale: LocaleTag, duration: Sentence["duration"], gender: Gender): string {
  const say = sayIn(locale);
  if (duration === "life") return say("sentence.life", { gender });
  if (duration === "death") return say("sentence.death", { gender });
  return say("sentence.term", { gender, term: termIn(locale, duration) });
}

function viewPerson(person: Person, fields: Case, locale: LocaleTag, profile: Profile): PersonView {
  const say = sayIn(locale);
  const gender = genderOf(person);
  const name = preferredName(person);
  const lines: Line[] = [];
  // The view's head names the issuer and the date of the facts. A line repeats them only where they differ.
  const isDated = ({ asOf }: { asOf: PartialDate }) => asOf.date === fields.asOf.date;
  const qualify = (text: string, status: { asOf: PartialDate; statedBy: string }): string =>
    isDated(status) && status.statedBy === fields.issuer
      ? text
      : say("person.qualified", { text, date: partialDateIn(locale, status.asOf), by: status.statedBy });
  if (person.role) lines.push(runOf(person.role, fields.language, locale));
  for (const designation of person.designations) {
    const text = designationLabel(designation.value, gender, locale, profile);
    // A designation is a judgement, so it always names who made it.
    lines.push({
      text: isDated(designation)
        ? say("person.designation", { text, by: designation.statedBy })
        : qualify(text, designation),
    });
  }
  if (person.charges) {
    const words = qualify(say("person.charges", { text: SLOT }), person.charges);
    lines.push(lineOf(words, runOf(person.charges.value, fields.language, locale)));
  }
  if (person.sentence) {
    const { duration, imposedOn } = person.sentence.value;
    const sentence = sentenceIn(locale, duration, gender);
    const dated = imposedOn ? say("sentence.dated", { sentence, date: partialDateIn(locale, imposedOn) }) : sentence;
    lines.push({ text: qualify(dated, person.sentence) });
  }
  if (person.proceedings)
    lines.push({
      text: qualify(proceedingsLabel(person.proceedings.value, gender, locale, profile), person.proceedings),
    });
  if (person.custody)
    lines.push({ text: qualify(custodyLabel(person.custody.value, gender, locale, profile), person.custody) });
  const also = person.names.filter((other) => other !== name).map((other) => isolate(other.value, locale));
  const view: PersonView = { name: marked(name.value, name.lang, locale), lines };
  if (also.length > 0) view.alsoText = say("view.also", { names: joinList(locale, also) });
  return view;
}

/** The last known status of a person, always with its date and who stated it. */
export function viewStatus(person: Person, locale: LocaleTag, profile: Profile): { name: Run; lines: Run[] } {
  const say = sayIn(locale);
  const gender = genderOf(person);
  const name = preferredName(person);
  const dated = (text: string, { asOf, statedBy }: { asOf: PartialDate; statedBy: string }): Run => ({
    text: say("person.qualified", { text, date: partialDateIn(locale, asOf), by: statedBy }),
  });
  const { proceedings, custody } = person;
  return {
    name: marked(name.value, name.lang, locale),
    lines: [
      ...(proceedings ? [dated(proceedingsLabel(proceedings.value, gender, locale, profile), proceedings)] : []),
      ...(custody ? [dated(custodyLabel(custody.value, gender, locale, profile), custody)] : []),
    ],
  };
}

/**
 * Separates the lines that all people share from each person's own, so that a shared line is shown once.
 * @param lists the lines of each person
 */
export function splitShared<L extends Line>(lists: L[][]): { shared: L[]; own: L[][] } {
  const [first = [], ...others] = lists;
  const isIn = (lines: L[]) => (line: L) => lines.some((other) => JSON.stringify(other) === JSON.stringify(line));
  const shared = others.length === 0 ? [] : first.filter((line) => others.every((lines) => isIn(lines)(line)));
  return { shared, own: lists.map((lines) => lines.filter((line) => !isIn(shared)(line))) };
}

/** The shared lines under the label "Each of them:"; empty when there are none. */
export function eachOf<L extends Line>(people: Case["people"], shared: L[], locale: LocaleTag): { each?: Section<L> } {
  return shared.length === 0
    ? {}
    : { each: { label: message(locale, "view.each", { gender: commonGender(people) }), list: shared } };
}

/** The number of people beyond the first `PEOPLE_NAMED`, in words. */
export function countBeyond(people: Case["people"], locale: LocaleTag): { more?: string } {
  const count = people.length - PEOPLE_NAMED;
  return count > 0 ? { more: message(locale, "view.people.more", { count }) } : {};
}

export function viewPeople(fields: Case, locale: LocaleTag, profile: Profile): PeopleView {
  const people = fields.people.map((person) => viewPerson(person, fields, locale, profile));
  const { shared, own } = splitShared(people.map(({ lines }) => lines));
  return {
    label: message(locale, "view.people"),
    list: people.map((person, index) => ({ ...person, lines: own[index] as Line[] })),
    ...eachOf(fields.people, shared, locale),
    ...countBeyond(fields.people, locale),
  };
}
