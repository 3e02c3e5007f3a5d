/** A choice with its name in bold and, below it, what it means. */
interface OptionProps {
  type?: "radio" | "checkbox";
  name?: string;
  checked: boolean;
  label: string;
  hint?: string;
  onChoose: (checked: boolean) => void;
}

export function Option({ type = "radio", name, checked, label, hint, onChoose }: OptionProps) {
  return (
    <label class="option">
      <input
        type={type}
        name={name}
        checked={checked}
        onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
      />
      <span>
        <b>{label}</b>
        {hint && <span class="hint">{hint}</span>}
      </span>
    </label>
  );
}
