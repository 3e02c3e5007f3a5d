/** How a draft begins: from nothing, from a case as it stands, or from a document. */
import type { Case } from "../../shared/case/schema.ts";
import type { DeskDraft, DraftSource, UnfinishedCase } from "../editorial/desk.ts";
import { type Difference, differencesBetween } from "../editorial/merge.ts";
import { intoCase } from "../importer/into-case.ts";
import { derived, withStandards } from "./form/derive.ts";
import { pathOf, pointerOf } from "./form/path.ts";

const blank = { note: {}, kind: "update", notify: "loud", liveAt: null, source: null, resolved: [] } as const;

export const emptyDraft = (): DeskDraft => ({
  ...blank,
  resolved: [],
  base: null,
  case: derived(withStandards({ number: { series: "UA" } }), null),
});

export const draftOf = (number: number, fields: Case): DeskDraft => ({
  ...blank,
  resolved: [],
  base: { number, case: fields },
  case: structuredClone(fields) as UnfinishedCase,
});

/** Where the entries of a drafted list went when it was put into a case. */
function placesIn(drafted: UnfinishedCase, merged: UnfinishedCase): (pointer: string) => string {
  const nameOf = (person: NonNullable<UnfinishedCase["people"]>[number] | undefined) =>
    new Set(person?.names?.flatMap((name) => (name?.value ? [name.value] : [])));
  const moved = {
    people: (index: number) => {
      const names = nameOf(drafted.people?.[index]);
      return merged.people?.findIndex((person) => [...nameOf(person)].some((name) => names.has(name)));
    },
    documents: (index: number) => {
      const one = drafted.documents?.[index];
      return merged.documents?.findIndex(
        (other) =>
          (one?.aiIndex !== undefined && other?.aiIndex === one.aiIndex) ||
          (one?.sequence !== undefined && other?.sequence === one.sequence) ||
          other?.id === one?.id,
      );
    },
  };
  return (pointer) => {
    const [list, index, ...rest] = pathOf(pointer);
    if ((list !== "people" && list !== "documents") || typeof index !== "number") return pointer;
    const at = moved[list](index);
    return at === undefined || at < 0 ? pointer : pointerOf([list, at, ...rest]);
  };
}

export interface Imported {
  draft: DeskDraft;
  /** What the document changes in the case that stands; null for a new case. */
  differences: Difference[] | null;
}

/**
 * @param read what the importer made of the document
 * @param current the newest revision of the case of that number, if there is one
 * @param spoken the languages that the surfaces speak; a document in another is restated in English
 */
export function draftFromDocument(
  read: Omit<DraftSource, "name"> & { case: UnfinishedCase },
  name: string,
  current: { number: number; case: Case } | null,
  spoken: readonly string[],
): Imported {
  const { case: drafted, ...source } = read;
  const language = spoken.find((tag) => tag === drafted.language) ?? "en";
  if (!current)
    return {
      draft: {
        ...blank,
        resolved: [],
        base: null,
        case: derived(withStandards({ ...drafted, language }), null),
        source: { ...source, name },
      },
      differences: null,
    };
  const merged = intoCase(current.case, drafted) as UnfinishedCase;
  const place = placesIn(drafted, merged);
  const moved = <T extends { pointer?: string }>(list: T[]): T[] =>
    list.map((one) => (one.pointer === undefined ? one : { ...one, pointer: place(one.pointer) }));
  return {
    draft: {
      ...blank,
      resolved: [],
      base: current,
      case: merged,
      source: {
        ...source,
        name,
        provenance: moved(source.provenance),
        toRestate: moved(source.toRestate),
        warnings: moved(source.warnings),
        ages: moved(source.ages),
      },
    },
    differences: differencesBetween(current.case, merged),
  };
}

/** Drafts begun on this page and not opened yet, by their id. */
const begun = new Map<string, DeskDraft>();

/** @returns the new draft's id */
export function begin(draft: DeskDraft): string {
  const id = crypto.randomUUID();
  begun.set(id, draft);
  return id;
}

/** Left without a word written: nothing of it is on the server, and the back button may lead to it. */
export const putBack = (id: string, draft: DeskDraft): void => void begun.set(id, draft);

/** The draft that has just begun under that id; once. */
export function takeBegun(id: string): DeskDraft | undefined {
  const draft = begun.get(id);
  begun.delete(id);
  return draft;
}
