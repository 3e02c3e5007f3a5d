/** Finds a case by the words of a message. */

import { caseIdPattern } from "../shared/case/id.ts";
import { numberIn } from "../shared/case/names.ts";
import { message } from "../shared/messages.ts";
import { answer, type CaseContext } from "./context.ts";
import { listMessage, plainMessage } from "./message.ts";

const MAX_OFFERED_CASES = 8;
const MAX_QUERY_LENGTH = 200;

/** The id of the case that the words name. @returns null when there is none or several; the chat has then been answered */
export async function find(ctx: CaseContext, query: string): Promise<string | null> {
  const wanted = query.trim().slice(0, MAX_QUERY_LENGTH);
  if (caseIdPattern.test(wanted.toLowerCase())) return wanted.toLowerCase();
  const { cases } = ctx.ports;
  const [found, unshowable] =
    wanted === "" ? [[], []] : await Promise.all([cases.search(wanted), cases.unshowable(wanted)]);
  const [first, second] = [...found, ...unshowable];
  if (first && !second) return first.id;
  if (!first) {
    const number = numberIn(wanted);
    if (number) return `${number.series ?? "ua"}-${number.number}-${number.year}`;
    await answer(ctx, plainMessage(ctx.locale, "bot.nothing", {}, "cases"));
    return null;
  }
  const several = message(ctx.locale, "bot.several");
  const offered = found.slice(0, MAX_OFFERED_CASES);
  await answer(ctx, listMessage(several, offered, 0, ctx.locale, ctx.ports.now(), unshowable));
  return null;
}
