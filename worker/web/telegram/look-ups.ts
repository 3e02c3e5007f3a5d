/** The bot's look-ups of cases: each asks a small question about the list. */
import type { CaseBook, FoundCases } from "../../../bot/ports.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { mentionsIn, mentionsQuestion } from "../../reads/mentions.ts";
import type { ListAnswer, ListQuestion, Topic } from "../../reads/questions.ts";

type Ask = <T extends Topic>(question: ListQuestion<T>) => Promise<ListAnswer<T>>;

export function lookUpsOf(ask: Ask, profile: Profile): Omit<CaseBook, "view" | "act"> {
  const find = async (q: string | undefined, from: number, limit: number): Promise<FoundCases> => {
    const query = { q, action: undefined, cursor: undefined, from, limit };
    const { selection } = await ask<"page">({ about: "page", query });
    const { page: cases, found, unshowable } = selection;
    return { cases, found, unshowable };
  };
  return {
    list: (from, limit) => find(undefined, from, limit),
    search: (query, limit, from = 0) => find(query, from, limit),
    known: (ids) => ask<"cases">({ about: "cases", ids, keys: [], limit: 0 }),
    mentioned: async (text) => mentionsIn(await ask<"cases">(mentionsQuestion(text, profile)), text, profile),
    places: (name) => ask<"places">({ about: "places", name }),
    example: () => ask<"example">({ about: "example" }),
  };
}
