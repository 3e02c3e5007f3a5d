/** Refusals to publish, undo, redact or withdraw. */
import type { Refusals } from "./refusals.ts";

const MAX_POINTERS_IN_WORDS = 5;

/** The first pointers, in words. */
const pointersIn = (fields: { pointer: string }[]): string => {
  const pointers = [...new Set(fields.map(({ pointer }) => pointer))];
  const more = pointers.length - MAX_POINTERS_IN_WORDS;
  return `${pointers.slice(0, MAX_POINTERS_IN_WORDS).join(", ")}${more > 0 ? ` and in ${more} more places` : ""}`;
};

export const publishingRefusals = {
  "questions-open": [
    409,
    "Questions are open",
    ({
      questions,
    }: {
      questions: {
        id: string;
        kind: string;
        at: string[];
        answers: readonly string[];
      }[];
      more: boolean;
    }) => [
      `The revision says things that must be confirmed: ${pointersIn(questions.flatMap(({ at }) => at.map((pointer) => ({ pointer }))))}. Nothing was changed.`,
      "Change what is wrong. Confirm the rest: send `answers`, each with the `id` of one of `questions` and one of its `answers`.",
    ],
  ],
  "other-outcome": [
    409,
    "The outcome would be another one",
    ({ would }: { would: "committed" | "proposed" }) => [
      `You expected another outcome, but this would be ${would}. Nothing was changed.`,
      "Your role or the newsroom's rule of review has changed. Look again, then send the `expect` that you want.",
    ],
  ],
  "precondition-failed": [
    412,
    "The case has changed",
    ({ newest }: { newest: number }) => [
      newest === 0
        ? "The case doesn't exist. Nothing was changed."
        : `Its newest committed revision is ${newest}. Nothing was changed.`,
      newest === 0
        ? "Send If-None-Match: * to create it."
        : "Read GET /v1/desk/cases/{id}, merge your changes, and send its ETag in If-Match.",
    ],
  ],
  exists: [
    412,
    "The case already exists",
    ({ newest }: { newest: number }) => [
      `Its newest committed revision is ${newest}. Nothing was changed.`,
      `To publish an update, send If-Match: "${newest}".`,
    ],
  ],
  "overtakes-pending": [
    409,
    "A pending revision goes live later",
    ({ pending, liveAt }: { pending: number; liveAt: string }) => [
      `Revision ${pending} goes live at ${liveAt}. A new revision must go live after it.`,
      `Undo it (DELETE .../revisions/${pending}), or replace it (?replace=${pending}).`,
    ],
  ],
  "not-pending": [
    409,
    "Too late to undo",
    ({ number }: { number: number }) => [
      `Revision ${number} is not pending.`,
      "Publish a correction instead.",
    ],
  ],
  "not-newest-pending": [
    409,
    "Not the newest pending revision",
    ({ number, newest }: { number: number; newest: number }) => [
      `Revision ${newest} is pending too and comes after revision ${number}.`,
      `Undo revision ${newest} first.`,
    ],
  ],
  "too-early": [
    422,
    "The moment is too early",
    ({ earliest }: { earliest: string }) => [
      `liveAt must be ${earliest} or later, when every copy has expired.`,
      "Omit liveAt to publish as soon as possible, or choose a later moment.",
    ],
  ],
  "nothing-to-erase": [
    409,
    "Nothing to erase",
    ({ id }: { id: string }) => [
      `${id} has no live content, or nothing of what you named stands in it. Nothing was changed.`,
      "Undo a revision that is only pending: it leaves no trace. Read the case again, and name what stands there.",
    ],
  ],
  "erasure-unseen": [
    409,
    "The erasure is not the one that was looked at",
    ({ seen }: { seen: string }) => [
      `What the erasure does is not what your \`seen\` stands for, which would be ${seen}. Nothing was changed.`,
      "Ask for the preview again, look at each place, and send its `seen`.",
    ],
  ],
  "name-elsewhere": [
    409,
    "Another case holds the same",
    ({ cases }: { cases: string[] }) => [
      `The same stands in ${cases.join(", ")}, and the erasure says nothing about that. Nothing was changed.`,
      "Name each of `cases` in the erasure's own `cases`, to erase it there too, or in `leave`.",
    ],
  ],
  "name-remains": [
    409,
    "A form of the name remains",
    ({
      remaining,
    }: {
      remaining: {
        pointer: string;
        before: string;
        word: string;
        after: string;
      }[];
    }) => [
      `A form of the name remains at ${pointersIn(remaining)}. \`remaining\` lists each with the words around it. Nothing was changed.`,
      "Erase these entries or sentences too, or the word beside the name. List a word that only looks like the name in `alike`.",
    ],
  ],
} satisfies Refusals;
