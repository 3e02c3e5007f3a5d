/**
 * Finds names in everything that the Ledger stores, so that a redaction forgets
 * no place.
 */
import type { FoundMention } from "../../editing/rules/erase.ts";
import { nameFinder, nameMentionsIn } from "../../editing/rules/name-forms.ts";
import { draftWords } from "./saved-drafts.ts";

const MAX_MENTIONS = 500;

interface NameMentions {
  mentions: FoundMention[];
  /** The number of drafts and consents that the editor may not see. */
  hidden: number;
  more: boolean;
}

export function findMentions(
  { proposals, drafts, portraits }: WholeJournal,
  editor: string,
  names: readonly string[],
): NameMentions {
  const finder = nameFinder(names);
  const mentions: FoundMention[] = [];
  let hidden = 0;
  const add = (
    place: FoundMention["place"],
    id: string,
    about: string | null,
    content: object,
  ) => {
    if (mentions.length <= MAX_MENTIONS)
      mentions.push(
        ...nameMentionsIn(content, finder).map((mention) => ({
          place,
          id,
          case: about,
          ...mention,
        })),
      );
  };
  for (const { id, command } of proposals.commands())
    add("proposal", id, command.id, {
      ...draftWords({ source: null, ...command }),
      ...(command.kind === "erasure" && { erase: command.erase }),
    });
  for (const { editor: owner, id, case: about, draft } of drafts.all()) {
    const content = draftWords(draft);
    if (owner === editor) add("draft", id, about, content);
    else if (nameMentionsIn(content, finder).length > 0) hidden++;
  }
  for (const [id, records] of Map.groupBy(
    portraits.consents(),
    (one) => one.id,
  )) {
    const seen = new Set(
      portraits.listFor(id, editor, true).map(({ image }) => image),
    );
    for (const { image, consent } of records)
      if (seen.has(image)) add("consent", id, id, { consent });
      else if (nameMentionsIn({ consent }, finder).length > 0) hidden++;
  }
  return {
    mentions: mentions.slice(0, MAX_MENTIONS),
    hidden,
    more: mentions.length > MAX_MENTIONS,
  };
}
