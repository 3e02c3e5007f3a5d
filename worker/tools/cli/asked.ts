/**
 * What a question compares, in lines for a terminal: both sides, and what the
 * revision before said.
 */
import {
  type Case,
  codedFields,
  preferredName,
} from "../../../shared/case/schema.ts";
import { type LooseText, textIn } from "../../../shared/case/text.ts";
import { isFields } from "../../../shared/fields.ts";
import { statusLabel } from "../../../shared/profile/labels.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { Path } from "../../../shared/values-at.ts";
import { termIn } from "../../../shared/view/sentence.ts";
import type { Question } from "../../editing/rules/answers.ts";
import { pathOf, valueAt } from "../../editing/rules/pointers.ts";
import { goneFrom, placeBefore } from "../../editing/rules/stated-changes.ts";

export interface AskedPublication {
  case: Case;
  note?: LooseText;
}

/**
 * @param base the case in the revision that the publication follows; null for a
 * new case
 * @param withStatuses whether to add the statuses of all people, which texts
 * are compared with
 */
export function sidesOf(
  question: Question,
  publication: AskedPublication,
  base: Case | null,
  profile: Profile,
  withStatuses: boolean,
): string[] {
  const { language } = publication.case;
  const before = base && { case: base };

  /**
   * A value in words: a text in the case's own language, an entry with all its
   * members.
   */
  const inWords = (value: unknown, path: Readonly<Path>): string => {
    if (Array.isArray(value))
      return value.map((one) => inWords(one, path)).join("; ");
    if (path.at(-1) === "duration") return termIn(String(value), "en");
    if (!isFields(value)) {
      const list =
        path.at(-1) === "value"
          ? codedFields.find((field) => path.includes(field))
          : undefined;
      return list
        ? statusLabel(list, String(value), "they", "en", profile)
        : String(value);
    }
    const own = textIn(value as LooseText, language);
    if (typeof own === "string") return own;
    const stated = Object.entries(value).filter(
      ([key, part]) => key !== "id" && part !== undefined && part !== null,
    );
    return stated
      .flatMap(([key, part]) => inWords(part, [...path, key]) || [])
      .join(" · ");
  };
  /** The statuses that texts are compared with. */
  const statusesOf = (person: Case["people"][number] | undefined) =>
    (["custody", "proceedings", "sentence"] as const)
      .flatMap((field) =>
        [person?.[field] ?? []]
          .flat()
          .map((status) => inWords({ ...status, source: undefined }, [field])),
      )
      .join("; ") || "no status";
  const sides = (now: string, was: string | undefined) =>
    was === undefined || was === now ? now : `${now} (was: ${was})`;
  const personBefore = (id: string) =>
    base?.people.find((person) => person.id === id);
  const statuses = () =>
    publication.case.people.map((person) => {
      const old = personBefore(person.id);
      return `${preferredName(person).value}: ${sides(statusesOf(person), old && statusesOf(old))}`;
    });

  const place = (pointer: string): string[] => {
    const path = pathOf(pointer);
    // The date of a status stands for the whole status.
    if (path[1] === "people" && path.at(-1) === "asOf") path.pop();
    const tag = String(path.at(-1));
    const past = before && placeBefore(before, publication, path);
    const [now, old] = [
      valueAt(publication, path),
      past ? valueAt(before, past) : undefined,
    ];
    const [texts, oldTexts] = [
      valueAt(publication, path.slice(0, -1)),
      past && valueAt(before, past.slice(0, -1)),
    ] as [LooseText, LooseText | undefined];
    const isText = isFields(texts) && typeof textIn(texts, tag) === "string";
    if (question.lang !== undefined && isText)
      return [
        `${pointer}: ${sides(String(textIn(texts, tag)), textIn(oldTexts, tag))}`,
        `  ${language}: ${sides(String(textIn(texts, language)), textIn(oldTexts, language))}`,
      ];
    if (isText)
      return [
        `${pointer}: ${sides(String(textIn(texts, tag)), textIn(oldTexts, tag))}`,
      ];
    if (question.kind === "removed") {
      const gone = Array.isArray(old)
        ? goneFrom(old, (now ?? []) as unknown[])
        : [old];
      return gone.map((entry) => `${pointer}: ${inWords(entry, path)}`);
    }
    if (now === undefined) return [pointer];
    if (question.kind === "alike")
      return [
        `${pointer}: ${preferredName(now as Case["people"][number]).value}`,
      ];
    return [
      `${pointer}: ${sides(inWords(now, path), old === undefined ? undefined : inWords(old, path))}`,
    ];
  };
  return [...question.at.flatMap(place), ...(withStatuses ? statuses() : [])];
}
