import { type Failure, Refusal } from "../../../shared/failure.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { documentText } from "../../editing/importer/document-text.ts";
import { type Draft, draftFrom } from "../../editing/importer/importer.ts";

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
