/** Sends a delivery to Telegram: an update of a case, a reminder of a deadline, or a message to editors. */
import type { Chat } from "grammy/types";
import { plainMessage } from "../../../bot/message.ts";
import type { BotLinks } from "../../../bot/ports.ts";
import type { Outgoing } from "../../../bot/text.ts";
import type { Revision } from "../../../shared/revision.ts";
import type { readsFor } from "../../reads/reads.ts";
import { type CaseState, headOf } from "../../reads/state.ts";
import { addressText } from "./card-editor.ts";
import type { SqlDeskChats } from "./desk-chats.ts";
import { deskNotice, isDeskNotice } from "./desk-notices.ts";
import { type Delivery, READ_RETRY_MS, type Sent, UNSHOWABLE_RETRY_MS, unusable } from "./drain.ts";
import type { FanOut } from "./fan-out.ts";
import type { Recipient, SqlFollowers } from "./followers.ts";
import { isReminder } from "./reminders.ts";
import type { TelegramApi } from "./telegram-api.ts";
import type { UpdateMessages } from "./update-messages.ts";
import type { SealedRow, Vault } from "./vault.ts";

/** Notes read for a follower who missed updates. A message shows fewer, and says so. */
const MAX_EARLIER_NOTES = 50;

interface SenderParts {
  followers: SqlFollowers;
  fanOut: FanOut;
  deskChats: SqlDeskChats;
  vault: Vault;
  api: TelegramApi;
  messages: UpdateMessages;
  links: BotLinks;
  /** True when loud corrections are paid for. */
  isPaid: boolean;
  reads: () => ReturnType<typeof readsFor>;
}

const isPublic = (chat: Chat): boolean => "username" in chat && chat.username !== undefined;

export class MessageSender {
  readonly #parts: SenderParts;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Sends the text of the current head in the follower's language. Never throws. */
  async send(delivery: Delivery): Promise<Sent> {
    if (isDeskNotice(delivery)) return this.#sendNotice(delivery);
    const { followers, vault, messages, api, isPaid } = this.#parts;
    const recipient = followers.recipient(delivery);
    const reminds = isReminder(delivery);
    if (recipient === null || (!reminds && recipient.told >= delivery.number)) return { do: "drop" };
    if (reminds && (recipient.manner.reminders === false || !recipient.scopes.includes(delivery.caseId)))
      return { do: "drop" };
    const to = await this.#open(recipient.sealed, delivery.topic);
    if (!("chat_id" in to)) return to;
    const news = await this.#read(delivery.caseId, recipient).catch(() => null);
    if (news === null) return { do: "wait", after: READ_RETRY_MS };
    const { state, earlier } = news;
    if (reminds && state.state !== "present") return { do: "drop" };
    // An announced revision exists. If this read doesn't see it yet, try again.
    if (state.state === "absent") return { do: "wait", after: READ_RETRY_MS };
    // Followers hear of it once somebody has fixed the case.
    if (state.state === "unshowable") return { do: "wait", after: UNSHOWABLE_RETRY_MS };
    const head = headOf(state);
    if (head.number < delivery.number) return { do: "wait", after: READ_RETRY_MS };
    let message: Outgoing | null;
    try {
      message = reminds
        ? messages.reminder(state, delivery.number, recipient, Date.now())
        : messages.message(delivery.caseId, state, earlier, recipient, Date.now());
    } catch (error) {
      return unusable(`the text can't be built: ${error instanceof Error ? error.message : "unknown error"}`);
    }
    if (message === null) return { do: "drop" };
    const answer = await api("sendMessage", {
      ...to,
      text: message.text,
      entities: message.entities,
      reply_markup: message.keyboard,
      link_preview_options: { is_disabled: true },
      ...(isPaid && delivery.correction ? { allow_paid_broadcast: true } : {}),
      disable_notification: delivery.silent || recipient.manner.silent,
      // So that it can't be forwarded or saved.
      ...(recipient.manner.neutral ? { protect_content: true } : {}),
    });
    if (!answer.ok) return { answer, told: head.number };
    if (state.state === "withdrawn") {
      followers.endCase(delivery);
      return { answer: { ok: true }, told: head.number };
    }
    const address = await vault.seal(addressText({ chat: to.chat_id, message: answer.result.message_id }));
    const { locale, manner } = recipient;
    return { answer: { ok: true }, told: head.number, post: { address, locale, neutral: manner.neutral } };
  }

  /** Where to send, or why nothing can be sent there. */
  async #open(sealed: SealedRow, topic: number): Promise<{ chat_id: number; message_thread_id?: number } | Sent> {
    const { vault } = this.#parts;
    if (!vault.holds(sealed)) return { do: "hold" };
    const chat = await vault.unseal(sealed).catch(() => null);
    if (chat === null) return unusable("the chat's id can't be decrypted: it was changed");
    return { chat_id: Number(chat), ...(topic === 0 ? {} : { message_thread_id: topic }) };
  }

  /** The head, and the announced revisions before it that were not sent to the place, oldest first. */
  async #read(id: string, { told, since }: Recipient): Promise<{ state: CaseState; earlier: Revision[] }> {
    const reads = this.#parts.reads();
    const state = await reads.case(id);
    if (state.state !== "present" || told === state.record.revision.number - 1) return { state, earlier: [] };
    const untold = this.#parts.fanOut.announcedBetween(id, told, since, state.record.revision.number);
    if (untold.length === 0) return { state, earlier: [] };
    const page = (await reads.leasedHistory(id, null, MAX_EARLIER_NOTES)).value;
    const history = page?.revisions.slice(0, MAX_EARLIER_NOTES) ?? [];
    // A redaction erases the notes before it.
    const earlier = history.filter(({ number, note }) => untold.includes(number) && Object.keys(note).length > 0);
    return { state, earlier: earlier.reverse() };
  }

  async #sendNotice(delivery: Delivery): Promise<Sent> {
    const { deskChats, api, links } = this.#parts;
    const recipient = deskChats.recipient(delivery);
    if (recipient === null) return { do: "drop" };
    const to = await this.#open(recipient.sealed, delivery.topic);
    if (!("chat_id" in to)) return to;
    const { text, entities, keyboard } = deskNotice(delivery, recipient.locale, links);
    const silent = delivery.silent || recipient.silent;
    const answer = await api("sendMessage", {
      ...to,
      ...{ text, entities, reply_markup: keyboard, disable_notification: silent },
    });
    if (!answer.ok) return { answer, told: 0 };
    // Telegram doesn't say when a group becomes public, but each message that it accepts names the chat.
    if (isPublic(answer.result.chat)) {
      deskChats.unlinkAddress(delivery);
      const notice = plainMessage(recipient.locale, "bot.desk.public");
      await api("sendMessage", { ...to, text: notice.text, entities: notice.entities });
    }
    return { answer: { ok: true }, told: 0 };
  }
}
