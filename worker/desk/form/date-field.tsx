/**
 * A date with the precision of its source. It accepts dates as people write
 * them, stores EDTF, and prints the date in words.
 */

import { parseEdtf } from "../../../shared/case/partial-date.ts";
import type { PartialDate } from "../../../shared/case/schema.ts";
import { Option } from "../inputs.tsx";
import { printDate, say, sayIfKnown } from "../words.ts";
import { LineField } from "./controls.tsx";
import { fieldId, labelOf } from "./form-state.ts";
import { Frame, problemProps } from "./frame.tsx";
import { type FieldPath, pointerOf, valueAt } from "./path.ts";
import { edtfIn, useTyped } from "./typed.ts";
import { useFormState } from "./use-form.ts";

/**
 * A typed date as EDTF: EDTF itself, or exactly one unambiguous date in words
 * or digits.
 */
export const typedEdtf = (text: string): string | null =>
  parseEdtf(text.trim()) ? text.trim() : edtfIn(text);

const parts = ["year", "month", "day"] as const;
type Part = (typeof parts)[number];

const partName = (part: Part) => sayIfKnown(`choice.inferred.${part}`) ?? part;

/** "25 June 2020 · “25 June” in the document · inferred: year" */
export function dateInWords({
  date,
  asStated,
  inferred = [],
}: Partial<PartialDate> = {}): string {
  const words = [
    date && printDate(date),
    asStated && say("form.date.stated", { words: asStated }),
    inferred.length > 0 &&
      say("form.date.inferred", { parts: inferred.map(partName).join(", ") }),
  ];
  return words.filter(Boolean).join(" · ");
}

export function DateField({ path }: { path: FieldPath }) {
  const { fields, edit, problems, source, profile } = useFormState();
  const date = valueAt(fields, path) as Partial<PartialDate> | undefined;
  const control = fieldId(pointerOf([...path, "date"]));
  const text = date?.date ?? "";
  // An edited date no longer comes from the document, so its other members are
  // removed.
  const change = (value: string) => {
    const found = source?.dates.find(({ date: one }) => one?.date === value);
    edit(path, found?.date ?? (value === "" ? undefined : { date: value }));
  };
  const typed = useTyped(text, typedEdtf, change);
  const suggestions = new Map(
    source?.dates.flatMap((found) =>
      found.date ? [[JSON.stringify(found.date), found] as const] : [],
    ) ?? [],
  );
  const list = `${control}-suggestions`;
  const inferred = date?.inferred ?? [];
  const infer = (part: Part, is: boolean) => {
    const next = parts.filter((one) =>
      one === part ? is : inferred.includes(one),
    );
    edit([...path, "inferred"], next.length > 0 ? next : undefined);
  };
  return (
    <Frame path={path} control={control} deep class="date">
      <div class="date-row">
        <input
          id={control}
          {...typed}
          list={suggestions.size > 0 ? list : undefined}
          placeholder={say("form.date.example")}
          autoComplete="off"
          spellcheck={false}
          dir="ltr"
          maxLength={60}
          {...problemProps(path, control, problems)}
        />
        {parseEdtf(text) && (
          <details class="origin">
            <summary class="reading" aria-live="polite">
              {dateInWords(date)}
            </summary>
            <div class="row">
              <LineField
                path={[...path, "asStated"]}
                shape={{
                  kind: "line",
                  input: "text",
                  long: false,
                  optional: true,
                }}
              />
              <fieldset class="field">
                <legend class="label">
                  {labelOf([...path, "inferred"], profile)}
                </legend>
                {parts.map((part) => (
                  <Option
                    key={part}
                    class=""
                    checked={inferred.includes(part)}
                    onChoose={(is) => infer(part, is)}
                  >
                    {partName(part)}
                  </Option>
                ))}
              </fieldset>
            </div>
          </details>
        )}
      </div>
      {suggestions.size > 0 && (
        <datalist id={list}>
          {[...suggestions].map(([key, { asStated, line, date: one }]) => (
            <option key={key} value={one?.date ?? ""}>
              {`${asStated} (${say("form.line", { line })})`}
            </option>
          ))}
        </datalist>
      )}
    </Frame>
  );
}
