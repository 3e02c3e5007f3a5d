/**
 * False things that an editor could publish by mistake, each with a question that asks about it. The kernel and every door are tested with
 * this one list: API, proposal, approval, merge, shell and desk.
 */
import * as v from "valibot";
import { expect } from "vitest";
import { Case } from "../shared/case/schema.ts";
import { sourceDigest } from "../shared/case/text.ts";
import type { QuestionKind } from "../worker/editing/rules/answers.ts";
import { inventedCase, inventedPerson, stated } from "./invented.ts";

export interface FalseThing {
  says: string;
  /** What has been published before, beside the case below. */
  after?: (fields: Case) => void;
  /** Makes the case false. */
  by: (fields: Case) => void;
  asks: QuestionKind;
  /** A pointer of the question. */
  at: string;
  /** Whether it stands in the first version of a case. */
  first?: true;
}

const person = ({ people }: Case, id: string) => people.find((one) => one.id === id)!;
const release = (fields: Case, id: string) => {
  person(fields, id).custody = stated("released", "2000-02-02") as never;
};
const second = (fields: Case) => fields.documents.find(({ id }) => id === "second")!;
const kept = { request: { en: "Write to the Ministry of Invention." }, letter: { en: "Dear Minister" } };

/** One case that can say all of them. It has been published, and its editor has confirmed it. */
export const truthfulCase = (number: number): Case =>
  inventedCase(number, {
    title: {
      en: `Invented case ${number}`,
      uk: { text: `Вигадана справа ${number}`, of: sourceDigest(`Invented case ${number}`), reviewed: true },
    },
    people: [
      ...["Adem Erfunden", "Bogna Zmyslona", "Cyrano Imaginaire", "Emre Kurgu", "Fadia Khayali"].map((name) =>
        inventedPerson(name, { custody: stated("imprisoned") }),
      ),
      inventedPerson("Dilara Uydurma", { custody: stated("died-in-custody") }),
    ],
    documents: [
      { id: "first", kind: "initial", lang: "en", href: "https://example.org/first" },
      {
        id: "second",
        kind: "update",
        lang: "en",
        href: "https://example.org/second",
        issuedOn: { date: "2020-05-05" },
      },
    ],
    action: { state: "active", ...kept, until: "2099-12-31" },
  });

const today = new Date().toISOString().slice(0, 10);

/** Those of one list stand in one revision where a door is too slow for a revision each. */
export const falseThings: FalseThing[][] = [
  [
    {
      says: "a status that was removed, while the summary says it",
      by: (fields) => delete person(fields, "adem-erfunden").custody,
      asks: "removed",
      at: "/case/people/0/custody",
    },
    {
      says: "a text that was edited before the status changed",
      after: (fields) => {
        fields.summary = { en: "Bogna Zmyslona is in prison." };
      },
      by: (fields) => release(fields, "bogna-zmyslona"),
      asks: "statuses",
      at: "/case/summary/en",
    },
    {
      says: "a text that was edited between two changes of a status",
      after: (fields) => {
        release(fields, "fadia-khayali");
        fields.title.en = "Fadia Khayali is free";
      },
      by: (fields) => {
        person(fields, "fadia-khayali").custody = stated("imprisoned", "2000-03-03") as never;
      },
      asks: "statuses",
      at: "/case/title/en",
    },
    {
      says: "a status dated today with the same source",
      by: (fields) => {
        person(fields, "cyrano-imaginaire").custody!.asOf = { date: today };
      },
      asks: "status-date-moved",
      at: "/case/people/2/custody/asOf",
    },
    {
      says: "a status of 2026 with a document of 2020",
      by: (fields) =>
        Object.assign(person(fields, "emre-kurgu").custody!, { asOf: { date: "2026-01-02" }, source: "second" }),
      asks: "status-after-source",
      at: "/case/people/3/custody/asOf",
    },
    {
      says: "somebody who died, then was released",
      by: (fields) => release(fields, "dilara-uydurma"),
      asks: "death",
      at: "/case/people/5/custody",
    },
    {
      says: "a new person who was executed in 1990, as a rumour states",
      by: (fields) => {
        // An author is known once the case of another test is live.
        const custody = { ...stated("executed", "1990"), statedBy: `A rumour about ${fields.id}` };
        fields.people.push(inventedPerson("Gaspar Inventado", { custody }));
      },
      asks: "author",
      at: "/case/people/6/custody/statedBy",
    },
    {
      says: "the authority as the issuer",
      by: (fields) => {
        fields.issuer = "The Ministry of Invention";
      },
      asks: "issuer",
      at: "/case/issuer",
    },
    {
      says: "a source without title, date and address",
      by: (fields) => void fields.documents.push({ id: "third", lang: "en" } as never),
      asks: "source",
      at: "/case/documents/2",
    },
    {
      says: "a closed action with a request and a letter",
      by: (fields) => {
        fields.action.state = "closed";
      },
      asks: "closed-asks",
      at: "/case/action/letter",
    },
    {
      says: "a case dated before its statuses",
      by: (fields) => {
        fields.asOf = { date: "1999-12-31" };
      },
      asks: "facts-before-status",
      at: "/case/asOf",
    },
  ],
  [
    {
      says: "facts dated today without a new fact",
      by: (fields) => {
        fields.asOf = { date: today };
      },
      asks: "facts-date-moved",
      at: "/case/asOf",
    },
    {
      says: "facts dated today with another title of a document",
      by: (fields) => {
        fields.asOf = { date: today };
        second(fields).title = "Another title";
      },
      asks: "facts-date-moved",
      at: "/case/asOf",
    },
    {
      says: "a deadline of 1999",
      by: (fields) => {
        fields.action.until = "1999-12-31";
      },
      asks: "deadline-passed",
      at: "/case/action/until",
    },
    {
      says: "a translation that a speaker reviewed, beside an original that changed",
      by: (fields) => {
        const { en, uk } = { ...fields.title, en: "Nobody is in prison" } as any;
        fields.title = { en, uk: { ...uk, of: sourceDigest(en) } };
      },
      asks: "translation",
      at: "/case/title/uk",
    },
  ],
  [
    {
      says: "a case without people",
      by: (fields) => {
        fields.people = [];
      },
      asks: "nobody",
      at: "/case/people",
    },
  ],
  [
    {
      says: "a first version that contradicts itself",
      by: (fields) => {
        fields.summary = { en: "Adem Erfunden is free." };
      },
      asks: "statuses",
      at: "/case/summary/en",
      first: true,
    },
    {
      says: "an open action for somebody who died",
      by: (fields) => {
        fields.people = [person(fields, "dilara-uydurma")];
      },
      asks: "open-after-death",
      at: "/case/action/state",
      first: true,
    },
  ],
];

/** A case with false things. @returns what to publish before, null for a first version, and after */
export function toldFalsely(number: number, things: readonly FalseThing[]): { before: Case | null; after: Case } {
  const before = truthfulCase(number);
  for (const { after } of things) after?.(before);
  const after = structuredClone(before);
  for (const { by } of things) by(after);
  return { before: things.some(({ first }) => first) ? null : before, after: v.parse(Case, after) };
}

/** Matches the question about a false thing. */
export const isAsked = ({ asks, at }: FalseThing) =>
  expect.objectContaining({ kind: asks, at: expect.arrayContaining([at]) });
