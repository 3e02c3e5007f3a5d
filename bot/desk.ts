/** `/desk`: links a private group to the newsroom's desk, and ends that. The group then hears what happens to proposals. */
import { Composer } from "grammy";
import type { MessageKey } from "../shared/messages.ts";
import { forAdmins } from "./admins.ts";
import type { CaseContext } from "./context.ts";

const say = (ctx: CaseContext, key: MessageKey, asker = true) => ctx.answer(ctx.text(key), asker ? { asker } : {});

export const desk = new Composer<CaseContext>();

desk.chatType(["group", "supergroup"]).command("desk", forAdmins, async function linkGroup(ctx) {
  const { place } = ctx;
  const given = ctx.match.trim();
  if (given === "") await say(ctx, "bot.desk.how");
  else if (given.toLowerCase() === "stop")
    await say(ctx, (await ctx.ports.desk.unlink(place)) ? "bot.desk.stopped" : "bot.desk.none", false);
  else if ("username" in ctx.chat && ctx.chat.username !== undefined) await say(ctx, "bot.desk.public");
  else {
    const outcome = await ctx.ports.desk.link(place, given, ctx.locale);
    await say(ctx, `bot.desk.${outcome}`, outcome !== "linked");
  }
});
desk.chatType("private").command("desk", (ctx) => say(ctx, "bot.desk.how"));
