export interface SelectProps<Name extends string = string> {
  name: Name;
  label: string;
  /** The words for leaving the choice open; absent where one must be made. */
  all?: string;
  options: { value: string; text: string }[];
  chosen: string | undefined;
}

/** A field of a form that sends one of several values. */
export const Select = ({ name, label, all, options, chosen }: SelectProps) => (
  <label>
    {label}
    <select name={name}>
      {all !== undefined && <option value="">{all}</option>}
      {options.map(({ value, text }) => (
        <option value={value} selected={value === chosen}>
          {text}
        </option>
      ))}
    </select>
  </label>
);
