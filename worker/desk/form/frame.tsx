/**
 * The frame of a field: its label, a link to its line in the document, its
 * problems and its warnings. Also a part that can be collapsed.
 */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button, Option } from "../inputs.tsx";
import { say } from "../words.ts";
import {
  fieldId,
  labelOf,
  type SourceWarning,
  warningKey,
  warningText,
} from "./form-state.ts";
import { type FieldPath, isWithin, pointerOf } from "./path.ts";
import { useFormState } from "./use-form.ts";

interface FrameProps {
  path: FieldPath;
  label?: string | undefined;
  /**
   * The id of the control that the label is for; absent for a group of
   * controls, which gets a heading.
   */
  control?: string;
  /**
   * Also shows the problems and warnings of all fields inside, which have no
   * frames of their own.
   */
  deep?: boolean;
  aside?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}

export function Frame({
  path,
  label: given,
  control,
  deep = false,
  aside,
  class: kind = "",
  children,
}: FrameProps) {
  const { problems, tried, source, showLine, profile } = useFormState();
  const label = given ?? labelOf(path, profile);
  const pointer = pointerOf(path);
  const mine = (other: string | undefined) =>
    other === pointer ||
    (deep && other !== undefined && isWithin(other, pointer));
  const wrong = problems.filter(
    (problem) => mine(problem.pointer) && (tried || !problem.empty),
  );
  const warnings =
    source?.warnings.filter((warning) => mine(warning.pointer)) ?? [];
  const origin = source?.provenance.find(
    (known) =>
      known.pointer === pointer ||
      (known.certainty === "stated" && isWithin(known.pointer, pointer)),
  );
  const state = wrong.some(({ empty }) => !empty)
    ? " wrong"
    : wrong.length > 0
      ? " missing"
      : "";
  return (
    <div class={`field ${kind}${state}`} id={fieldId(pointer)}>
      {label !== "" && (
        <div class="field-head">
          {control ? (
            <label for={control}>{label}</label>
          ) : (
            <span class="label">{label}</span>
          )}
          {origin && <LineLink line={origin.line} onShow={showLine} />}
          {aside}
        </div>
      )}
      {children}
      {warnings.map((warning) => (
        <WarningNote key={warningKey(warning)} warning={warning} />
      ))}
      {wrong.length > 0 && (
        <p class="problem" id={control ? `${control}-problem` : undefined}>
          {[...new Set(wrong.map(({ text }) => text))].join(" ")}
        </p>
      )}
    </div>
  );
}

interface CollapsibleProps {
  class: string;
  id?: string;
  open?: boolean;
  summary: ComponentChildren;
  /** The top fields of the case that it shows. */
  fields?: readonly string[];
  children: ComponentChildren;
}

/**
 * A collapsible part. Collapsed content is not rendered: a case has hundreds of
 * fields, which would render at each key press.
 */
export function Collapsible({
  class: kind,
  id,
  open = false,
  summary,
  fields,
  children,
}: CollapsibleProps) {
  const [isOpen, setOpen] = useState(open);
  return (
    <details
      class={kind}
      id={id}
      data-fields={fields?.join(" ")}
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{summary}</summary>
      {isOpen && <div class={`${kind}-body`}>{children}</div>}
    </details>
  );
}

/** A button that takes something away. */
export const Cross = ({
  label,
  ...button
}: {
  label: string;
  class?: string;
  onPress: () => void;
}) => (
  <Button class="plain" aria-label={label} title={label} {...button}>
    ×
  </Button>
);

/** The ARIA attributes that connect a control with its problem. */
export const problemProps = (
  path: FieldPath,
  control: string,
  problems: { pointer: string; empty: boolean }[],
) => {
  const pointer = pointerOf(path);
  const wrong = problems.filter((problem) =>
    isWithin(problem.pointer, pointer),
  );
  if (wrong.length === 0) return {};
  return {
    "aria-invalid": wrong.some(({ empty }) => !empty),
    "aria-describedby": `${control}-problem`,
  };
};

export function LineLink({
  line,
  onShow,
}: {
  line: number;
  onShow: (line: number) => void;
}) {
  return (
    <Button
      class="line-link"
      title={say("form.show-line", { line })}
      onPress={() => onShow(line)}
    >
      <span class="unseen">{say("form.show-line", { line })}</span>
      <span aria-hidden="true">{say("form.line", { line })}</span>
    </Button>
  );
}

/** A warning of the importer, with a checkbox to resolve it. */
export function WarningNote({
  warning,
  children,
}: {
  warning: SourceWarning;
  children?: ComponentChildren;
}) {
  const { resolved, resolve, showLine } = useFormState();
  const key = warningKey(warning);
  const done = resolved.includes(key);
  return (
    <p class={`warning${done ? " done" : ""}`}>
      <Option
        class=""
        checked={done}
        onChoose={(checked) => resolve(key, checked)}
      >
        <span>{warningText(warning)}</span>
      </Option>
      {children}
      {warning.line !== null && (
        <LineLink line={warning.line} onShow={showLine} />
      )}
    </p>
  );
}
