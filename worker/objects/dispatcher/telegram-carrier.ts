/**
 * Telegram as a carrier. Cards and what people write to the bot stay beside the
 * port: no other carrier has them.
 */
import type { Chat } from "grammy/types";
import { plainMessage } from "../../../bot/message.ts";
import type { BotLinks } from "../../../bot/ports.ts";
import type { Outgoing } from "../../../bot/text.ts";
import type { BotSettings } from "../../runtime/settings.ts";
import { addressText } from "./card-editor.ts";
import type { Carrier } from "./carrier.ts";
import { deskNotice, isDeskNotice } from "./desk-notices.ts";
import { lanesFor } from "./drain.ts";
import { telegramRanks } from "./rank.ts";
import type { TelegramApi } from "./telegram-api.ts";
import { updateMessages } from "./update-messages.ts";
import { verdictOn } from "./verdict.ts";

const isPublic = (chat: Chat): boolean =>
  "username" in chat && chat.username !== undefined;

export function telegramCarrier(
  { info, sendsPerSecond, sendsPerAlarm }: BotSettings,
  api: TelegramApi,
  links: BotLinks,
): Carrier<Outgoing> {
  const messages = updateMessages(links, info);
  return {
    ranks: telegramRanks,
    sendsPerSecond,
    batch: 1,
    lanes: lanesFor(sendsPerSecond),
    sendsPerAlarm,
    repeat: "duplicates",
    render(notice, follower, now) {
      if (notice.kind === "update")
        return messages.message(
          notice.id,
          notice.state,
          notice.earlier,
          follower,
          now,
        );
      if (notice.kind === "reminder")
        return messages.reminder(notice.state, notice.number, follower, now);
      if (notice.isPublic)
        return plainMessage(follower.locale, "bot.desk.public");
      return deskNotice(notice.delivery, follower.locale, links);
    },
    async send(
      address,
      { text, entities, keyboard },
      { silent, manner, delivery },
    ) {
      const isDesk = isDeskNotice(delivery);
      const answer = await api("sendMessage", {
        chat_id: Number(address),
        ...(delivery.topic === 0 ? {} : { message_thread_id: delivery.topic }),
        text,
        entities,
        reply_markup: keyboard,
        ...(isDesk ? {} : { link_preview_options: { is_disabled: true } }),
        disable_notification: silent,
        // So that it can't be forwarded or saved.
        ...(manner.neutral ? { protect_content: true } : {}),
      });
      if (!answer.ok) return answer;
      const { chat, message_id: message } = answer.result;
      if (isDesk) return { ok: true, isPublic: isPublic(chat) };
      return {
        ok: true,
        handle: addressText({ chat: Number(address), message }),
      };
    },
    verdictOn,
    probe: () => api("getMe"),
  };
}
