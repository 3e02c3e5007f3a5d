/** Prepares the redaction of some people: their entries go, and every form of their names becomes a mark. */
import type { Case } from "../../../shared/case/schema.ts";
import { isOutdated, sourceDigest, textIn, textsIn, withTexts } from "../../../shared/case/text.ts";
import { isFields } from "../../../shared/fields.ts";
import { isHandleField, type NameFinder, nameFinder, nameMentionsIn, withMarks } from "./name-forms.ts";

/** Ids that hold the name, each with the neutral one that replaces it. */
function neutralIds(fields: Case, finder: NameFinder): Map<string, string> {
  const ids = fields.documents.map(({ id }) => id);
  const free = (function* () {
    for (let number = 1; ; number++) if (!ids.includes(`document-${number}`)) yield `document-${number}`;
  })();
  return new Map(
    ids.filter((id) => finder.formsIn(id, true).length > 0).map((id) => [id, free.next().value as string]),
  );
}

/** A copy with marks. `undefined` stands for a field that goes, because a part of an address can't be marked. */
function marked(value: unknown, finder: NameFinder, ids: Map<string, string>, key = ""): unknown {
  if (typeof value === "string") {
    if (!isHandleField(key)) return withMarks(value, finder.formsIn(value));
    const renamed = ids.get(value);
    if (renamed !== undefined && (key === "id" || key === "source")) return renamed;
    return key !== "id" && key !== "source" && nameMentionsIn({ [key]: value }, finder).length > 0 ? undefined : value;
  }
  if (Array.isArray(value)) return value.map((one) => marked(one, finder, ids)).filter((one) => one !== undefined);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).map(([name, child]) => [name, marked(child, finder, ids, name)] as const);
  // A link is nothing without its address.
  if (entries.some(([name, child]) => name === "href" && child === undefined) && Object.keys(value).length === 2)
    return undefined;
  return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
}

/**
 * @param people the ids of people to take out
 * @param names further names to take out, as the texts write them
 */
export function redactedCase(fields: Case, people: readonly string[], names: readonly string[]): Case {
  const leaving = fields.people.filter(({ id }) => people.includes(id));
  const staying = fields.people.filter(({ id }) => !people.includes(id));
  const spellings = (list: Case["people"]) => list.flatMap((person) => person.names.map(({ value }) => value));
  const finder = nameFinder([...names, ...spellings(leaving)], spellings(staying));
  const next = marked({ ...fields, people: staying }, finder, neutralIds(fields, finder)) as Case;
  // A translation of a text that was marked renders the marked text, unless it was outdated before.
  const sources = new Map(
    textsIn(fields).flatMap(({ text }): [string, string][] => {
      const source = textIn(text, fields.language) ?? "";
      return [[sourceDigest(source), sourceDigest(withMarks(source, finder.formsIn(source)))]];
    }),
  );
  return withTexts(next, (text) => {
    const entries = Object.entries(text).map(([lang, entry]) =>
      typeof entry === "object" && isOutdated(text, lang, fields.language)
        ? ([lang, { ...entry, of: sources.get(entry.of ?? "") ?? entry.of }] as const)
        : ([lang, entry] as const),
    );
    return entries.every(([lang, entry]) => entry === text[lang]) ? text : Object.fromEntries(entries);
  });
}
