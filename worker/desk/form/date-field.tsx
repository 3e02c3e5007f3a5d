/** A date with the precision of its source. It accepts dates as people write them, stores EDTF, and prints the date in words. */

import { parseEdtf } from "../../../shared/case/partial-date.ts";
import type { PartialDate } from "../../../shared/case/schema.ts";
import { datesIn, edtfOf } from "../../importer/dates.ts";
import { printDate, say, sayIfKnown } from "../words.ts";
import { LineField } from "./controls.tsx";
import { fieldId, labelOf, useFormState } from "./form-state.ts";
import { Frame, problemProps } from "./frame.tsx";
import { type Path, pointerOf, valueAt } from "./path.ts";

/** Up to this many characters of the text need not belong to the date. */
const MAX_OTHER_CHARACTERS = 4;

/** "25 June 2020" or "25.6.2020" as EDTF; null when the text is not exactly one unambiguous date. */
function edtfIn(text: string): string | null {
  const [found, second] = datesIn(text);
  if (!found || second || found.ambiguous || found.asStated.length < text.trim().length - MAX_OTHER_CHARACTERS)
    return null;
  return edtfOf(found);
}

/** A typed date as EDTF: EDTF itself, or exactly one unambiguous date in words or digits. */
export const dateIn = (text: string): string | null => (parseEdtf(text.trim()) ? text.trim() : edtfIn(text));

const parts = ["year", "month", "day"] as const;
type Part = (typeof parts)[number];

const partName = (part: Part) => sayIfKnown(`choice.inferred.${part}`) ?? part;

/** "25 June 2020 · “25 June” in the document · inferred: year" */
export function dateInWords({ date, asStated, inferred = [] }: Partial<PartialDate> = {}): string {
  const words = [
    date && printDate(date),
    asStated && say("form.date.stated", { words: asStated }),
    inferred.length > 0 && say("form.date.inferred", { parts: inferred.map(partName).join(", ") }),
  ];
  return words.filter(Boolean).join(" · ");
}

export function DateField({ path }: { path: Path }) {
  const { fields, edit, problems, source, profile } = useFormState();
  const date = valueAt(fields, path) as Partial<PartialDate> | undefined;
  const control = fieldId(pointerOf([...path, "date"]));
  const text = date?.date ?? "";
  // An edited date no longer comes from the document, so its other members are removed.
  const change = (value: string) => edit(path, value === "" ? undefined : { date: value });
  const parseOnBlur = (value: string) => {
    const edtf = dateIn(value);
    if (edtf && edtf !== value) edit(path, { date: edtf });
  };
  const suggestions = new Map(
    source?.dates.flatMap((found) => (found.date ? [[JSON.stringify(found.date), found] as const] : [])) ?? [],
  );
  const list = `${control}-suggestions`;
  const inferred = date?.inferred ?? [];
  const infer = (part: Part, is: boolean) => {
    const next = parts.filter((one) => (one === part ? is : inferred.includes(one)));
    edit([...path, "inferred"], next.length > 0 ? next : undefined);
  };
  return (
    <Frame path={path} control={control} deep class="date">
      <div class="date-row">
        <input
          id={control}
          value={text}
          list={suggestions.size > 0 ? list : undefined}
          placeholder={say("form.date.example")}
          autoComplete="off"
          spellcheck={false}
          dir="ltr"
          maxLength={60}
          {...problemProps(path, control, problems)}
          onInput={({ currentTarget: { value } }) => {
            const found = source?.dates.find(({ date: one }) => one?.date === value);
            if (found?.date) edit(path, found.date);
            else change(value);
          }}
          onBlur={({ currentTarget: { value } }) => parseOnBlur(value)}
        />
        {parseEdtf(text) && (
          <details class="origin">
            <summary class="reading" aria-live="polite">
              {dateInWords(date)}
            </summary>
            <div class="row">
              <LineField
                path={[...path, "asStated"]}
                shape={{ kind: "line", input: "text", long: false, optional: true }}
              />
              <fieldset class="field">
                <legend class="label">{labelOf([...path, "inferred"], profile)}</legend>
                {parts.map((part) => (
                  <label key={part}>
                    <input
                      type="checkbox"
                      checked={inferred.includes(part)}
                      onChange={({ currentTarget: { checked } }) => infer(part, checked)}
                    />
                    {partName(part)}
                  </label>
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
