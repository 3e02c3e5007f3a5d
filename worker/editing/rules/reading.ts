/**
 * What a person made of a document: the sentences that waited for a verdict,
 * and the verdicts.
 */
import * as v from "valibot";
import { sourceDigest } from "../../../shared/case/text.ts";
import { isFields } from "../../../shared/fields.ts";
import type { ProposedField } from "../importer/draft.ts";
import { ofCase, type Question, question } from "./answers.ts";

/** A value that a person may accept for somebody. */
export interface OfferedStatus {
  /** The id of the person in the case. */
  person: string;
  field: ProposedField;
  /**
   * A code of the field; for `sentence` a duration such as "P10Y6M", "life" or
   * "death".
   */
  value: string;
}

/** A sentence that waits for a verdict. */
export interface ListedSentence {
  /** A digest of its line and words, by which a verdict names it. */
  id: string;
  /** Verbatim; the neighbours are cut. */
  sentence: string;
  before: string;
  after: string;
  /** The line of the document at which it begins, from 1. */
  line: number;
  /** The ids of the people of the case whom it names, by any spelling. */
  people: string[];
  /** Its words for statuses, as they stand there. */
  statusWords: string[];
  offers: OfferedStatus[];
  /**
   * What it seems to state, beside what the case says now; absent when it
   * agrees.
   */
  contradicts?: (OfferedStatus & { now: string })[];
}

/**
 * What an editor can say of a sentence. A claim is somebody else's statement,
 * which the case may state as theirs.
 */
export const verdicts = [
  "accepted",
  "already-said",
  "not-about-them",
  "claimed",
] as const;
export type SentenceVerdict = (typeof verdicts)[number];

export const sentenceId = (line: number, sentence: string): string =>
  sourceDigest(`${line} ${sentence}`);

const MAX_READ = 400;

/**
 * What a publication says of the document that it was made from, without its
 * words: a file of the shell, which another editor may go on with.
 */
export const ReadSentences = v.object({
  document: v.pipe(
    v.string(),
    v.maxLength(64, "must have at most 64 characters"),
  ),
  sentences: v.pipe(
    v.array(
      v.object({ id: v.string(), verdict: v.nullable(v.picklist(verdicts)) }),
    ),
    v.maxLength(MAX_READ, `must have at most ${MAX_READ} entries`),
  ),
});
export type ReadSentences = v.InferOutput<typeof ReadSentences>;

/** The part of a draft's document that says what was read. */
interface ReadDocument {
  text: string;
  sentences?: readonly Pick<ListedSentence, "id">[];
  verdicts?: Readonly<Record<string, SentenceVerdict>>;
}

/** The sentences without a verdict. A saved draft may hold anything. */
export function unjudged({
  sentences,
  verdicts: given,
}: Pick<ReadDocument, "sentences" | "verdicts">): string[] {
  const judged = isFields(given) ? given : {};
  const ids = Array.isArray(sentences) ? sentences.map(({ id }) => id) : [];
  return ids.filter(
    (id) => !(verdicts as readonly unknown[]).includes(judged[id]),
  );
}

/**
 * What the question about unread sentences compares; null when all are judged.
 */
export function unreadOf(
  document: ReadDocument | null,
  reading?: ReadSentences,
): { document: string; count: number } | null {
  const left =
    reading?.sentences.filter(({ verdict }) => verdict === null).length ?? 0;
  if (!document && reading && left > 0)
    return { document: reading.document, count: left };
  const count = document ? unjudged(document).length : 0;
  return document && count > 0
    ? { document: sourceDigest(String(document.text)), count }
    : null;
}

/**
 * The question about unread sentences, for a screen that knows a document
 * before the Ledger does.
 */
export const unreadQuestion = (
  id: string | undefined,
  unread: NonNullable<ReturnType<typeof unreadOf>>,
): Question => ofCase(id, question("unread", unread, []));
