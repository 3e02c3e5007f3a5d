import type { Case } from "../../../shared/case/schema.ts";
import { type Failure, Refusal } from "../../../shared/failure.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { documentText } from "../../editing/importer/document-text.ts";
import type { Warning } from "../../editing/importer/draft.ts";
import { type Draft, draftFrom } from "../../editing/importer/importer.ts";
import { intoCase, peopleWarnings } from "../../editing/importer/into-case.ts";
import type { ListedSentence } from "../../editing/rules/reading.ts";
import { sentencesOf } from "../../editing/rules/sentences.ts";

/** Reads a document into a draft, with its text, because line numbers in the draft refer to it; or says why it is refused. */
export async function readDocument(
  document: Uint8Array,
  profile: Profile,
): Promise<{ draft: Draft; text: string } | { refused: Failure }> {
  try {
    const text = await documentText(document);
    const read = draftFrom(text, profile);
    return "refused" in read
      ? { refused: { tag: "unreadable-document", reason: read.refused } }
      : { draft: read.draft, text };
  } catch (error) {
    // Only an error's message survives the way to the main Worker.
    if (error instanceof Refusal) return { refused: error.failure };
    throw error;
  }
}

/** Compares a document with the case that it is about: people who may be somebody of the case, and sentences that wait for a verdict. */
export function readBeside(
  drafted: Draft["case"],
  text: string,
  current: Case | null,
  profile: Profile,
): { warnings: Warning[]; sentences: ListedSentence[] } {
  return {
    warnings: current ? peopleWarnings(current, drafted) : [],
    sentences: sentencesOf(text, current ? intoCase(current, drafted) : drafted, profile),
  };
}
