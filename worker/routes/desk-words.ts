/** What the editors' page says, a language at a time. */
import type { DeskWords } from "../../shared/desk.ts";
import { type Catalogue, type LocaleTag, locales, localeTags } from "../../shared/locale.ts";

const rightsIn = (locale: LocaleTag): DeskWords["rights"][LocaleTag] => ({
  text: locales[locale].desk["house.rights.text"],
  quotations: locales[locale].desk["house.rights.quotations"],
});
const rights = Object.fromEntries(localeTags.map((tag) => [tag, rightsIn(tag)])) as DeskWords["rights"];

export function deskWords(tag: LocaleTag): DeskWords {
  const { catalogue, desk: texts, dir, intl, reviewed } = locales[tag];
  return { tag, dir, intl, reviewed, texts, own: (catalogue as Catalogue)._intl ?? null, rights };
}
