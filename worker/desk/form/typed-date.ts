/** Reads a date as people write it. */
import { datesIn, edtfOf } from "../../editing/importer/dates.ts";

/** Up to this many characters of the text need not belong to the date. */
const MAX_OTHER_CHARACTERS = 4;

/** "25 June 2020" or "25.6.2020" as EDTF; null when the text is not exactly one unambiguous date. */
export function edtfIn(text: string): string | null {
  const [found, second] = datesIn(text);
  if (!found || second || found.ambiguous || found.asStated.length < text.trim().length - MAX_OTHER_CHARACTERS)
    return null;
  return edtfOf(found);
}
