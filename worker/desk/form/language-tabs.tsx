/** Which language of a text is being written; those that have none yet are marked. */
import { languageName, say } from "../words.ts";

/** So many languages have room for their names. */
const FEW = 3;

interface LanguageTabsProps {
  languages: string[];
  text: Record<string, string>;
  writing: string;
  onWrite: (lang: string) => void;
}

export function LanguageTabs({ languages, text, writing, onWrite }: LanguageTabsProps) {
  if (languages.length < 2) return null;
  return (
    <fieldset class="tabs">
      <legend class="unseen">{say("form.languages")}</legend>
      {languages.map((lang) => (
        <button
          key={lang}
          type="button"
          aria-pressed={lang === writing}
          class={text[lang] ? "" : "blank"}
          onClick={() => onWrite(lang)}
        >
          {languages.length <= FEW ? languageName(lang) : lang}
          {languages.length > FEW && <span class="unseen"> {languageName(lang)}</span>}
        </button>
      ))}
    </fieldset>
  );
}
