/** Finds a case by the words of a message. */

import { caseIdIn, typedIdsIn } from "../shared/profile/numbers.ts";
import type { CaseContext } from "./context.ts";
import { mentioned } from "./mentions.ts";
import { casesToChoose, listMessage, MAX_OFFERED_CASES } from "./message.ts";

const MAX_QUERY_LENGTH = 200;

/**
 * The id of the case that the words name.
 * @param words everything in the message, to look for mentions when the query finds nothing
 * @returns null when there is none or several; the chat has then been answered
 */
export async function find(ctx: CaseContext, query: string, words = query): Promise<string | null> {
  const wanted = query.trim().slice(0, MAX_QUERY_LENGTH);
  const id = caseIdIn(wanted, ctx.links.profile);
  if (id) return id;
  const { cases } = ctx.ports;
  const nothing = { cases: [], found: 0, unshowable: [], near: [] };
  const { cases: found, unshowable, near } = wanted === "" ? nothing : await cases.search(wanted, MAX_OFFERED_CASES);
  const [first, second] = [...found, ...unshowable];
  if (first && !second) return first.id;
  if (!first) {
    const [typed] = typedIdsIn(wanted, ctx.links.profile) ?? [];
    if (typed) return typed;
    const { ids, choice } = await mentioned(ctx, words);
    if (choice) await ctx.answer(choice, { asker: true });
    if (ids[0]) return choice ? null : ids[0];
    if (near.length === 0) {
      await ctx.answer(ctx.text("bot.nothing", {}, "cases"), { asker: true });
      return null;
    }
  }
  const title = ctx.say(first ? "bot.several" : "search.near");
  const offered = casesToChoose(first ? found : near, unshowable);
  await ctx.answer(listMessage(title, offered, ctx.locale, ctx.ports.now()), { asker: true });
  return null;
}
