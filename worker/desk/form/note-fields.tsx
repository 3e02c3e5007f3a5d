/** The note for readers. */
import { useState } from "preact/hooks";
import { languagesIn } from "../../../shared/case/text.ts";
import { directionOf } from "../../../shared/locale.ts";
import type { UnfinishedCase, UnfinishedText } from "../../editing/rules/desk.ts";
import { languageName, say } from "../words.ts";
import { LanguageTabs } from "./language-tabs.tsx";

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
        <label for={id}>{say("publish.note.in", { language: languageName(writing) })}</label>
        <LanguageTabs languages={languages} text={note} writing={writing} onWrite={setWriting} />
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
        {say(writing === own ? "publish.note.hint" : "publish.note.hint.translation")}
      </p>
    </div>
  );
}
