/**
 * Rows of `cards`: cards that are shared or pinned, and posts, which are
 * messages about updates.
 */
import type { LocaleTag } from "../../../shared/locale.ts";
import { type Rank, rankOf } from "./rank.ts";
import type { Sealed, SealedRow } from "./vault.ts";

/**
 * What a post is edited for: 1 after a correction, 2 after its words were
 * erased.
 */
export type PostMark = 0 | 1 | 2;
export const postMarks = { none: 0, corrected: 1, erased: 2 } as const;

/** A card or post with what one edit of it needs. */
export interface CardEdit extends SealedRow {
  card: number;
  caseId: string;
  locale: LocaleTag;
  /**
   * The newest revision that was on the card or announced for it. An older one
   * must not be written.
   */
  atLeast: number;
  /** How often an edit was asked for. */
  asked: number;
  attempts: number;
  trouble: string | null;
  touchedAt: number;
  /** The row of a post's chat; 0 for a card. */
  chat: number;
  /** 1 for a post that was sent with a neutral first line. */
  neutral: number;
  /** Why a post is edited. */
  mark: PostMark;
  /** The revision that a post is about. */
  about: number;
  /** The rank of a post's chat. */
  rank: Rank;
  /** Until when this edit is taken to be under way. */
  busyUntil: number;
  /** The card is no longer kept up to date: this is its last edit. */
  retire: boolean;
  /**
   * Set with the text: when the text changes without a new revision, in
   * milliseconds since the epoch.
   */
  lapses?: number;
  /** Set with the text: no revision can follow, so the card can be deleted. */
  last?: boolean;
}
export type CardRow = Omit<CardEdit, "busyUntil" | "retire">;

export const CARD_COLUMNS = `id AS card, hash, key_id, sealed, case_id AS caseId, locale, MAX(wanted, shown) AS atLeast, asked, attempts, trouble,
  touched_at AS touchedAt, chat, neutral, mark, about,
  COALESCE((SELECT rank FROM chats WHERE chats.id = cards.chat), ${rankOf.private}) AS rank`;

/** A message that Telegram has accepted. */
export interface SentPost {
  /** Its address, sealed. */
  address: Sealed;
  locale: LocaleTag;
  neutral: boolean;
}
