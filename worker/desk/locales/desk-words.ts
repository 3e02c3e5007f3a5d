/** The texts of the editors' page: a file in this folder for each language of shared/locale.ts. */
import { type Catalogue, type LocaleTag, locales, localeTags, type OwnWords } from "../../../shared/locale.ts";
import ar from "./ar.json" with { type: "json" };
import crh from "./crh.json" with { type: "json" };
import en from "./en.json" with { type: "json" };
import ru from "./ru.json" with { type: "json" };
import tr from "./tr.json" with { type: "json" };
import uk from "./uk.json" with { type: "json" };

export type DeskKey = keyof typeof en;
export type DeskTexts = Record<DeskKey, string | ({ other: string } & { [plural in Intl.LDMLPluralRule]?: string })>;

export const deskTexts = { ar, crh, en, ru, tr, uk } satisfies Record<LocaleTag, DeskTexts>;

/** All that the editors' page needs to speak a language. */
export interface DeskWords {
  tag: LocaleTag;
  dir: "ltr" | "rtl";
  /** What Intl is asked for. */
  intl: string;
  reviewed: boolean;
  texts: DeskTexts;
  /** What Intl does not know of it; null when it knows the language. */
  own: OwnWords | null;
  /** The house's standard words on rights, in every language; `{issuer}` stands for the issuer. */
  rights: Record<LocaleTag, { text: string; quotations: string }>;
}

const rightsIn = (locale: LocaleTag): DeskWords["rights"][LocaleTag] => ({
  text: deskTexts[locale]["house.rights.text"],
  quotations: deskTexts[locale]["house.rights.quotations"],
});
const rights = Object.fromEntries(localeTags.map((tag) => [tag, rightsIn(tag)])) as DeskWords["rights"];

export function deskWords(tag: LocaleTag): DeskWords {
  const { catalogue, dir, intl, reviewed } = locales[tag];
  const texts = deskTexts[tag];
  return { tag, dir, intl, reviewed, texts, own: (catalogue as Catalogue)._intl ?? null, rights };
}
