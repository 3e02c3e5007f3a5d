/** Reads the languages in which to write to the targets. */
import { doubt, type Findings, fact } from "./finding.ts";
import { label } from "./layouts.ts";
import { type DocumentLine, labelled, splitSentences, wrapping } from "./lines.ts";

/** Tags by the language's name in English, Spanish and French, made on first use. */
let languageNames: Map<string, string> | null = null;
function languageTag(name: string): string | null {
  if (!languageNames) {
    languageNames = new Map([
      ["farsi", "fa"],
      ["persian", "fa"],
      ["burmese", "my"],
      ["castilian", "es"],
      ["tagalog", "tl"],
      ["khmer", "km"],
      ["mandarin", "zh"],
      ["bahasa indonesia", "id"],
      ["kirghiz", "ky"],
    ]);
    const prints = ["en", "es", "fr", "de", "it"].map(
      (tag) => new Intl.DisplayNames([tag], { type: "language", fallback: "none" }),
    );
    for (const tag of "af am ar az be bg bn bs ca cs da de dv dz el en es et fa fi fil fr ga he hi hr ht hu hy id is it ja ka kk km kn ko ku ky lo lt lv mg mk ml mn mr ms my ne nl no or pa pl ps pt rn ro ru rw sd si sk sl so sq sr sv sw ta te tg th ti tk tl tr uk ur uz vi zh zu".split(
      " ",
    )) {
      for (const print of prints) {
        const known = print.of(tag);
        if (known && !languageNames.has(known.toLowerCase())) languageNames.set(known.toLowerCase(), tag);
      }
    }
  }
  return languageNames.get(name.toLowerCase()) ?? null;
}

function* languagesIn(text: string, line: number): Findings<string[]> {
  const tags: string[] = [];
  const cut = text
    .replace(/,? or in your own language(?=,? or in \p{Lu})/u, "")
    .split(
      /[.;]| if possible| You (?:can|may)|(?:,? (?:or|and))? (?:in )?your own|(?:,? [ou])?(?: en)? su propi[oa]|,? ou dans votre/i,
    )[0] as string;
  if (/^(?:n\/?a\b|none|not applicable)/i.test(cut)) return tags;
  for (const part of cut.split(/,|\/| or | and | ou? | y | et |&/)) {
    const name = part
      .replace(/^\s*(?:in|preferably|either|or|and|en)\s+/i, "")
      .replace(/\([^)]*\)/g, "")
      .trim();
    if (!name) continue;
    const tag = languageTag(name);
    if (tag) tags.push(tag);
    else {
      // The rest of a list that is not understood may hold further languages.
      yield doubt("language-not-known", line, name, "/action/targets/0/languages");
      return [];
    }
  }
  return [...new Set(tags)];
}

const call =
  /(?<!\p{L})(?:schreiben sie|schreibt|scrivete|(?:prega di )?scrivere|écrivez|écrire|rédigez|escriban|escriba|env[ií]en|envoyez)(?!\p{L})/giu;
/** Where a list of languages may begin. */
const inLanguage = /(?<!\p{L})(?:auf|in(?: gute[mn]| einfachem)?|en|dans) (\p{L}+)/giu;
const ownLanguage =
  /,? ?(?:oder|o|ou|u|e)? ?(?:in ihrer|in eurer|nella (?:propria|vostra|tua)|dans votre|dans leur|en su)(?!\p{L}).*$/iu;
const listEnd =
  /,? (?:und (?:fordern|bitten|rufen)|in den(?:en)?|indem|um|pour|para|per|chiedendo|pidiendo|en demandant)(?!\p{L}).*$/iu;

/** The languages of a call for appeals: "Schreiben Sie in gutem Englisch oder auf Deutsch". A list that is not understood to its end is a doubt. */
function* calledIn(lines: DocumentLine[]): Findings<{ tags: string[]; line: number }[]> {
  const sets: { tags: string[]; line: number }[] = [];
  for (const { text, line } of splitSentences(lines)) {
    if (text.length > 2000) continue;
    for (const found of text.matchAll(call)) {
      // The full stop of "29. September" ends no sentence.
      const rest = text.slice(found.index, found.index + 300).split(/(?<!\d)[.]|[:;!]/)[0] as string;
      const start = [...rest.matchAll(inLanguage)].find(([, name]) => languageTag(name as string) !== null);
      if (!start) continue;
      const list = rest.slice(start.index).replace(ownLanguage, "").replace(listEnd, "");
      const names = list
        .split(/,| (?:oder|o|ou|u|y|e|et|und) /)
        .map((part) => part.replace(/^\s*(?:(?:oder|o|ou|y) )?(?:auf|in(?: gute[mn]| einfachem)?|en) /i, "").trim())
        .filter((part) => part !== "");
      const tags = names.map(languageTag);
      if (tags.includes(null)) yield doubt("language-not-known", line, list, "/action/targets/0/languages");
      else sets.push({ tags: [...new Set(tags as string[])], line });
      break;
    }
  }
  return sets;
}

/** @param count the number of targets */
export function* findLanguages(lines: DocumentLine[], count: number): Findings {
  const goesOn = wrapping(lines);
  const places = new Map(lines.map(({ number }, at) => [number, at]));
  const nextOf = ({ number }: DocumentLine) => lines[(places.get(number) ?? 0) + 1];
  const spoken = [
    ...labelled(lines, label("languages")).map(({ value, line }) => ({
      // The list may continue on the next line.
      value:
        /(?:,| or| and| ou| o| y| oder| und)$/.test(value) || goesOn(line, nextOf(line))
          ? `${value} ${nextOf(line)?.text ?? ""}`
          : value,
      line,
    })),
    ...lines.flatMap((line, at) => {
      const found =
        /^(?:escriban inmediatamente|dans les appels que vous ferez parvenir)\b.{0,120}?, (en [^:]{3,120})/i.exec(
          `${line.text} ${lines[at + 1]?.text}`,
        )?.[1];
      return found ? [{ value: found, line }] : [];
    }),
    ...lines.flatMap((line, at) => {
      const calls =
        /^(?:(?:(?:further )?recommended action ?: ?)?please (?:write|send) |(?:further )?recommended action ?: ?(?:telegrams|telexes|faxes|letters|e-?mails|express|airmail)).{0,120}/i.exec(
          line.text,
        );
      if (!calls || /^please send (?:appeals|copies)\b.{0,60}\b(?:before|to)\b/i.test(line.text)) return [];
      // The call ends at its colon, up to two lines further down.
      const whole = lines
        .slice(at, at + 3)
        .map(({ text }) => text)
        .join(" ")
        .split(":");
      const call = whole[/^(?:further )?recommended action ?:/i.test(line.text) ? 1 : 0] ?? "";
      const found =
        call.length < 300 ? /\b(?:either )?in ((?:\p{Lu}|your own)[^:.]{2,120})/u.exec(call)?.[1] : undefined;
      return found ? [{ value: found, line }] : [];
    }),
  ];
  const sets: { tags: string[]; line: number }[] = [];
  for (const { value, line } of spoken) sets.push({ tags: yield* languagesIn(value, line.number), line: line.number });
  if (sets.length === 0) sets.push(...(yield* calledIn(lines)));
  const [first] = sets.filter(({ tags }) => tags.length > 0);
  if (first && sets.every(({ tags }) => tags.length === 0 || tags.join() === first.tags.join()))
    for (let at = 0; at < count; at++) yield fact(`/action/targets/${at}/languages`, first.tags, first.line);
}
