/** What the bot needs of its host. */
import type { LocaleTag } from "../shared/locale.ts";
import type { CaseSummary } from "../shared/protocol.ts";
import type { View } from "../shared/view.ts";

/** Thrown by a port when what it stands for cannot be reached; the update is then not taken, so that Telegram brings it again. */
export class Unreachable extends Error {}

/** The cases, read through the same leased copy as every other surface. */
export interface CaseBook {
  view(id: string, locale: LocaleTag): Promise<View>;
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

/** Who follows what. Ids are encrypted at rest; nothing else about a person is kept. */
export interface Followers {
  /**
   * @param locale the language updates come in unless one was chosen
   * @param told the newest revision the follower has seen, which no update needs to tell again
   */
  follow(place: Place, id: string, locale: LocaleTag, told: number): Promise<"followed" | "already">;
  unfollow(place: Place, id: string): Promise<"unfollowed" | "not-followed">;
  /** Ids of cases, in the order they were followed. */
  following(place: Place): Promise<string[]>;
  /** The chosen language, or null when none was chosen. */
  language(place: Place): Promise<LocaleTag | null>;
  setLanguage(place: Place, locale: LocaleTag): Promise<void>;
  /** Deletes everything kept about the chat at once, pending deliveries too, and says how much that was. */
  forget(place: Place): Promise<{ follows: number; deliveries: number }>;
}
