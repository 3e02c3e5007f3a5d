/** Groups: the greeting when the bot is added, and the help for members and administrators. */
import { message } from "../shared/messages.ts";
import type { CaseContext } from "./context.ts";
import { linesMessage } from "./message.ts";
import type { Outgoing } from "./text.ts";

/** What members and administrators can do in a group, with a button to the private chat. */
export function groupMessage(ctx: CaseContext): Outgoing {
  const open = { text: message(ctx.locale, "bot.act.open"), url: `https://t.me/${ctx.me.username}?start=help` };
  return linesMessage(ctx.locale, message(ctx.locale, "bot.group.help"), [[open]]);
}
