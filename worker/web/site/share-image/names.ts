/** The names in a case's share image and in its alternative text. */
import { type Case, type Person, preferredName } from "../../../../shared/case/schema.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { currentRunOf } from "../../../../shared/view/run.ts";

export const MAX_NAME_LINES = 4;

/** The scripts of the image's font. A name in another one would be a row of boxes. */
export const isDrawable = (text: string) =>
  /^[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Arabic}\p{M}\p{N}\p{P}\p{Zs}]+$/u.test(text);

function drawableName(person: Person): string[] {
  const preferred = preferredName(person);
  const name = [preferred, ...person.names].find(({ value }) => isDrawable(value))?.value;
  return name === undefined ? [] : [name];
}

/** Up to four lines: names, and in the last one how many more people there are. The title names a case without people. */
export function namesFor({ people, title, language }: Case, locale: LocaleTag): { shown: string[]; more?: string } {
  if (people.length === 0) return { shown: [currentRunOf(title, language, locale).text].filter(isDrawable) };
  const names = people.flatMap(drawableName);
  const shown =
    names.length === people.length && names.length <= MAX_NAME_LINES ? names : names.slice(0, MAX_NAME_LINES - 1);
  const rest = people.length - shown.length;
  return shown.length > 0 && rest > 0
    ? { shown, more: message(locale, "view.people.more", { count: rest }) }
    : { shown };
}
