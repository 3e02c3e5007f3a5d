/** The texts of the editors' page, one file for each language of shared/locale.ts. The desk's build reads and parses them. */
import { readFileSync } from "node:fs";
import { type LocaleTag, localeTags, sourceLocale } from "../../../shared/locale.ts";
import { type Message, parseMessage } from "../../../shared/message-format.ts";
import type en from "./en.json";

export type DeskKey = keyof typeof en;

const read = (tag: LocaleTag): Record<DeskKey, string> =>
  JSON.parse(readFileSync(new URL(`${tag}.json`, import.meta.url), "utf8"));
const each = <Made>(make: (tag: LocaleTag) => Made) =>
  Object.fromEntries(localeTags.map((tag) => [tag, make(tag)])) as Record<LocaleTag, Made>;

export const deskTexts = each(read);

/** All that the editors' page needs to speak a language. */
export interface DeskWords {
  tag: LocaleTag;
  /** Parsed, so that the page needs no parser. */
  texts: Record<DeskKey, Message>;
  /** The house's standard words on rights, in every language; `{issuer}` stands for the issuer. */
  rights: Record<LocaleTag, { text: string; quotations: string }>;
}

const rights = each((tag) => ({
  text: deskTexts[tag]["house.rights.text"],
  quotations: deskTexts[tag]["house.rights.quotations"],
}));

export function deskWords(tag: LocaleTag): DeskWords {
  // English stands in for a key that another language lacks.
  const whole = { ...deskTexts[sourceLocale], ...deskTexts[tag] };
  const texts = Object.fromEntries(Object.entries(whole).map(([key, text]) => [key, parseMessage(text)]));
  return { tag, texts: texts as DeskWords["texts"], rights };
}
