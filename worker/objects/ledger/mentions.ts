/** Finds names in everything that the Ledger stores, so that a redaction forgets no place. */
import type { FoundMention } from "../../editing/rules/desk.ts";
import { mentionsIn, nameFinder } from "../../editing/rules/name-forms.ts";
import type { Journal } from "./journal.ts";

const MAX_MENTIONS = 500;

/** @param editor a publisher, whose drafts are shown; those of other editors are only counted */
export function findMentions(
  { desk, proposals, drafts, portraits }: Journal,
  editor: string,
  names: readonly string[],
): { mentions: FoundMention[]; hidden: number; more: boolean } {
  const finder = nameFinder(names);
  const mentions: FoundMention[] = [];
  let hidden = 0;
  const add = (place: FoundMention["place"], id: string, about: string | null, content: object) => {
    if (mentions.length <= MAX_MENTIONS)
      mentions.push(...mentionsIn(content, finder).map((mention) => ({ place, id, case: about, ...mention })));
  };
  for (const fields of desk.newestCases()) add("case", fields.id, fields.id, { case: fields });
  for (const { id, command } of proposals.commands())
    add("proposal", id, command.id, { case: command.case, note: command.note });
  for (const { editor: owner, id, case: about, draft } of drafts.all()) {
    const content = { case: draft.case, note: draft.note, source: draft.source && { text: draft.source.text } };
    if (owner === editor) add("draft", id, about, content);
    else if (mentionsIn(content, finder).length > 0) hidden++;
  }
  for (const id of portraits.cases()) {
    const seen = new Set(portraits.listFor(id, editor, true).map(({ image }) => image));
    for (const { image, consent } of portraits.list(id))
      if (seen.has(image)) add("case", id, id, { consent });
      else if (mentionsIn({ consent }, finder).length > 0) hidden++;
  }
  return { mentions: mentions.slice(0, MAX_MENTIONS), hidden, more: mentions.length > MAX_MENTIONS };
}
