/** The texts of a case beside their translations. */
import { useEffect, useRef, useState } from "preact/hooks";
import { currentTranslation, type LooseText } from "../../../shared/case/text.ts";
import { directionOf } from "../../../shared/locale.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { type TranslationUnit, translationUnits } from "../../editing/rules/translations.ts";
import { Original } from "../differences.tsx";
import { textPlaces, useFormState } from "../form/form-state.ts";
import { pointerOf, valueAt } from "../form/path.ts";
import { languageName, say } from "../words.ts";
import { TaskPanel } from "./task-panel.tsx";
import { TranslatorFile } from "./translator-file.tsx";

export function TranslationPanel() {
  const form = useFormState();
  const { languages, offered, fields, profile } = form;
  const places = textPlaces(fields, profile);
  const [own = "en", ...others] = languages;
  const open = others.flatMap((tag) =>
    translationUnits(fields, tag).flatMap(({ state }) => (state === "outdated" ? [{ lang: tag }] : [])),
  );
  const [lang, setLang] = useState(
    () => open[0]?.lang ?? others.find((tag) => tag === form.writing) ?? others[0] ?? null,
  );
  // The preview follows, and the form opens again in the language that it had.
  const before = useRef(form.writing);
  useEffect(() => {
    if (lang !== null) form.write(lang);
    return () => form.write(before.current);
  }, [lang]);
  const [all, setAll] = useState(false);
  /** The texts that were to do when the list was opened: one that is done stays in its place. */
  const shown = useRef<{ lang: string; pointers: Set<string> } | null>(null);
  const units = lang === null ? [] : translationUnits(fields, lang);
  if (lang !== null && shown.current?.lang !== lang)
    shown.current = {
      lang,
      pointers: new Set(units.filter(({ state }) => state !== "current").map(({ path }) => pointerOf(path))),
    };
  const listed = all ? units : units.filter(({ path }) => shown.current?.pointers.has(pointerOf(path)));
  return (
    <TaskPanel title={say("translations.title")}>
      <p class="verdict" role="status">
        <strong class={open.length > 0 ? "missing" : "done"}>
          {open.length > 0 ? say("translations.open", { count: open.length }) : say("translations.none-open")}
        </strong>
      </p>
      <div class="row">
        <fieldset class="tabs">
          <legend class="unseen">{say("form.languages")}</legend>
          {others.map((tag) => (
            <button key={tag} type="button" aria-pressed={tag === lang} onClick={() => setLang(tag)}>
              {languageName(tag)}
            </button>
          ))}
        </fieldset>
        {offered.map((tag) => (
          <button
            key={tag}
            type="button"
            class="chip"
            onClick={() => {
              form.addLanguage(tag);
              setLang(tag);
            }}
          >
            {languageName(tag)}
          </button>
        ))}
      </div>
      {lang !== null && (
        <>
          <TranslatorFile key={lang} lang={lang} places={places} />
          <label class="still-right">
            <input type="checkbox" checked={all} onChange={({ currentTarget: { checked } }) => setAll(checked)} />
            {say("translations.all")}
          </label>
          {listed.length === 0 && <p class="hint">{say("translations.nothing", { language: languageName(lang) })}</p>}
          {listed.map((unit) => (
            <Row
              key={`${lang}${pointerOf(unit.path)}`}
              unit={unit}
              place={places.get(pointerOf(unit.path)) ?? ""}
              own={own}
              lang={lang}
            />
          ))}
        </>
      )}
    </TaskPanel>
  );
}

interface RowProps {
  unit: TranslationUnit;
  /** In words. */
  place: string;
  own: string;
  lang: string;
}

/** A source and its translation, side by side. */
function Row({ unit, place, own, lang }: RowProps) {
  const { fields, base, edit } = useFormState();
  const { path, source, target, state } = unit;
  const id = `translation${pointerOf(path)}`;
  const change = (value: string) => {
    const { [lang]: _, ...others } = valueAt(fields, path) as LooseText;
    const written = { ...others, [lang]: value };
    edit(path, value === "" ? others : { ...written, [lang]: currentTranslation(written, lang, own) });
  };
  return (
    <section class="translation" aria-label={place}>
      <label for={id}>{place}</label>
      {state === "outdated" ? (
        <Original fields={fields} base={base as UnfinishedCase | null} path={path} />
      ) : (
        <p class="source-text" lang={own} dir={directionOf(own)}>
          {source}
        </p>
      )}
      <textarea
        id={id}
        rows={2}
        lang={lang}
        dir={directionOf(lang)}
        value={target}
        onInput={({ currentTarget: { value } }) => change(value)}
      />
      {state === "outdated" && (
        <p class="outdated">
          <span class="mark">{say("form.outdated")}</span>
          <button type="button" class="chip add" onClick={() => change(target)}>
            {say("form.still-right")}
          </button>
        </p>
      )}
    </section>
  );
}
