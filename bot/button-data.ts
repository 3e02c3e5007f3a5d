/** The callback data of buttons: at most 64 bytes, and parsed strictly, because a client can send anything. */

import type { Message } from "grammy/types";
import { CASE_ID, isCaseId } from "../shared/case/id.ts";
import type { LocaleTag } from "../shared/locale.ts";
import type { FollowScope } from "./ports.ts";

const id = `(${CASE_ID})`;
const scope = `(${CASE_ID}|all|[A-Z]{2}(?:-[A-Z0-9]{1,3})?|~[^:\\n]{2,60})`;

/** Patterns of callback data. The groups are its arguments. */
export const buttonPattern = {
  follow: new RegExp(`^f:${scope}$`),
  followKnowingly: new RegExp(`^F:${scope}$`),
  followQuietly: new RegExp(`^Q:${scope}$`),
  decline: new RegExp(`^d:${scope}$`),
  unfollow: new RegExp(`^u:${scope}$`),
  unlist: new RegExp(`^x:${scope}$`),
  act: new RegExp(`^a:${id}$`),
  actKnowingly: new RegExp(`^A:${id}$`),
  actAgain: new RegExp(`^b:${id}$`),
  letter: new RegExp(`^w:${id}:([A-Za-z-]{2,11})$`),
  manner: /^n:(silent|neutral|reminders):([01])$/,
  sound: new RegExp(`^N:${id}:([01])$`),
  settings: /^t:(language|following|all)$/,
  hours: /^h:(show|zones|zone|from|to|quiet|urgent|digest)(?::([A-Z0-9+:-]{1,9}|off))?$/,
  /** Pauses, resumes or ends all follows of a place. */
  allFollows: /^y:(pause|resume|ask|stop)$/,
  /** A channel, an action and its argument. */
  channel: /^k:(-\d{6,16}):([a-zA-Z])(?::(.+))?$/,
  refresh: new RegExp(`^r:${id}$`),
  open: new RegExp(`^o:${id}$`),
  chooseLanguage: new RegExp(`^l:${id}$`),
  language: new RegExp(`^L:([a-z]{2,3})(?::${id})?$`),
  list: /^p:(\d{1,4})$/,
  share: new RegExp(`^s:${id}$`),
  shareKnowingly: new RegExp(`^(?:s|S:${id})$`),
  card: new RegExp(`^c:([a-z]{2,3}):${id}$`),
  cardLanguages: new RegExp(`^m:([a-z]{2,3}):${id}$`),
  cardLanguage: new RegExp(`^C:([a-z]{2,3}):${id}$`),
  deleteRecent: /^z((?::[0-9a-z]{1,8}){0,9})$/,
} as const;

export const buttonData = {
  follow: (scope: FollowScope) => `f:${scope}`,
  /** Follows after the safety screen. */
  followKnowingly: (scope: FollowScope) => `F:${scope}`,
  /** Follows after the safety screen, without sound and with a first line that names no one. */
  followQuietly: (scope: FollowScope) => `Q:${scope}`,
  /** Cancels on the safety screen. */
  decline: (scope: FollowScope) => `d:${scope}`,
  unfollow: (scope: FollowScope) => `u:${scope}`,
  /** Unfollows from the list of follows. */
  unlist: (scope: FollowScope) => `x:${scope}`,
  act: (id: string) => `a:${id}`,
  actKnowingly: (id: string) => `A:${id}`,
  /** Reads the action again; the safety screen has been read. */
  actAgain: (id: string) => `b:${id}`,
  /** @param tag the wanted language of the letter, BCP 47 */
  letter: (id: string, tag: string) => `w:${id}:${tag}`,
  manner: (what: "silent" | "neutral" | "reminders", on: boolean) => `n:${what}:${on ? 1 : 0}`,
  /** The sound of one case. */
  sound: (id: string, on: boolean) => `N:${id}:${on ? 1 : 0}`,
  settings: (what: "language" | "following" | "all") => `t:${what}`,
  hours: (what: "show" | "zones" | "zone" | "from" | "to" | "quiet" | "urgent" | "digest", value?: string | number) =>
    value === undefined ? `h:${what}` : `h:${what}:${value}`,
  allFollows: (what: "pause" | "resume" | "ask" | "stop") => `y:${what}`,
  /** @param action a letter, and after a colon its argument */
  channel: (chat: number, action: string) => `k:${chat}:${action}`,
  refresh: (id: string) => `r:${id}`,
  open: (id: string) => `o:${id}`,
  chooseLanguage: (id: string) => `l:${id}`,
  language: (tag: LocaleTag, id?: string) => `L:${tag}${id ? `:${id}` : ""}`,
  list: (page: number) => `p:${page}`,
  share: (id: string) => `s:${id}`,
  /** Allows sharing after the warning. */
  shareKnowingly: (id?: string) => (id ? `S:${id}` : "s"),
  // Buttons of shared cards also carry the card's language.
  card: (tag: LocaleTag, id: string) => `c:${tag}:${id}`,
  cardLanguages: (tag: LocaleTag, id: string) => `m:${tag}:${id}`,
  cardLanguage: (tag: LocaleTag, id: string) => `C:${tag}:${id}`,
  /** @param messages their ids; as many as fit are kept */
  deleteRecent: (messages: number[]) =>
    messages
      .map((message) => `:${message.toString(36)}`)
      .reduce((data, next, index) => (index < 9 && data.length + next.length <= 64 ? data + next : data), "z"),
} as const;

/** The messages that the data of a `deleteRecent` button names. */
export const messagesIn = (list: string): number[] =>
  list
    .split(":")
    .filter((part) => part !== "")
    .map((part) => Number.parseInt(part, 36));

/** True for the scope of one case; false for a place or `all`. */
export const isCase = (scope: FollowScope): boolean => isCaseId(scope);

/** The channel that the buttons under a message are about; null for another message. */
export function channelIn(message: Pick<Message, "reply_markup"> | undefined): number | null {
  const keys = message?.reply_markup?.inline_keyboard.flat() ?? [];
  for (const key of keys) {
    const [, id] = ("callback_data" in key && buttonPattern.channel.exec(key.callback_data)) || [];
    if (id) return Number(id);
  }
  return null;
}
