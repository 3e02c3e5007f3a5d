/** The entries of `GET /v1/changes`. */
import * as v from "valibot";
import { Case } from "../../../shared/case/schema.ts";
import { described } from "../../../shared/described.ts";
import { Revision } from "../../../shared/revision.ts";

const common = {
  change: v.pipe(
    v.number(),
    v.integer(),
    v.description("The number of the change; it grows from change to change"),
  ),
  id: described(v.string(), "The case"),
  revision: Revision,
  tombstone: v.exactOptional(
    described(
      v.object({
        before: v.pipe(
          v.number(),
          v.integer(),
          v.description("A number of a revision"),
        ),
      }),
      "Present on redactions and withdrawals: delete the content, notes and changes of every revision of the case before this number",
    ),
  ),
};

const kinds = v.variant("state", [
  v.object({ ...common, state: v.literal("present"), case: Case }),
  v.object({
    ...common,
    state: described(
      v.literal("withdrawn"),
      "The case was withdrawn: nothing but this revision may be shown of it",
    ),
  }),
  v.object({
    ...common,
    state: described(
      v.literal("erased"),
      "A later redaction erased the content",
    ),
  }),
  v.object({
    ...common,
    state: described(
      v.literal("unshowable"),
      "The stored content isn't a valid case",
    ),
  }),
]);

export type ChangeEntry = v.InferOutput<typeof kinds>;
// Typed by its output, because the contract's type would repeat the whole
// schema of a case.
export const ChangeEntry: v.GenericSchema<unknown, ChangeEntry> =
  kinds as never;
