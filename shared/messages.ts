/**
 * Readers' texts. Keys are those of en.json; English stands in for a key that
 * another language lacks.
 */
import { type Catalogue, catalogueOf } from "#catalogues";
import { type LocaleTag, sourceLocale } from "./locale.ts";
import { type MessageValues, speaker } from "./message-format.ts";

export type { Gender, MessageValues } from "./message-format.ts";
export type MessageKey = keyof Catalogue;

const speakers = new Map<LocaleTag, ReturnType<typeof speaker<MessageKey>>>();

function speakerOf(locale: LocaleTag): ReturnType<typeof speaker<MessageKey>> {
  let found = speakers.get(locale);
  if (!found) {
    found = speaker<MessageKey>(locale, catalogueOf(locale));
    speakers.set(locale, found);
  }
  return found;
}

export const message = (
  locale: LocaleTag,
  key: MessageKey,
  values?: MessageValues,
): string =>
  speakerOf(locale)(key, values) ?? speakerOf(sourceLocale)(key, values) ?? key;

/** @returns `message` in one language */
export const sayIn =
  (locale: LocaleTag) =>
  (key: MessageKey, values?: MessageValues): string =>
    message(locale, key, values);
