/** A draft: its document, its form, and how it will appear. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Case, printNumber, textsIn } from "../../shared/case.ts";
import type { DeskDraft } from "../../shared/desk.ts";
import { ApiError } from "./api.ts";
import { CaseForm } from "./form/case-form.tsx";
import { Checklist } from "./form/checklist.tsx";
import { derived, withStandards } from "./form/derive.ts";
import type { FormState } from "./form/form-state.ts";
import { goToField } from "./form/go-to-field.ts";
import { inserted, type Path, removed, valueAt, withValue } from "./form/path.ts";
import { problemsOf } from "./form/problems.ts";
import { PreviewPane, usePreview } from "./preview-pane.tsx";
import { PublishBar } from "./publish/publish-bar.tsx";
import { useSession } from "./session.ts";
import { type ShownLine, SourcePane } from "./source-pane.tsx";
import { takeBegun } from "./start-draft.ts";
import { languageName, say } from "./words.ts";

export function DraftScreen({ id }: { id: string }) {
  const { api } = useSession();
  const [loaded, setLoaded] = useState<{ draft: DeskDraft; version: number | null } | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const draft = takeBegun(id);
    if (draft) setLoaded({ draft, version: null });
    else
      api.draft(id).then(setLoaded, (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        setProblem(error.message);
      });
  }, [api, id]);
  if (problem)
    return (
      <main class="page">
        <p class="problem" role="alert">
          {problem}
        </p>
      </main>
    );
  return loaded && <Editor id={id} first={loaded.draft} version={loaded.version} />;
}

const panes = ["source", "form", "preview"] as const;
type Pane = (typeof panes)[number];

/** What was taken out last, and how it is put back. */
interface Removed {
  label: string;
  restore: () => void;
}

function Editor({ id, first, version }: { id: string; first: DeskDraft; version: number | null }) {
  const { me } = useSession();
  const [draft, setDraft] = useState(first);
  const [writing, setWriting] = useState(draft.case.language ?? "en");
  const [lang, setLang] = useState(me.locales.find((tag) => tag === draft.case.language) ?? "en");
  const [shown, setShown] = useState<ShownLine | null>(null);
  const [lost, setLost] = useState<Removed | null>(null);
  /** On a narrow screen one pane is seen at a time. */
  const [pane, setPane] = useState<Pane>("form");
  const { preview, problem } = usePreview(draft, lang);
  const { case: fields, base, source, resolved } = draft;

  const change = (path: Path, value: (before: unknown) => unknown) =>
    setDraft((before) => {
      const edited = withValue(before.case, path, value(valueAt(before.case, path)));
      const translated = path[0] === "translations" ? withStandards(edited) : edited;
      return { ...before, case: derived(translated, base?.case ?? null) };
    });
  const write = (next: string) => {
    setWriting(next);
    if (me.locales.some((tag) => tag === next)) setLang(next as typeof lang);
  };
  const own = fields.language ?? "en";
  const languages = [own, ...Object.keys(fields.translations ?? {}).filter((tag) => tag !== own)];
  const problems = useMemo(() => problemsOf(fields), [fields, document.documentElement.lang]);
  const form: FormState = {
    fields,
    base: base?.case ?? null,
    source,
    languages,
    offered: me.locales.filter((tag) => !languages.includes(tag)),
    writing,
    write,
    problems,
    resolved,
    resolve: (key, done) =>
      setDraft((before) => ({
        ...before,
        resolved: done ? [...before.resolved, key] : before.resolved.filter((one) => one !== key),
      })),
    edit: (path, value) => change(path, () => value),
    remove: (list, index, label) => {
      const entry = valueAt(fields, [...list, index]);
      setLost({
        label,
        restore: () => change(list, (entries) => inserted((entries ?? []) as unknown[], index, entry)),
      });
      change(list, (entries) => removed(entries as unknown[], index));
    },
    removeLanguage: (tag) => {
      const told: [Path, unknown][] = [[["translations", tag], valueAt(fields, ["translations", tag])]];
      for (const { path, text } of textsIn(fields)) if (text[tag] !== undefined) told.push([[...path, tag], text[tag]]);
      setLost({
        label: languageName(tag),
        restore: () => told.forEach(([path, value]) => void change(path, () => value)),
      });
      setDraft((before) => ({
        ...before,
        case: told.reduce((next, [path]) => withValue(next, path, undefined), before.case),
      }));
      if (writing === tag) write(own);
    },
    showLine: (line) => {
      setShown({ line, call: Math.random() });
      setPane("source");
    },
  };
  const number = fields.number as Partial<Case["number"]> | undefined;
  const numbered = number?.series !== undefined && number.number !== undefined && number.year !== undefined;
  return (
    <main class={`editor${source ? "" : " without-source"}`} data-pane={pane}>
      <header class="editor-head">
        <h1>
          <span class="number">{numbered ? printNumber(number as Case["number"]) : say("editor.new")}</span>{" "}
          <bdi class="title" lang={own}>
            {fields.title?.[own] ?? ""}
          </bdi>
        </h1>
        <span class="hint">{base ? say("editor.based-on", { number: base.number }) : say("editor.first")}</span>
        <PublishBar
          id={id}
          version={version}
          draft={draft}
          onDraft={setDraft}
          problems={problems.length}
          preview={preview}
        />
      </header>
      <fieldset class="pane-tabs">
        <legend class="unseen">{say("editor.panes")}</legend>
        {panes
          .filter((name) => name !== "source" || source)
          .map((name) => (
            <button key={name} type="button" aria-pressed={name === pane} onClick={() => setPane(name)}>
              {say(`editor.${name}`)}
            </button>
          ))}
      </fieldset>
      {source && (
        <SourcePane
          source={source}
          resolved={resolved}
          shown={shown}
          onField={(pointer) => {
            setPane("form");
            requestAnimationFrame(() => void goToField(pointer));
          }}
        />
      )}
      <section class="pane form" aria-label={say("editor.form")}>
        <div class="scroll">
          <Checklist form={form} missing={preview?.missing ?? null} />
          <CaseForm form={form} />
        </div>
        {lost && (
          <p class="undo" role="status">
            {say("form.removed", { what: lost.label })}{" "}
            <button
              type="button"
              class="link"
              onClick={() => {
                lost.restore();
                setLost(null);
              }}
            >
              {say("form.undo")}
            </button>
            <button type="button" class="plain" aria-label={say("form.dismiss")} onClick={() => setLost(null)}>
              ×
            </button>
          </p>
        )}
      </section>
      <PreviewPane preview={preview} problem={problem} lang={lang} onLang={(next) => setLang(next as typeof lang)} />
    </main>
  );
}
