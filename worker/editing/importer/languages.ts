/** Reads the languages in which to write to the targets. */
import { doubt, type Findings, fact } from "./finding.ts";
import { importedLanguages, label } from "./layouts.ts";
import { type DocumentLine, labelled, wrapping } from "./lines.ts";

/** Names that CLDR doesn't have, or has otherwise. */
export const otherLanguageNames: Record<string, string> = { farsi: "fa" };
const tags =
  "af am ar az be bg bn bs ca cs da de dv dz el en es et fa fi fil fr ga he hi hr ht hu hy id is it ja ka kk km kn ko ku ky lo lt lv mg mk ml mn mr ms my ne nl no or pa pl ps pt rn ro ru rw sd si sk sl so sq sr sv sw ta te tg th ti tk tl tr uk ur uz vi zh zu";

/** Tags by a language's name in the languages of the layouts, made on first use. */
let languageNames: Map<string, string> | null = null;
function languageTag(name: string): string | undefined {
  if (!languageNames) {
    languageNames = new Map(Object.entries(otherLanguageNames));
    for (const lang of importedLanguages.toReversed()) {
      const print = new Intl.DisplayNames([lang], { type: "language", fallback: "none" });
      for (const tag of tags.split(" ")) languageNames.set(print.of(tag)?.toLowerCase() ?? tag, tag);
    }
  }
  return languageNames.get(name.toLowerCase());
}

/** "Burmese and English. You can also write in your own language." */
const own =
  /[.;:]| You (?:can|may)|(?:,? (?:or|and))? (?:in )?your own|(?:,? [ou])?(?: en)? su propi[oa]|,? (?:ou )?dans votre|,? (?:oder )?in ihrer/i;
/** @param count the number of targets */
export function* findLanguages(lines: DocumentLine[], count: number): Findings {
  const places = new Map(lines.map(({ number }, at) => [number, at]));
  const goesOn = wrapping(lines);
  const nextOf = ({ number }: DocumentLine) => lines[(places.get(number) ?? 0) + 1];
  const sets: { tags: string[]; line: number }[] = [];
  for (const { value, line } of labelled(lines, label("languages"))) {
    // The list may go on in the next line.
    const isOpen = /,$| (?:or|and|ou|o|y|oder|und|e)$/.test(value) || goesOn(line, nextOf(line));
    const list = (isOpen ? `${value} ${nextOf(line)?.text}` : value).split(own)[0] ?? "";
    const names = list
      .split(/,|\/| (?:or|and|ou?|y|et?|oder|und|&) /)
      .map((name) => name.replace(/^\s*(?:(?:in|en|auf|preferably|either) )?|\([^)]*\)/gi, "").trim())
      .filter((name) => name !== "" && !/^(?:n\/?a|none|not applicable)$/i.test(name));
    const found = names.map(languageTag);
    // The rest of a list that is not understood may hold further languages.
    if (found.includes(undefined)) {
      yield doubt("not-understood", line.number, list, "/action/targets/0/languages");
      return;
    }
    if (found.length > 0) sets.push({ tags: [...new Set(found as string[])], line: line.number });
  }
  const [first] = sets;
  if (!first || sets.some(({ tags }) => tags.join() !== first.tags.join())) return;
  for (let at = 0; at < count; at++) yield fact(`/action/targets/${at}/languages`, first.tags, first.line);
}
