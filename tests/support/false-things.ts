/**
 * False things that an editor could publish by mistake, each with a question
 * that asks about it. The kernel and every door are tested with this one list:
 * API, proposal, approval, merge, shell and desk.
 */
import * as v from "valibot";
import { expect } from "vitest";
import { Case } from "../../shared/case/schema.ts";
import { sourceDigest } from "../../shared/case/text.ts";
import type { QuestionKind } from "../../worker/editing/rules/answers.ts";
import { inventedCase, inventedPerson, stated } from "./invented.ts";

export interface FalseThing {
  says: string;
  asks: QuestionKind;
  /** A pointer of the question. */
  at: string;
  /** Makes the case false. */
  by: (fields: Case) => void;
  /** What has been published before, beside the case below. */
  after?: (fields: Case) => void;
}

/** The people of the case, in their order. */
const [REMOVED, FREED, DATED, SOURCED, HELD, DEAD] = [0, 1, 2, 3, 4, 5];
const names = [
  "Adem Erfunden",
  "Bogna Zmyslona",
  "Cyrano Imaginaire",
  "Emre Kurgu",
  "Fadia Khayali",
  "Dilara Uydurma",
];

const custody = ({ people }: Case, at: number) => people[at]!.custody!;
const becomes = (value: string, at: number, date = "2000-02-02") =>
  ((fields) =>
    Object.assign(
      custody(fields, at),
      stated(value, date),
    )) satisfies FalseThing["by"];
const today = new Date().toISOString().slice(0, 10);
const sets = (changes: object) => (fields: Case) =>
  void Object.assign(fields, changes);

/**
 * One case that can say all of them. It has been published, and its editor has
 * confirmed it.
 */
const truthfulCase = (number: number): Case =>
  inventedCase(number, {
    title: {
      en: `Invented case ${number}`,
      uk: {
        text: `Вигадана справа ${number}`,
        of: sourceDigest(`Invented case ${number}`),
        reviewed: true,
      },
    },
    people: names.map((name, at) =>
      inventedPerson(name, {
        custody: stated(at === DEAD ? "died-in-custody" : "imprisoned"),
      }),
    ),
    documents: [
      { id: "first", lang: "en", href: "https://example.org/first" },
      {
        id: "second",
        lang: "en",
        href: "https://example.org/second",
        issuedOn: { date: "2020-05-05" },
      },
    ],
    action: {
      state: "active",
      request: { en: "Write." },
      letter: { en: "Dear Minister" },
      until: "2099-12-31",
    },
  });

const said = (
  says: string,
  asks: QuestionKind,
  at: string,
  by: FalseThing["by"],
  after?: FalseThing["by"],
): FalseThing => ({
  says,
  asks,
  at: `/case/${at}`,
  by,
  ...(after && { after }),
});

/**
 * Those of one list stand in one revision where a door is too slow for a
 * revision each; those of the last list in a first version.
 */
export const falseThings: FalseThing[][] = [
  [
    said(
      "a status that was removed, while a text says it",
      "removed",
      "people/0/custody",
      ({ people }) => {
        delete people[REMOVED]!.custody;
      },
    ),
    said(
      "a text that was edited before the status changed",
      "statuses",
      "summary/en",
      becomes("released", FREED),
      sets({ summary: { en: "Bogna Zmyslona is in prison." } }),
    ),
    said(
      "a text that was edited between two changes of a status",
      "statuses",
      "action/request/en",
      becomes("imprisoned", HELD, "2000-03-03"),
      becomes("released", HELD),
    ),
    said(
      "a status dated today with the same source",
      "status-date-moved",
      "people/2/custody/asOf",
      (fields) => {
        custody(fields, DATED).asOf = { date: today };
      },
    ),
    said(
      "a status of 2026 with a document of 2020",
      "status-after-source",
      "people/3/custody/asOf",
      (fields) =>
        Object.assign(custody(fields, SOURCED), {
          asOf: { date: "2026-01-02" },
          source: "second",
        }),
    ),
    said(
      "somebody who died, then was released",
      "death",
      "people/5/custody",
      becomes("released", DEAD),
    ),
    said(
      "a new person, executed in 1990 as a rumour states",
      "author",
      "people/6/custody/statedBy",
      (fields) =>
        // An author is known once the case of another test is live.
        fields.people.push(
          inventedPerson("Gaspar Inventado", {
            custody: {
              ...stated("executed", "1990"),
              statedBy: `A rumour about ${fields.id}`,
            },
          }),
        ),
    ),
    said(
      "the authority as the issuer",
      "issuer",
      "issuer",
      sets({ issuer: "The Ministry of Invention" }),
    ),
    said(
      "a source that nobody can look up",
      "source",
      "documents/2",
      ({ documents }) => documents.push({ id: "third", lang: "en" } as never),
    ),
    said(
      "a closed action with request and letter",
      "closed-asks",
      "action/letter",
      ({ action }) => {
        action.state = "closed";
      },
    ),
    said(
      "a case dated before its statuses",
      "facts-before-status",
      "asOf",
      sets({ asOf: { date: "1999-12-31" } }),
    ),
  ],
  [
    said(
      "facts dated today without a new fact",
      "facts-date-moved",
      "asOf",
      sets({ asOf: { date: today } }),
    ),
    said(
      "facts dated today with another title of a document, and pronouns",
      "facts-date-moved",
      "asOf",
      (fields) => {
        Object.assign(fields, { asOf: { date: today } }).documents[1]!.title =
          "Another title";
        fields.people[HELD]!.pronouns = "she/her";
      },
    ),
    said(
      "a deadline of 1999",
      "deadline-passed",
      "action/until",
      ({ action }) => {
        action.until = "1999-12-31";
      },
    ),
    said(
      "a reviewed translation of an original that changed",
      "translation",
      "title/uk",
      ({ title }) => {
        title.en = "Nobody is in prison";
        Object.assign(title.uk as object, { of: sourceDigest(title.en) });
      },
    ),
  ],
  [said("a case without people", "nobody", "people", sets({ people: [] }))],
  [
    said(
      "a first version that contradicts itself",
      "statuses",
      "summary/en",
      sets({ summary: { en: "Adem Erfunden is free." } }),
    ),
    said(
      "an open action for somebody who died",
      "open-after-death",
      "action/state",
      ({ people }) => {
        people.splice(0, DEAD);
      },
    ),
  ],
];
const firstVersion = falseThings.at(-1);

/**
 * A case with false things.
 * @returns what to publish before, null for a first version, and after
 */
export function toldFalsely(
  number: number,
  things: readonly FalseThing[],
): { before: Case | null; after: Case } {
  const before = truthfulCase(number);
  for (const { after } of things) after?.(before);
  const after = structuredClone(before);
  for (const { by } of things) by(after);
  const isFirst = things.some((thing) => firstVersion?.includes(thing));
  return { before: isFirst ? null : before, after: v.parse(Case, after) };
}

/** Matches the question about a false thing. */
export const isAsked = ({ asks, at }: FalseThing) =>
  expect.objectContaining({ kind: asks, at: expect.arrayContaining([at]) });
