/** What an editor need not type because it follows from what is there. */
import { freeId, newPersonId } from "../../../shared/case/id.ts";
import { withKnownIds } from "../../../shared/case/same-person.ts";
import type { Case } from "../../../shared/case/schema.ts";
import type { UnfinishedCase } from "../../editorial/desk.ts";
import { houseRights } from "../words.ts";
import { brokenRules } from "./problems.ts";

type People = NonNullable<UnfinishedCase["people"]>;
type Documents = NonNullable<UnfinishedCase["documents"]>;

/** People keep the ids they were published with; others are called after their names. */
function withIds(people: People, base: Case | null): People {
  const published = new Set(base?.people.map(({ id }) => id));
  const taken = new Set(published);
  const named = people.map((person) => {
    if (person?.id !== undefined && published.has(person.id)) return person;
    const name = person?.names?.find((entry) => entry?.form === "preferred") ?? person?.names?.[0];
    const id = newPersonId(name?.value ?? "", taken);
    taken.add(id);
    return person?.id === id ? person : { ...person, id };
  });
  // Somebody who was removed and entered again is the same person.
  return withKnownIds(named, base?.people ?? []);
}

/** No pronouns is a statement of its own in the schema. */
const withPronouns = (people: People): People =>
  people.map((person) => (person?.pronouns === undefined ? { ...person, pronouns: null } : person));

/** Languages that a new name begins with, all written in Latin letters. */
const latin = new Set(["en", "es", "fr"]);

/** A name in other letters is not in the language it began with; in which it is, the editor says. */
function withNameLanguages(people: People): People {
  const misfits = (name: NonNullable<NonNullable<People[number]>["names"]>[number]) =>
    latin.has(name?.lang ?? "") && /[\p{Script=Cyrillic}\p{Script=Arabic}]/u.test(name?.value ?? "");
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

/** A document keeps its id: sources name it. */
function withDocumentIds(documents: Documents): Documents {
  const taken = new Set(documents.flatMap((document) => (document?.id ? [document.id] : [])));
  return documents.map((document) => {
    if (document?.id) return document;
    const id = freeId(document?.kind ?? "document", taken);
    taken.add(id);
    return { ...document, id };
  });
}

/** The same case with its ids, and a word on each translation: unreviewed until a speaker has read it. */
export function derived(unfinished: UnfinishedCase, base: Case | null): UnfinishedCase {
  const next = { ...unfinished };
  const { series, number, year } = next.number ?? {};
  if (series !== undefined && number !== undefined && year !== undefined)
    next.id = `${series.toLowerCase()}-${number}-${String(year % 100).padStart(2, "0")}`;
  if (number === 0) next.demo = true;
  if (next.people) next.people = withPronouns(withNameLanguages(withIds(next.people, base)));
  if (next.documents) next.documents = withDocumentIds(next.documents);
  const unsaid = brokenRules(next).flatMap(({ path: [field, lang] }) =>
    field === "translations" ? [String(lang)] : [],
  );
  if (unsaid.length > 0)
    next.translations = {
      ...next.translations,
      ...Object.fromEntries(unsaid.map((lang) => [lang, { reviewed: false }])),
    };
  return next;
}

/** The standard words on rights, in the languages asked for that have them. */
function standardRights(part: "text" | "quotations", issuer: string, wanted: string[]): Record<string, string> {
  return Object.fromEntries(
    wanted.flatMap((lang) => {
      const text = houseRights(part, lang);
      return text === undefined ? [] : [[lang, text.replace("{issuer}", issuer)]];
    }),
  );
}

const ISSUER = "Amnesty International";
const LICENCE = "https://creativecommons.org/licenses/by/4.0/";

/** What a document left out and the house always says the same; facts are never among it. */
export function withStandards(unfinished: UnfinishedCase): UnfinishedCase {
  const language = unfinished.language ?? "en";
  const issuer = unfinished.issuer ?? ISSUER;
  const wanted = [language, ...Object.keys(unfinished.translations ?? {})];
  const rights = unfinished.rights ?? {};
  return {
    people: [],
    documents: [{ lang: language }],
    action: {},
    ...unfinished,
    language,
    issuer,
    rights: {
      holder: issuer,
      href: LICENCE,
      ...rights,
      text: { ...standardRights("text", issuer, wanted), ...rights.text },
      quotations: { ...standardRights("quotations", issuer, wanted), ...rights.quotations },
    },
  };
}
