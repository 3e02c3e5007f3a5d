/** The context of the bot's handlers, and how they answer. */

import { Context, GrammyError } from "grammy";
import type {
  InlineKeyboardButton,
  InlineKeyboardMarkup,
  Message,
} from "grammy/types";
import { botAddress } from "../shared/bot-address.ts";
import { type LocaleTag, negotiate } from "../shared/locale.ts";
import {
  type MessageKey,
  type MessageValues,
  message,
} from "../shared/messages.ts";
import type { View } from "../shared/view/schema.ts";
import { needsAsked } from "./button-data.ts";
import { canShare } from "./card.ts";
import { caseMessage, concealed, plainMessage } from "./message.ts";
import type {
  BotLinks,
  Cards,
  CaseBook,
  ChatPlace,
  DeskChatPort,
  Followers,
  FollowScope,
} from "./ports.ts";
import type { BotClock } from "./retry.ts";
import type { SafetyText } from "./safety.ts";
import { scopeName } from "./scope.ts";
import { button, type Outgoing, shorten } from "./text.ts";

export interface BotPorts extends BotClock {
  cases: CaseBook;
  followers: Followers;
  cards: Cards;
  desk: DeskChatPort;
}

/**
 * How often a case is read again after it was sent. A case can't change faster
 * than this many times in one handler.
 */
export const MAX_REREADS = 3;

/** The chat and topic of an update; null for updates without a chat. */
export function placeOf(ctx: Context): ChatPlace | null {
  const { chat, msg } = ctx;
  if (!chat) return null;
  const kind =
    chat.type === "private"
      ? "private"
      : chat.type === "channel"
        ? "channel"
        : "group";
  const topic =
    msg && "is_topic_message" in msg && msg.is_topic_message
      ? msg.message_thread_id
      : undefined;
  return { chat: chat.id, kind, ...(topic === undefined ? {} : { topic }) };
}

/**
 * A user's private chat with the bot, which has the same id as the user. The id
 * of a guest's chat may be that of another chat here.
 */
export const privateChatOf = ({
  from,
}: {
  from: { id: number };
}): ChatPlace => ({ chat: from.id, kind: "private" });

export async function localeOfChat(ctx: CaseContext): Promise<LocaleTag> {
  // A guest has no place with the bot but its private chat.
  const place = ctx.guestMessage
    ? privateChatOf(ctx.guestMessage)
    : placeOf(ctx);
  const chosen = place ? await ctx.ports.followers.language(place) : null;
  return chosen ?? negotiate(ctx.from?.language_code, ctx.links.profile);
}

/**
 * A message of the bot: its id, or the id of one that only one member of a
 * group can see.
 */
export type SentMessage = number | { ephemeral: number; user: number };

function sentOf(
  { message_id, ephemeral_message_id: ephemeral }: Message,
  user: number | undefined,
): SentMessage {
  return ephemeral === undefined || user === undefined
    ? message_id
    : { ephemeral, user };
}

/** The example of a place while there is no case with one. */
const NO_PLACE = "FR";

/** Telegram's limit for the answer to a press. */
export const MAX_TOAST_LENGTH = 200;

const options = ({ entities, keyboard }: Outgoing) => ({
  entities,
  reply_markup: keyboard,
  link_preview_options: { is_disabled: true },
});

/**
 * Who sees an answer: everyone in the chat, or in a group only the member who
 * asked.
 */
export interface AnswerAudience {
  /**
   * The answer is ephemeral. Where Telegram refuses that, `publicly` is sent
   * for everyone to see.
   */
  asker?: boolean;
  /** Shorter than the message, so that answers don't flood a group. */
  publicly?: Outgoing;
}

/**
 * Makes a call whose refusal by Telegram does not matter. Other errors are
 * thrown.
 */
export async function ignoringTelegramErrors(
  call: Promise<unknown>,
): Promise<void> {
  await call.catch((error) => {
    if (!(error instanceof GrammyError)) throw error;
  });
}

/** Two views of a case with the same identity show the same revision. */
const identityOf = (view: View) =>
  `${view.state} ${view.revision?.number ?? 0}`;

/**
 * The member of a group who sent the command; undefined for an anonymous
 * administrator and in other chats.
 */
const askerOf = ({ place, message, from }: CaseContext): number | undefined =>
  place.kind === "group" && message && !message.sender_chat
    ? from?.id
    : undefined;

/** A message as its chat may see it, and the options that go with it. */
function shownIn(
  { hidden, locale, links }: Pick<CaseContext, "hidden" | "locale" | "links">,
  shown: Outgoing,
) {
  const message = hidden
    ? concealed(shown, "bot.hidden", locale, links.profile)
    : shown;
  return {
    text: message.text,
    more: { ...options(message), ...(hidden ? { protect_content: true } : {}) },
  };
}

/** How a case is shown. */
interface Shown {
  /** The message to edit; a new one is sent when it is undefined. */
  into?: SentMessage;
  /** Replaces the card's keyboard. */
  keyboard?: InlineKeyboardMarkup;
  /** Rows of buttons above the keyboard. */
  above?: InlineKeyboardButton[][];
}

/**
 * grammY's context with the deployment, and with the ways in which handlers
 * answer.
 */
export class CaseContext extends Context {
  ports!: BotPorts;
  links!: BotLinks;
  safety!: readonly SafetyText[];
  /**
   * The language chosen in this chat, else the language of the user's Telegram
   * app.
   */
  locale!: LocaleTag;
  /**
   * True in a chat that asked to name no one. Each answer, edit and toast heeds
   * it here, so that no handler has to.
   */
  hidden = false;

  /**
   * `placeOf` for handlers whose filters guarantee a chat.
   * @throws Error when there is none
   */
  get place(): ChatPlace {
    const place = placeOf(this);
    if (!place) throw new Error("The update has no chat");
    return place;
  }

  /** The message of the pressed button; empty for other updates. */
  get pressed(): { into?: SentMessage } {
    const pressed = this.callbackQuery?.message;
    return pressed === undefined
      ? {}
      : { into: sentOf(pressed as Message, this.from?.id) };
  }

  /** A text of the catalogue in the chat's language. */
  say(key: MessageKey, values?: MessageValues): string {
    return message(this.locale, key, values);
  }

  /** A message of the catalogue; see `plainMessage`. */
  text(
    key: MessageKey,
    values?: MessageValues,
    more?: Parameters<typeof plainMessage>[3],
  ): Outgoing {
    return plainMessage(this.locale, key, values, more);
  }

  /** A button with a text of the catalogue. @param data of `buttonData` */
  button(
    key: MessageKey,
    data: string,
    values?: MessageValues,
  ): InlineKeyboardButton {
    return button(this.say(key, values), data);
  }

  /**
   * "UA 126/19", "Russia"; in a hidden chat no name, because it may stand in a
   * toast.
   */
  nameOf(scope: FollowScope): string {
    return this.hidden
      ? "…"
      : scopeName(scope, this.locale, this.links.profile);
  }

  /**
   * The address that opens the private chat with the bot.
   * @param payload what its /start gets
   */
  link(payload: string): string {
    return botAddress(this.me.username, payload);
  }

  /** The button to that address. */
  openButton(payload: string): InlineKeyboardButton {
    return { text: this.say("bot.act.open"), url: this.link(payload) };
  }

  /**
   * What members and administrators can do in a group, with a button to the
   * private chat.
   */
  groupHelp(): Outgoing {
    return this.text("bot.group.help", {}, [[this.openButton("help")]]);
  }

  /**
   * Values for the examples in texts: the number of an existing case, so that
   * the example works, and the code of a place.
   */
  async examples(): Promise<{ example: string; place: string }> {
    // An example isn't worth a failure.
    const { number, place } = await this.ports.cases
      .example()
      .catch(() => ({ number: null, place: null }));
    return {
      example: number ?? this.links.profile.series[0]?.example ?? "",
      place: place ?? NO_PLACE,
    };
  }

  /**
   * True once the press is answered. `createBot` answers it after a handler
   * that has nothing to say.
   */
  answered = false;

  override answerCallbackQuery(
    ...given: Parameters<Context["answerCallbackQuery"]>
  ): Promise<true> {
    this.answered = true;
    return super.answerCallbackQuery(...given);
  }

  /**
   * Answers a press. Telegram shows the text, shortened to its limit, for a few
   * seconds.
   */
  toast(text: string): Promise<true> {
    return this.answerCallbackQuery({
      text: shorten(text, MAX_TOAST_LENGTH, this.locale),
    });
  }

  /** Sends a message to the chat and topic of the update. */
  async answer(
    message: Outgoing,
    { asker = false, publicly = message }: AnswerAudience = {},
  ): Promise<SentMessage> {
    const { topic, kind } = this.place;
    const inTopic = topic === undefined ? {} : { message_thread_id: topic };
    // A button that follows the word in the user's message needs that message:
    // see `askedScope`.
    const needs = message.keyboard.inline_keyboard
      .flat()
      .filter((key) => "callback_data" in key && needsAsked(key.callback_data));
    const quotes = needs.length > 0;
    const pressed = this.callbackQuery?.message;
    const isReply =
      pressed && "reply_to_message" in pressed && pressed.reply_to_message;
    const original = quotes && pressed ? isReply || pressed : undefined;
    const { message_id: asked, ephemeral_message_id: ephemeral } =
      this.message ?? original ?? {};
    const user = asker || ephemeral !== undefined ? askerOf(this) : undefined;
    if (user !== undefined) {
      const replied =
        ephemeral === undefined
          ? { message_id: asked as number, allow_sending_without_reply: true }
          : { ephemeral_message_id: ephemeral };
      try {
        const { text, more } = shownIn(this, message);
        const sent = await this.reply(text, {
          ...more,
          ...inTopic,
          reply_parameters: replied,
          ephemeral_message_parameters: { receiver_user_id: user },
        });
        return sentOf(sent, user);
      } catch (error) {
        // Not every chat allows ephemeral messages.
        if (!(error instanceof GrammyError) || error.error_code !== 400)
          throw error;
      }
    }
    const shown = kind === "group" && asker ? publicly : message;
    // In a group the answer is a reply, so that it is clear which message it
    // answers.
    const replies =
      (kind === "group" || quotes) && asked && ephemeral === undefined;
    const { text, more } = shownIn(this, shown);
    const sent = await this.reply(text, {
      ...more,
      ...inTopic,
      ...(replies
        ? {
            reply_parameters: {
              message_id: asked,
              allow_sending_without_reply: true,
            },
          }
        : {}),
    });
    return sent.message_id;
  }

  /**
   * Sends a message to a channel, or to the private chat of one of its
   * administrators, as that chat may see it.
   */
  async sendTo(chat: number, message: Outgoing): Promise<number> {
    const { locale, links, ports } = this;
    const { neutral: hidden } = await ports.followers.manner({
      chat,
      kind: chat < 0 ? "channel" : "private",
    });
    const { text, more } = shownIn({ hidden, locale, links }, message);
    return (await this.api.sendMessage(chat, text, more)).message_id;
  }

  /** Edits a message. An edit that changes nothing counts as done. */
  async edit(sent: SentMessage, message: Outgoing): Promise<void> {
    const { chat } = this.place;
    try {
      const { text, more } = shownIn(this, message);
      if (typeof sent === "number")
        await this.api.editMessageText(chat, sent, text, more);
      else
        await this.api.editEphemeralMessageText(
          chat,
          sent.user,
          sent.ephemeral,
          text,
          more,
        );
    } catch (error) {
      if (
        !(
          error instanceof GrammyError &&
          error.description.includes("message is not modified")
        )
      )
        throw error;
    }
  }

  /** Shows a message in the place of the pressed one, or as an answer. */
  async show(message: Outgoing): Promise<void> {
    const { into } = this.pressed;
    if (into === undefined) await this.answer(message);
    else await this.edit(into, message);
  }

  /**
   * Shows a case in a message, then reads it again and edits the message if a
   * revision went live meanwhile.
   * @returns the view that the message shows
   */
  async showCase(
    id: string,
    { into, keyboard, above = [] }: Shown = {},
  ): Promise<View> {
    const { cases, followers } = this.ports;
    const { place } = this;
    const [scopes, { silent, rings }] = await Promise.all([
      followers.following(place),
      followers.manner(place),
    ]);
    const following =
      scopes.includes(id) && ((rings?.[id] ?? !silent) || "quietly");
    // The share button needs the presser's own consent, so only private chats
    // have it.
    const shares = place.kind === "private" && canShare(this.me);
    const render = (
      view: View,
      brief = place.kind === "group" && typeof into === "number",
    ) => {
      const card = caseMessage(view, following, this.links, { shares, brief });
      const rows = [...above, ...(keyboard ?? card.keyboard).inline_keyboard];
      return { ...card, keyboard: { inline_keyboard: rows } };
    };
    let view = await cases.view(id, this.locale);
    let sent = into;
    if (sent === undefined)
      sent = await this.answer(render(view), {
        asker: true,
        publicly: render(view, place.kind === "group"),
      });
    else await this.edit(sent, render(view));
    for (let again = 0; again < MAX_REREADS; again++) {
      const newest = await cases.view(id, this.locale);
      if (identityOf(newest) === identityOf(view)) break;
      view = newest;
      await this.edit(
        sent,
        render(view, place.kind === "group" && typeof sent === "number"),
      );
    }
    // Elsewhere nothing is stored about an answer.
    const isKept =
      place.kind === "group" &&
      scopes.includes(id) &&
      typeof sent === "number" &&
      view.state === "present";
    if (isKept && view.state === "present")
      await this.ports.cards.answered(place, sent as number, {
        caseId: id,
        locale: this.locale,
        shown: view.revision.number,
      });
    return view;
  }
}
