/** Where a document lists the people it is about: under a label, or behind the country of its heading. */
import type { Line } from "./lines.ts";
import { hasShortSurname, isName, isSubject, pieces } from "./name-forms.ts";
import { countryAtStart } from "./places.ts";

export const nameLabel =
  /^names? and (?:preferred )?pronouns?(?:\(s\))? ?$|^(?:names? and (?:preferred )?pronouns?(?:\(s\))?(?: \(s\))?|preferred pronouns?|names?(?:\(s\))?|nombres?(?: y pronombres?)?|noms?(?: et pronoms?)?) ?:/i;
const anyLabel =
  /^(?:(?:this is the|link to|please|gender|both m\/f|further information|additional information|background|urgent action|ua[ :]|ai index|index|issue date|date|https?:|www\.|preferred language|género|sexe)\b|[A-Z][A-Z ,'’/&()-]{6,}:)/i;

/** The lines under a name label, up to the next label or an empty line. */
export function nameLines(lines: Line[], at: number): Line[] {
  const own = lines[at] as Line;
  const rest = own.text.replace(nameLabel, "").trim();
  const found: Line[] = rest ? [{ ...own, text: rest }] : [];
  for (const line of lines.slice(at + 1, at + 40)) {
    if (line.text === "") {
      if (found.length > 0) break;
      continue;
    }
    if (anyLabel.test(line.text) || line.text.length > 400) break;
    const previous = found.at(-1);
    // A list goes on while it is open: after a comma or "and", within a name's brackets, or before its pronouns.
    const open =
      !previous ||
      /(?:[,;]| and|&)$/.test(previous.text) ||
      /^\(|^(?:and|&) /.test(line.text) ||
      /^[^.]*\((?:he|she|they)\//i.test(line.text);
    const cut = previous && /\((?:he|she|they)\//i.test(found[0]?.text ?? "") && !/\)[.,;]?$/.test(previous.text);
    if (!open && !cut) break;
    found.push(line);
  }
  return found;
}

/** Headings of the nineties sort names by what befell people; that is left to the editor. */
const fate =
  /^["“]?(?:killed|threatened|disappeared|injured|wounded|arrested|detained|released|missing|dead|died|executed|charged|tried|sentenced|at liberty|new names?|also|corrections?|corrected names?|still (?:held|detained|missing|in detention|in custody)|freed)["”]? ?: ?/i;

/** "KESTRIA   Name SURNAME (f), aged 17" and the lines beneath it. */
export function countryLines(lines: Line[], body: string): Line[] {
  const top = lines.slice(0, 60);
  for (const [at, line] of top.entries()) {
    const start = countryAtStart(line.raw);
    // A headline in capitals may begin with a country too.
    if (!start || line.text.length > 600 || (start.rest !== "" && line.text === line.text.toUpperCase())) continue;
    const found: Line[] = [];
    const rest = start.rest.trim();
    if (rest) found.push({ ...line, text: rest.replace(/\s+/g, " ").replace(fate, "") });
    for (const next of lines.slice(at + 1, at + 30)) {
      if (next.text === "") {
        if (found.length > 0) break;
        continue;
      }
      if (next.text.length > 160 || (anyLabel.test(next.text) && !fate.test(next.text))) break;
      if (
        !/\((?:m|f|male|female)\b/i.test(next.text) &&
        !/^\s/.test(next.raw) &&
        !/^(?:\p{Lu}[\p{L}.'’-]* ){1,4}(?:\p{Lu}|[-'’]){3,}(?:$|[,;(]| \()|^(?:\p{Lu}[\p{L}.'’-]* ?){2,5}, aged \d/u.test(
          next.text,
        ) &&
        !fate.test(next.text)
      )
        break;
      const previous = found.at(-1);
      // A name that goes on below: "… , Demo" above "ALFA, …".
      if (
        previous &&
        /(?:, |^)\p{Lu}\p{Ll}+$/u.test(previous.text) &&
        /^(?:\p{Lu}|[-'’]){3,}(?:$|[ ,;])/u.test(next.text)
      )
        previous.text = `${previous.text} ${next.text}`;
      else found.push({ ...next, text: next.text.replace(fate, "") });
    }
    // A heading that is only a title has no sign of a person in it.
    if (
      found.some(
        ({ text }) =>
          isSubject(text, body) ||
          hasShortSurname(text, body) ||
          /\((?:m|f|male|female)\b|\baged \d|(?:^|[ ,])(?:\p{Lu}|[-'’]){3,}(?:[ ,;]|$)/u.test(text),
      )
    )
      return found;
  }
  return [];
}

export const counts =
  "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
const namedAbove =
  /(?<![\p{L}\d])((?:[\p{L}\d]{1,20} ){0,4})(?:men|women|people|persons|journalists|students|activists|lawyers|teachers|brothers|sisters|youths|boys|girls|children|prisoners|detainees|individuals|monks|nuns|trade unionists|defenders|those) named above\b/iu;

/** Names without a mark, one a line under the country, which the running text calls the people named above; as many as it counts. */
export function plainNames(lines: Line[], body: string): Line[] {
  const said = namedAbove.exec(body);
  const at = lines.slice(0, 60).findIndex((line) => {
    const start = countryAtStart(line.raw);
    return start?.known && start.rest !== "" && line.text !== line.text.toUpperCase();
  });
  if (!said || at < 0) return [];
  const found: Line[] = [];
  for (const [index, line] of lines.slice(at, at + 30).entries()) {
    const text = index === 0 ? (countryAtStart(line.raw)?.rest ?? "") : line.text;
    const name = (pieces(text)[0] ?? "").replace(/^(?:Dr|Mr|Mrs|Ms)(?:\. ?| )/, "");
    if (text.length > 90 || /[.:]$/.test(text) || !isName(name, false)) break;
    found.push({ ...line, text: name });
  }
  const count = said[1]
    ?.toLowerCase()
    .split(" ")
    .find((word) => counts.includes(word) || /^\d+$/.test(word));
  const number =
    count === undefined ? found.length : counts.includes(count) ? counts.indexOf(count) + 2 : Number(count);
  return number === found.length ? found : [];
}
