/**
 * The text of a field whose value is parsed while it is being typed, and dates
 * as people write them.
 */
import type { TargetedInputEvent } from "preact";
import { useState } from "preact/hooks";
import { datesIn, edtfOf } from "../../editing/importer/dates.ts";

/** Up to this many characters of the text need not belong to the date. */
const MAX_OTHER_CHARACTERS = 4;

/**
 * "25 June 2020" or "25.6.2020" as EDTF; null when the text is not exactly one
 * unambiguous date.
 */
export function edtfIn(text: string): string | null {
  const [found, second] = datesIn(text);
  if (
    !found ||
    second ||
    found.ambiguous ||
    found.asStated.length < text.trim().length - MAX_OTHER_CHARACTERS
  )
    return null;
  return edtfOf(found);
}

/**
 * The field shows the editor's own words until it is left. The value is parsed
 * before that, because a problem that disappears when the field is left would
 * move the button that the editor is about to press.
 * @param parse returns null for a text that isn't complete yet
 */
export function useTyped(
  value: string,
  parse: (typed: string) => string | null,
  set: (value: string) => void,
) {
  const [typed, setTyped] = useState<string | null>(null);
  const isOwn = typed !== null && (parse(typed) ?? typed) === value;
  return {
    value: isOwn ? typed : value,
    onInput: ({
      currentTarget: { value: text },
    }: TargetedInputEvent<HTMLInputElement>) => {
      setTyped(text);
      set(parse(text) ?? text);
    },
    onBlur: () => setTyped(null),
  };
}
