/** What the bot needs of its host. */

import type { LocaleTag } from "../shared/locale.ts";
import type { ActView } from "../shared/view/act.ts";
import type { RefusalView, View } from "../shared/view/schema.ts";
import type { CaseSummary } from "../shared/view/summary.ts";

/** Thrown by a port when what it stands for cannot be reached; the update is then not taken, so that Telegram brings it again. */
export class Unreachable extends Error {}

/** The cases, read through the same leased copy as every other surface. */
export interface CaseBook {
  view(id: string, locale: LocaleTag): Promise<View>;
  /** What a person can do for it now. @param letterIn a BCP 47 tag: the language the letter is wanted in */
  act(id: string, locale: LocaleTag, letterIn?: string): Promise<ActView | RefusalView>;
  /** Newest change first. */
  list(): Promise<CaseSummary[]>;
  /** Folded names, titles and numbers; newest change first. */
  search(query: string): Promise<CaseSummary[]>;
}

/** Where an answer or an update goes: a chat, and the topic in it. */
export interface Place {
  chat: number;
  kind: "private" | "group" | "channel";
  topic?: number;
}

/** What can be followed: a case by its id, a place or an authority by its ISO 3166 code (`UA-43`, `RU`), or everything (`all`). */
export type Scope = string;

/** How a chat is told. */
export interface Manner {
  /** No phone rings. */
  silent: boolean;
  /** The first line names nobody, and the rest is hidden until it is touched. */
  neutral: boolean;
}

/** How much was deleted. */
export interface Forgotten {
  follows: number;
  deliveries: number;
  /** Cards shared from the chat, or standing in it: they stay in Telegram, and are not kept up to date any more. */
  cards: number;
  /** Whether a language or a setting was chosen. */
  chosen: boolean;
  /** Whether it was kept that the chat read what sharing means. */
  warned: boolean;
}

/** Who follows what. Ids are encrypted at rest; nothing else about a person is kept. */
export interface Followers {
  /**
   * @param locale the language updates come in unless one was chosen
   * @param told of a case, the newest revision the follower has seen, which no update needs to tell again; else 0
   */
  follow(place: Place, scope: Scope, locale: LocaleTag, told: number): Promise<"followed" | "already">;
  unfollow(place: Place, scope: Scope): Promise<"unfollowed" | "not-followed">;
  /** In the order they were followed. */
  following(place: Place): Promise<Scope[]>;
  /** The chosen language, or null when none was chosen. */
  language(place: Place): Promise<LocaleTag | null>;
  setLanguage(place: Place, locale: LocaleTag): Promise<void>;
  manner(place: Place): Promise<Manner>;
  setManner(place: Place, manner: Partial<Manner>): Promise<void>;
  /** A group that became a supergroup has another number: everything kept about it moves there. */
  move(from: number, to: number): Promise<void>;
  /** The bot may write there again: updates that it could not write are sent, one for each case. */
  retry(place: Place): Promise<void>;
  /** Deletes everything kept about the chat at once, pending deliveries too, and says how much that was. */
  forget(place: Place): Promise<Forgotten>;
}

/** A message that stays where it was put: shared through inline mode, or the bot's own in a chat. */
export type CardAddress = { inline: string } | { chat: number; message: number };

/** What a card shows. */
export interface CardContent {
  caseId: string;
  locale: LocaleTag;
  /** The revision on it; 0 when unknown. */
  shown: number;
}

/** What a kept card is of, and its language. */
export type CardKept = Pick<CardContent, "caseId" | "locale">;

/** Cards in chats, each edited when its case changes, one edit at a time. Addresses are encrypted at rest. */
export interface Cards {
  /** Whether this private chat has read what sharing means, in the last 90 days. */
  mayShare(place: Place): Promise<boolean>;
  /** It has read it now. */
  allowSharing(place: Place): Promise<void>;
  /** Keeps a card until nobody has touched it for 90 days. @param by the chat whose /forget lets it go */
  shared(address: CardAddress, card: CardContent, by: Place | null): Promise<void>;
  /** What card is kept there; null when none is. */
  kept(address: CardAddress): Promise<CardKept | null>;
  /**
   * Somebody pressed a button under a card: it is edited, now or in its turn.
   * @param choice the language the card is to have
   * @returns which card it is; null when none is kept there: then nothing is edited, whatever the button says
   */
  pressed(address: CardAddress, choice: LocaleTag | null): Promise<CardKept | null>;
  /** Keeps a card that the bot posted in a channel, for as long as it is there. */
  pin(place: Place, message: number, card: CardContent): Promise<void>;
  /** The channel's cards are edited into another language. */
  translate(place: Place, locale: LocaleTag): Promise<void>;
  /** Lets the channel's cards of a case go. @returns the messages they are */
  unpin(place: Place, caseId: string): Promise<number[]>;
}
