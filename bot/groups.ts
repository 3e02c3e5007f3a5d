import type { CaseContext } from "./context.ts";
import { linesMessage } from "./message.ts";
import type { Outgoing } from "./text.ts";

/** What members and administrators can do in a group, with a button to the private chat. */
export function groupMessage(ctx: CaseContext): Outgoing {
  const open = { text: ctx.say("bot.act.open"), url: ctx.link("help") };
  return linesMessage(ctx.locale, ctx.say("bot.group.help"), [[open]]);
}
