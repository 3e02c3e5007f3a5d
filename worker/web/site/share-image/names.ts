/** The names in a case's share image and in its alternative text. */
import { type Case, type Person, preferredName } from "../../../../shared/case/schema.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { currentRunOf } from "../../../../shared/view/run.ts";

export const MAX_NAMES = 4;

/** The scripts of the image's font. A name in another one would be a row of boxes. */
export const isDrawable = (text: string) =>
  /^[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Arabic}\p{M}\p{N}\p{P}\p{Zs}]+$/u.test(text);

export function drawableName(person: Person): string | undefined {
  return [preferredName(person), ...person.names].find(({ value }) => isDrawable(value))?.value;
}

/**
 * Names, and how many more people there are. A case without people has its news, else its title.
 * @param most how many lines there may be
 */
export function namesFor(
  { people, title, language }: Case,
  locale: LocaleTag,
  news: string | undefined,
  most = MAX_NAMES,
): { shown: string[]; more?: string } {
  if (people.length === 0) return { shown: [news ?? currentRunOf(title, language, locale).text].filter(isDrawable) };
  const names = people.flatMap((one) => drawableName(one) ?? []);
  const shown = names.length === people.length && names.length <= most ? names : names.slice(0, Math.max(1, most - 1));
  const rest = people.length - shown.length;
  return shown.length > 0 && rest > 0
    ? { shown, more: message(locale, "view.people.more", { count: rest }) }
    : { shown };
}
