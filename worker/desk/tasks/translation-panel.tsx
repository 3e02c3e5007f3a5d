/** The texts of a case beside their translations, and a file for a translator. */
import { useRef, useState } from "preact/hooks";
import { currentTranslation, type LooseText } from "../../../shared/case/text.ts";
import { directionOf } from "../../../shared/locale.ts";
import { type TranslationUnit, translationUnits, withReturned } from "../../editing/rules/translations.ts";
import { readXliff, writeXliff } from "../../editing/rules/xliff.ts";
import { shortened } from "../form/case-fields.ts";
import { type FormState, wordsFor } from "../form/form-state.ts";
import { pointerOf, valueAt } from "../form/path.ts";
import { saveAs } from "../save-as.ts";
import { languageName, say } from "../words.ts";
import { TaskPanel } from "./task-panel.tsx";

const MAX_LISTED_CHARACTERS = 90;

export function TranslationPanel({ form }: { form: FormState }) {
  const { languages, offered, fields } = form;
  const [own = "en", ...others] = languages;
  const open = others.flatMap((tag) =>
    translationUnits(fields, tag).flatMap(({ state }) => (state === "outdated" ? [{ lang: tag }] : [])),
  );
  const [lang, setLang] = useState(
    () => open[0]?.lang ?? others.find((tag) => tag === form.writing) ?? others[0] ?? null,
  );
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
    <TaskPanel title={say("translations.title")} form={form}>
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
          <TranslatorFile form={form} lang={lang} units={units} />
          <label class="still-right">
            <input type="checkbox" checked={all} onChange={({ currentTarget: { checked } }) => setAll(checked)} />
            {say("translations.all")}
          </label>
          {listed.length === 0 && <p class="hint">{say("translations.nothing", { language: languageName(lang) })}</p>}
          {listed.map((unit) => (
            <Row key={`${lang}${pointerOf(unit.path)}`} form={form} unit={unit} own={own} lang={lang} />
          ))}
        </>
      )}
    </TaskPanel>
  );
}

interface RowProps {
  form: FormState;
  unit: TranslationUnit;
  own: string;
  lang: string;
}

/** A source and its translation, side by side. */
function Row({ form, unit, own, lang }: RowProps) {
  const { fields, edit, profile } = form;
  const { path, source, target, state } = unit;
  const id = `translation${pointerOf(path)}`;
  const change = (value: string) => {
    const { [lang]: _, ...others } = valueAt(fields, path) as LooseText;
    const written = { ...others, [lang]: value };
    edit(path, value === "" ? others : { ...written, [lang]: currentTranslation(written, lang, own) });
  };
  return (
    <section class="translation" aria-label={wordsFor(fields, path, profile)}>
      <label for={id}>{wordsFor(fields, path, profile)}</label>
      <p class="source-text" lang={own} dir={directionOf(own)}>
        {source}
      </p>
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

type Taken = { taken: number; refused: string[] } | { problem: string };

/** Writes a file for a translator, and takes the translated file back. */
function TranslatorFile({ form, lang, units }: { form: FormState; lang: string; units: TranslationUnit[] }) {
  const { fields, profile, languages } = form;
  const [own = "en"] = languages;
  const input = useRef<HTMLInputElement>(null);
  const [result, setResult] = useState<Taken | null>(null);
  const id = fields.id ?? "case";
  const download = () => {
    const written = units.map((unit) => ({
      ...unit,
      pointer: pointerOf(unit.path),
      label: wordsFor(fields, unit.path, profile),
    }));
    const file = writeXliff({ id, from: own, to: lang, units: written });
    saveAs(new Blob([file], { type: "application/xliff+xml" }), `${id}.${lang}.xlf`);
  };
  const take = async (file: File) => {
    const read = readXliff(await file.text());
    if (!read) return setResult({ problem: say("translations.file.unreadable") });
    if (read.id !== id || read.from !== own || read.to !== lang)
      return setResult({
        problem: say("translations.file.other", {
          id: read.id || "?",
          from: languageName(read.from || "?"),
          to: languageName(read.to || "?"),
        }),
      });
    const { case: next, ...taken } = withReturned(fields, lang, read.units);
    form.edit([], next);
    setResult(taken);
  };
  return (
    <div class="translator-file">
      <p class="hint">{say("translations.file.hint")}</p>
      <div class="row">
        <button type="button" class="quiet" onClick={download}>
          {say("translations.file.download", { language: languageName(lang) })}
        </button>
        <button type="button" class="quiet" onClick={() => input.current?.click()}>
          {say("translations.file.take")}
        </button>
        <input
          ref={input}
          type="file"
          hidden
          accept=".xlf,.xliff,application/xliff+xml"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file) void take(file);
            currentTarget.value = "";
          }}
        />
      </div>
      {result && "problem" in result && (
        <p class="problem" role="alert">
          {result.problem}
        </p>
      )}
      {result && "taken" in result && (
        <div role="status">
          <p>{say("translations.file.taken", { count: result.taken })}</p>
          {result.refused.length > 0 && (
            <>
              <p class="problem">{say("translations.file.refused", { count: result.refused.length })}</p>
              <ul>
                {result.refused.map((source) => (
                  <li key={source} lang={own} dir={directionOf(own)}>
                    {shortened(source, MAX_LISTED_CHARACTERS)}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </div>
  );
}
