/**
 * The callback data of buttons: at most 64 bytes, and parsed strictly, because
 * a client can send anything.
 */

import type { Message } from "grammy/types";
import { CASE_ID, isCaseId } from "../shared/case/id.ts";
import type { LocaleTag } from "../shared/locale.ts";
import type { FollowScope, MannerName } from "./ports.ts";

const id = `(${CASE_ID})`;
/**
 * A tilde stands for the word in the message that the bot answered: see
 * `askedScope`.
 */
const scope = `(${CASE_ID}|all|[A-Z]{2}(?:-[A-Z0-9]{1,3})?|~|#\\d{1,15})`;

const ofScope = (letter: string) => ({
  pattern: new RegExp(`^${letter}:${scope}$`),
  data: (scope: FollowScope) =>
    `${letter}:${scope.startsWith("~") ? "~" : scope}`,
});
const ofCase = (letter: string) => ({
  pattern: new RegExp(`^${letter}:${id}$`),
  data: (id: string) => `${letter}:${id}`,
});
/** Buttons of shared cards also carry the card's language. */
const ofCard = (letter: string) => ({
  pattern: new RegExp(`^${letter}:([a-z]{2,3}):${id}$`),
  data: (tag: LocaleTag, id: string) => `${letter}:${tag}:${id}`,
});
/**
 * When messages come: at any time, outside quiet hours, once a day, or not at
 * all.
 */
export type HoursChoice = "any" | "quiet" | "daily" | "pause";
type Hours = HoursChoice | "show" | "zones" | "from" | "to" | "digest";

/**
 * Each kind of button: the pattern of its data, whose groups are its arguments,
 * and how its data is written.
 */
const kinds = {
  follow: ofScope("f"),
  /** Follows after the safety screen. */
  followKnowingly: ofScope("F"),
  /**
   * Follows after the safety screen, without sound and with a first line that
   * names no one.
   */
  followQuietly: ofScope("Q"),
  /** Cancels on the safety screen. */
  decline: ofScope("d"),
  unfollow: ofScope("u"),
  /** Unfollows from the list of follows. */
  unlist: ofScope("x"),
  act: ofCase("a"),
  actKnowingly: ofCase("A"),
  /** Reads the action again; the safety screen has been read. */
  actAgain: ofCase("b"),
  /** With the wanted language of the letter, BCP 47. */
  letter: {
    pattern: new RegExp(`^w:${id}:([A-Za-z-]{2,11})$`),
    data: (id: string, tag: string) => `w:${id}:${tag}`,
  },
  manner: {
    pattern: /^n:(open|quiet|hidden)$/,
    data: (manner: MannerName) => `n:${manner}`,
  },
  reminders: {
    pattern: /^n:reminders:([01])$/,
    data: (on: boolean) => `n:reminders:${on ? 1 : 0}`,
  },
  /** The sound of one case. */
  sound: {
    pattern: new RegExp(`^N:${id}:([01])$`),
    data: (id: string, on: boolean) => `N:${id}:${on ? 1 : 0}`,
  },
  settings: {
    pattern: /^t:(language|following|all)$/,
    data: (what: "language" | "following" | "all") => `t:${what}`,
  },
  hours: {
    pattern:
      /^h:(show|zones|any|quiet|daily|pause|from|to|digest)(?::([A-Z0-9+:-]{1,9}))?$/,
    data: (what: Hours, value?: string | number) =>
      value === undefined ? `h:${what}` : `h:${what}:${value}`,
  },
  /** A choice of `hours` on a clock that the chat is asked for. */
  zone: {
    pattern: /^h:(quiet|daily):(.+)$/,
    data: (choice: "quiet" | "daily", zone: string) => `h:${choice}:${zone}`,
  },
  /** Ends all follows of a place, or asks first. */
  allFollows: {
    pattern: /^y:(ask|stop)$/,
    data: (what: "ask" | "stop") => `y:${what}`,
  },
  /** A channel, and an action: a letter, and after a colon its argument. */
  channel: {
    pattern: /^k:(-\d{6,16}):([a-zA-Z])(?::(.+))?$/,
    data: (chat: number, action: string) => `k:${chat}:${action}`,
  },
  refresh: ofCase("r"),
  open: ofCase("o"),
  chooseLanguage: ofCase("l"),
  language: {
    pattern: new RegExp(`^L:([a-z]{2,3})(?::${id})?$`),
    data: (tag: LocaleTag, id?: string) => `L:${tag}${id ? `:${id}` : ""}`,
  },
  list: { pattern: /^p:(\d{1,4})$/, data: (page: number) => `p:${page}` },
  share: ofCase("s"),
  /** Allows sharing after the warning. */
  shareKnowingly: {
    pattern: new RegExp(`^(?:s|S:${id})$`),
    data: (id?: string) => (id ? `S:${id}` : "s"),
  },
  card: ofCard("c"),
  cardLanguages: ofCard("m"),
  cardLanguage: ofCard("C"),
  /** With the ids of messages; as many as fit are kept. */
  deleteRecent: {
    pattern: /^z((?::[0-9a-z]{1,8}){0,9})$/,
    data: (messages: number[]) =>
      messages
        .map((message) => `:${message.toString(36)}`)
        .reduce(
          (data, next, index) =>
            index < 9 && data.length + next.length <= 64 ? data + next : data,
          "z",
        ),
  },
};

type Kinds = typeof kinds;

const partOf = <Part extends "pattern" | "data">(part: Part) =>
  Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [name, kind[part]]),
  ) as unknown as {
    readonly [Name in keyof Kinds]: Kinds[Name][Part];
  };

export const buttonPattern = partOf("pattern");
export const buttonData = partOf("data");

/** The messages that the data of a `deleteRecent` button names. */
export const messagesIn = (list: string): number[] =>
  list
    .split(":")
    .filter((part) => part !== "")
    .map((part) => Number.parseInt(part, 36));

const scopeAtEnd = new RegExp(`:${scope}$`);
/** The scope that a button is about; null for another button. */
export const scopeOfButton = (data: string): FollowScope | null =>
  scopeAtEnd.exec(data)?.[1] ?? null;
/**
 * True for a button that needs the message which the bot answered: to read the
 * word in it, or to delete it.
 */
export const needsAsked = (data: string): boolean =>
  scopeOfButton(data) === "~" || buttonPattern.followQuietly.test(data);

/** True for the scope of one case; false for a place or `all`. */
export const isCase = (scope: FollowScope): boolean => isCaseId(scope);

/**
 * What the first button of a kind under a message says; null for a message
 * without one.
 */
export function buttonUnder(
  message: Pick<Message, "reply_markup"> | undefined,
  kind: "channel" | "zone",
): RegExpExecArray | null {
  for (const key of message?.reply_markup?.inline_keyboard.flat() ?? []) {
    const found =
      "callback_data" in key && buttonPattern[kind].exec(key.callback_data);
    if (found) return found;
  }
  return null;
}
