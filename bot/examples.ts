/** Values for the examples in the bot's texts. */
import type { Profile } from "../shared/profile/schema.ts";
import type { CaseSummary } from "../shared/view/summary.ts";
import type { CaseContext } from "./context.ts";

/** Shown while there is no case with a place. */
const NO_PLACE = "FR";

/** The case list; empty when it can't be read, because an example isn't worth a failure. */
const listed = (ctx: CaseContext): Promise<CaseSummary[]> => ctx.ports.cases.list().catch(() => []);

/** Prefers an invented case, because the example's number stays in the chat. */
const numberFrom = (summaries: CaseSummary[], { series: [first] }: Profile): string =>
  (summaries.find(({ demo }) => demo) ?? summaries[0])?.number ?? first?.example ?? "";

/** The number of an existing case, so that the example works. */
export const exampleNumber = async (ctx: CaseContext): Promise<string> =>
  numberFrom(await listed(ctx), ctx.links.profile);

/** The number of an existing case, and the code of a place that a case belongs to. */
export async function exampleScopes(ctx: CaseContext): Promise<{ example: string; place: string }> {
  const summaries = await listed(ctx);
  return {
    example: numberFrom(summaries, ctx.links.profile),
    place: summaries.flatMap(({ places }) => places)[0] ?? NO_PLACE,
  };
}
