/** Fields that follow from others, so that editors need not enter them. */
import { freeId, newPersonId } from "../../../shared/case/id.ts";
import { withKnownIds } from "../../../shared/case/same-person.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { languagesIn, textIn, withSources } from "../../../shared/case/text.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { caseIdOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { completeNumber } from "./form-state.ts";

type People = NonNullable<UnfinishedCase["people"]>;

/**
 * People keep their published ids. The ids of others are made from their names.
 */
function withIds(people: People, base: Case | null): People {
  const published = new Set(base?.people.map(({ id }) => id));
  const taken = new Set(published);
  const named = people.map((person) => {
    if (person?.id !== undefined && published.has(person.id)) return person;
    const name =
      person?.names?.find((entry) => entry?.form === "preferred") ??
      person?.names?.[0];
    const id = newPersonId(name?.value ?? "", taken);
    taken.add(id);
    return person?.id === id ? person : { ...person, id };
  });
  // Somebody who was removed and entered again is the same person.
  return withKnownIds(named, base?.people ?? []);
}

/**
 * Adds missing ids. Existing ids don't change, because sources refer to them.
 * @param used further ids that are never used again
 */
function withFreeIds<Entry extends { id?: string | undefined } | undefined>(
  entries: Entry[],
  wordOf: (entry: Entry) => string,
  used: string[] = [],
): Entry[] {
  const taken = new Set([
    ...entries.flatMap((entry) => entry?.id || []),
    ...used,
  ]);
  return entries.map((entry) => {
    if (entry?.id) return entry;
    const id = freeId(wordOf(entry), taken);
    taken.add(id);
    return { ...entry, id } as Entry;
  });
}

/** A published id is never used for another proceeding. */
const withProceedingIds = (people: People, base: Case | null): People =>
  people.map((person) => {
    const { proceedings = [] } = person ?? {};
    if (proceedings.every((one) => one?.id)) return person;
    const published =
      base?.people.find(({ id }) => id === person?.id)?.proceedings ?? [];
    const used = published.map(({ id }) => id);
    return {
      ...person,
      proceedings: withFreeIds(proceedings, () => "proceeding", used),
    };
  });

/** The schema needs an explicit null for people without pronouns. */
const withPronouns = (people: People): People =>
  people.map((person) =>
    person?.pronouns === undefined ? { ...person, pronouns: null } : person,
  );

/** The default languages of new names. All are written in Latin letters. */
const latinLanguages = new Set(["en", "es", "fr"]);

/**
 * Removes the default language from a name in another script, so that the
 * editor must choose the language.
 */
function withNameLanguages(people: People): People {
  const misfits = (
    name: NonNullable<NonNullable<People[number]>["names"]>[number],
  ) =>
    latinLanguages.has(name?.lang ?? "") &&
    /[\p{Script=Cyrillic}\p{Script=Arabic}]/u.test(name?.value ?? "");
  return people.map((person) => {
    if (!person?.names?.some(misfits)) return person;
    return {
      ...person,
      names: person.names.map((name) => {
        if (!misfits(name)) return name;
        const { lang: _, ...rest } = name ?? {};
        return rest;
      }),
    };
  });
}

/** Adds ids, and to each new translation the source that it renders. */
export function derived(
  unfinished: UnfinishedCase,
  base: Case | null,
  profile: Profile,
): UnfinishedCase {
  const next = { ...unfinished };
  const number = completeNumber(next, profile);
  if (number) next.id = caseIdOf(number, profile);
  if (next.number?.number === 0) next.demo = true;
  if (next.people) {
    const people = withProceedingIds(withIds(next.people, base), base);
    next.people = withPronouns(withNameLanguages(people));
  }
  if (next.documents)
    next.documents = withFreeIds(
      next.documents,
      (one) => one?.kind ?? "document",
    );
  return withSources(next);
}

/**
 * The profile's text on rights, in those of the languages that have one; empty
 * while it needs an issuer that is not known yet.
 */
function suggestedRights(
  part: "text" | "quotations",
  issuer: string | undefined,
  wanted: string[],
  profile: Profile,
): Record<string, string> {
  return Object.fromEntries(
    wanted.flatMap((lang) => {
      const text = profile.rights[part][lang as LocaleTag];
      if (text === undefined || (text.includes("{issuer}") && !issuer))
        return [];
      return [[lang, text.replaceAll("{issuer}", issuer ?? "")]];
    }),
  );
}

/**
 * Adds the profile's suggestions for fields that are never facts: the language
 * and the texts on rights. The issuer and the holder of the rights are left to
 * the editor.
 * @param added a language that gets the text on rights too
 */
export function withStandards(
  unfinished: UnfinishedCase,
  profile: Profile,
  added?: string,
): UnfinishedCase {
  const { issuer, language = profile.defaultLanguage } = unfinished;
  const wanted = [
    ...languagesIn(unfinished),
    ...(added === undefined ? [] : [added]),
  ];
  const rights = unfinished.rights ?? {};
  return {
    people: [],
    // A newsroom that has kinds of documents restates documents.
    documents: profile.documents.kinds.length > 0 ? [{ lang: language }] : [],
    action: {},
    ...unfinished,
    language,
    rights: {
      href: profile.rights.href,
      ...rights,
      text: {
        ...suggestedRights("text", issuer, wanted, profile),
        ...rights.text,
      },
      quotations: {
        ...suggestedRights("quotations", issuer, wanted, profile),
        ...rights.quotations,
      },
    },
  };
}

/**
 * The case with suggestions that follow a change of the issuer. Words that the
 * editor has changed stay.
 */
export function withIssuer(
  before: UnfinishedCase,
  edited: UnfinishedCase,
  profile: Profile,
): UnfinishedCase {
  const { rights = {} } = edited;
  const wanted = languagesIn(edited);
  const kept = (part: "text" | "quotations") => {
    const suggested = suggestedRights(part, before.issuer, wanted, profile);
    const texts = rights[part] ?? {};
    return Object.fromEntries(
      Object.entries(texts).filter(
        ([lang]) => textIn(texts, lang) !== suggested[lang],
      ),
    );
  };
  const own = { ...rights, text: kept("text"), quotations: kept("quotations") };
  return withStandards({ ...edited, rights: own }, profile);
}
