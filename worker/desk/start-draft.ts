/** New drafts: an empty one, or one from a case or a document. */
import type { Case } from "../../shared/case/schema.ts";
import { caseNumberIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { intoCase } from "../editing/importer/into-case.ts";
import type {
  DeskDraft,
  DraftSource,
  UnfinishedCase,
} from "../editing/rules/desk.ts";
import { type Difference, differencesBetween } from "../editing/rules/merge.ts";
import { derived, withStandards } from "./form/derive.ts";
import { warningKey } from "./form/form-state.ts";
import { pathOf, pointerOf } from "./form/path.ts";

const blank = (): Omit<DeskDraft, "base" | "case"> => ({
  note: {},
  kind: "update",
  notify: "loud",
  liveAt: null,
  source: null,
  answers: [],
  resolved: [],
});

export const emptyDraft = (profile: Profile): DeskDraft => ({
  ...blank(),
  base: null,
  case: derived(
    withStandards(
      {
        number:
          profile.series.slice(0, 1).map(({ code }) => ({ series: code }))[0] ??
          {},
      },
      profile,
    ),
    null,
    profile,
  ),
});

/** An empty draft with the number of an id. */
export function draftForNumber(id: string, profile: Profile): DeskDraft {
  const draft = emptyDraft(profile);
  const number = caseNumberIn(id, profile);
  return number
    ? { ...draft, case: derived({ ...draft.case, number, id }, null, profile) }
    : draft;
}

/**
 * Copies without members that name a document, which belongs to the other case.
 */
const withoutSources = <T extends { source?: string | undefined }>(
  entries: readonly T[],
): Omit<T, "source">[] => entries.map(({ source: _, ...entry }) => entry);

/**
 * A new case like another one: its people without their statuses, its places,
 * its authorities, and whom to write to. Facts, texts about them, and authors
 * stay behind: the new case needs its own.
 */
export function duplicateOf(fields: Case, profile: Profile): DeskDraft {
  const { language, places, authorities, people, action, number, demo } =
    fields;
  const copy = {
    number: { series: number.series },
    ...(demo && { demo }),
    language,
    places: withoutSources(places),
    authorities,
    people: people.map(({ names, pronouns, role }) => ({
      names: withoutSources(names),
      pronouns,
      ...(role && { role }),
    })),
    action: { targets: action.targets },
  };
  return {
    ...emptyDraft(profile),
    case: derived(
      withStandards(structuredClone(copy) as UnfinishedCase, profile),
      null,
      profile,
    ),
  };
}

export const draftOf = (number: number, fields: Case): DeskDraft => ({
  ...blank(),
  base: { number, case: fields },
  case: structuredClone(fields) as UnfinishedCase,
});

/**
 * Maps pointers into a draft to pointers into the merged case, where entries of
 * lists may have other positions.
 */
function pointerMapper(
  drafted: UnfinishedCase,
  merged: UnfinishedCase,
): (pointer: string) => string {
  const namesOf = (
    person: NonNullable<UnfinishedCase["people"]>[number] | undefined,
  ) =>
    new Set(
      person?.names?.flatMap((name) => (name?.value ? [name.value] : [])),
    );
  const moved = {
    people: (index: number) => {
      const names = namesOf(drafted.people?.[index]);
      return merged.people?.findIndex((person) =>
        [...namesOf(person)].some((name) => names.has(name)),
      );
    },
    documents: (index: number) => {
      const one = drafted.documents?.[index];
      return merged.documents?.findIndex(
        (other) =>
          (one?.reference !== undefined &&
            other?.reference === one.reference) ||
          (one?.sequence !== undefined && other?.sequence === one.sequence) ||
          other?.id === one?.id,
      );
    },
  };
  return (pointer) => {
    const [list, index, ...rest] = pathOf(pointer);
    if (
      (list !== "people" && list !== "documents") ||
      typeof index !== "number"
    )
      return pointer;
    const at = moved[list](index);
    return at === undefined || at < 0
      ? pointer
      : pointerOf([list, at, ...rest]);
  };
}

/**
 * @param read the importer's result
 * @param current the newest revision of the case with that number, from which
 * the result differs; null for a new case
 * @param profile a document in a language that it doesn't offer is restated in
 * its default language
 */
export function draftFromDocument(
  read: Omit<DraftSource, "name"> & { case: UnfinishedCase; appeals?: unknown },
  name: string,
  current: { number: number; case: Case } | null,
  profile: Profile,
): { draft: DeskDraft; differences: Difference[] } {
  const { case: drafted, appeals: _, ...source } = read;
  const language =
    profile.languages.find((tag) => tag === drafted.language) ??
    profile.defaultLanguage;
  if (!current)
    return {
      draft: {
        ...blank(),
        base: null,
        case: derived(
          withStandards({ ...drafted, language }, profile),
          null,
          profile,
        ),
        source: { ...source, name },
      },
      differences: [],
    };
  const merged = intoCase(current.case, drafted) as UnfinishedCase;
  const mapped = pointerMapper(drafted, merged);
  const differences = differencesBetween(current.case, merged);
  const moved = <T extends { pointer?: string }>(list: T[]): T[] =>
    list.map((one) =>
      one.pointer === undefined
        ? one
        : { ...one, pointer: mapped(one.pointer) },
    );
  return {
    draft: {
      ...blank(),
      // A document that adds nothing was published before, and its doubts were
      // settled then. A new one may say what nobody has read yet.
      resolved:
        differences.length === 0 && source.provenance.length > 0
          ? moved(source.warnings).map(warningKey)
          : [],
      base: current,
      case: merged,
      source: {
        ...source,
        name,
        provenance: moved(source.provenance),
        warnings: moved(source.warnings),
      },
    },
    differences,
  };
}
