/**
 * Buttons, inputs and lists that all screens use. An input hands over its
 * value.
 */
import type { ComponentChildren, ComponentProps } from "preact";
import { say, type WordKey } from "./words.ts";

interface ButtonProps extends Omit<ComponentProps<"button">, "onClick"> {
  /** Its text, in place of children. */
  say?: WordKey;
  onPress: () => unknown;
}

export const Button = ({
  say: key,
  children,
  onPress,
  ...button
}: ButtonProps) => (
  <button
    type="button"
    {...button}
    // A key that is held down must not press again, nor confirm the dialog that
    // it opened.
    onKeyDown={(event) => event.repeat && event.preventDefault()}
    onClick={() => void onPress()}
  >
    {key ? say(key) : children}
  </button>
);

interface OptionProps
  extends Omit<ComponentProps<"input">, "onChange" | "role" | "type"> {
  /** Makes it one of several. Without a name it is on or off. */
  name?: string;
  label?: ComponentChildren;
  hint?: string;
  /** In place of the label and what it means. */
  children?: ComponentChildren;
  onChoose: (checked: boolean) => void;
}

export function Option({
  class: kind = "option",
  name,
  label,
  hint,
  children,
  onChoose,
  ...input
}: OptionProps) {
  return (
    <label class={kind}>
      <input
        type={name ? "radio" : "checkbox"}
        name={name}
        {...input}
        onChange={({ currentTarget: { checked } }) => onChoose(checked)}
      />
      {children ?? (
        <span>
          <b>{label}</b>
          {hint && <span class="hint">{hint}</span>}
        </span>
      )}
    </label>
  );
}

interface SelectProps<Value extends string | number>
  extends Omit<ComponentProps<"select">, "onChange" | "role" | "size"> {
  value: Value;
  options: readonly (readonly [value: Value, label: string])[];
  onChoose: (value: Value) => void;
}

export const SelectInput = <Value extends string | number>({
  options,
  onChoose,
  ...select
}: SelectProps<Value>) => (
  <select
    {...select}
    onChange={({ currentTarget }) =>
      onChoose(options[currentTarget.selectedIndex]?.[0] as Value)
    }
  >
    {options.map(([value, label]) => (
      <option key={value} value={value}>
        {label}
      </option>
    ))}
  </select>
);

interface TextInputProps
  extends Omit<ComponentProps<"input">, "onInput" | "role" | "type"> {
  id: string;
  label: string;
  onText: (text: string) => void;
}

/** A line of text with its label. */
export const TextInput = ({ id, label, onText, ...input }: TextInputProps) => (
  <>
    <label for={id}>{label}</label>
    <input
      id={id}
      dir="auto"
      autoComplete="off"
      {...input}
      onInput={({ currentTarget: { value } }) => onText(value)}
    />
  </>
);

/** What is wrong. A screen reader says it at once. */
export const Alert = ({ children }: { children: ComponentChildren }) => (
  <p class="problem" role="alert">
    {children}
  </p>
);

/** Each line once. */
export const LineList = ({
  class: kind,
  lines,
}: {
  class?: string;
  lines: readonly string[];
}) => (
  <ul class={kind}>
    {lines.map((line) => (
      <li key={line}>{line}</li>
    ))}
  </ul>
);
