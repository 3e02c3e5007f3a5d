/** Chats that let the bot go, or that have another number. */
import { Composer } from "grammy";
import { type CaseContext, mustPlace } from "./context.ts";

export const chats = new Composer<CaseContext>();

// Who blocks or removes the bot wants nothing kept here.
chats.on("my_chat_member", async (ctx) => {
  if (["kicked", "left"].includes(ctx.myChatMember.new_chat_member.status))
    await ctx.ports.followers.forget(mustPlace(ctx));
});

// A channel's command, copied by Telegram into the channel's discussion group, asks for nothing there.
chats.on("message:is_automatic_forward", () => {});
// A card that somebody shared with the bot itself is no question.
chats.on("message").filter(
  (ctx) => ctx.message.via_bot?.id === ctx.me.id,
  () => {},
);

// Telegram says it twice, in the old group and in the new one, and either may be lost.
chats.on("message:migrate_to_chat_id", (ctx) => ctx.ports.followers.move(ctx.chat.id, ctx.message.migrate_to_chat_id));
chats.on("message:migrate_from_chat_id", (ctx) =>
  ctx.ports.followers.move(ctx.message.migrate_from_chat_id, ctx.chat.id),
);
