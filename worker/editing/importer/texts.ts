/** Finds the dates of the running text, for the editor's events. */
import { datesIn, edtfOf } from "./dates.ts";
import type { Draft } from "./draft.ts";
import { hasLabel, label } from "./layouts.ts";
import { type DocumentLine, splitSentences } from "./lines.ts";

const MAX_DATES = 200;

/** No year is inferred, and the deadline is no event. */
export function datesOf(
  lines: DocumentLine[],
  issuedOn: string | null,
): Draft["dates"] {
  const dates: Draft["dates"] = [];
  for (const { text, line } of splitSentences(lines)) {
    if (label("deadline").test(text) || hasLabel(text, "until", "date"))
      continue;
    for (const found of datesIn(text)) {
      const date = found.ambiguous ? null : edtfOf(found);
      if (dates.length === MAX_DATES) return dates;
      if (date === null || date !== issuedOn)
        dates.push({
          asStated: found.asStated,
          line,
          text,
          ...(date && { date: { date, asStated: found.asStated } }),
        });
    }
  }
  return dates;
}
