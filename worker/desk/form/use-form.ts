/** The form of a draft: what it shows, and what each press does to the draft. */
import { useMemo, useState } from "preact/hooks";
import { textsIn } from "../../../shared/case/schema.ts";
import type { DeskDraft } from "../../editorial/desk.ts";
import { useSession } from "../session.ts";
import { language, languageName } from "../words.ts";
import { derived, withStandards } from "./derive.ts";
import type { FormState } from "./form-state.ts";
import { inserted, type Path, removed, valueAt, withValue } from "./path.ts";
import { problemsOf } from "./problems.ts";

/** What was taken out last, and how it is put back. */
export interface Lost {
  label: string;
  restore: () => void;
  /** It may stay out. */
  forget: () => void;
}

interface Around {
  /** The texts now show that language. */
  onWriting: (lang: string) => void;
  showLine: (line: number) => void;
}

export function useForm(
  draft: DeskDraft,
  onDraft: (change: (before: DeskDraft) => DeskDraft) => void,
  { onWriting, showLine }: Around,
): { form: FormState; lost: Lost | null } {
  const { me } = useSession();
  const { case: fields, base, source, resolved } = draft;
  const own = fields.language ?? "en";
  const [writing, setWriting] = useState(own);
  const [lost, setLost] = useState<Omit<Lost, "forget"> | null>(null);
  const spoken = language();
  const problems = useMemo(() => problemsOf(fields), [fields, spoken]);
  const languages = [own, ...Object.keys(fields.translations ?? {}).filter((tag) => tag !== own)];

  const change = (path: Path, value: (before: unknown) => unknown) =>
    onDraft((before) => {
      const edited = withValue(before.case, path, value(valueAt(before.case, path)));
      const translated = path[0] === "translations" ? withStandards(edited) : edited;
      return { ...before, case: derived(translated, before.base?.case ?? null) };
    });
  const lose = (label: string, restore: () => void) =>
    setLost({
      label,
      restore: () => {
        restore();
        setLost(null);
      },
    });
  const write = (lang: string) => {
    setWriting(lang);
    onWriting(lang);
  };
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
      onDraft((before) => ({
        ...before,
        resolved: done ? [...before.resolved, key] : before.resolved.filter((one) => one !== key),
      })),
    edit: (path, value) => change(path, () => value),
    remove: (list, index, label) => {
      const entry = valueAt(fields, [...list, index]);
      change(list, (entries) => removed(entries as unknown[], index));
      lose(label, () => change(list, (entries) => inserted((entries ?? []) as unknown[], index, entry)));
    },
    removeLanguage: (lang) => {
      const texts = textsIn(fields).filter(({ text }) => text[lang] !== undefined);
      const told = [["translations"], ...texts.map(({ path }) => path)].map((path): [Path, unknown] => [
        [...path, lang],
        valueAt(fields, [...path, lang]),
      ]);
      onDraft((before) => ({
        ...before,
        case: told.reduce((next, [path]) => withValue(next, path, undefined), before.case),
      }));
      if (writing === lang) write(own);
      lose(languageName(lang), () => {
        for (const [path, value] of told) change(path, () => value);
      });
    },
    showLine,
  };
  return { form, lost: lost && { ...lost, forget: () => setLost(null) } };
}
