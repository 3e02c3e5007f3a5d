/** The texts of a case beside their translations. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { translationUnits } from "../../editing/rules/translations.ts";
import { textPlaces } from "../form/form-state.ts";
import { pointerOf } from "../form/path.ts";
import { TextField } from "../form/text-field.tsx";
import { useFormState } from "../form/use-form.ts";
import { Button, Option } from "../inputs.tsx";
import { languageName, say } from "../words.ts";
import { TaskPanel } from "./questions-panel.tsx";
import { TranslatorFile } from "./translator-file.tsx";

export function TranslationPanel() {
  const form = useFormState();
  const { languages, offered, fields, profile } = form;
  const places = textPlaces(fields, profile);
  const others = languages.slice(1);
  /** The language of each outdated translation. */
  const open = others.flatMap((tag) =>
    translationUnits(fields, tag).flatMap(({ state }) =>
      state === "outdated" ? tag : [],
    ),
  );
  const [lang, setLang] = useState(
    () => open[0] ?? others.find((tag) => tag === form.writing) ?? others[0],
  );
  // The preview follows, and the form opens again in the language that it had.
  const before = useRef(form.writing);
  useEffect(() => {
    if (lang) form.write(lang);
    return () => form.write(before.current);
  }, [lang]);
  const [all, setAll] = useState(false);
  /**
   * The texts that were to do when the list was opened: one that is done stays
   * in its place.
   */
  const units = lang ? translationUnits(fields, lang) : [];
  const toDo = useMemo(
    () =>
      new Set(
        units
          .filter(({ state }) => state !== "current")
          .map(({ path }) => pointerOf(path)),
      ),
    [lang],
  );
  const listed = all
    ? units
    : units.filter(({ path }) => toDo.has(pointerOf(path)));
  return (
    <TaskPanel title={say("translations.title")}>
      <p class="verdict" role="status">
        <strong class={open.length > 0 ? "missing" : "done"}>
          {open.length > 0
            ? say("translations.open", { count: open.length })
            : say("translations.none-open")}
        </strong>
      </p>
      <div class="row">
        <fieldset class="tabs">
          <legend class="unseen">{say("form.languages")}</legend>
          {others.map((tag) => (
            <Button
              key={tag}
              aria-pressed={tag === lang}
              onPress={() => setLang(tag)}
            >
              {languageName(tag)}
            </Button>
          ))}
        </fieldset>
        {offered.map((tag) => (
          <Button
            key={tag}
            class="chip"
            onPress={() => {
              form.addLanguage(tag);
              setLang(tag);
            }}
          >
            {languageName(tag)}
          </Button>
        ))}
      </div>
      {lang && (
        <>
          <TranslatorFile key={lang} lang={lang} places={places} />
          <Option class="still-right" checked={all} onChoose={setAll}>
            {say("translations.all")}
          </Option>
          {listed.length === 0 && (
            <p class="hint">
              {say("translations.nothing", { language: languageName(lang) })}
            </p>
          )}
          {listed.map((unit) => (
            <TextField
              key={pointerOf(unit.path)}
              path={unit.path}
              place={places.get(pointerOf(unit.path))}
            />
          ))}
        </>
      )}
    </TaskPanel>
  );
}
