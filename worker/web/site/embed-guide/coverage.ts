/** How much of a case's text exists in a language, for webmasters who choose one. */
import type { Case } from "../../../../shared/case/schema.ts";
import { isOutdated, textsIn } from "../../../../shared/case/text.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";

/** `labels`: only the newsroom's own words are in the language; the case's text is in the case's own. */
export type Coverage = "whole" | "partly" | "labels";

function coverageOf(fields: Case, tag: LocaleTag): Coverage {
  if (tag === fields.language) return "whole";
  const texts = textsIn(fields);
  const current = texts.filter(({ text }) => text[tag] !== undefined && !isOutdated(text, tag, fields.language));
  return current.length === 0 ? "labels" : current.length < texts.length ? "partly" : "whole";
}

export const coveragesOf = (fields: Case, tags: LocaleTag[]): ReadonlyMap<LocaleTag, Coverage> =>
  new Map(tags.map((tag) => [tag, coverageOf(fields, tag)]));
