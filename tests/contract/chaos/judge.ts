/** Judges the stand-in's history against the guarantee of docs/delivery.md. */
import { MAX_LANES } from "../../../worker/objects/dispatcher/drain.ts";
import type { EditedMessage, SentMessage } from "./newsroom.ts";
import {
  ambiguous,
  CORRECTION,
  chatOf,
  EMPTIED,
  MARKED,
  supergroupOf,
  troubleOf,
  UPDATE,
} from "./troubles.ts";

export type Judgement = ReturnType<typeof judge>;

/** @param news matches the message that each follower must receive once */
export function judge(
  history: SentMessage[],
  followers: number,
  kills: number,
  news = UPDATE,
) {
  const heard = new Map<number, SentMessage[]>();
  for (const message of history)
    if (news.test(message.text))
      heard.set(message.chat, [...(heard.get(message.chat) ?? []), message]);
  const judgement = {
    /** Reachable followers who received nothing. */
    lost: [] as number[],
    /** Chats that had blocked the bot but received a message. */
    disturbed: [] as number[],
    /**
     * Second messages to chats whose answers were never lost, so caused by the
     * kills.
     */
    crashDuplicates: 0,
    allowedByCrashes: MAX_LANES * kills,
    /**
     * Second messages to chats whose answer Telegram lost. One each is allowed.
     */
    lostAnswerDuplicates: 0,
    allowedByLostAnswers: 0,
    /** Second messages with a notification sound. */
    loudDuplicates: 0,
  };
  for (let index = 0; index < followers; index++) {
    const trouble = troubleOf(index);
    const messages =
      heard.get(trouble === "migrates" ? supergroupOf(index) : chatOf(index)) ??
      [];
    if (trouble === "blocked") {
      if (messages.length > 0) judgement.disturbed.push(index);
      continue;
    }
    if (messages.length === 0) judgement.lost.push(index);
    const extra = messages.slice(1);
    judgement.loudDuplicates += extra.filter(({ silent }) => !silent).length;
    const excused = ambiguous(trouble) ? Math.min(1, extra.length) : 0;
    judgement.allowedByLostAnswers += ambiguous(trouble) ? 1 : 0;
    judgement.lostAnswerDuplicates += excused;
    judgement.crashDuplicates += extra.length - excused;
  }
  return judgement;
}

/**
 * Chats whose newest post with some text was not edited to another. An older
 * post in the same chat may not have been: its answer was lost, so nobody knows
 * its id.
 */
function notEdited(
  history: SentMessage[],
  edits: EditedMessage[],
  post: RegExp,
  edited: RegExp,
): number[] {
  const newest = new Map<number, SentMessage>();
  for (const message of history)
    if (post.test(message.text)) newest.set(message.chat, message);
  const texts = new Map(
    edits.map(({ chat, id, text }) => [`${chat} ${id}`, text]),
  );
  return [...newest.values()]
    .filter(({ chat, id }) => !edited.test(texts.get(`${chat} ${id}`) ?? ""))
    .map(({ chat }) => chat);
}

/** Chats whose post about the update lacks the mark of the correction. */
export const notMarked = (
  history: SentMessage[],
  edits: EditedMessage[],
): number[] => notEdited(history, edits, UPDATE, MARKED);

/**
 * Chats whose posts about the update or its correction still show words that
 * were erased.
 */
export const notEmptied = (
  history: SentMessage[],
  edits: EditedMessage[],
): number[] =>
  [UPDATE, CORRECTION].flatMap((post) =>
    notEdited(history, edits, post, EMPTIED),
  );

/** Describes each violation of the guarantee; empty when there are none. */
export function violations(judgement: Judgement): string[] {
  const found: string[] = [];
  const { lost, disturbed, crashDuplicates, allowedByCrashes, loudDuplicates } =
    judgement;
  if (lost.length > 0)
    found.push(
      `${lost.length} followers heard nothing: ${lost.slice(0, 20).join(", ")}`,
    );
  if (disturbed.length > 0)
    found.push(`${disturbed.length} chats that blocked the bot heard it`);
  if (crashDuplicates > allowedByCrashes)
    found.push(
      `${crashDuplicates} duplicates by crashes, where ${allowedByCrashes} are allowed`,
    );
  if (loudDuplicates > 0)
    found.push(`${loudDuplicates} duplicates rang a phone`);
  return found;
}
