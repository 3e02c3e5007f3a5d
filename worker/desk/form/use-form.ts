/**
 * The state of a draft's form, and the changes that its controls make to the
 * draft.
 */
import { createContext } from "preact";
import { useContext, useMemo, useState } from "preact/hooks";
import { isOutdated, languagesIn, textsIn } from "../../../shared/case/text.ts";
import type { Question } from "../../editing/rules/answers.ts";
import type { DeskDraft, UnfinishedCase } from "../../editing/rules/desk.ts";
import {
  type SentenceVerdict,
  unreadOf,
  unreadQuestion,
} from "../../editing/rules/reading.ts";
import { useSession } from "../session.ts";
import { useQuestions, withAnswers } from "../tasks/questions.tsx";
import { language, languageName, say } from "../words.ts";
import { derived, withIssuer, withStandards } from "./derive.ts";
import type { DraftQuestions, Task } from "./form-state.ts";
import { type FieldPath, valueAt, withValue } from "./path.ts";
import { problemsOf } from "./problems.ts";

export type FormState = ReturnType<typeof useForm>;

export const FormContext = createContext<FormState | null>(null);
export const useFormState = (): FormState =>
  useContext(FormContext) as FormState;

/**
 * @param openTask shows another part of the editor in place of the form
 * @param showLine scrolls to a line of the document
 */
export function useForm(
  draft: DeskDraft,
  onDraft: (change: (before: DeskDraft) => DeskDraft) => void,
  openTask: (task: Task) => void,
  showLine: (line: number) => void,
) {
  const { me } = useSession();
  const { profile } = me;
  const { case: fields, base, source, resolved } = draft;
  const own = fields.language ?? "en";
  const [chosen, write] = useState<string | null>(null);
  const [removal, setRemoval] = useState<{
    label: string;
    restore: () => void;
    dismiss: () => void;
  } | null>(null);
  const [tried, setTried] = useState(false);
  const spoken = language();
  const problems = useMemo(
    () => problemsOf(fields, profile),
    [fields, spoken, profile],
  );
  /** Languages that were added here, and have no text yet. */
  const [added, setAdded] = useState<readonly string[]>([]);
  const { asked: known, onRefused } = useQuestions(draft, problems.length);
  const unread = unreadOf(source);
  // The Ledger knows the document when the draft is published, and asks the
  // same then.
  const asked: DraftQuestions = unread
    ? {
        ...known,
        questions: [
          ...known.questions.filter(({ kind }) => kind !== "unread"),
          unreadQuestion(fields.id, unread),
        ],
      }
    : known;
  const languages = [...new Set([...languagesIn(fields), ...added])];
  const writing = languages.find((lang) => lang === chosen) ?? own;

  const changeCase = (next: (before: UnfinishedCase) => UnfinishedCase) =>
    onDraft((before) => ({
      ...before,
      case: derived(next(before.case), before.base?.case ?? null, profile),
    }));
  const change = (path: FieldPath, value: (before: unknown) => unknown) =>
    changeCase((before) => {
      const edited = withValue(before, path, value(valueAt(before, path)));
      return path[0] === "issuer"
        ? withIssuer(before, edited, profile)
        : edited;
    });
  const offerUndo = (label: string, restore: () => void) =>
    setRemoval({
      label,
      restore: () => {
        restore();
        setRemoval(null);
      },
      dismiss: () => setRemoval(null),
    });
  return {
    draft,
    onDraft,
    fields,
    /** The case in the revision that the draft is based on. */
    base: base?.case ?? null,
    source,
    /** The case's own language first, then its translations. */
    languages,
    /** Languages in which a translation can be added. */
    offered: me.locales.filter((tag) => !languages.includes(tag)),
    writing,
    write,
    problems,
    /**
     * True once the editor has tried to publish. Empty required fields are
     * marked only then.
     */
    tried,
    setTried,
    setNote: (note: DeskDraft["note"]) =>
      onDraft((before) => ({ ...before, note })),
    /**
     * The author of new statements in a new case; undefined until the editor
     * has said it.
     */
    statedBy: draft.statedBy,
    setStatedBy: (name: string) =>
      onDraft(({ statedBy: _, ...before }) =>
        name === "" ? before : { ...before, statedBy: name },
      ),
    asked,
    onRefused,
    answer: (questions: readonly Question[], confirmed: boolean) =>
      onDraft((before) => ({
        ...before,
        answers: withAnswers(before.answers, questions, confirmed),
      })),
    resolved,
    resolve: (key: string, done: boolean) =>
      onDraft((before) => ({
        ...before,
        resolved: done
          ? [...before.resolved, key]
          : before.resolved.filter((one) => one !== key),
      })),
    /** Says what a sentence of the document is; null takes it back. */
    judge: (sentence: string, verdict: SentenceVerdict | null) =>
      onDraft(({ source: document, ...before }) => {
        if (!document) return { ...before, source: null };
        const { [sentence]: _, ...others } = document.verdicts ?? {};
        const verdicts =
          verdict === null ? others : { ...others, [sentence]: verdict };
        return { ...before, source: { ...document, verdicts } };
      }),
    /** `undefined` removes the field. */
    edit: (path: FieldPath, value: unknown) => change(path, () => value),
    /** Removes an entry of a list. The editor can restore it. */
    remove: (list: FieldPath, index: number, label: string) => {
      const entry = valueAt(fields, [...list, index]);
      change(list, (entries) => (entries as unknown[]).toSpliced(index, 1));
      offerUndo(label, () =>
        change(list, (entries) =>
          ((entries ?? []) as unknown[]).toSpliced(index, 0, entry),
        ),
      );
    },
    addLanguage: (lang: string) => {
      setAdded([...added, lang]);
      changeCase((before) => withStandards(before, profile, lang));
      write(lang);
    },
    /**
     * Says of every translation into a language that isn't outdated whether a
     * speaker has reviewed it.
     */
    review: (lang: string, reviewed: boolean) =>
      changeCase((before) =>
        textsIn(before)
          .filter(
            ({ text }) =>
              typeof text[lang] === "object" && !isOutdated(text, lang, own),
          )
          .reduce(
            (next, { path }) =>
              withValue(next, [...path, lang, "reviewed"], reviewed),
            before,
          ),
      ),
    /** Removes a translation from all texts. The editor can restore it. */
    removeLanguage: (lang: string) => {
      const texts = textsIn(fields).filter(
        ({ text }) => text[lang] !== undefined,
      );
      const values = texts.map(({ path, text }): [FieldPath, unknown] => [
        [...path, lang],
        text[lang],
      ]);
      onDraft((before) => ({
        ...before,
        case: values.reduce(
          (next, [path]) => withValue(next, path, undefined),
          before.case,
        ),
      }));
      setAdded(added.filter((tag) => tag !== lang));
      offerUndo(
        say("form.language-texts", {
          language: languageName(lang),
          count: texts.length,
        }),
        () => {
          for (const [path, value] of values) change(path, () => value);
        },
      );
    },
    removal,
    profile,
    openTask,
    showLine,
  };
}
