/**
 * What updates from Telegram read and change. One call claims an update and reads its chats; one more makes its change. Each call after
 * the claim also notes that the update is done, so that Telegram's repetition of it changes nothing.
 */
import { RpcTarget } from "cloudflare:workers";
import type {
  CardAddress,
  CardContent,
  CardKept,
  ChatPlace,
  DeskLinked,
  FollowScope,
  Forgotten,
  Manner,
  Unfollowed,
} from "../../../bot/ports.ts";
import { rowOfScope, wordOf } from "../../../bot/scope.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { firstRow } from "../storage/queries.ts";
import { addressText, type CardEditor } from "./card-editor.ts";
import type { SqlCards } from "./cards.ts";
import type { DeskPorts, SqlDeskChats } from "./desk-chats.ts";
import type { FanOut } from "./fan-out.ts";
import type { FollowedWords } from "./followed-words.ts";
import type { SqlFollowers } from "./followers.ts";
import type { ForgottenRows } from "./forgotten-rows.ts";
import type { SqlOutbox } from "./outbox.ts";
import { rankOf } from "./rank.ts";
import { type Charge, RateLimiter, takeAll } from "./rate-limiter.ts";
import type { Sealed, Vault } from "./vault.ts";

/** After this time an update no longer counts as being handled. Longer than any handler takes. */
const HANDLING_TIMEOUT_MS = 30_000;
/** How long the ids of handled updates are kept: two days. Telegram sends an update again for up to a day until it gets a 200. */
const UPDATES_RETENTION_MS = 2 * 86_400_000;
/** Pauses before a card is looked for again. */
const CARD_RETRY_PAUSES_MS = [500, 1_000];

/** What the bot reads of a chat. */
export interface ChatState {
  place: ChatPlace;
  /** The chosen language; null when none was chosen. */
  language: LocaleTag | null;
  /** With the sounds of the place's topic. */
  manner: Manner;
  /** The follows of all topics, in the order of the topics, each followed word with its word. */
  follows: { scope: FollowScope; topic: number; word?: string }[];
  /** True when the chat has confirmed the sharing warning. */
  mayShare: boolean;
  /** False when the members of a group have used up its answers. */
  mayAnswer: boolean;
}

/** The result of a claim. Only a `new` update is handled; `slow` asks for a warning to the sender. */
export interface Claim {
  state: "new" | "seen" | "busy" | "slow" | "dropped";
  chats: ChatState[];
}

/** The update that a call ends. */
export interface Ending {
  update: number;
  /** Chats to read afterwards. */
  read: ChatPlace[];
  /** The group whose members get one of its answers. */
  answers: ChatPlace | null;
}

export interface Ended<T> {
  outcome: T;
  chats: ChatState[];
}

export interface ChatTools {
  sql: SqlStorage;
  followers: SqlFollowers;
  words: FollowedWords;
  cards: SqlCards;
  fanOut: FanOut;
  editor: CardEditor;
  outbox: SqlOutbox;
  deskChats: SqlDeskChats;
  forgotten: ForgottenRows;
  vault: Vault;
  deskPorts: DeskPorts;
  /** Sets the alarm. */
  arm(): void;
  inBackground(work: Promise<void>): void;
}

const answersOf = ({ chat }: ChatPlace): Charge => ({ sender: `${chat} commands`, cost: 1, limit: "group" });

export class Chats extends RpcTarget {
  readonly #tools: ChatTools;
  /** Updates being handled, and since when. In memory only: after a crash Telegram sends them again. */
  readonly #handling = new Map<number, number>();
  readonly #limiter = new RateLimiter();

  constructor(tools: ChatTools) {
    super();
    this.#tools = tools;
  }

  /**
   * Claims an update, unless it was handled or is being handled.
   * @param charges the budgets it uses. Once one is used up, the sender gets one warning (`slow`); further updates are `dropped`.
   * @param places the chats to read
   */
  async claim(update: number, charges: Charge[] = [], places: ChatPlace[] = []): Promise<Claim> {
    if (firstRow(this.#tools.sql, "SELECT 1 FROM updates WHERE id = ?", update)) return { state: "seen", chats: [] };
    const now = Date.now();
    if (now - (this.#handling.get(update) ?? Number.NEGATIVE_INFINITY) < HANDLING_TIMEOUT_MS)
      return { state: "busy", chats: [] };
    const taken = takeAll(this.#limiter, charges, now);
    if (taken !== "taken") return { state: taken, chats: [] };
    this.#handling.set(update, now);
    return { state: "new", chats: await this.#read(places) };
  }

  /** Ends an update that changed nothing. */
  async end(ending: Ending): Promise<Ended<null>> {
    this.#end(ending);
    return { outcome: null, chats: await this.#read(ending.read) };
  }

  /** Lets Telegram send the update again. */
  async reopen(update: number): Promise<void> {
    this.#handling.delete(update);
    this.#tools.sql.exec("DELETE FROM updates WHERE id = ?", update);
  }

  /** Forgets updates that Telegram no longer sends again. */
  dropOldUpdates(now: number): void {
    this.#tools.sql.exec("DELETE FROM updates WHERE at < ?", now - UPDATES_RETENTION_MS);
  }

  #end({ update, answers }: Ending): void {
    if (answers) this.#limiter.take(answersOf(answers), Date.now());
    this.#handling.delete(update);
    this.#tools.sql.exec("INSERT OR IGNORE INTO updates VALUES (?, ?)", update, Date.now());
  }

  #read(places: ChatPlace[]): Promise<ChatState[]> {
    return Promise.all(places.map((place) => this.#stateOf(place)));
  }

  async #stateOf(place: ChatPlace): Promise<ChatState> {
    const { followers, words, cards, vault } = this.#tools;
    const hashes = await vault.hashes(place.chat);
    const follows = followers.followingEverywhere(hashes);
    const rows = follows.flatMap(({ scope }) => rowOfScope(scope) ?? []);
    const named = rows.length === 0 ? null : await words.opened(rows);
    const now = Date.now();
    return {
      place,
      language: followers.language(hashes),
      manner: followers.manner(hashes, place.topic),
      // What is left of an erased word is not shown: it ends once the chat was told.
      follows: follows.flatMap((follow) => {
        if (rowOfScope(follow.scope) === null) return [follow];
        const word = named?.get(follow.scope);
        return word === undefined ? [] : [{ ...follow, word }];
      }),
      mayShare: cards.sharers.isWelcome(hashes, now),
      mayAnswer: this.#limiter.allows(answersOf(place), now),
    };
  }

  /** Makes a change and ends the update in the same turn, so that neither is stored without the other. */
  async #change<T>(ending: Ending, place: ChatPlace, change: (chat: Sealed, now: number) => T): Promise<Ended<T>> {
    const chat = await this.#tools.vault.seal(place.chat);
    const outcome = change(chat, Date.now());
    this.#end(ending);
    this.#tools.arm();
    return { outcome, chats: await this.#read([place, ...ending.read]) };
  }

  /** Ends the update after work that takes several turns, and that may be done twice. */
  async #after<T>(ending: Ending, places: ChatPlace[], work: () => Promise<T>): Promise<Ended<T>> {
    const outcome = await work();
    this.#end(ending);
    this.#tools.arm();
    return { outcome, chats: await this.#read([...places, ...ending.read]) };
  }

  async follow(
    ending: Ending,
    place: ChatPlace,
    scope: FollowScope,
    locale: LocaleTag,
    told: number,
    manner?: Partial<Manner>,
  ): Promise<Ended<"followed" | "already">> {
    const { followers, words } = this.#tools;
    const word = wordOf(scope);
    const sealed = word === null ? null : await words.seal(word);
    return this.#change(ending, place, (chat, now) => {
      const rank = rankOf[place.kind];
      // First, so that no update can arrive with sound or names in between.
      if (manner) followers.setManner(chat, rank, manner, now, place.topic);
      const followed = sealed ? words.add(sealed) : scope;
      const isNew = followers.follow(chat, rank, place.topic ?? 0, followed, locale, told, now);
      return isNew ? "followed" : "already";
    });
  }

  unfollow(ending: Ending, place: ChatPlace, scopes: FollowScope[]): Promise<Ended<Unfollowed>> {
    return this.#after(ending, [place], async () => {
      const { followers, editor, vault } = this.#tools;
      const hashes = await vault.hashes(place.chat);
      const cards = place.kind === "channel" ? await Promise.all(scopes.map((id) => editor.release(hashes, id))) : [];
      const known = scopes.map((scope) => followers.unfollow(hashes, place.topic ?? 0, scope));
      return { outcome: known.includes(true) ? "unfollowed" : "not-followed", cards: cards.flat() };
    });
  }

  setLanguage(ending: Ending, place: ChatPlace, locale: LocaleTag): Promise<Ended<void>> {
    return this.#change(ending, place, (chat, now) => {
      this.#tools.followers.setLanguage(chat, rankOf[place.kind], locale);
      if (place.kind === "channel") this.#tools.cards.translate(chat.hashes, locale, now);
    });
  }

  setManner(ending: Ending, place: ChatPlace, manner: Partial<Manner>): Promise<Ended<void>> {
    return this.#change(ending, place, (chat, now) =>
      this.#tools.followers.setManner(chat, rankOf[place.kind], manner, now, place.topic),
    );
  }

  async move(ending: Ending, from: number, to: ChatPlace): Promise<Ended<void>> {
    const { followers, vault } = this.#tools;
    const hashes = await vault.hashes(from);
    return this.#change(ending, to, (moved) => {
      const chat = followers.find(hashes);
      if (chat !== null) followers.move(chat, moved);
    });
  }

  /** Queues a chat's parked messages, merged per case, and its failed cards again. */
  retry(ending: Ending, place: ChatPlace): Promise<Ended<void>> {
    const { followers, outbox, cards } = this.#tools;
    return this.#change(ending, place, ({ hashes }, now) => {
      const chat = followers.find(hashes);
      if (chat !== null) outbox.retryParked(now, chat);
      cards.retry(now, hashes);
    });
  }

  forget(ending: Ending, place: ChatPlace): Promise<Ended<Forgotten>> {
    return this.#after(ending, [place], async () => {
      const { followers, cards, editor, forgotten: rows, vault, inBackground } = this.#tools;
      const hashes = await vault.hashes(place.chat);
      const sharer = cards.sharers.find(hashes);
      const chat = followers.find(hashes);
      const posts = chat === null ? [] : cards.posts.recent(chat, Date.now());
      const forgotten = cards.forget(hashes);
      const unsure = followers.hasUnreadable(vault.keyIds);
      const counts = followers.forget(hashes);
      rows.add({ chat, sharer }, Date.now());
      // The bot deletes those that it pinned.
      const pinned = place.kind === "channel" ? await editor.messagesOf(forgotten.map(({ address }) => address)) : [];
      if (place.kind !== "channel") inBackground(editor.retire(forgotten));
      const recent = await editor.messagesOf(posts);
      return { ...counts, cards: forgotten.length - pinned.length, recent, pinned, warned: sharer !== null, unsure };
    });
  }

  allowSharing(ending: Ending, place: ChatPlace): Promise<Ended<void>> {
    return this.#change(ending, place, (chat, now) => void this.#tools.cards.sharers.welcome(chat, now));
  }

  shared(ending: Ending, address: CardAddress, card: CardContent, by: ChatPlace | null): Promise<Ended<void>> {
    return this.#after(ending, [], () => this.#tools.editor.shared(address, card, by?.chat ?? null));
  }

  /** Follows the case of a card that was posted in a channel, and keeps the card. @returns the messages of its former cards */
  pin(ending: Ending, place: ChatPlace, message: number, card: CardContent): Promise<Ended<number[]>> {
    return this.#after(ending, [place], async () => {
      const { followers, editor, vault } = this.#tools;
      const chat = await vault.seal(place.chat);
      // A second card replaces the first: it may have been deleted, and Telegram sends no update for that.
      const former = await editor.release(chat.hashes, card.caseId);
      await editor.shared({ chat: place.chat, message }, card, place.chat, true);
      followers.follow(chat, rankOf[place.kind], place.topic ?? 0, card.caseId, card.locale, card.shown, Date.now());
      return former;
    });
  }

  /** Stores an answer in a group as a post, if the group has a row: it follows the case. */
  answered(ending: Ending, place: ChatPlace, message: number, card: CardContent): Promise<Ended<void>> {
    return this.#after(ending, [], async () => {
      const { followers, cards, fanOut, vault } = this.#tools;
      const hashes = await vault.hashes(place.chat);
      const address = await vault.seal(addressText({ chat: place.chat, message }));
      const chat = followers.find(hashes);
      if (chat === null) return;
      const { caseId, locale, shown } = card;
      const post = { address, locale, neutral: followers.manner(hashes).neutral };
      const later = fanOut.changeAfter(caseId, shown);
      cards.posts.add([{ caseId, chat, topic: place.topic ?? 0, post, shown, later }], Date.now());
    });
  }

  kept(ending: Ending, address: CardAddress): Promise<Ended<CardKept | null>> {
    return this.#after(ending, [], () => this.#awaitCard(() => this.#tools.editor.kept(address)));
  }

  pressed(ending: Ending, address: CardAddress, choice: LocaleTag | null): Promise<Ended<CardKept | null>> {
    return this.#after(ending, [], () => this.#awaitCard(() => this.#tools.editor.pressed(address, choice)));
  }

  /** A press can overtake the update that says that the card was sent, because updates without a chat have no order. */
  async #awaitCard(read: () => Promise<CardKept | null>): Promise<CardKept | null> {
    let card = await read();
    for (const pause of CARD_RETRY_PAUSES_MS) {
      if (card) break;
      await scheduler.wait(pause);
      card = await read();
    }
    return card;
  }

  linkDesk(ending: Ending, place: ChatPlace, code: string, locale: LocaleTag): Promise<Ended<DeskLinked>> {
    return this.#after(ending, [place], async () => {
      const { deskChats, vault, deskPorts } = this.#tools;
      return deskChats.link(await vault.seal(place.chat), place.topic ?? 0, code, locale, Date.now(), deskPorts);
    });
  }

  unlinkDesk(ending: Ending, place: ChatPlace): Promise<Ended<boolean>> {
    return this.#change(ending, place, ({ hashes }) => this.#tools.deskChats.unlink(hashes, place.topic ?? 0));
  }
}
