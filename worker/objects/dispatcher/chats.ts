/**
 * What updates from Telegram read and change. The claim of an update hands out
 * this object, so that everything after it belongs to the same call of the
 * Dispatcher. Each change may be made twice: after a crash, Telegram sends the
 * update again.
 */
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
import type { Remote } from "../../runtime/bindings.ts";
import { StoragePart } from "../storage/queries.ts";
import { addressText, type CardEditor } from "./card-editor.ts";
import type { DeskPorts } from "./desk-chats.ts";
import type { SqlOutbox } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import { rankOf } from "./rank.ts";
import { type Charge, RateLimiter, takeAll } from "./rate-limiter.ts";
import type { Sealed } from "./vault.ts";

/**
 * After this time an update no longer counts as being handled. Longer than any
 * handler takes.
 */
const HANDLING_TIMEOUT_MS = 30_000;
/**
 * How long the ids of handled updates are kept: two days. Telegram sends an
 * update again for up to a day until it gets a 200.
 */
const UPDATES_RETENTION_MS = 2 * 86_400_000;

/** What the bot reads of a chat. */
export interface ChatState {
  /** The chosen language; null when none was chosen. */
  language: LocaleTag | null;
  /** With the sounds of the place's topic. */
  manner: Manner;
  /**
   * The follows of all topics, in the order of the topics, each followed word
   * with its word.
   */
  follows: { scope: FollowScope; topic: number; word?: string }[];
  /** True when the chat has confirmed the sharing warning. */
  mayShare: boolean;
}

/**
 * The result of a claim. Only a `new` update is handled; `slow` asks for a
 * warning to the sender.
 */
interface Claim {
  state: "new" | "seen" | "busy" | "slow" | "dropped";
  chats: Remote<Chats>;
}

export interface ChatTools extends Parts {
  editor: CardEditor;
  outbox: SqlOutbox;
  deskPorts: DeskPorts;
  inBackground(work: Promise<void>): void;
}

export class Chats extends StoragePart {
  readonly #tools: ChatTools;
  /**
   * Updates being handled, and since when. In memory only: after a crash
   * Telegram sends them again.
   */
  readonly #handling = new Map<number, number>();
  readonly #limiter = new RateLimiter();

  constructor(tools: ChatTools) {
    super(tools.storage);
    this.#tools = tools;
  }

  /**
   * Claims an update, unless it was handled or is being handled.
   * @param charges the budgets it uses. Once one is used up, the sender gets
   * one warning (`slow`); further updates are `dropped`.
   */
  claim(update: number, charges: Charge[] = []): Claim {
    return {
      state: this.#claim(update, charges),
      chats: this as unknown as Remote<Chats>,
    };
  }

  #claim(update: number, charges: Charge[]): Claim["state"] {
    if (this.sql.firstRow("SELECT 1 FROM updates WHERE id = ?", update))
      return "seen";
    const now = Date.now();
    if (
      now - (this.#handling.get(update) ?? Number.NEGATIVE_INFINITY) <
      HANDLING_TIMEOUT_MS
    )
      return "busy";
    const taken = takeAll(this.#limiter, charges, now);
    if (taken !== "taken") return taken;
    this.#handling.set(update, now);
    return "new";
  }

  end(update: number): void {
    this.#handling.delete(update);
    this.sql.exec(
      "INSERT OR IGNORE INTO updates VALUES (?, ?)",
      update,
      Date.now(),
    );
  }

  /** Lets Telegram send the update again. */
  reopen(update: number): void {
    this.#handling.delete(update);
    this.sql.exec("DELETE FROM updates WHERE id = ?", update);
  }

  /** Forgets updates that Telegram no longer sends again. */
  dropOldUpdates(now: number): void {
    this.sql.exec(
      "DELETE FROM updates WHERE at < ?",
      now - UPDATES_RETENTION_MS,
    );
  }

  /**
   * Uses one of a group's answers.
   * @returns false when its members have used them up
   */
  mayAnswer({ chat }: ChatPlace): boolean {
    return (
      this.#limiter.take(
        { sender: `${chat} commands`, cost: 1, limit: "group" },
        Date.now(),
      ) === "taken"
    );
  }

  async read(place: ChatPlace): Promise<ChatState> {
    const { followers, words, cards, vault } = this.#tools;
    const hashes = await vault.hashes(place.chat);
    const chat = followers.find(hashes);
    const follows = followers.followingEverywhere(hashes);
    const rows = follows.flatMap(({ scope }) => rowOfScope(scope) ?? []);
    const named = rows.length === 0 ? null : await words.opened(rows);
    return {
      language: followers.language(hashes),
      manner: followers.manner(hashes, place.topic),
      // What is left of an erased word is not shown: it ends once the chat was
      // told.
      follows: follows.flatMap((follow) => {
        if (rowOfScope(follow.scope) === null) return [follow];
        const word = named?.get(follow.scope);
        return word === undefined ? [] : [{ ...follow, word }];
      }),
      mayShare: cards.mayShare(chat, Date.now()),
    };
  }

  /** Makes a change in one turn. */
  async #change<T>(
    { chat }: ChatPlace,
    change: (chat: Sealed, now: number) => T,
  ): Promise<T> {
    const sealed = await this.#tools.vault.seal(chat);
    const outcome = change(sealed, Date.now());
    this.#tools.arm();
    return outcome;
  }

  /** Sets the alarm after work that may have made some. */
  async #armed<T>(work: Promise<T>): Promise<T> {
    const outcome = await work;
    this.#tools.arm();
    return outcome;
  }

  async follow(
    place: ChatPlace,
    scope: FollowScope,
    locale: LocaleTag,
    told: number,
    manner?: Partial<Manner>,
  ): Promise<"followed" | "already"> {
    const { followers, words } = this.#tools;
    const word = wordOf(scope);
    const sealed = word === null ? null : await words.seal(word);
    return this.#change(place, (chat, now) => {
      const rank = rankOf[place.kind];
      // First, so that no update can arrive with sound or names in between.
      if (manner) followers.setManner(chat, rank, manner, now, place.topic);
      const followed = sealed ? words.add(sealed) : scope;
      const isNew = followers.follow(
        chat,
        rank,
        place.topic ?? 0,
        followed,
        locale,
        told,
        now,
      );
      return isNew ? "followed" : "already";
    });
  }

  async unfollow(place: ChatPlace, scopes: FollowScope[]): Promise<Unfollowed> {
    const { followers, editor, vault } = this.#tools;
    const hashes = await vault.hashes(place.chat);
    const chat = followers.find(hashes);
    const cards =
      place.kind === "channel"
        ? await Promise.all(scopes.map((id) => editor.release(chat, id)))
        : [];
    const known = scopes.map((scope) =>
      followers.unfollow(hashes, place.topic ?? 0, scope),
    );
    return {
      outcome: known.includes(true) ? "unfollowed" : "not-followed",
      cards: cards.flat(),
    };
  }

  setLanguage(place: ChatPlace, locale: LocaleTag): Promise<void> {
    return this.#change(place, (chat, now) => {
      this.#tools.followers.setLanguage(chat, rankOf[place.kind], locale);
      if (place.kind === "channel")
        this.#tools.cards.translate(
          this.#tools.followers.find(chat.hashes),
          locale,
          now,
        );
    });
  }

  setManner(place: ChatPlace, manner: Partial<Manner>): Promise<void> {
    return this.#change(place, (chat, now) =>
      this.#tools.followers.setManner(
        chat,
        rankOf[place.kind],
        manner,
        now,
        place.topic,
      ),
    );
  }

  async move(from: number, to: ChatPlace): Promise<void> {
    const { followers, vault } = this.#tools;
    const hashes = await vault.hashes(from);
    return this.#change(to, (moved) => {
      const chat = followers.find(hashes);
      if (chat !== null) followers.move(chat, moved);
    });
  }

  /**
   * Queues a chat's parked messages, merged per case, and its failed cards
   * again.
   */
  retry(place: ChatPlace): Promise<void> {
    const { followers, outbox, cards } = this.#tools;
    return this.#change(place, ({ hashes }, now) => {
      const chat = followers.find(hashes);
      if (chat === null) return;
      outbox.retryParked(now, chat);
      cards.retry(now, chat);
    });
  }

  async forget(place: ChatPlace): Promise<Forgotten> {
    const {
      followers,
      cards,
      editor,
      forgotten: rows,
      vault,
      inBackground,
    } = this.#tools;
    const hashes = await vault.hashes(place.chat);
    const chat = followers.find(hashes);
    const warned = cards.mayShare(chat, Date.now());
    const posts = chat === null ? [] : cards.recentPosts(chat, Date.now());
    const forgotten = cards.forget(chat);
    const unsure = followers.hasUnreadable(vault.keyIds);
    const counts = followers.forget(hashes);
    rows.add({ chat }, Date.now());
    // The bot deletes those that it pinned.
    const pinned =
      place.kind === "channel" ? await editor.messagesOf(forgotten) : [];
    if (place.kind !== "channel") inBackground(editor.retire(forgotten));
    const recent = await editor.messagesOf(posts);
    return {
      ...counts,
      cards: forgotten.length - pinned.length,
      recent,
      pinned,
      warned,
      unsure,
    };
  }

  allowSharing(place: ChatPlace): Promise<void> {
    const { cards, followers } = this.#tools;
    return this.#change(place, (chat, now) =>
      cards.noteSharing(followers.findOrAdd(chat, rankOf[place.kind]), now),
    );
  }

  shared(
    address: CardAddress,
    card: CardContent,
    by: ChatPlace | null,
  ): Promise<void> {
    return this.#armed(this.#tools.editor.shared(address, card, by));
  }

  /**
   * Follows the case of a card that was posted in a channel, and keeps the
   * card.
   * @returns the messages of its former cards
   */
  async pin(
    place: ChatPlace,
    message: number,
    card: CardContent,
  ): Promise<number[]> {
    const { followers, editor, vault } = this.#tools;
    const chat = await vault.seal(place.chat);
    // A second card replaces the first: it may have been deleted, and Telegram
    // sends no update for that.
    const former = await editor.release(
      followers.find(chat.hashes),
      card.caseId,
    );
    await editor.shared({ chat: place.chat, message }, card, place, true);
    followers.follow(
      chat,
      rankOf[place.kind],
      place.topic ?? 0,
      card.caseId,
      card.locale,
      card.shown,
      Date.now(),
    );
    this.#tools.arm();
    return former;
  }

  /**
   * Stores an answer in a group as a post, if the group has a row: it follows
   * the case.
   */
  async answered(
    place: ChatPlace,
    message: number,
    card: CardContent,
  ): Promise<void> {
    const { followers, cards, vault } = this.#tools;
    const hashes = await vault.hashes(place.chat);
    const address = await vault.seal(
      addressText({ chat: place.chat, message }),
    );
    const chat = followers.find(hashes);
    if (chat === null) return;
    const { caseId, locale, shown } = card;
    const post = { address, locale, neutral: followers.manner(hashes).neutral };
    cards.addPost(
      { caseId, chat, topic: place.topic ?? 0, post, shown },
      Date.now(),
    );
    this.#tools.arm();
  }

  kept(address: CardAddress): Promise<CardKept | null> {
    return this.#tools.editor.kept(address);
  }

  pressed(
    address: CardAddress,
    choice: LocaleTag | null,
  ): Promise<CardKept | null> {
    return this.#armed(this.#tools.editor.pressed(address, choice));
  }

  async linkDesk(
    place: ChatPlace,
    code: string,
    locale: LocaleTag,
  ): Promise<DeskLinked> {
    const { deskChats, vault, deskPorts } = this.#tools;
    return deskChats.link(
      await vault.seal(place.chat),
      place.topic ?? 0,
      code,
      locale,
      Date.now(),
      deskPorts,
    );
  }

  unlinkDesk(place: ChatPlace): Promise<boolean> {
    return this.#change(place, ({ hashes }) =>
      this.#tools.deskChats.unlink(hashes, place.topic ?? 0),
    );
  }
}
