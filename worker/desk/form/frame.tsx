/** What stands around any field: its name, where the document says it, what is wrong with it, and what was in doubt. */
import type { ComponentChildren } from "preact";
import { say } from "../words.ts";
import { fieldId, labelOf, type SourceWarning, useFormState, warningKey, warningText } from "./form-state.ts";
import { type Path, pointerOf } from "./path.ts";

interface FrameProps {
  path: Path;
  label?: string;
  /** The id of the control that the label names; a group of controls has a heading instead. */
  control?: string;
  /** Problems and warnings of everything inside are shown here, because it has no frames of its own. */
  deep?: boolean;
  /** Beside the label. */
  aside?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}

const within = (pointer: string, of: string) => `${pointer}/`.startsWith(`${of}/`);

export function Frame({
  path,
  label = labelOf(path),
  control,
  deep = false,
  aside,
  class: kind = "",
  children,
}: FrameProps) {
  const { problems, source, showLine } = useFormState();
  const pointer = pointerOf(path);
  const mine = (other: string | undefined) =>
    other === pointer || (deep && other !== undefined && within(other, pointer));
  const wrong = problems.filter((problem) => mine(problem.pointer));
  const warnings = source?.warnings.filter((warning) => mine(warning.pointer)) ?? [];
  const origin = source?.provenance.find(
    (known) => known.pointer === pointer || (known.certainty === "stated" && within(known.pointer, pointer)),
  );
  const state = wrong.some(({ empty }) => !empty) ? " wrong" : wrong.length > 0 ? " missing" : "";
  return (
    <div class={`field ${kind}${state}`} id={fieldId(pointer)}>
      {label !== "" && (
        <div class="field-head">
          {control ? <label for={control}>{label}</label> : <span class="label">{label}</span>}
          {origin && <LineLink line={origin.line} onShow={showLine} />}
          {aside}
        </div>
      )}
      {children}
      {warnings.map((warning) => (
        <Warning key={warningKey(warning)} warning={warning} />
      ))}
      {wrong.length > 0 && (
        <p class="problem" id={control ? `${control}-problem` : undefined}>
          {[...new Set(wrong.map(({ text }) => text))].join(" ")}
        </p>
      )}
    </div>
  );
}

/** What names a control's problem to a screen reader. */
export const problemProps = (path: Path, control: string, problems: { pointer: string; empty: boolean }[]) => {
  const pointer = pointerOf(path);
  const wrong = problems.filter((problem) => within(problem.pointer, pointer));
  if (wrong.length === 0) return {};
  return { "aria-invalid": wrong.some(({ empty }) => !empty), "aria-describedby": `${control}-problem` };
};

export function LineLink({ line, onShow }: { line: number; onShow: (line: number) => void }) {
  return (
    <button type="button" class="line-link" title={say("form.show-line", { line })} onClick={() => onShow(line)}>
      <span class="unseen">{say("form.show-line", { line })}</span>
      <span aria-hidden="true">{say("form.line", { line })}</span>
    </button>
  );
}

/** A doubt of the importer; the editor looks at the line and ticks it off. */
export function Warning({ warning, children }: { warning: SourceWarning; children?: ComponentChildren }) {
  const { resolved, resolve, showLine } = useFormState();
  const key = warningKey(warning);
  const done = resolved.includes(key);
  return (
    <p class={`warning${done ? " done" : ""}`}>
      <label>
        <input type="checkbox" checked={done} onChange={({ currentTarget: { checked } }) => resolve(key, checked)} />
        <span>{warningText(warning)}</span>
      </label>
      {children}
      {warning.line !== null && <LineLink line={warning.line} onShow={showLine} />}
    </p>
  );
}
