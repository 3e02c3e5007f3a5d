/** The text of a field whose value is parsed while it is being typed. */
import type { TargetedInputEvent } from "preact";
import { useState } from "preact/hooks";

/**
 * The field shows the editor's own words until it is left. The value is parsed before that, because a problem that disappears when the
 * field is left would move the button that the editor is about to press.
 * @param parse returns null for a text that isn't complete yet
 */
export function useTyped(value: string, parse: (typed: string) => string | null, set: (value: string) => void) {
  const [typed, setTyped] = useState<string | null>(null);
  const isOwn = typed !== null && (parse(typed) ?? typed) === value;
  return {
    value: isOwn ? typed : value,
    onInput: ({ currentTarget: { value: text } }: TargetedInputEvent<HTMLInputElement>) => {
      setTyped(text);
      set(parse(text) ?? text);
    },
    onBlur: () => setTyped(null),
  };
}
