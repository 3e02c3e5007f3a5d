/** The one engine of readers' and editors' texts: ICU MessageFormat, https://unicode-org.github.io/icu/userguide/format_parse/messages/. */
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { IntlMessageFormat } from "intl-messageformat";
import { formatters, printCount } from "./intl.ts";
import { isolate, type LocaleTag, locales } from "./locale.ts";

export type Gender = "he" | "she" | "they";

/** By the name of the placeholder. `count` is the number of a plural; `gender` is one of a `select`, "they" its `other`. */
export interface MessageValues {
  count?: number;
  gender?: Gender;
  [name: string]: string | number | undefined;
}

/** A parsed message, or a text in which nothing is to be replaced. */
export type Message = string | MessageFormatElement[];

/** `<` and `>` are letters like any other here. */
export const parseMessage = (text: string): Message => (/[{']/.test(text) ? parse(text, { ignoreTag: true }) : text);

/** Whether a placeholder stands for a text, or a count or gender chooses by it. */
type Use = "text" | "choice";

export function placeholdersOf(message: Message, found = new Map<string, Use>()): Map<string, Use> {
  if (typeof message === "string") return found;
  for (const element of message) {
    if (element.type === TYPE.argument) found.set(element.value, "text");
    if (element.type !== TYPE.select && element.type !== TYPE.plural) continue;
    found.set(element.value, "choice");
    for (const option of Object.values(element.options)) placeholdersOf(option.value, found);
  }
  return found;
}

type Format = (values: MessageValues) => string;

function formatOf(locale: LocaleTag, message: Message): Format {
  if (typeof message === "string") return () => message;
  const icu = new IntlMessageFormat(message, locales[locale].intl, undefined, { formatters });
  const placeholders = [...placeholdersOf(message)];
  return (values) => {
    const filled: MessageValues = {};
    for (const [name, use] of placeholders) {
      const value = values[name];
      if (value === undefined || use === "choice") filled[name] = value ?? (use === "choice" ? "other" : `{${name}}`);
      else filled[name] = typeof value === "number" ? printCount(locale, value) : isolate(value, locale);
    }
    return String(icu.format(filled));
  };
}

/**
 * A catalogue in one language. A text is isolated where it runs the other way, a number printed in the language's own way; a
 * placeholder without a value stays as it is.
 * @returns the message of a key; undefined when the catalogue lacks it
 */
export function speaker<Key extends string>(locale: LocaleTag, catalogue: { readonly [key in Key]?: Message }) {
  const formats = new Map<Key, Format>();
  return (key: Key, values: MessageValues = {}): string | undefined => {
    let format = formats.get(key);
    if (!format) {
      const message = catalogue[key];
      if (message === undefined) return undefined;
      format = formatOf(locale, typeof message === "string" ? parseMessage(message) : message);
      formats.set(key, format);
    }
    return format(values);
  };
}
