/** Membership changes of the bot, and groups that get a new id. */
import { Composer } from "grammy";
import { greetChannelAdmin } from "./channel-setup.ts";
import { answer, type CaseContext, requirePlace } from "./context.ts";
import { groupMessage } from "./groups.ts";

export const chats = new Composer<CaseContext>();

chats.on("my_chat_member", async (ctx) => {
  const { followers } = ctx.ports;
  const now = ctx.myChatMember.new_chat_member;
  const gone = now.status === "kicked" || now.status === "left" || (now.status === "restricted" && !now.is_member);
  // Blocking or removing the bot deletes the chat's data. Any other change may have restored its right to write.
  if (gone) await followers.forget(requirePlace(ctx));
  else await followers.retry(requirePlace(ctx));
  const was = ctx.myChatMember.old_chat_member.status;
  const isNew = !gone && (was === "left" || was === "kicked");
  if (!isNew) return;
  if (requirePlace(ctx).kind === "group") await answer(ctx, groupMessage(ctx));
  // In a channel every subscriber would read it, so it goes to the administrator who added the bot, if there is a chat.
  else if (requirePlace(ctx).kind === "channel") await greetChannelAdmin(ctx);
});
chats.on("message:forum_topic_reopened", (ctx) => ctx.ports.followers.retry(requirePlace(ctx)));

// Telegram copies a channel's posts into its discussion group. A command copied this way is not for the bot.
chats.on("message:is_automatic_forward", () => {});
// A card that was shared into the private chat with the bot is not a search.
chats.on("message").filter(
  (ctx) => ctx.message.via_bot?.id === ctx.me.id,
  () => {},
);

// Telegram sends this update twice, in the old group and in the new one. Either may be lost.
chats.on("message:migrate_to_chat_id", (ctx) => ctx.ports.followers.move(ctx.chat.id, ctx.message.migrate_to_chat_id));
chats.on("message:migrate_from_chat_id", (ctx) =>
  ctx.ports.followers.move(ctx.message.migrate_from_chat_id, ctx.chat.id),
);
