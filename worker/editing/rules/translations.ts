/**
 * The translations of a draft: which are out of date, and what a translator's
 * file may change.
 */
import type { Translation } from "../../../shared/case/schema.ts";
import {
  isOutdated,
  type LooseText,
  sourceDigest,
  textIn,
  textsIn,
  withTexts,
} from "../../../shared/case/text.ts";
import { isFields } from "../../../shared/fields.ts";
import type { UnfinishedCase } from "./desk.ts";
import { canonicalJson } from "./merge.ts";
import { MARK } from "./name-forms.ts";

type Path = (string | number)[];

/** A text of the case, to translate into one language. */
export interface TranslationUnit {
  path: Path;
  source: string;
  /** Empty while there is none. */
  target: string;
  state: "missing" | "outdated" | "current";
}

const ownLanguage = ({ language = "en" }: UnfinishedCase): string => language;

/**
 * Every text of the case that has a source, with its translation into `lang`.
 */
export const translationUnits = (
  fields: UnfinishedCase,
  lang: string,
): TranslationUnit[] => unitsOf(textsIn(fields), ownLanguage(fields), lang);

const unitsOf = <Placed extends { path: Path; text: LooseText }>(
  texts: Placed[],
  own: string,
  lang: string,
) =>
  texts.flatMap((placed): (Placed & TranslationUnit)[] => {
    const source = textIn(placed.text, own);
    if (!source) return [];
    const target = textIn(placed.text, lang) ?? "";
    const present = isOutdated(placed.text, lang, own) ? "outdated" : "current";
    return [{ ...placed, source, target, state: target ? present : "missing" }];
  });

/**
 * Names the entries of a list: by their id, else by what they state apart from
 * their texts. So a name outlives a change of the words and new entries before
 * it. Entries that state the same are counted: when one comes or goes, the
 * names of all of them change.
 */
function entryNames(list: readonly unknown[]): string[] {
  const names = list.map((entry) =>
    isFields(entry) && typeof entry.id === "string" && /^[\w-]+$/.test(entry.id)
      ? entry.id
      : sourceDigest(canonicalJson(withTexts(entry, () => undefined as never))),
  );
  return names.map((name, index) => {
    const count = names.filter((other) => other === name).length;
    const position = names
      .slice(0, index + 1)
      .filter((other) => other === name).length;
    return count === 1 ? name : `${name}-${position}of${count}`;
  });
}

/**
 * A text with the name of its place, such as `people:demo-person-one.role`. It
 * has only characters that XML allows in an id.
 */
function placedTexts(
  fields: UnfinishedCase,
): { path: Path; text: LooseText; place: string }[] {
  const named = new Map<unknown, string[]>();
  const namesOf = (list: unknown[]) => {
    const names = named.get(list) ?? entryNames(list);
    named.set(list, names);
    return names;
  };
  return textsIn(fields).map(({ path, text }) => {
    let value: unknown = fields;
    let place = "";
    for (const key of path) {
      place +=
        typeof key === "number"
          ? `:${namesOf(value as unknown[])[key]}`
          : `.${key}`;
      value = (value as Record<string | number, unknown>)[key];
    }
    return { path, text, place: place.slice(1) };
  });
}

/** A unit of a translator's file. */
export interface SentUnit extends TranslationUnit {
  /**
   * The place, the digest of the source and that of the translation, so that a
   * returned file tells what it was made from.
   */
  id: string;
}

/** The texts of the case for a translator's file. */
export const unitsToSend = (fields: UnfinishedCase, lang: string): SentUnit[] =>
  unitsOf(placedTexts(fields), ownLanguage(fields), lang).map((unit) => ({
    ...unit,
    id: [unit.place, sourceDigest(unit.source), sourceDigest(unit.target)].join(
      ".",
    ),
  }));

const sentId = /^(?<place>.+)\.(?<of>[0-9a-f]{16})\.(?<was>[0-9a-f]{16})$/;

/** A unit as it comes back. */
export interface ReturnedUnit {
  id: string;
  source: string;
  target: string;
  /** True when its state says that it was translated, or more. */
  isDone: boolean;
  /** False when parts of it have no translation. */
  isWhole: boolean;
}

/** A translation that the editor may take from a file. */
export interface OfferedTranslation {
  id: string;
  path: Path;
  /** The original, and the translation, as they are in the case. */
  source: string;
  target: string;
  /** The original in the file. */
  sourceThen: string;
  /**
   * The original has changed since the file was made, so the translation is
   * outdated when it is taken.
   */
  isOlder: boolean;
  /** The translation in the case renders the original as it stands. */
  isCurrent: boolean;
  translation: Translation;
}

/** Why a translation can't be taken. */
export type Unusable = "copy" | "gone" | "redacted" | "unfinished";

interface Returned {
  offered: OfferedTranslation[];
  refused: { id: string; source: string; why: Unusable }[];
  /** The number of units that bring nothing new. */
  unchanged: number;
}

interface Joinable {
  place: string;
  of: string;
}

/**
 * Ways to find a unit's text, best first. The second finds an entry whose date
 * was corrected, by the same words in the same list.
 */
const joints: ((unit: Joinable) => string)[] = [
  ({ place, of }) => `${place} ${of}`,
  ({ place, of }) => `${place.replaceAll(/:[^.]*/g, "")} ${of}`,
  ({ place }) => place,
];

/** Finds each unit's text. Where several fit, none does. */
function joined<Unit extends Joinable, Placed extends Joinable>(
  units: Unit[],
  texts: Placed[],
): Map<Unit, Placed> {
  const found = new Map<Unit, Placed>();
  const taken = new Set<Placed>();
  for (const joint of joints) {
    const open = Map.groupBy(
      units.filter((unit) => !found.has(unit)),
      joint,
    );
    const free = Map.groupBy(
      texts.filter((text) => !taken.has(text)),
      joint,
    );
    for (const [key, [unit, ...others]] of open) {
      const [text, ...rivals] = free.get(key) ?? [];
      if (!unit || !text || others.length > 0 || rivals.length > 0) continue;
      found.set(unit, text);
      taken.add(text);
    }
  }
  return found;
}

/**
 * Compares a translator's file with the case. A translation is offered when
 * somebody worked on it: its words differ from those that were sent, or its
 * state says so. One of an older original stays outdated, and none counts as
 * reviewed.
 */
export function returnedTranslations(
  fields: UnfinishedCase,
  lang: string,
  units: readonly ReturnedUnit[],
): Returned {
  const own = ownLanguage(fields);
  const sent = units.map((unit) => {
    const {
      place = "",
      of = "",
      was = "",
    } = sentId.exec(unit.id)?.groups ?? {};
    return { ...unit, place, of, was, target: unit.target.trim() };
  });
  const placed = unitsOf(placedTexts(fields), own, lang);
  const found = joined(
    sent,
    placed.map((unit) => ({ ...unit, of: sourceDigest(unit.source) })),
  );
  const result: Returned = { offered: [], refused: [], unchanged: 0 };
  for (const unit of sent) {
    const { id, of, target } = unit;
    const written = sourceDigest(target);
    const text = found.get(unit);
    const old = text?.target;
    const isOlder = text?.of !== of;
    const isCurrent = text?.state === "current";
    const isCopy = written === of || written === text?.of;
    const refuse = (why: Unusable) =>
      result.refused.push({ id, source: unit.source, why });
    if (
      !target ||
      (!unit.isDone && (written === unit.was || isCopy)) ||
      (target === old && (isOlder || isCurrent))
    )
      result.unchanged++;
    else if (isCopy) refuse("copy");
    else if (!text) refuse("gone");
    else if (!unit.isWhole) refuse("unfinished");
    else if (
      isOlder &&
      text.source.includes(MARK) &&
      !unit.source.includes(MARK)
    )
      refuse("redacted");
    else
      result.offered.push({
        id,
        path: text.path,
        source: text.source,
        target: text.target,
        sourceThen: unit.source,
        isOlder,
        isCurrent,
        translation: { text: target, of, reviewed: false },
      });
  }
  return result;
}
