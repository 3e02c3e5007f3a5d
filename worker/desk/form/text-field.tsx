/** A text in several languages. While it is empty, the document's text is shown below it. */

import type { Text } from "../../../shared/case/schema.ts";
import { currentTranslation, isOutdated, textIn } from "../../../shared/case/text.ts";
import { directionOf } from "../../../shared/locale.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { Original } from "../differences.tsx";
import { Button } from "../inputs.tsx";
import { say } from "../words.ts";
import { fieldId } from "./form-state.ts";
import { Frame, LineLink, problemProps } from "./frame.tsx";
import { LanguageTabs } from "./language-tabs.tsx";
import { type FieldPath, pointerOf, valueAt } from "./path.ts";
import { useFormState } from "./use-form.ts";

/** The issuer's text that the editor must put in other words here. */
function useToRestate(path: FieldPath): { text: string; line: number } | undefined {
  const { source, fields } = useFormState();
  const pointer = pointerOf(path);
  const known = source?.toRestate.find((one) => one.pointer.replace(/\/[^/]*$/, "") === pointer);
  if (known || path.at(-1) !== "text") return known;
  // An event that was made from one of the document's dates.
  const event = valueAt(fields, path.slice(0, -1)) as { date?: { asStated?: string } } | undefined;
  return source?.dates.find(({ asStated }) => asStated === event?.date?.asStated);
}

interface TextFieldProps {
  path: FieldPath;
  /** Its place in words, where it stands beside its original and not in the form. */
  place?: string | undefined;
}

export function TextField({ path, place }: TextFieldProps) {
  const { fields, base, languages, writing, write, edit, problems, showLine } = useFormState();
  const text = (valueAt(fields, path) ?? {}) as Text;
  const [own = "en"] = languages;
  const control = `${fieldId(pointerOf(path))}-${writing}`;
  const restate = useToRestate(path);
  const source = textIn(text, own);
  const change = (value: string) => {
    const { [writing]: _, ...others } = text;
    const written = { ...text, [writing]: value };
    // A changed translation renders the source as it stands. No speaker has reviewed it yet.
    const entry = writing === own ? value : currentTranslation(written, writing, own);
    const next = value === "" ? others : { ...text, [writing]: entry };
    edit(path, Object.keys(next).length === 0 ? undefined : next);
  };
  return (
    <Frame
      path={path}
      control={control}
      deep
      label={place}
      class={place === undefined ? "text" : "text translation"}
      aside={
        place === undefined && <LanguageTabs languages={languages} text={text} writing={writing} onWrite={write} />
      }
    >
      {writing !== own && source && <Original fields={fields} base={base as UnfinishedCase | null} path={path} />}
      <textarea
        id={control}
        rows={1}
        lang={writing}
        dir={directionOf(writing)}
        value={textIn(text, writing) ?? ""}
        {...problemProps(path, control, problems)}
        onInput={({ currentTarget: { value } }) => change(value)}
      />
      {isOutdated(text, writing, own) && (
        <p class="outdated">
          <span class="mark">{say("form.outdated")}</span>{" "}
          <Button class="link" onPress={() => change(textIn(text, writing) ?? "")} say="form.still-right" />
        </p>
      )}
      {restate && !source && (
        <figure class="restate">
          <figcaption>
            {say("form.restate")} <LineLink line={restate.line} onShow={showLine} />
          </figcaption>
          <blockquote dir="auto">{restate.text}</blockquote>
        </figure>
      )}
    </Frame>
  );
}
