/**
 * The questions that a revision may be asked, and answers to them, without the
 * rules that find them.
 */
import * as v from "valibot";
import { sourceDigest } from "../../../shared/case/text.ts";
import { described } from "../../../shared/described.ts";
import { canonicalJson } from "./merge.ts";

/**
 * Every kind of question, with the answers that it accepts. All of them confirm
 * what the revision says; anything else is an edit.
 */
export const questionKinds = {
  /** A text about now beside the statuses of the people whom it names. */
  statuses: ["agrees"],
  /** The texts of one language beside their originals. */
  translation: ["agrees"],
  /**
   * The texts of one language whose original has changed. They are marked as
   * outdated.
   */
  outdated: ["leave-marked"],
  /**
   * What is stated anew or differently, and an event that a changed status may
   * contradict.
   */
  stated: ["as-stated"],
  /** What is stated no longer. */
  removed: ["as-stated"],
  /** A status dated no later than the one that it replaces. */
  "status-not-later": ["as-stated"],
  /** A status dated later than the document that is its source. */
  "status-after-source": ["as-stated"],
  /** A status that has another date and the same source. */
  "status-date-moved": ["as-stated"],
  /** A death, or a status after a death. */
  death: ["as-stated"],
  /** The case's facts have another date, and are the same. */
  "facts-date-moved": ["as-stated"],
  /** The case's facts are dated before one of its statuses. */
  "facts-before-status": ["as-stated"],
  /** A source that nobody can look up. */
  source: ["as-stated"],
  /** An author of facts whom this newsroom hasn't named before. */
  author: ["known"],
  issuer: ["as-stated"],
  /** Two people who may be one. */
  alike: ["two-people"],
  /** A case that names no person. */
  nobody: ["as-stated"],
  /** An action that is open after its deadline. */
  "deadline-passed": ["still-open"],
  /** An open action for somebody who died. */
  "open-after-death": ["still-open"],
  /** A closed action that still asks for something. */
  "closed-asks": ["keep"],
  /** Sentences of the imported document that nobody has judged. */
  unread: ["leave-unread"],
} as const satisfies Record<string, readonly [string, ...string[]]>;
export type QuestionKind = keyof typeof questionKinds;

/** A question as it is sent. */
export const AskedQuestion = v.object({
  id: described(
    v.string(),
    "A digest of the kind, the place and what was compared",
  ),
  kind: v.picklist(Object.keys(questionKinds) as QuestionKind[]),
  at: described(
    v.array(v.string()),
    "JSON Pointers (RFC 6901) into the body of the publish",
  ),
  lang: v.exactOptional(described(v.string(), "The language that it is about")),
  answers: described(
    v.array(v.string()),
    "The answers that confirm what the revision says",
  ),
});
export type Question = v.InferOutput<typeof AskedQuestion>;

/** @param compared exactly what this kind compares */
export const question = (
  kind: QuestionKind,
  compared: unknown,
  at: string[],
  lang?: string,
): Question => ({
  id: sourceDigest(canonicalJson([kind, lang ?? null, compared])),
  kind,
  at,
  ...(lang === undefined ? {} : { lang }),
  answers: [...questionKinds[kind]],
});

/**
 * An answer for one case is none for another, where the same words may be
 * false.
 */
export const ofCase = (id: string | undefined, one: Question): Question => ({
  ...one,
  id: sourceDigest(`${id} ${one.id}`),
});

export const QuestionAnswer = v.strictObject({
  question: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{16}$/, "must be the id of a question"),
  ),
  answer: v.pipe(v.string(), v.maxLength(40, "must be at most 40 characters")),
});
export type QuestionAnswer = v.InferOutput<typeof QuestionAnswer>;

/** The answers of somebody who confirms everything. */
export const confirmAll = (questions: readonly Question[]): QuestionAnswer[] =>
  questions.map(({ id, answers: [answer = ""] }) => ({ question: id, answer }));

/** An answer with the editor who gave it. */
export interface GivenAnswer extends QuestionAnswer {
  editor: string;
  /**
   * True for an answer that was sent with a token: under review by two, a
   * second editor answers the question again.
   */
  byToken?: true;
}

/**
 * An answer as it is stored with a revision: no words, and no digest that could
 * confirm a guess of them.
 */
export const StoredAnswer = v.object({
  kind: v.picklist(Object.keys(questionKinds) as QuestionKind[]),
  at: v.array(v.string()),
  answer: v.string(),
  editor: v.string(),
  byToken: v.exactOptional(v.literal(true)),
});
export type StoredAnswer = v.InferOutput<typeof StoredAnswer>;
