/**
 * The texts of the editors' page, one file for each language of
 * shared/locale.ts. The desk's build reads and parses them.
 */
import { readFileSync } from "node:fs";
import {
  type LocaleTag,
  localeTags,
  sourceLocale,
} from "../../../shared/locale.ts";
import { type Message, parseMessage } from "../../../shared/message-format.ts";
import type en from "./en.json";

export type DeskKey = keyof typeof en;

const read = (tag: LocaleTag): Record<DeskKey, string> =>
  JSON.parse(readFileSync(new URL(`${tag}.json`, import.meta.url), "utf8"));
const each = <Made>(make: (tag: LocaleTag) => Made) =>
  Object.fromEntries(localeTags.map((tag) => [tag, make(tag)])) as Record<
    LocaleTag,
    Made
  >;

export const deskTexts = each(read);

/** The texts of one language, as the editors' page loads them. */
export interface DeskWords {
  tag: LocaleTag;
  /** Already parsed, so that the page needs no parser. */
  texts: Record<DeskKey, Message>;
}

export function deskWords(tag: LocaleTag): DeskWords {
  // A key that is missing in another language falls back to English.
  const whole = { ...deskTexts[sourceLocale], ...deskTexts[tag] };
  const texts = Object.fromEntries(
    Object.entries(whole).map(([key, text]) => [key, parseMessage(text)]),
  );
  return { tag, texts: texts as DeskWords["texts"] };
}
