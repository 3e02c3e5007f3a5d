/**
 * Loads the texts of the page's language. The page's HTML lists all languages,
 * and the texts of one are fetched when it is chosen.
 */
import { locales } from "../../shared/locale.ts";
import type { DeskWords } from "./locales/desk-words.ts";
import { type Language, language, say, setWords } from "./words.ts";

interface AvailableLanguage {
  tag: Language;
  /** In the language itself. */
  name: string;
  href: string;
}

export const languages: AvailableLanguage[] = [
  ...document.querySelectorAll<HTMLLinkElement>("link[rel=words]"),
].map(({ hreflang, title, href }) => ({
  tag: hreflang as Language,
  name: title,
  href,
}));

/**
 * The newsroom's name, which the server writes into the title. Later the title
 * also names the desk.
 */
export const newsroomName = document.title;

/**
 * The language that was chosen last. A response for another one arrives too
 * late and is ignored.
 */
let wanted: string | undefined;

/**
 * @returns the page's language afterwards
 * @throws Error when the texts can't be fetched; the language then stays as it
 * was
 */
export async function loadLanguage(tag: string): Promise<Language> {
  wanted = tag;
  const href = languages.find((one) => one.tag === tag)?.href;
  const answer = await fetch(href ?? "");
  if (!answer.ok)
    throw new Error(`Loading the texts of ${tag} failed: ${answer.status}`);
  const words = (await answer.json()) as DeskWords;
  if (wanted !== tag) return language();
  setWords(words);
  document.documentElement.lang = words.tag;
  document.documentElement.dir = locales[words.tag].dir;
  document.title = `${say("app.title")} · ${newsroomName}`;
  return words.tag;
}
