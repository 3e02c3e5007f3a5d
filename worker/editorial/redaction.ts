/** A redaction needs no second editor, so it may only remove content. These checks enforce that. */
import type { Case } from "../../shared/case/schema.ts";
import { isOutdated, isReviewed, textIn, withTexts } from "../../shared/case/text.ts";
import { isFields } from "./fields.ts";
import { pointerTo } from "./publication.ts";

/** The marks that may replace removed words. */
const OMISSION = /^(\[…\]|\[\.\.\.\]|…)$/;

/** True when `after` is `before` with words left out or replaced by a mark. */
function isShortened(before: string, after: string): boolean {
  const words = before.split(/\s+/);
  let from = 0;
  for (const word of after.split(/\s+/)) {
    if (OMISSION.test(word)) continue;
    const at = words.indexOf(word, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}

/**
 * The additions of a later version. Fields, list entries and words may be removed; anything added, changed or moved is an addition.
 * @returns JSON Pointers (RFC 6901) into the later version; empty when it only removes content
 */
export function additionsIn(before: unknown, after: unknown, pointer = ""): string[] {
  if (after === undefined) return [];
  if (typeof before === "string" && typeof after === "string") return isShortened(before, after) ? [] : [pointer];
  if (Array.isArray(before) && Array.isArray(after)) {
    let rest = before;
    return after.flatMap((entry, index) => {
      const at = rest.findIndex((one) => additionsIn(one, entry).length === 0);
      if (at < 0) return [`${pointer}${pointerTo([index])}`];
      rest = rest.slice(at + 1);
      return [];
    });
  }
  if (isFields(before) && isFields(after))
    return Object.entries(after).flatMap(([key, child]) => additionsIn(before[key], child, pointer + pointerTo([key])));
  return Object.is(before, after) ? [] : [pointer];
}

/**
 * A case in which each translation has its words, and `of` and `reviewed` only where they hold. A redaction may drop such a claim, but not
 * make a new one: that an outdated translation is right again needs a second editor.
 */
export const withClaims = ({ language, ...fields }: Case): unknown => ({
  language,
  ...withTexts(fields, (text) =>
    Object.fromEntries(
      Object.keys(text).map((lang) => [
        lang,
        lang === language
          ? textIn(text, lang)
          : {
              text: textIn(text, lang),
              ...(isOutdated(text, lang, language) ? {} : { of: "current" }),
              ...(isReviewed(text, lang, language) ? { reviewed: true } : {}),
            },
      ]),
    ),
  ),
});
