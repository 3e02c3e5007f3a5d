/** Judges the stand-in's history against the guarantee of docs/delivery.md. */
import type { SentMessage } from "./newsroom.ts";
import { ambiguous, chatOf, supergroupOf, type Trouble, troubleOf, UPDATE } from "./troubles.ts";

/** How many sends are under way at once (worker/dispatcher/dispatcher.ts). */
const LANES = 4;

export interface Tally {
  followers: number;
  /** Heard exactly once. */
  once: number;
  lost: number;
  duplicates: number;
}

export interface Judgement {
  byTrouble: Map<Trouble, Tally>;
  /** Followers who heard nothing though they could. */
  lost: number[];
  /** Chats that had blocked the bot and yet hold a message. */
  disturbed: number[];
  /** Second messages to chats whose answers were never lost: the crashes' own. */
  crashDuplicates: number;
  allowedByCrashes: number;
  /** Second messages to chats whose answer Telegram lost; one each is allowed. */
  lostAnswerDuplicates: number;
  allowedByLostAnswers: number;
  /** Second messages that rang a phone. */
  loudDuplicates: number;
}

export function judge(history: SentMessage[], followers: number, kills: number): Judgement {
  const heard = new Map<number, SentMessage[]>();
  for (const message of history)
    if (UPDATE.test(message.text)) heard.set(message.chat, [...(heard.get(message.chat) ?? []), message]);
  const judgement: Judgement = {
    byTrouble: new Map(),
    lost: [],
    disturbed: [],
    crashDuplicates: 0,
    allowedByCrashes: LANES * kills,
    lostAnswerDuplicates: 0,
    allowedByLostAnswers: 0,
    loudDuplicates: 0,
  };
  for (let index = 0; index < followers; index++) {
    const trouble = troubleOf(index);
    const messages = heard.get(trouble === "migrates" ? supergroupOf(index) : chatOf(index)) ?? [];
    const tally = judgement.byTrouble.get(trouble) ?? { followers: 0, once: 0, lost: 0, duplicates: 0 };
    judgement.byTrouble.set(trouble, tally);
    tally.followers++;
    if (trouble === "blocked") {
      if (messages.length > 0) judgement.disturbed.push(index);
      continue;
    }
    if (messages.length === 0) {
      judgement.lost.push(index);
      tally.lost++;
    }
    if (messages.length === 1) tally.once++;
    const extra = messages.slice(1);
    tally.duplicates += extra.length;
    judgement.loudDuplicates += extra.filter(({ silent }) => !silent).length;
    const excused = ambiguous(trouble) ? Math.min(1, extra.length) : 0;
    judgement.allowedByLostAnswers += ambiguous(trouble) ? 1 : 0;
    judgement.lostAnswerDuplicates += excused;
    judgement.crashDuplicates += extra.length - excused;
  }
  return judgement;
}

/** What broke the guarantee, in words; empty when nothing did. */
export function violations(judgement: Judgement): string[] {
  const found: string[] = [];
  const { lost, disturbed, crashDuplicates, allowedByCrashes, loudDuplicates } = judgement;
  if (lost.length > 0) found.push(`${lost.length} followers heard nothing: ${lost.slice(0, 20).join(", ")}`);
  if (disturbed.length > 0) found.push(`${disturbed.length} chats that blocked the bot heard it`);
  if (crashDuplicates > allowedByCrashes)
    found.push(`${crashDuplicates} duplicates by crashes, where ${allowedByCrashes} are allowed`);
  if (loudDuplicates > 0) found.push(`${loudDuplicates} duplicates rang a phone`);
  return found;
}
