/** Texts in several languages: those of the case, and the note for readers. */

import { useState } from "preact/hooks";
import type { Text } from "../../../shared/case/schema.ts";
import {
  currentTranslation,
  isOutdated,
  type LooseText,
  languagesIn,
  textIn,
} from "../../../shared/case/text.ts";
import { directionOf } from "../../../shared/locale.ts";
import type {
  UnfinishedCase,
  UnfinishedText,
} from "../../editing/rules/desk.ts";
import { Original } from "../differences.tsx";
import { Button } from "../inputs.tsx";
import { languageName, say } from "../words.ts";
import { fieldId } from "./form-state.ts";
import { Frame, LineLink, problemProps } from "./frame.tsx";
import { type FieldPath, pointerOf, valueAt } from "./path.ts";
import { useFormState } from "./use-form.ts";

/**
 * The document's sentence about an event that was made from one of its dates,
 * for the editor to put in other words.
 */
function useToRestate(
  path: FieldPath,
): { text: string; line: number } | undefined {
  const { source, fields } = useFormState();
  if (path.at(-1) !== "text") return undefined;
  const event = valueAt(fields, path.slice(0, -1)) as
    | { date?: { asStated?: string } }
    | undefined;
  return source?.dates.find(
    ({ asStated }) => asStated === event?.date?.asStated,
  );
}

interface TextFieldProps {
  path: FieldPath;
  /**
   * Its place in words, where it stands beside its original and not in the
   * form.
   */
  place?: string | undefined;
}

export function TextField({ path, place }: TextFieldProps) {
  const { fields, base, languages, writing, write, edit, problems, showLine } =
    useFormState();
  const text = (valueAt(fields, path) ?? {}) as Text;
  const [own = "en"] = languages;
  const control = `${fieldId(pointerOf(path))}-${writing}`;
  const restate = useToRestate(path);
  const source = textIn(text, own);
  const change = (value: string) => {
    const { [writing]: _, ...others } = text;
    const written = { ...text, [writing]: value };
    // A changed translation renders the source as it stands. No speaker has
    // reviewed it yet.
    const entry =
      writing === own ? value : currentTranslation(written, writing, own);
    const next = value === "" ? others : { ...text, [writing]: entry };
    edit(path, Object.keys(next).length === 0 ? undefined : next);
  };
  return (
    <Frame
      path={path}
      control={control}
      deep
      label={place}
      class={place === undefined ? "text" : "text translation"}
      aside={
        place === undefined && (
          <LanguageTabs
            languages={languages}
            text={text}
            writing={writing}
            onWrite={write}
          />
        )
      }
    >
      {writing !== own && source && (
        <Original
          fields={fields}
          base={base as UnfinishedCase | null}
          path={path}
        />
      )}
      <textarea
        id={control}
        rows={1}
        lang={writing}
        dir={directionOf(writing)}
        value={textIn(text, writing) ?? ""}
        {...problemProps(path, control, problems)}
        onInput={({ currentTarget: { value } }) => change(value)}
      />
      {isOutdated(text, writing, own) && (
        <p class="outdated">
          <span class="mark">{say("form.outdated")}</span>{" "}
          <Button
            class="link"
            onPress={() => change(textIn(text, writing) ?? "")}
            say="form.still-right"
          />
        </p>
      )}
      {restate && !source && (
        <figure class="restate">
          <figcaption>
            {say("form.restate")}{" "}
            <LineLink line={restate.line} onShow={showLine} />
          </figcaption>
          <blockquote dir="auto">{restate.text}</blockquote>
        </figure>
      )}
    </Frame>
  );
}

/** With more languages, tabs show codes instead of names. */
const MAX_NAMED_TABS = 3;

interface LanguageTabsProps {
  languages: string[];
  text: LooseText;
  writing: string;
  onWrite: (lang: string) => void;
}

export function LanguageTabs({
  languages,
  text,
  writing,
  onWrite,
}: LanguageTabsProps) {
  if (languages.length < 2) return null;
  return (
    <fieldset class="tabs">
      <legend class="unseen">{say("form.languages")}</legend>
      {languages.map((lang) => (
        <Button
          key={lang}
          aria-pressed={lang === writing}
          class={
            text[lang]
              ? isOutdated(text, lang, languages[0] as string)
                ? "outdated"
                : ""
              : "blank"
          }
          onPress={() => onWrite(lang)}
        >
          {languages.length <= MAX_NAMED_TABS ? languageName(lang) : lang}
          {languages.length > MAX_NAMED_TABS && (
            <span class="unseen"> {languageName(lang)}</span>
          )}
          {isOutdated(text, lang, languages[0] as string) && (
            <span class="unseen"> {say("form.outdated")}</span>
          )}
        </Button>
      ))}
    </fieldset>
  );
}

interface NoteFieldsProps {
  /** Of the field: the dialog may lie over a panel that has one too. */
  id: string;
  fields: UnfinishedCase;
  note: UnfinishedText;
  onNote: (note: UnfinishedText) => void;
}

/** The note for readers, in the case's own language and in each translation. */
export function NoteFields({ id, fields, note, onNote }: NoteFieldsProps) {
  const own = fields.language ?? "en";
  const languages = languagesIn(fields);
  const [writing, setWriting] = useState(own);
  const write = (value: string) => {
    const { [writing]: _, ...others } = note;
    onNote(value === "" ? others : { ...others, [writing]: value });
  };
  return (
    <div class="field text note-field">
      <div class="field-head">
        <label for={id}>
          {say("publish.note.in", { language: languageName(writing) })}
        </label>
        <LanguageTabs
          languages={languages}
          text={note}
          writing={writing}
          onWrite={setWriting}
        />
      </div>
      {writing !== own && note[own] && (
        <p class="original" lang={own} dir={directionOf(own)}>
          {note[own]}
        </p>
      )}
      <textarea
        id={id}
        autofocus={id === "note"}
        rows={2}
        lang={writing}
        dir={directionOf(writing)}
        aria-describedby={`${id}-hint`}
        aria-required={writing === own}
        value={note[writing] ?? ""}
        onInput={({ currentTarget: { value } }) => write(value)}
      />
      <p class="hint" id={`${id}-hint`}>
        {say(
          writing === own
            ? "publish.note.hint"
            : "publish.note.hint.translation",
        )}
      </p>
    </div>
  );
}
