/**
 * Formats readers' and editors' texts, which are ICU messages:
 * https://unicode-org.github.io/icu/userguide/format_parse/messages/.
 */
import {
  type MessageFormatElement,
  parse,
  TYPE,
} from "@formatjs/icu-messageformat-parser";
import { IntlMessageFormat } from "intl-messageformat";
import { formatters, printCount } from "./intl.ts";
import { isolate, type LocaleTag, locales } from "./locale.ts";

export type Gender = "he" | "she" | "they" | "several";

/**
 * Values by placeholder. Plurals go by `count`, selects by `gender`, in which
 * "they" is the form `other`, as is "several" where none is given.
 */
export interface MessageValues {
  count?: number;
  gender?: Gender;
  [name: string]: string | number | undefined;
}

/** A parsed message, or a text without placeholders. */
export type Message = string | MessageFormatElement[];

/**
 * In these messages `<` and `>` are ordinary characters, not tags. A text
 * without braces and quotes needs no parser.
 */
export const parseMessage = (text: string): Message =>
  /[{']/.test(text) ? parse(text, { ignoreTag: true }) : text;

/** Whether a value is printed, or chooses a form. */
type Use = "print" | "choose";

export function placeholdersOf(
  message: Message,
  found = new Map<string, Use>(),
): Map<string, Use> {
  if (typeof message === "string") return found;
  for (const element of message) {
    if (element.type === TYPE.argument) found.set(element.value, "print");
    if (element.type !== TYPE.select && element.type !== TYPE.plural) continue;
    found.set(element.value, "choose");
    for (const option of Object.values(element.options))
      placeholdersOf(option.value, found);
  }
  return found;
}

type Format = (values: MessageValues) => string;

function formatOf(locale: LocaleTag, message: Message): Format {
  if (typeof message === "string") return () => message;
  const icu = new IntlMessageFormat(message, locales[locale].intl, undefined, {
    formatters,
  });
  const placeholders = [...placeholdersOf(message)];
  return (values) => {
    const filled: MessageValues = {};
    for (const [name, use] of placeholders) {
      const value = values[name];
      if (use === "choose") filled[name] = value ?? "other";
      else if (value === undefined) filled[name] = `{${name}}`;
      else
        filled[name] =
          typeof value === "number"
            ? printCount(locale, value)
            : isolate(value, locale);
    }
    return String(icu.format(filled));
  };
}

/**
 * Reads one language's catalogue; each message is parsed when it is first used.
 * Text values are isolated where they run in the other direction, numbers are
 * printed as the language writes them, and a placeholder without a value stays
 * visible.
 * @returns a function from key and values to the text; undefined for a key that
 * the catalogue lacks
 */
export function speaker<Key extends string>(
  locale: LocaleTag,
  catalogue: { readonly [key in Key]?: Message },
) {
  const formats = new Map<Key, Format>();
  return (key: Key, values: MessageValues = {}): string | undefined => {
    let format = formats.get(key);
    if (!format) {
      const message = catalogue[key];
      if (message === undefined) return undefined;
      format = formatOf(
        locale,
        typeof message === "string" ? parseMessage(message) : message,
      );
      formats.set(key, format);
    }
    return format(values);
  };
}
