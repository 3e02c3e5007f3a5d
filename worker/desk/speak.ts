/** The page's language: the shell names all of them, and the words of one come when it is spoken. */
import { locales } from "../../shared/locale.ts";
import type { DeskWords } from "./locales/desk-words.ts";
import { type Language, language, say, setWords } from "./words.ts";

interface Spoken {
  tag: Language;
  /** In itself. */
  name: string;
  href: string;
}

export const languages: Spoken[] = [...document.querySelectorAll<HTMLLinkElement>("link[rel=words]")].map(
  ({ hreflang, title, href }) => ({ tag: hreflang as Language, name: title, href }),
);

/** What was asked for last: answers that come late are not heeded. */
let wanted: string | undefined;

/** @returns the language that the page speaks afterwards. Throws when its words cannot be had; the page then speaks as before. */
export async function speak(tag: string): Promise<Language> {
  wanted = tag;
  const href = languages.find((one) => one.tag === tag)?.href;
  const answer = await fetch(href ?? "");
  if (!answer.ok) throw new Error(`no words in ${tag}: ${answer.status}`);
  const words = (await answer.json()) as DeskWords;
  if (wanted !== tag) return language();
  setWords(words);
  document.documentElement.lang = words.tag;
  document.documentElement.dir = locales[words.tag].dir;
  document.title = `${say("app.title")} · Casewire`;
  return words.tag;
}
