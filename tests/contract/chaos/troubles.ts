/**
 * Assigns a Telegram fault to each follower. The stand-in that makes the faults
 * and the judge share it.
 */

/** Chat id of the first follower; these ids are easy to search for. */
export const FIRST_CHAT = 7_301_900_000;

/**
 * What Telegram does with the first message: "dropped" without an answer,
 * "answer ..." after it was sent.
 */
export type Trouble =
  | "none"
  | "blocked"
  | "migrates"
  | "refused"
  | "answer refused"
  | "dropped"
  | "answer dropped"
  | "late"
  | "busy";

const byTwenty: Partial<Record<number, Trouble>> = {
  1: "blocked",
  2: "migrates",
  3: "refused",
  4: "answer refused",
  5: "dropped",
  6: "answer dropped",
};

/** @param index the follower's, from 0 */
export function troubleOf(index: number): Trouble {
  if (index % 1000 === 8) return "late";
  if (index % 1000 === 9) return "busy";
  return byTwenty[index % 20] ?? "none";
}

/** Group ids are negative, and only groups migrate. */
export const chatOf = (index: number) =>
  troubleOf(index) === "migrates" ? -(FIRST_CHAT + index) : FIRST_CHAT + index;
/** Chat id of a group after it has migrated. */
export const supergroupOf = (index: number) =>
  -1_000_000_000_000 - FIRST_CHAT - index;

/** Returns a chat's follower; null when there is none. */
export function indexOf(chat: number): number | null {
  const index = Math.abs(chat) - FIRST_CHAT;
  return index >= 0 && index < 1_000_000 ? index : null;
}

/** Faults after which a message may have arrived without an answer. */
export const ambiguous = (trouble: Trouble) =>
  ["answer refused", "answer dropped", "late"].includes(trouble);

/** The message that every follower must receive once. */
export const UPDATE = /^DEMO[^\n]*\nInvented note \d+\. · UA 1\/00/;
/**
 * The message about its correction, which every follower must receive once too.
 */
export const CORRECTION =
  /^DEMO[^\n]*\nCorrection · Invented note \d+\. · UA 1\/00/;
/**
 * What an edit makes of the posts before a correction, and of all posts before
 * a redaction.
 */
export const MARKED =
  /^DEMO[^\n]*\nCorrected · Invented note \d+\. · UA 1\/00\nFacts as of 4 February 2000/;
export const EMPTIED =
  /^UA 1\/00\n\nThis message was emptied(?![\s\S]*Invented)/;
