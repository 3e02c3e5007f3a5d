/** Readers' texts. Keys are those of en.json; English stands in for a key that another language lacks. */

import { type LocaleTag, localeTags, sourceLocale } from "./locale.ts";
import type en from "./locales/en.json";
import { type MessageValues, speaker } from "./message-format.ts";

export type { Gender, MessageValues } from "./message-format.ts";
export type MessageKey = keyof typeof en;

/** A bundler finds the files by this pattern, so a new language needs no import of its own. */
async function speakerOf(tag: LocaleTag) {
  const { default: catalogue } = await import(`./locales/${tag}.json`, { with: { type: "json" } });
  return [tag, speaker<MessageKey>(tag, catalogue)] as const;
}
const speakers = Object.fromEntries(await Promise.all(localeTags.map(speakerOf))) as Record<
  LocaleTag,
  ReturnType<typeof speaker<MessageKey>>
>;

export const message = (locale: LocaleTag, key: MessageKey, values?: MessageValues): string =>
  speakers[locale](key, values) ?? speakers[sourceLocale](key, values) ?? key;

/** @returns `message` in one language */
export const sayIn =
  (locale: LocaleTag) =>
  (key: MessageKey, values?: MessageValues): string =>
    message(locale, key, values);
