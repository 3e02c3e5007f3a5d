/** The editor of a draft: the imported document, the form, and the preview. */

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { printNumber } from "../../shared/profile/numbers.ts";
import type {
  DeskDraft,
  DraftSource,
  SavedDraftEntry,
} from "../editing/rules/desk.ts";
import { CaseForm } from "./form/case-form.tsx";
import { Checklist } from "./form/checklist.tsx";
import {
  completeNumber,
  openDoubts,
  type SourceWarning,
  type Task,
  warningText,
} from "./form/form-state.ts";
import { Cross } from "./form/frame.tsx";
import { goToField } from "./form/go-to-field.ts";
import { Reading } from "./form/sentences.tsx";
import { FormContext, useForm, useFormState } from "./form/use-form.ts";
import { Button } from "./inputs.tsx";
import {
  PreviewPane,
  usePreview,
  usePreviewLanguage,
} from "./preview-pane.tsx";
import { PublishBar } from "./publish/publish-bar.tsx";
import { Unanswered, useAnswer } from "./publish/refusal.tsx";
import { useSession } from "./session.ts";
import { emptyDraft } from "./start-draft.ts";
import { takeOpening } from "./started-drafts.ts";
import { QuestionsPanel } from "./tasks/questions-panel.tsx";
import { StatusPanel } from "./tasks/status-panel.tsx";
import { TranslationPanel } from "./tasks/translation-panel.tsx";
import { say } from "./words.ts";

export function DraftScreen({ id }: { id: string }) {
  const { api, me } = useSession();
  const { answer: loaded, refused } = useAnswer(async () => {
    const { draft, task = { is: "form" } } = takeOpening(id);
    if (draft)
      return {
        first: draft === "empty" ? emptyDraft(me.profile) : draft,
        saved: null,
        begun: task,
      };
    const { draft: first, ...saved } = await api.readDraft({ id });
    return { first, saved, begun: task };
  }, [api, id]);
  if (refused) return <Unanswered error={refused} />;
  return loaded && <Editor id={id} {...loaded} />;
}

const panes = ["source", "form", "preview"] as const;
type Pane = (typeof panes)[number];

interface EditorProps {
  id: string;
  first: DeskDraft;
  /** The server's copy; null when it was never saved. */
  saved: SavedDraftEntry | null;
  /** The panel with which it opens. */
  begun: Task;
}

function Editor({ id, first, saved, begun }: EditorProps) {
  const { me } = useSession();
  const [draft, setDraft] = useState(first);
  const { case: fields, base, source } = draft;
  const own = fields.language ?? "en";
  const [shown, setShown] = useState<ShownLine | null>(null);
  /** The pane that a narrow screen shows. */
  const [pane, setPane] = useState<Pane>("form");
  const [task, setTask] = useState(begun);
  /**
   * Whether the panel holds a status that was begun and is not in the draft.
   */
  const [unfinished, setUnfinished] = useState(false);
  const openTask = (next: Task) => {
    setTask(next);
    setPane("form");
  };
  const showLine = (line: number) => {
    setShown({ line });
    setPane("source");
  };
  const form = useForm(draft, setDraft, openTask, showLine);
  const { removal } = form;
  const [lang, setLang] = usePreviewLanguage(form.writing);
  const { preview, refused } = usePreview(draft, lang);
  const number = completeNumber(fields, me.profile);
  return (
    <FormContext.Provider value={form}>
      <main class={`editor${source ? "" : " without-source"}`} data-pane={pane}>
        <header class="editor-head">
          <h1>
            {number ? (
              <span class="number">{printNumber(number, me.profile)}</span>
            ) : (
              say("editor.new")
            )}{" "}
            <bdi class="title" lang={own}>
              {fields.title?.[own] ?? ""}
            </bdi>
          </h1>
          <span class="hint">
            {base
              ? say("editor.based-on", { number: base.number })
              : say("editor.first")}
          </span>
          <PublishBar id={id} saved={saved} unfinished={unfinished} />
        </header>
        <Button
          class="skip"
          onPress={() => goToField("/number")}
          say="editor.skip"
        />
        <fieldset class="pane-tabs">
          <legend class="unseen">{say("editor.panes")}</legend>
          {panes
            .filter((name) => name !== "source" || source)
            .map((name) => (
              <Button
                key={name}
                aria-pressed={name === pane}
                onPress={() => setPane(name)}
              >
                {say(`editor.${name}`)}
              </Button>
            ))}
        </fieldset>
        {source && (
          <SourcePane
            source={source}
            shown={shown}
            onField={(pointer) => {
              openTask({ is: "form" });
              requestAnimationFrame(() => void goToField(pointer));
            }}
          />
        )}
        <section class="pane form" aria-label={say("editor.form")}>
          <div class="scroll">
            {task.is === "form" ? (
              <>
                <Checklist />
                <Reading />
                <CaseForm />
              </>
            ) : task.is === "status" ? (
              <StatusPanel
                ready={preview?.ready ?? null}
                person={fields.people?.findIndex(
                  (one) => one?.id === task.person,
                )}
                onUnfinished={setUnfinished}
              />
            ) : task.is === "translations" ? (
              <TranslationPanel />
            ) : (
              <QuestionsPanel
                ready={preview?.ready ?? null}
                onAnother={() => setTask({ is: "status" })}
              />
            )}
          </div>
          {removal && (
            <p class="undo" role="status">
              {say("form.removed", { what: removal.label })}{" "}
              <Button class="link" onPress={removal.restore} say="form.undo" />
              <Cross label={say("form.dismiss")} onPress={removal.dismiss} />
            </p>
          )}
        </section>
        <PreviewPane
          preview={preview}
          refused={refused}
          lang={lang}
          onLang={setLang}
        />
      </main>
    </FormContext.Provider>
  );
}

/**
 * A line to scroll to. Each request is a new object, so that the same line can
 * be shown twice.
 */
export interface ShownLine {
  line: number;
}

interface SourceProps {
  source: DraftSource;
  shown: ShownLine | null;
  /** Called with the pointer of the field that a line is about. */
  onField: (pointer: string) => void;
}

export function SourcePane({ source, shown, onField }: SourceProps) {
  const { resolved } = useFormState();
  const list = useRef<HTMLOListElement>(null);
  const lines = useMemo(() => source.text.split(/\r\n|\r|\n/), [source]);
  const fields = useMemo(
    () =>
      new Map(
        source.provenance.toReversed().map((one) => [one.line, one.pointer]),
      ),
    [source],
  );
  const doubts = useMemo(
    () => Map.groupBy(openDoubts({ source, resolved }), ({ line }) => line),
    [source, resolved],
  );
  useEffect(() => {
    const line = shown && list.current?.children[shown.line - 1];
    line?.scrollIntoView({ block: "center" });
  }, [shown]);
  return (
    <section class="pane source" aria-label={say("source.title")}>
      <header>
        <h2>{say("source.title")}</h2>
        <bdi class="hint">{source.name}</bdi>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <ol ref={list} class="scroll" tabIndex={0} dir="auto">
        {lines.map((text, index) => {
          const line = index + 1;
          const doubt = doubts.get(line) ?? [];
          const pointer =
            doubt.find((one) => one.pointer !== undefined)?.pointer ??
            fields.get(line);
          const marks = [
            doubt.length > 0 && "doubt",
            fields.has(line) && "taken",
            shown?.line === line && "shown",
          ];
          return (
            <li
              key={line}
              class={marks.filter(Boolean).join(" ")}
              title={doubt.map(warningText).join("\n") || undefined}
            >
              {pointer ? (
                <Button
                  class="number"
                  aria-label={say("source.to-field", { line })}
                  onPress={() => onField(pointer)}
                >
                  {line}
                </Button>
              ) : (
                <span class="number" aria-hidden="true">
                  {line}
                </span>
              )}
              <span class="words" dir="auto">
                {marked(text, doubt)}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** A line in which the words that a warning quotes are marked. */
function marked(text: string, doubts: SourceWarning[]): ComponentChildren {
  const words = doubts
    .map(({ found }) => found)
    .find((found) => found && text.includes(found));
  if (words === undefined) return text;
  const at = text.indexOf(words);
  return (
    <>
      {text.slice(0, at)}
      <mark>{words}</mark>
      {text.slice(at + words.length)}
    </>
  );
}
