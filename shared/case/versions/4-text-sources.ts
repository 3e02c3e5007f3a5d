/**
 * Each translation says which source it renders and whether it was reviewed.
 * Before, the case said so once per language.
 */
import { type Fields, isFields } from "../../fields.ts";
import { sourceDigest } from "../text.ts";

const tag = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/;

export const textSources = ({ translations, ...content }: Fields): Fields => {
  const language =
    typeof content.language === "string" ? content.language : "en";
  const wasReviewed = (lang: string) => {
    const stated = isFields(translations) ? translations[lang] : undefined;
    return isFields(stated) && stated.reviewed === true;
  };
  const upgraded = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(upgraded);
    if (!isFields(value)) return value;
    const entries = Object.entries(value);
    const isText =
      entries.length > 0 &&
      entries.every(
        ([key, child]) => tag.test(key) && typeof child === "string",
      );
    if (!isText)
      return Object.fromEntries(
        entries.map(([key, child]) => [key, upgraded(child)]),
      );
    const source = value[language];
    const of =
      typeof source === "string" && source !== "" ? sourceDigest(source) : "";
    return Object.fromEntries(
      entries.map(([lang, text]) => [
        lang,
        lang === language ? text : { text, of, reviewed: wasReviewed(lang) },
      ]),
    );
  };
  return upgraded(content) as Fields;
};
