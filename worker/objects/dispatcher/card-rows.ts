/** Rows of `cards`: cards that are shared or pinned, and posts, which are messages about updates. */
import type { LocaleTag } from "../../../shared/locale.ts";
import { type Rank, rankOf } from "./rank.ts";
import type { SealedRow } from "./vault.ts";

/** What a post is edited for: 1 after a correction, 2 after its words were erased. */
export type PostMark = 0 | 1 | 2;
export const postMarks = { none: 0, corrected: 1, erased: 2 } as const;

export interface CardEdit {
  card: number;
  /** The card's address as `addressText` writes it, sealed. */
  address: SealedRow;
  caseId: string;
  locale: LocaleTag;
  /** The newest revision that was on the card or announced for it. An older one must not be written. */
  atLeast: number;
  /** The card is no longer kept up to date: this is its last edit. */
  retire: boolean;
  /** Until when this edit is taken to be under way. */
  busyUntil: number;
  /** How often an edit was asked for. */
  asked: number;
  attempts: number;
  trouble: string | null;
  /** Present for a post: the message about an update. */
  post?: Post;
  /** Set with the text: when the text changes without a new revision, in milliseconds since the epoch. */
  lapses?: number;
  /** Set with the text: no revision can follow, so the card can be deleted. */
  last?: boolean;
}

export interface Post {
  /** Why it is edited. */
  mark: PostMark;
  /** It was sent with a neutral first line. */
  neutral: boolean;
  rank: Rank;
  /** The revision that it is about. */
  about: number;
}

export interface CardRow extends SealedRow {
  id: number;
  case_id: string;
  locale: LocaleTag;
  wanted: number;
  shown: number;
  asked: number;
  attempts: number;
  trouble: string | null;
  touched_at: number;
  chat: number;
  neutral: number;
  mark: PostMark;
  about: number;
  /** The rank of a post's chat. */
  rank: Rank | null;
}

export const CARD_COLUMNS = `id, hash, key_id, sealed, case_id, locale, wanted, shown, asked, attempts, trouble, touched_at,
  chat, neutral, mark, about, (SELECT rank FROM chats WHERE chats.id = cards.chat) AS rank`;

export const editOf = (row: CardRow): CardEdit => ({
  card: row.id,
  address: { hash: row.hash, key_id: row.key_id, sealed: row.sealed },
  caseId: row.case_id,
  locale: row.locale,
  atLeast: Math.max(row.wanted, row.shown),
  retire: false,
  busyUntil: 0,
  asked: row.asked,
  attempts: row.attempts,
  trouble: row.trouble,
  ...(row.chat === 0
    ? {}
    : { post: { mark: row.mark, neutral: row.neutral === 1, rank: row.rank ?? rankOf.private, about: row.about } }),
});
