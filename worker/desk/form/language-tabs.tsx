/** Tabs for the languages of a text. Those without a text, or with an outdated one, are marked. */

import { isOutdated, type LooseText } from "../../../shared/case/text.ts";
import { Button } from "../inputs.tsx";
import { languageName, say } from "../words.ts";

/** With more languages, tabs show codes instead of names. */
const MAX_NAMED_TABS = 3;

interface LanguageTabsProps {
  languages: string[];
  text: LooseText;
  writing: string;
  onWrite: (lang: string) => void;
}

export function LanguageTabs({ languages, text, writing, onWrite }: LanguageTabsProps) {
  if (languages.length < 2) return null;
  return (
    <fieldset class="tabs">
      <legend class="unseen">{say("form.languages")}</legend>
      {languages.map((lang) => (
        <Button
          key={lang}
          aria-pressed={lang === writing}
          class={text[lang] ? (isOutdated(text, lang, languages[0] as string) ? "outdated" : "") : "blank"}
          onPress={() => onWrite(lang)}
        >
          {languages.length <= MAX_NAMED_TABS ? languageName(lang) : lang}
          {languages.length > MAX_NAMED_TABS && <span class="unseen"> {languageName(lang)}</span>}
          {isOutdated(text, lang, languages[0] as string) && <span class="unseen"> {say("form.outdated")}</span>}
        </Button>
      ))}
    </fieldset>
  );
}
