/** The case that words mean. */

import { numberIn } from "../shared/case/names.ts";
import { message } from "../shared/messages.ts";
import { answer, type CaseContext } from "./context.ts";
import { listMessage, plainMessage } from "./message.ts";
import { caseId } from "./press.ts";

/** How many cases are offered when several fit. */
const OFFERED = 8;

/** The one case that words mean, or null after the chat was told what else there is. */
export async function find(ctx: CaseContext, query: string): Promise<string | null> {
  const wanted = query.trim().slice(0, 200);
  if (caseId.test(wanted.toLowerCase())) return wanted.toLowerCase();
  const found = wanted === "" ? [] : await ctx.ports.cases.search(wanted);
  if (found.length === 1) return found[0]!.id;
  if (found.length === 0) {
    const number = numberIn(wanted);
    if (number) return `${number.series ?? "ua"}-${number.number}-${number.year}`;
    await answer(ctx, plainMessage(ctx.locale, "bot.nothing", {}, "cases"));
    return null;
  }
  const several = message(ctx.locale, "bot.several");
  await answer(ctx, listMessage(several, found.slice(0, OFFERED), 0, ctx.locale, ctx.ports.now()));
  return null;
}
