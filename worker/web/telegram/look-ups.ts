/** The bot's look-ups of cases. */
import type { CaseBook, FoundCases } from "../../../bot/ports.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { mentionsIn } from "../../reads/mentions.ts";
import type { Reads } from "../../reads/reads.ts";

export type CaseReads = Pick<
  Reads,
  "leasedPage" | "allCases" | "summaries" | "example"
>;

/** @param ask reads the cases */
export function lookUpsOf(
  ask: <T>(read: (reads: CaseReads) => Promise<T>) => Promise<T>,
  profile: Profile,
): Omit<CaseBook, "view" | "act"> {
  const find = async (
    q: string | undefined,
    from: number,
    limit: number,
  ): Promise<FoundCases> => {
    const query = { q, action: undefined, cursor: undefined, from, limit };
    const { selection } = (await ask((reads) => reads.leasedPage(query))).at(
      Date.now(),
    );
    const { page: cases, found, unshowable, near } = selection;
    return {
      cases,
      found,
      unshowable,
      near: near.map(({ summary }) => summary),
    };
  };
  const all = async () => (await ask((reads) => reads.allCases())).value;
  return {
    list: (from, limit) => find(undefined, from, limit),
    search: (query, limit, from = 0) => find(query, from, limit),
    known: (ids) => ask((reads) => reads.summaries(ids)),
    mentioned: async (text) => mentionsIn(await all(), text, profile),
    asked: async (words, limit) => (await all()).asked(words, limit),
    places: async (name) => (await all()).places(name),
    example: () => ask((reads) => reads.example()),
  };
}
