/** What the importer leaves to a person: the sentences of a document that wait for a verdict. */
import { say } from "../words.ts";
import { FormContext, type FormState } from "./form-state.ts";
import { Sentences } from "./sentences.tsx";

export function Reading({ form }: { form: FormState }) {
  const { sentences = [], verdicts = {} } = form.source ?? {};
  if (sentences.length === 0) return null;
  return (
    <FormContext.Provider value={form}>
      <section class="checklist reading" aria-label={say("reading.title")}>
        <Sentences sentences={sentences} verdicts={verdicts} />
      </section>
    </FormContext.Provider>
  );
}
