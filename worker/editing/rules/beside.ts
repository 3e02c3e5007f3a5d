/**
 * Reads a document beside the case that it is about: people who may be somebody
 * of the case, and sentences that wait for a verdict.
 */
import type { Case } from "../../../shared/case/schema.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { type Draft, type Warning, warningOf } from "../importer/draft.ts";
import { intoCase, peopleWarnings } from "../importer/into-case.ts";
import type { ListedSentence } from "./reading.ts";
import { sentencesOf } from "./sentences.ts";

/** Of a document. Nobody would judge more of them one by one. */
const MAX_LISTED = 400;

export function readBeside(
  drafted: Draft["case"],
  text: string,
  current: Case | null,
  profile: Profile,
): { warnings: Warning[]; sentences: ListedSentence[] } {
  const sentences = sentencesOf(
    text,
    current ? intoCase(current, drafted) : drafted,
    profile,
    MAX_LISTED + 1,
  );
  return {
    warnings: [
      ...(current ? peopleWarnings(current, drafted) : []),
      ...(sentences.length > MAX_LISTED
        ? [
            warningOf(
              "more-sentences",
              sentences[MAX_LISTED]?.line ?? null,
              String(MAX_LISTED),
            ),
          ]
        : []),
    ],
    sentences: sentences.slice(0, MAX_LISTED),
  };
}
