/**
 * The public note of a redaction. It is a fixed text, so that no note needs a
 * second editor's eyes or repeats what was removed.
 */
import type { Case, Note } from "../../../shared/case/schema.ts";
import { languagesIn } from "../../../shared/case/text.ts";
import { isLocale, sourceLocale } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";

/** The note in every language of the case that has texts for readers. */
export const redactionNote = (fields: Pick<Case, "language">): Note =>
  Object.fromEntries(
    languagesIn(fields).flatMap((lang): [string, string][] => {
      if (isLocale(lang)) return [[lang, message(lang, "note.redaction")]];
      // Every note has the case's own language.
      return lang === fields.language
        ? [[lang, message(sourceLocale, "note.redaction")]]
        : [];
    }),
  );
