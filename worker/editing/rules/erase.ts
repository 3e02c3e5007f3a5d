/**
 * What an editor may erase, and what the erasure would do. A file of its own,
 * so that the editors' page loads no other schema with it.
 */
import * as v from "valibot";
import { Case } from "../../../shared/case/schema.ts";
import {
  Count as count,
  described,
  Timestamp as moment,
  Ordinal as number,
} from "../../../shared/described.ts";
import { Expected } from "./publication.ts";

const pointer = v.pipe(
  v.string(),
  v.regex(/^(\/[^/]*)+$/, "must be a JSON Pointer into the case"),
  v.maxLength(200, "must be at most 200 characters"),
);
export const words = (most: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.nonEmpty("must not be empty"),
    v.maxLength(most, `must be at most ${most} characters`),
  );
const atMost = <S extends v.GenericSchema>(most: number, schema: S) =>
  v.pipe(
    v.array(schema),
    v.maxLength(most, `must have at most ${most} entries`),
  );
const listOf = <S extends v.GenericSchema>(
  most: number,
  schema: S,
  text: string,
) => described(v.optional(atMost(most, schema), []), text);

/**
 * One thing to erase. Ids and pointers are those of the case as readers see it,
 * before the erasure.
 */
export const Erase = v.variant("what", [
  v.strictObject({ what: v.literal("person"), person: v.string() }),
  described(
    v.strictObject({ what: v.literal("name"), name: words(200) }),
    "Every form of a name",
  ),
  described(
    v.strictObject({ what: v.literal("sentence"), sentence: words(4000) }),
    "A sentence, wherever it stands; its translations are others",
  ),
  described(
    v.strictObject({ what: v.literal("entry"), at: pointer }),
    "An event, quotation, statement, addressee or link",
  ),
  described(
    v.strictObject({
      what: v.literal("translation"),
      lang: v.string(),
      at: v.exactOptional(pointer),
    }),
    "One translation, or all into a language",
  ),
  described(
    v.strictObject({ what: v.literal("picture"), person: v.string() }),
    "A picture, and what is said of it",
  ),
  described(
    v.strictObject({ what: v.literal("document"), document: v.string() }),
    "Its title, reference and address; a neutral id stays",
  ),
  described(
    v.strictObject({ what: v.literal("earlier") }),
    "What earlier revisions said; every erasure does this too",
  ),
]);
export type Erase = v.InferOutput<typeof Erase>;

/** The body of an erasure, and of its preview. */
export const ErasureRequest = v.strictObject({
  erase: v.pipe(
    atMost(50, Erase),
    v.minLength(1, "must have at least one entry"),
  ),
  alike: listOf(
    200,
    v.strictObject({
      case: v.exactOptional(v.string()),
      pointer: v.string(),
      word: v.string(),
    }),
    "Entries of `marked` or `remaining` that are no form of the name, and stay; `case` for another case",
  ),
  cases: listOf(
    200,
    v.strictObject({ id: v.string(), basedOn: number }),
    "Other cases in which the same is erased; the whole is one erasure",
  ),
  leave: listOf(
    200,
    v.string(),
    "Other cases in which the same stands, and stays",
  ),
  drafts: listOf(
    50,
    v.string(),
    "The editor's own drafts of other cases, which are deleted",
  ),
  proposals: listOf(
    50,
    v.string(),
    "Proposals in other cases, which are deleted",
  ),
  seen: v.exactOptional(
    described(
      v.pipe(
        v.string(),
        v.regex(/^[0-9a-f]{64}$/, "must be the `seen` of a preview"),
      ),
      "The `seen` of the preview that was read. An erasure needs it",
    ),
  ),
  expect: Expected,
});
export type ErasureRequest = v.InferOutput<typeof ErasureRequest>;

const Mention = v.object({
  pointer: v.string(),
  before: v.string(),
  word: v.string(),
  after: v.string(),
});
/** A form of a name in a field, with the words around it. */
export type Mention = v.InferOutput<typeof Mention>;

export const ErasedPlace = v.object({
  pointer: described(
    v.string(),
    "JSON Pointer to a text of the case as it stands, as all pointers here",
  ),
  lang: v.string(),
  sentences: described(
    v.array(v.object({ before: v.string(), after: v.string() })),
    "Those that change; all where `whole`",
  ),
  whole: described(
    v.boolean(),
    "A translation to read whole: a form may be left in it",
  ),
  marks: described(count, "The marks that it gets"),
  expected: described(count, "Those that its original gets"),
});
/** A text in which a mark stands, or should: for the editor to read. */
export type ErasedPlace = v.InferOutput<typeof ErasedPlace>;

/** What an erasure does to one revision. */
const ErasedRevision = {
  places: described(
    v.array(ErasedPlace),
    "Sentences with a mark, and translations that may lack one",
  ),
  marked: described(
    v.array(Mention),
    "The words that become a mark, as they stand now",
  ),
  remaining: described(
    v.array(Mention),
    "Forms of the name that are left, without those in `alike`",
  ),
  neighbours: described(
    v.array(Mention),
    "Words that may be the name: beside a mark, like it, or also of somebody who stays",
  ),
};
const erasedRevision = v.object(ErasedRevision);
/** What an erasure does to one revision. */
export type ErasedRevision = v.InferOutput<typeof erasedRevision>;

const ErasedCase = {
  ...ErasedRevision,
  pending: described(
    v.array(v.object({ number, liveAt: moment, ...ErasedRevision })),
    "Committed again with the erasure applied",
  ),
};

/**
 * A place where a name stands: in one of the editor's own drafts, in a
 * proposal, or in the record of who agreed to a picture.
 */
const FoundMention = v.object({
  place: v.picklist(["draft", "proposal", "consent"]),
  id: described(v.string(), "Of the draft or proposal, or the picture's case"),
  case: described(
    v.nullable(v.string()),
    "Null for a draft that names none yet",
  ),
  pointer: described(v.string(), "Into the case or its note: `/case/title/en`"),
  before: v.string(),
  word: described(v.string(), "The form of the name, as it stands there"),
  after: v.string(),
});
export type FoundMention = v.InferOutput<typeof FoundMention>;

/** What an erasure would do. */
export const ErasurePreview = v.object({
  case: described(Case, "The case as readers would see it"),
  ...ErasedCase,
  cases: described(
    v.array(v.object({ id: v.string(), basedOn: number, ...ErasedCase })),
    "Others with the same; an erasure names each in `cases` or `leave`",
  ),
  unreached: described(
    v.array(v.string()),
    "Others with the names, from which nothing can be erased now",
  ),
  elsewhere: described(
    v.array(FoundMention),
    "Where the names stand besides the case itself",
  ),
  hidden: described(
    count,
    "Others' drafts with the names, who must look before they publish",
  ),
  more: described(
    v.boolean(),
    "True when `elsewhere` has more than 500 places",
  ),
  drafts: described(
    count,
    "Drafts of the case, which are deleted at the moment",
  ),
  proposals: described(
    count,
    "Proposals of the case, which are deleted at the moment",
  ),
  would: v.picklist(["committed", "proposed"]),
  seen: described(
    v.string(),
    "A digest of what the editor must have read; the erasure repeats it",
  ),
});
export type ErasurePreview = v.InferOutput<typeof ErasurePreview>;

const Committed = v.object({ revision: number, liveAt: moment });

/** The answer to an erasure. */
export const Erased = v.object({
  revision: number,
  liveAt: described(moment, "The erasure can be undone until this moment"),
  cancelled: described(
    v.array(number),
    "Pending revisions, committed anew as `again`",
  ),
  again: v.array(Committed),
  cases: described(
    v.array(
      v.object({
        id: v.string(),
        ...Committed.entries,
        again: v.array(Committed),
      }),
    ),
    "The other cases",
  ),
});
export type Erased = v.InferOutput<typeof Erased>;
