/** Chats that let the bot go, or that have another number. */
import { Composer } from "grammy";
import { type CaseContext, mustPlace } from "./context.ts";

export const chats = new Composer<CaseContext>();

chats.on("my_chat_member", async (ctx) => {
  const { followers } = ctx.ports;
  const now = ctx.myChatMember.new_chat_member;
  const gone = now.status === "kicked" || now.status === "left" || (now.status === "restricted" && !now.is_member);
  // Who blocks or removes the bot wants nothing kept here; any other change may have given it back a right.
  if (gone) await followers.forget(mustPlace(ctx));
  else await followers.retry(mustPlace(ctx));
});
chats.on("message:forum_topic_reopened", (ctx) => ctx.ports.followers.retry(mustPlace(ctx)));

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
