/**
 * The forms of ids of cases and people. shared/profile/numbers.ts makes and
 * parses the ids of cases.
 */

import { latin } from "./latin.ts";

/**
 * The pattern of a case id such as `ua-126-19`, without groups, for use in
 * other patterns. A profile decides which ids there are.
 */
export const CASE_ID = "[a-z][a-z0-9]*(?:-[a-z0-9]+)+";

export const MAX_CASE_ID_LENGTH = 40;

export const caseIdPattern = new RegExp(`^${CASE_ID}$`);

/** True for a text in the form of a case id. */
export const isCaseId = (text: string): boolean =>
  text.length <= MAX_CASE_ID_LENGTH && caseIdPattern.test(text);

const MAX_PERSON_ID_LENGTH = 60;

/**
 * The words of a name in Latin letters, joined by hyphens; empty when the name
 * has no letters that we can transliterate.
 */
const slugOf = (name: string): string =>
  latin(name.slice(0, 2 * MAX_PERSON_ID_LENGTH))
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_PERSON_ID_LENGTH)
    .replace(/^-|-$/g, "");

/** The wanted id, with `-2`, `-3`, ... appended if it is taken. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  let id = wanted;
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
  return id;
}

/**
 * Makes an id for a new person from the name.
 * @param name the preferred name
 */
export const newPersonId = (name: string, taken: ReadonlySet<string>): string =>
  freeId(slugOf(name) || "person", taken);
