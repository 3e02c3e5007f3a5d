import type { Failure } from "../../../shared/failure.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { type Draft, draftFrom } from "../../editing/importer/importer.ts";
import {
  MAX_DOCUMENT_LENGTH,
  UnreadableFile,
} from "../../editing/importer/readers/file-text.ts";
import { readFile } from "../../editing/importer/readers/read.ts";

/**
 * Reads a document into a draft, with its text, because line numbers in the
 * draft refer to it; or says why it can't be read.
 */
export async function readDocument(
  document: Uint8Array,
  profile: Profile,
): Promise<{ draft: Draft; text: string } | { refused: Failure }> {
  try {
    const { text, unread } = await readFile(document);
    return {
      draft: draftFrom(text, profile, unread),
      text: text.slice(0, MAX_DOCUMENT_LENGTH),
    };
  } catch (error) {
    // Only an error's message survives the way to the main Worker.
    if (error instanceof UnreadableFile)
      return { refused: { tag: "unreadable-document", reason: error.reason } };
    throw error;
  }
}
