/** Membership changes of the bot, and groups that get a new id. */
import { Composer, GrammyError } from "grammy";
import { greetChannelAdmin } from "./channels.ts";
import type { CaseContext } from "./context.ts";

/**
 * Ids of supergroups and channels begin with -100; those of groups are negative
 * and shorter.
 */
const FIRST_SUPERGROUP = -1_000_000_000_000;
const isGroup = (id: number) => id < 0 && id > FIRST_SUPERGROUP;

/**
 * Moves a group's data to the supergroup that it became. An update proves
 * nothing when the webhook's secret has leaked, so only ids of the right kinds
 * are accepted, and Telegram must name the same supergroup when it is asked
 * about the group. Without the answer nothing is lost: the next message to the
 * group brings it too.
 */
async function migrate(
  ctx: CaseContext,
  from: number,
  to: number,
): Promise<void> {
  if (!isGroup(from) || to >= FIRST_SUPERGROUP) return;
  const said = await ctx.api
    .sendChatAction(from, "typing")
    .catch((error: unknown) => {
      if (error instanceof GrammyError)
        return error.parameters.migrate_to_chat_id;
      throw error;
    });
  if (said === to) await ctx.ports.followers.move(from, to);
}

export const chats = new Composer<CaseContext>();

chats.on("my_chat_member", async function noteMembership(ctx) {
  const { followers } = ctx.ports;
  const now = ctx.myChatMember.new_chat_member;
  const gone =
    now.status === "kicked" ||
    now.status === "left" ||
    (now.status === "restricted" && !now.is_member);
  // Blocking or removing the bot deletes the chat's data. Any other change may
  // have restored its right to write.
  if (gone) await followers.forget(ctx.place);
  else await followers.retry(ctx.place);
  const was = ctx.myChatMember.old_chat_member.status;
  const isNew = !gone && (was === "left" || was === "kicked");
  if (!isNew) return;
  // Blocking erased everything, and whoever unblocks the bot may think that it
  // goes on as before.
  if (ctx.place.kind === "private" && was === "kicked")
    await ctx.answer(ctx.text("bot.unblocked"));
  if (ctx.place.kind === "group") await ctx.answer(ctx.groupHelp());
  // In a channel every subscriber would read it, so it goes to the
  // administrator who added the bot, if there is a chat.
  else if (ctx.place.kind === "channel") await greetChannelAdmin(ctx);
});
chats.on("message:forum_topic_reopened", (ctx) =>
  ctx.ports.followers.retry(ctx.place),
);

// Telegram is asked not to send these: every subscriber would read an answer.
chats.on("channel_post", () => {});

// Telegram copies a channel's posts into its discussion group. A command copied
// this way is not for the bot.
chats.on("message:is_automatic_forward", () => {});
// A card that was shared into the private chat with the bot is not a search.
chats.on("message").filter(
  (ctx) => ctx.message.via_bot?.id === ctx.me.id,
  () => {},
);

// Telegram sends this update twice, in the old group and in the new one. Either
// may be lost.
chats.on("message:migrate_to_chat_id", (ctx) =>
  migrate(ctx, ctx.chat.id, ctx.message.migrate_to_chat_id),
);
chats.on("message:migrate_from_chat_id", (ctx) =>
  migrate(ctx, ctx.message.migrate_from_chat_id, ctx.chat.id),
);
