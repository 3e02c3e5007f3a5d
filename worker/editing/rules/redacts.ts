/** The part of a redaction that names people. A file of its own, so that the editors' page loads no other schema with it. */
import * as v from "valibot";

/** The names that a redaction takes out, and the words that the editor confirmed to be no names. */
export const Redacts = v.strictObject({
  names: v.pipe(
    v.pipe(
      v.array(
        v.pipe(
          v.string(),
          v.trim(),
          v.nonEmpty("must not be empty"),
          v.maxLength(200, "must be at most 200 characters"),
        ),
      ),
      v.maxLength(24, "must have at most 24 entries"),
    ),
    v.description("Names to take out. The names of people whom the redaction removes are taken out in any case"),
  ),
  alike: v.pipe(
    v.pipe(
      v.array(v.strictObject({ pointer: v.string(), word: v.string() })),
      v.maxLength(200, "must have at most 200 entries"),
    ),
    v.description(
      "Words that look like a form of such a name and are not, each with its JSON Pointer (RFC 6901) into the body",
    ),
  ),
});
export type Redacts = v.InferOutput<typeof Redacts>;
