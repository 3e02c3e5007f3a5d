/** The ports that the bot's host implements. */

import type { LocaleTag } from "../shared/locale.ts";
import type { Profile } from "../shared/profile/schema.ts";
import type { ActView } from "../shared/view/act.ts";
import type { RefusalView, View } from "../shared/view/schema.ts";
import type { CaseSummary, Unshowable } from "../shared/view/summary.ts";
import type { Hours } from "./hours.ts";

/** The deployment that the bot's messages link to. */
export interface BotLinks {
  /** Without a trailing slash. */
  publicUrl: string;
  profile: Profile;
}

/**
 * Thrown by a port that can't reach its service. The update is then not
 * acknowledged, so that Telegram sends it again.
 */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** By name, because the port may be in another Worker. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof Error && error.name === "Unreachable";

/** The cases, read through the same leased copies as on every other surface. */
export interface CaseBook {
  view(id: string, locale: LocaleTag): Promise<View>;
  /**
   * The case's action.
   * @param letterIn the wanted language of the letter, BCP 47
   */
  act(
    id: string,
    locale: LocaleTag,
    letterIn?: string,
  ): Promise<ActView | RefusalView>;
  /** A part of the list. @param from the number of cases before it */
  list(from: number, limit: number): Promise<FoundCases>;
  /** Searches folded names, titles and numbers. */
  search(query: string, limit: number, from?: number): Promise<FoundCases>;
  /** Those of the cases with these ids that are in the list. */
  known(ids: FollowScope[]): Promise<CaseSummary[]>;
  /**
   * The cases that a text mentions by number, by the address of a page or by a
   * person's full name, and unlisted numbers' ids.
   */
  mentioned(
    text: string,
  ): Promise<{ cases: CaseSummary[]; unlisted: string[] }>;
  /**
   * Cases of people with words of a question in their names, in any form: those
   * with the most of them.
   */
  asked(
    words: readonly string[],
    limit: number,
  ): Promise<{ cases: CaseSummary[]; hasAll: boolean }>;
  /** @param name the text that may name a place */
  places(name: string): Promise<KnownPlaces>;
  /**
   * Values for examples: the number of a case, invented if there is one, and
   * the code of a place.
   */
  example(): Promise<{ number: string | null; place: string | null }>;
}

/**
 * A part of the list, or of what a search finds. The case with the newest
 * change comes first.
 */
export interface FoundCases {
  cases: CaseSummary[];
  /** The number of all. */
  found: number;
  /**
   * When a search finds nothing: cases of people with names near to the query,
   * the nearest first.
   */
  near: CaseSummary[];
  /**
   * Live cases that can't be shown: all of them, or those whose number the
   * query names.
   */
  unshowable: Unshowable[];
}

/** The places of all cases. */
export interface KnownPlaces {
  /** ISO 3166 codes. */
  codes: string[];
  /**
   * The code of the place that a case calls by the name, in the case's
   * languages.
   */
  own: string | null;
}

/** The destination of a message: a chat, and a topic in it. */
export interface ChatPlace {
  chat: number;
  kind: "private" | "group" | "channel";
  topic?: number;
}

/**
 * A follow's subject: a case id, the ISO 3166 code of a place or an authority
 * (`UA-43`, `RU`), the row of a followed word or name (`#12`), or `all`. A word
 * that somebody asks to follow stands after a tilde (`~kuku`); this form is
 * never stored or sent.
 */
export type FollowScope = string;

/**
 * Open: with sound, and corrections pass quiet hours. Quiet: without sound.
 * Hidden: without sound, and nothing is named in sight.
 */
export type MannerName = "open" | "quiet" | "hidden";

/** How updates reach a chat. */
export interface Manner {
  /** Without a notification sound. */
  silent: boolean;
  /** The first line names no one, and the rest is a spoiler. */
  neutral: boolean;
  /** Updates without the case under the news; for channels. */
  brief?: boolean;
  /**
   * Nothing is sent. When the pause ends, each case that has changed since then
   * is sent once.
   */
  paused?: boolean;
  /** When messages may come; null, like absent, for any time. */
  hours?: Hours | null;
  /** False when the chat wants no reminders of deadlines. */
  reminders?: boolean;
  /**
   * The followed cases whose sound was chosen: true for those that ring. Others
   * ring unless `silent`.
   */
  rings?: Record<string, boolean>;
}

/** The result of /forget: how much was deleted. */
export interface Forgotten {
  follows: number;
  deliveries: number;
  /**
   * Cards shared from the chat or posted in it. The messages stay in Telegram
   * but are no longer updated.
   */
  cards: number;
  /** The messages of a channel's cards. */
  pinned?: number[];
  /**
   * The ids of messages about updates from the last two days, newest first.
   * Telegram still deletes these.
   */
  recent?: number[];
  /** Messages about updates that were kept true. */
  posts: number;
  /** Links of the group to the newsroom's desk. */
  desk?: number;
  /**
   * True when a part of the storage can't be read, because its key is missing:
   * there may be more about this chat.
   */
  unsure?: boolean;
  /** True if the chat had chosen a language or a setting. */
  chosen: boolean;
  /** True if the chat had accepted the warning about sharing. */
  warned: boolean;
}

/**
 * How an unfollow ended, and the messages of a channel's cards of those cases.
 */
export interface Unfollowed {
  outcome: "unfollowed" | "not-followed";
  cards: number[];
}

/**
 * Follows and settings by chat. Chat ids are encrypted at rest; nothing else
 * about a person is stored.
 */
export interface Followers {
  /**
   * @param locale the language of updates when the chat has chosen none
   * @param seen the newest revision of the case that the chat has been shown; 0
   * for other scopes
   * @param manner settings that are changed first
   */
  follow(
    place: ChatPlace,
    scope: FollowScope,
    locale: LocaleTag,
    seen: number,
    manner?: Partial<Manner>,
  ): Promise<"followed" | "already">;
  unfollow(place: ChatPlace, scopes: FollowScope[]): Promise<Unfollowed>;
  /** Earlier follows first; those between two announcements by scope. */
  following(place: ChatPlace): Promise<FollowScope[]>;
  /** The words that a chat follows, by scope. */
  words(place: ChatPlace): Promise<ReadonlyMap<FollowScope, string>>;
  /**
   * The follows of all topics of a chat, in the order of the topics. Topic 0 is
   * the chat itself.
   */
  followingEverywhere(
    place: ChatPlace,
  ): Promise<{ scope: FollowScope; topic: number }[]>;
  /**
   * Uses one of a group's answers.
   * @returns false when its members have used them up
   */
  mayAnswer(place: ChatPlace): Promise<boolean>;
  /** The chosen language; null when none was chosen. */
  language(place: ChatPlace): Promise<LocaleTag | null>;
  /** Translates the cards of a channel too. */
  setLanguage(place: ChatPlace, locale: LocaleTag): Promise<void>;
  manner(place: ChatPlace): Promise<Manner>;
  setManner(place: ChatPlace, manner: Partial<Manner>): Promise<void>;
  /**
   * Moves a chat's data when a group becomes a supergroup and gets a new id.
   */
  move(from: number, to: number): Promise<void>;
  /**
   * The bot may write to the chat again: sends the updates it missed, one for
   * each case.
   */
  retry(place: ChatPlace): Promise<void>;
  /**
   * Deletes everything stored about the chat at once, pending deliveries
   * included.
   */
  forget(place: ChatPlace): Promise<Forgotten>;
}

/**
 * The result of linking a group to the desk. `unknown`: the code is wrong, used
 * or has expired. `full`: too many groups are linked.
 */
export type DeskLinked = "linked" | "already" | "unknown" | "full";

/** Groups of editors, which hear what happens to proposals. */
export interface DeskChatPort {
  /**
   * @param locale the language of what the group hears when it has chosen none
   */
  link(place: ChatPlace, code: string, locale: LocaleTag): Promise<DeskLinked>;
  /** @returns false when the group is not linked */
  unlink(place: ChatPlace): Promise<boolean>;
}

/**
 * The address of a card: an inline message, or the bot's own message in a chat.
 */
export type CardAddress =
  | { inline: string }
  | { chat: number; message: number };

/** The content of a card. */
export interface CardContent {
  caseId: string;
  locale: LocaleTag;
  /** The number of the revision it shows; 0 when unknown. */
  shown: number;
}

/** A stored card: its case and its language. */
export type CardKept = Pick<CardContent, "caseId" | "locale">;

/**
 * Cards in chats. Each is edited when its case changes, one edit at a time.
 * Addresses are encrypted at rest.
 */
export interface Cards {
  /**
   * True when this private chat has confirmed the sharing warning in the last
   * 90 days.
   */
  mayShare(place: ChatPlace): Promise<boolean>;
  /** Stores that the chat has confirmed the sharing warning now. */
  allowSharing(place: ChatPlace): Promise<void>;
  /**
   * Registers a shared card. It expires 90 days after its last use.
   * @param by the chat whose /forget removes it
   */
  shared(
    address: CardAddress,
    card: CardContent,
    by: ChatPlace | null,
  ): Promise<void>;
  /**
   * The card stored for an address; null when there is none. Waits a little for
   * a card that was only just shared.
   */
  kept(address: CardAddress): Promise<CardKept | null>;
  /**
   * Queues an edit of the card whose button was pressed. Waits as `kept` does.
   * @param choice the card's new language; null keeps it
   * @returns the stored card; null when there is none, and then nothing is
   * edited
   */
  pressed(
    address: CardAddress,
    choice: LocaleTag | null,
  ): Promise<CardKept | null>;
  /**
   * Keeps an answer about a case that a group follows, so that it is corrected
   * or emptied as updates are.
   */
  answered(place: ChatPlace, message: number, card: CardContent): Promise<void>;
  /**
   * Follows the case of a card that the bot posted in a channel, and keeps the
   * card, which does not expire.
   * @returns the messages of the channel's former cards of the case
   */
  pin(place: ChatPlace, message: number, card: CardContent): Promise<number[]>;
}
