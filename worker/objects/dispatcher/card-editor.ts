/** Edits cards in Telegram. The text is always the current head's. */
import { cardMessage, channelCard, retiredCard } from "../../../bot/card.ts";
import { newsIn, standing } from "../../../bot/news.ts";
import type {
  CardAddress,
  CardContent,
  CardKept,
  ChatPlace,
} from "../../../bot/ports.ts";
import type { Outgoing } from "../../../bot/text.ts";
import { erasedPost, updateMessage } from "../../../bot/update-message.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import type { Revision } from "../../../shared/revision.ts";
import { nextViewChange } from "../../../shared/view/age.ts";
import { viewCase } from "../../../shared/view/view.ts";
import { type CaseState, headOf, refusalViewOf } from "../../reads/state.ts";
import { type CardEdit, postMarks } from "./card-rows.ts";
import { PINNED_TOUCHED_AT_MS } from "./cards.ts";
import {
  outcomeOf,
  READ_RETRY_MS,
  type Sent,
  type TokenBucket,
  unusable,
} from "./drain.ts";
import type { Parts } from "./parts.ts";
import { rankOf } from "./rank.ts";
import type { TelegramApi } from "./telegram-api.ts";
import type { SealedRow } from "./vault.ts";

/**
 * The retry delay for a case that doesn't exist, which only a loss of storage
 * explains.
 */
const MISSING_CASE_RETRY_MS = 60_000;
/**
 * When a card of a case that can't be shown is edited again, because a fix
 * isn't announced.
 */
const UNSHOWABLE_CARD_EDIT_MS = 600_000;

export const addressText = (address: CardAddress): string =>
  "inline" in address
    ? `inline ${address.inline}`
    : `message ${address.chat} ${address.message}`;

function addressOf(text: string): CardAddress {
  const [kind, first = "", second] = text.split(" ");
  return kind === "inline"
    ? { inline: first }
    : { chat: Number(first), message: Number(second) };
}

export interface CardTools
  extends Pick<Parts, "cards" | "followers" | "breaker" | "vault" | "links"> {
  api: TelegramApi;
  bucket: TokenBucket;
  /** The bot's username, without the @. */
  bot: string;
  /** The current state of a case. */
  read(id: string): Promise<CaseState>;
  /** The newest revisions of a case, newest first. */
  history(id: string): Promise<Revision[]>;
}

export class CardEditor {
  readonly #tools: CardTools;

  constructor(tools: CardTools) {
    this.#tools = tools;
  }

  /**
   * Stores a card that was just shared. If its case has changed meanwhile, it
   * stays due for an edit.
   * @param by the chat whose /forget deletes the card
   * @param pinned true to keep the card up to date however long nobody presses
   * a button
   */
  async shared(
    address: CardAddress,
    card: CardContent,
    by: ChatPlace | null,
    pinned = false,
  ): Promise<void> {
    const { cards, followers, vault, read } = this.#tools;
    const [place, chat] = await Promise.all([
      vault.seal(addressText(address)),
      by && vault.seal(by.chat),
    ]);
    const now = Date.now();
    const sharer = by && chat && followers.findOrAdd(chat, rankOf[by.kind]);
    const id = cards.add(
      place,
      sharer,
      card,
      now,
      pinned ? PINNED_TOUCHED_AT_MS : now,
    );
    // Read after storing the card: a later change then finds the card.
    const state = await read(card.caseId);
    if (state.state === "absent") cards.delete(id);
    if (state.state !== "present") return;
    const { case: fields, revision } = state.record;
    const until = nextViewChange(fields, Date.now());
    cards.markCurrent(
      id,
      revision.number,
      until === undefined ? undefined : Date.parse(until),
    );
  }

  /** The card stored for an address, or null. */
  async kept(address: CardAddress): Promise<CardKept | null> {
    const { cards, vault } = this.#tools;
    const id = cards.find(await vault.hashes(addressText(address)));
    return id === null ? null : cards.content(id);
  }

  /**
   * Marks the card whose button was pressed for an edit. Anyone can send any
   * button data for any message they see, and a signature would not prove which
   * message the button is under. So button data about a card that isn't stored
   * is ignored.
   */
  async pressed(
    address: CardAddress,
    choice: LocaleTag | null,
  ): Promise<CardKept | null> {
    const { cards, vault } = this.#tools;
    const id = cards.find(await vault.hashes(addressText(address)));
    if (id === null) return null;
    cards.touch(id, choice, Date.now());
    return cards.content(id);
  }

  /**
   * The ids of messages; those that can't be opened, and cards that aren't the
   * bot's own messages, are left out.
   */
  async messagesOf(rows: SealedRow[]): Promise<number[]> {
    const addresses = await Promise.all(
      rows.map((row) =>
        this.#tools.vault.unseal(row).then(addressOf, () => null),
      ),
    );
    return addresses.flatMap((address) =>
      address && "message" in address ? [address.message] : [],
    );
  }

  /**
   * Deletes the records of a chat's cards of a case.
   * @returns the ids of their messages
   */
  async release(chat: number | null, caseId: string): Promise<number[]> {
    const { cards, vault } = this.#tools;
    const messages: number[] = [];
    for (const { id, ...row } of cards.ofCase(chat, caseId)) {
      const address = await vault.unseal(row).then(addressOf, () => null);
      if (!address || "inline" in address) continue;
      cards.delete(id);
      messages.push(address.message);
    }
    return messages;
  }

  /**
   * Makes a last edit to cards that are no longer kept up to date, so that none
   * shows a status that may change. This work isn't stored: if the process dies
   * or Telegram asks for a pause, the remaining cards keep their text, with its
   * number and date.
   */
  async retire(edits: CardEdit[]): Promise<void> {
    const { breaker, bucket } = this.#tools;
    for (const edit of edits) {
      await scheduler.wait(bucket.delay(Date.now()));
      if (breaker.pausedUntil() > Date.now()) return;
      bucket.spend(Date.now());
      const { verdict } = outcomeOf(edit, await this.edit(edit));
      if (verdict.do === "pause") breaker.pause(Date.now() + verdict.for);
    }
  }

  /** Edits a card with the text of the current head. Never throws. */
  async edit(edit: CardEdit): Promise<Sent> {
    const { vault, read, api } = this.#tools;
    const address = await vault.unseal(edit).then(addressOf, () => null);
    if (!address)
      return unusable("the card's address can't be decrypted: it was changed");
    const state = await read(edit.caseId).catch(() => null);
    if (!state) return { do: "wait", after: READ_RETRY_MS };
    if (state.state === "absent")
      return { do: "wait", after: MISSING_CASE_RETRY_MS };
    const head = headOf(state);
    if (head.number < edit.atLeast) return { do: "wait", after: READ_RETRY_MS };
    try {
      const { text, entities, keyboard } =
        edit.chat !== 0
          ? await this.#composePost(edit, state)
          : this.#compose(
              edit,
              state,
              "inline" in address ? cardMessage : channelCard,
            );
      const answer = await api("editMessageText", {
        ...("inline" in address
          ? { inline_message_id: address.inline }
          : { chat_id: address.chat, message_id: address.message }),
        ...{
          text,
          entities,
          reply_markup: keyboard,
          link_preview_options: { is_disabled: true },
        },
      });
      return { answer: answer.ok ? { ok: true } : answer, told: head.number };
    } catch (error) {
      return unusable(
        `the text can't be built: ${error instanceof Error ? error.message : "unknown error"}`,
      );
    }
  }

  /**
   * A post after a correction shows the case as it is now, under its own news
   * if that stands; after an erasure it shows nothing of the case.
   */
  async #composePost(
    edit: CardEdit,
    state: Exclude<CaseState, { state: "absent" }>,
  ): Promise<Outgoing> {
    const { mark, rank, about } = edit;
    const { links, bot, history } = this.#tools;
    const channelOf = rank === rankOf.channel ? { channelOf: bot } : {};
    const options = {
      scopes: [],
      neutral: edit.neutral === 1,
      shares: false,
      ...channelOf,
    };
    edit.last = mark === postMarks.erased;
    if (state.state !== "present") {
      if (state.state === "unshowable" && !edit.last)
        edit.lapses = Date.now() + UNSHOWABLE_CARD_EDIT_MS;
      return erasedPost(
        refusalViewOf(edit.caseId, state, edit.locale, links.profile),
        links,
        options,
      );
    }
    const { case: fields, revision } = state.record;
    const view = viewCase(
      fields,
      revision,
      edit.locale,
      Date.now(),
      links.profile,
    );
    if (edit.last) return erasedPost(view, links, options);
    const said =
      standing(await history(edit.caseId).catch(() => []), about, fields) ??
      revision;
    const news = newsIn(fields, said, edit.locale, links.profile);
    return updateMessage(view, [], links, {
      ...options,
      news,
      corrected: true,
    });
  }

  #compose(
    edit: CardEdit,
    state: Exclude<CaseState, { state: "absent" }>,
    compose: typeof cardMessage,
  ) {
    const { links, bot } = this.#tools;
    edit.last = state.state === "withdrawn";
    if (state.state !== "present") {
      if (state.state === "unshowable")
        edit.lapses = Date.now() + UNSHOWABLE_CARD_EDIT_MS;
      return compose(
        refusalViewOf(edit.caseId, state, edit.locale, links.profile),
        links,
        bot,
      );
    }
    const view = viewCase(
      state.record.case,
      state.record.revision,
      edit.locale,
      Date.now(),
      links.profile,
    );
    // A card doesn't say that its revision is new, so the end of its news
    // changes nothing.
    const until = nextViewChange(state.record.case, Date.now());
    if (until !== undefined) edit.lapses = Date.parse(until);
    return edit.retire
      ? retiredCard(view, links, bot)
      : compose(view, links, bot);
  }
}
