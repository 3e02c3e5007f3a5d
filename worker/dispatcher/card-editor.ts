/** Writes cards: for whoever shares or presses one at once, for the queue at its pace, always from the head as it is then. */
import type { Api } from "grammy";
import { cardMessage, channelCard, retiredCard } from "../../bot/card.ts";
import type { BotLinks } from "../../bot/message.ts";
import type { CardAddress, CardContent, CardKept } from "../../bot/ports.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import { viewCase, viewWithdrawn } from "../../shared/view/view.ts";
import type { CaseState } from "../reads/state.ts";
import { type CardEdit, PINNED_TOUCHED_AT_MS, type SqlCards } from "./cards.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { Sent, TokenBucket } from "./drain.ts";
import { answerOf } from "./telegram-answer.ts";
import type { Sealed, Vault } from "./vault.ts";
import { type Answer, verdictOn } from "./verdict.ts";

/** How long to wait when the truth cannot be read, or is not there yet, in milliseconds. */
const READ_RETRY_MS = 250;
/** The same for a case that is not there at all, which only a loss of storage explains. */
const MISSING_CASE_RETRY_MS = 60_000;

const addressText = (address: CardAddress): string =>
  "inline" in address ? `inline ${address.inline}` : `message ${address.chat} ${address.message}`;

function addressOf(text: string): CardAddress {
  const [kind, first = "", second] = text.split(" ");
  return kind === "inline" ? { inline: first } : { chat: Number(first), message: Number(second) };
}

export interface CardTools {
  cards: SqlCards;
  breaker: CircuitBreaker;
  vault: Vault;
  api: Api;
  bucket: TokenBucket;
  links: BotLinks;
  /** The bot's name, without the @. */
  bot: string;
  /** The case as it stands for a reader who starts now. */
  read(id: string): Promise<CaseState>;
}

export class CardEditor {
  readonly #tools: CardTools;

  constructor(tools: CardTools) {
    this.#tools = tools;
  }

  /**
   * Keeps a card that was just shared; if it went behind before it arrived, it stays due.
   * @param by the chat whose /forget lets it go
   * @param pinned kept however long nobody touches it
   */
  async shared(address: CardAddress, card: CardContent, by: number | null, pinned = false): Promise<void> {
    const { cards, vault, read } = this.#tools;
    const place = await vault.seal(addressText(address));
    const sharer = by === null ? null : await vault.seal(by);
    const now = Date.now();
    const id = cards.add(place, sharer, card, now, pinned ? PINNED_TOUCHED_AT_MS : now);
    // Read after it is kept: a change that comes later finds it.
    const state = await read(card.caseId);
    if (state.state === "absent") cards.delete(id);
    if (state.state !== "present") return;
    const { case: fields, revision } = state.record;
    const { until } = viewCase(fields, revision, card.locale, Date.now());
    cards.markCurrent(id, revision.number, until === undefined ? undefined : Date.parse(until));
  }

  /** What card is kept at an address. */
  async kept(address: CardAddress): Promise<CardKept | null> {
    const { cards, vault } = this.#tools;
    const id = cards.find(await vault.hashes(addressText(address)));
    return id === null ? null : cards.content(id);
  }

  /**
   * Somebody pressed a button under a card. It is edited at once, unless an edit is under way or has just been: then the
   * queue does it. Anybody can send any button's data for any message he sees, so what it says of a card that is not kept
   * counts for nothing: a signature would not tell under which message the button stands.
   */
  async pressed(address: CardAddress, choice: LocaleTag | null): Promise<CardKept | null> {
    const { cards, vault, bucket } = this.#tools;
    const id = cards.find(await vault.hashes(addressText(address)));
    if (id === null) return null;
    const now = Date.now();
    cards.touch(id, choice, now);
    const card = cards.content(id);
    const edit = cards.pausedUntil() > now ? null : cards.take(now, id);
    if (!edit) return card;
    bucket.spend(now);
    const sent = await this.edit(edit);
    const verdict = "do" in sent ? sent : verdictOn(sent.answer, edit.attempts, edit.trouble);
    await cards.settle(edit, verdict, Date.now(), "do" in sent ? 0 : sent.told);
    return card;
  }

  /** Lets go of a chat's cards of a case. @returns the messages they are */
  async release(chat: Sealed["hashes"], caseId: string): Promise<number[]> {
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
   * Takes leave of cards that are not kept any more, so that none goes on saying what may change. Nothing of it is stored:
   * what is under way when the process dies, or when Telegram asks for a pause, stays as it is, with its number and date.
   */
  async retire(edits: CardEdit[]): Promise<void> {
    const { breaker, bucket } = this.#tools;
    for (const edit of edits) {
      await scheduler.wait(bucket.delay(Date.now()));
      if (breaker.pausedUntil() > Date.now()) return;
      bucket.spend(Date.now());
      const sent = await this.edit(edit);
      const verdict = "answer" in sent ? verdictOn(sent.answer, edit.attempts, edit.trouble) : sent;
      if (verdict.do === "pause") breaker.pause(Date.now() + verdict.for);
    }
  }

  /** Builds the text from the head as it is now and edits the card; never throws. */
  async edit(edit: CardEdit): Promise<Sent> {
    const { vault, read, api } = this.#tools;
    const unusable = (description: string): Sent => ({ answer: { ok: false, code: 400, description }, told: 0 });
    if (!vault.holds(edit.address)) return { do: "hold" };
    const address = await vault.unseal(edit.address).then(addressOf, () => null);
    if (!address) return unusable("the card's address was changed, and does not open");
    const state = await read(edit.caseId).catch(() => null);
    if (!state) return { do: "wait", after: READ_RETRY_MS };
    if (state.state === "absent") return { do: "wait", after: MISSING_CASE_RETRY_MS };
    const head = state.state === "present" ? state.record.revision : state.revision;
    if (head.number < edit.atLeast) return { do: "wait", after: READ_RETRY_MS };
    try {
      const { text, entities, keyboard } = this.#compose(edit, state, "inline" in address ? cardMessage : channelCard);
      const options = { entities, reply_markup: keyboard, link_preview_options: { is_disabled: true } };
      const editing =
        "inline" in address
          ? api.editMessageTextInline(address.inline, text, options)
          : api.editMessageText(address.chat, address.message, text, options);
      return { answer: await editing.then((): Answer => ({ ok: true }), answerOf), told: head.number };
    } catch (error) {
      return unusable(`not put in words: ${error instanceof Error ? error.message : "unknown error"}`);
    }
  }

  #compose(edit: CardEdit, state: Exclude<CaseState, { state: "absent" }>, compose: typeof cardMessage) {
    const { links, bot } = this.#tools;
    edit.last = state.state === "withdrawn";
    if (state.state === "withdrawn")
      return compose(viewWithdrawn(edit.caseId, state.revision, edit.locale), links, bot);
    const view = viewCase(state.record.case, state.record.revision, edit.locale, Date.now());
    if (view.until !== undefined) edit.lapses = Date.parse(view.until);
    return edit.retire ? retiredCard(view, links, bot) : compose(view, links, bot);
  }
}
