/** What a button carries: at most 64 bytes, read back strictly, since any client can send anything. */
import type { LocaleTag } from "../shared/locale.ts";

const id = "((?:ua|extra|ma|nsa)-\\d{1,4}-\\d{2})";

/** What button data may look like; the first group is its argument. */
export const pressed = {
  follow: new RegExp(`^f:${id}$`),
  followKnowingly: new RegExp(`^F:${id}$`),
  unfollow: new RegExp(`^u:${id}$`),
  refresh: new RegExp(`^r:${id}$`),
  open: new RegExp(`^o:${id}$`),
  chooseLanguage: new RegExp(`^l:${id}$`),
  language: new RegExp(`^L:([a-z]{2,3})(?::${id})?$`),
  list: /^p:(\d{1,4})$/,
  share: /^s$/,
  card: new RegExp(`^c:([a-z]{2,3}):${id}$`),
  cardLanguages: new RegExp(`^m:([a-z]{2,3}):${id}$`),
  cardLanguage: new RegExp(`^C:([a-z]{2,3}):${id}$`),
} as const;

export const press = {
  follow: (id: string) => `f:${id}`,
  /** After the safety screen. */
  followKnowingly: (id: string) => `F:${id}`,
  unfollow: (id: string) => `u:${id}`,
  refresh: (id: string) => `r:${id}`,
  open: (id: string) => `o:${id}`,
  chooseLanguage: (id: string) => `l:${id}`,
  language: (tag: LocaleTag, id?: string) => `L:${tag}${id ? `:${id}` : ""}`,
  list: (page: number) => `p:${page}`,
  /** After the warning. */
  share: "s",
  // Under a card that was shared: nobody but the button knows the card's language.
  card: (tag: LocaleTag, id: string) => `c:${tag}:${id}`,
  cardLanguages: (tag: LocaleTag, id: string) => `m:${tag}:${id}`,
  cardLanguage: (tag: LocaleTag, id: string) => `C:${tag}:${id}`,
} as const;

/** The id of a case, as a deep link carries it. */
export const caseId = new RegExp(`^${id}$`);
