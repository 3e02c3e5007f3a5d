import type { Context } from "hono";
import type { Profile } from "../../shared/profile/schema.ts";
import type { ListQuery } from "../editing/contract/parameters.ts";
import { profileOf } from "../runtime/profiles/profiles.ts";
import type { Copy, Start } from "./copies.ts";
import { noteLease, type Public, startOf } from "./freshness.ts";
import { nextHalfDay } from "./list.ts";
import { answerFrom, type ListAnswer, type ListQuestion, type Topic } from "./questions.ts";
import { type Reads, readsFor } from "./reads.ts";

/**
 * Reads a copy for this answer and notes its lease.
 * @returns the copy, and the isolate's time after the reading, in milliseconds
 */
export async function leased<T>(
  c: Context<Public>,
  read: (reads: Reads) => Promise<Copy<T>>,
): Promise<Copy<T> & { now: number }> {
  const reads = readsFor(c.env);
  // Throws if this request has waited in vain.
  startOf(c.req.raw);
  const copy = await read(reads);
  noteLease(c, copy, reads);
  return { ...copy, now: reads.now() };
}

/**
 * Answers a question about the list of cases, from this isolate's list once it is filled.
 * @param isKept false for a question that nobody will ask again
 * @param start when the read started; default: now
 * @returns the copy that the answer is made of, and a function that gives the answer
 */
export async function answerOf<T extends Topic>(
  reads: Reads,
  question: ListQuestion<T>,
  profile: Profile,
  isKept?: boolean,
  start?: Start,
): Promise<{ copy: Copy<object>; at: (now: number) => ListAnswer<T> }> {
  // Deadlines may pass while the Ledger answers.
  const until = nextHalfDay(reads.now());
  const answer = await reads.leasedAnswer(question, isKept);
  if (answer) return { copy: { ...answer, until }, at: () => answer.value };
  const list = await reads.leasedSummaries(start);
  return { copy: { ...list, until }, at: (now) => answerFrom(list.value, question, now, profile) };
}

/** `answerOf`, for this answer. Notes the lease. */
export async function leasedAnswer<T extends Topic>(
  c: Context<Public>,
  question: ListQuestion<T>,
  isKept?: boolean,
): Promise<{ copy: Copy<object>; at: (now: number) => ListAnswer<T> }> {
  const reads = readsFor(c.env);
  const answer = await answerOf(reads, question, profileOf(c.env), isKept, startOf(c.req.raw));
  noteLease(c, answer.copy, reads);
  return answer;
}

/** Reads a page of the list of cases. */
export const leasedPage = (c: Context<Public>, { lang: _, ...filters }: ListQuery, at?: string) =>
  leasedAnswer(c, { about: "page", query: { ...filters, at } });
