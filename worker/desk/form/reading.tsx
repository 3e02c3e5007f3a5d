/** The importer's reading of a document: what it found, and the sentences that wait for a verdict. */
import { toldPointers } from "../../editing/importer/draft.ts";
import type { DraftSource } from "../../editing/rules/desk.ts";
import { say } from "../words.ts";
import { FormContext, type FormState, labelOf, useFormState } from "./form-state.ts";
import { LineLink } from "./frame.tsx";
import { goToField } from "./go-to-field.ts";
import { pathOf } from "./path.ts";
import { Sentences } from "./sentences.tsx";

type Told = DraftSource["found"][number];

export function Reading({ form }: { form: FormState }) {
  const { source } = form;
  if (!source || source.found.length === 0) return null;
  const { found, sentences = [], verdicts = {} } = source;
  return (
    <FormContext.Provider value={form}>
      <section class="checklist reading" aria-label={say("reading.title")}>
        <details>
          <summary>{say("reading.title")}</summary>
          <ul class="told">
            {found.map((one) => (
              <FoundField key={one.field} told={one} />
            ))}
          </ul>
        </details>
        {sentences.length > 0 && <Sentences sentences={sentences} verdicts={verdicts} />}
      </section>
    </FormContext.Provider>
  );
}

function FoundField({ told: { field, state, line } }: { told: Told }) {
  const { showLine, profile } = useFormState();
  const pointer = toldPointers[field];
  return (
    <li>
      <button type="button" class="link" onClick={() => void goToField(pointer)}>
        {labelOf(pathOf(pointer), profile)}
      </button>
      <span class={state}>{say(`reading.${state}`)}</span>
      {line !== undefined && <LineLink line={line} onShow={showLine} />}
    </li>
  );
}
