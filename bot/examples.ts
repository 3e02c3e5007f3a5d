/** Values for the examples in the bot's texts. */
import type { Profile } from "../shared/profile/schema.ts";
import type { CaseContext } from "./context.ts";

/** Shown while there is no case with a place. */
const NO_PLACE = "FR";

/** Nothing when it can't be read, because an example isn't worth a failure. */
const known = (ctx: CaseContext) => ctx.ports.cases.example().catch(() => ({ number: null, place: null }));

/** An invented case is preferred, because the example's number stays in the chat. */
const numberOr = (number: string | null, { series: [first] }: Profile): string => number ?? first?.example ?? "";

/** The number of an existing case, so that the example works. */
export const exampleNumber = async (ctx: CaseContext): Promise<string> =>
  numberOr((await known(ctx)).number, ctx.links.profile);

/** The number of an existing case, and the code of a place that a case belongs to. */
export async function exampleScopes(ctx: CaseContext): Promise<{ example: string; place: string }> {
  const { number, place } = await known(ctx);
  return { example: numberOr(number, ctx.links.profile), place: place ?? NO_PLACE };
}
