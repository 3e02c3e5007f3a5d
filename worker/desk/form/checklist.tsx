/** The list of missing, invalid and doubtful fields, with a link to each. */
import { QuestionSummary } from "../tasks/questions.tsx";
import { say } from "../words.ts";
import { FormContext, type FormState, openDoubts, warningKey, wordsFor } from "./form-state.ts";
import { WarningNote } from "./frame.tsx";
import { goToField } from "./go-to-field.ts";
import { pathOf } from "./path.ts";

/** Further problems are only counted. */
const MAX_LISTED_PROBLEMS = 12;

export function Checklist({ form }: { form: FormState }) {
  const { fields, problems, source } = form;
  const doubts = source?.warnings ?? [];
  const open = openDoubts(form);
  const link = (pointer: string, text = "") => (
    <li key={pointer}>
      <button type="button" class="link" onClick={() => void goToField(pointer)}>
        {wordsFor(fields, pathOf(pointer), form.profile) || pointer}
      </button>{" "}
      {text && <span class="hint">{text}</span>}
    </li>
  );
  return (
    <FormContext.Provider value={form}>
      <section class="checklist" aria-label={say("check.title")}>
        <p class="verdict" role="status">
          {/* What nobody has filled in yet is no mistake before the editor tries to publish. */}
          <strong
            class={problems.length === 0 ? "done" : form.tried || problems.some((one) => !one.empty) ? "missing" : ""}
          >
            {problems.length > 0 ? say("check.to-fill", { count: problems.length }) : say("check.complete")}
          </strong>
          {source && (
            <span class={open.length > 0 ? "doubt" : "done"}>
              {open.length > 0 ? say("check.doubts", { count: open.length }) : say("check.no-doubts")}
            </span>
          )}
        </p>
        <QuestionSummary form={form} />
        {problems.length > 0 && (
          <ul>
            {problems.slice(0, MAX_LISTED_PROBLEMS).map(({ pointer, text, empty }) => link(pointer, empty ? "" : text))}
            {problems.length > MAX_LISTED_PROBLEMS && (
              <li class="hint">{say("check.more", { count: problems.length - MAX_LISTED_PROBLEMS })}</li>
            )}
          </ul>
        )}
        {doubts.length > 0 && (
          <details>
            <summary>{say("check.doubts.title")}</summary>
            {doubts.map((warning) => (
              <WarningNote key={warningKey(warning)} warning={warning}>
                {warning.pointer !== undefined && (
                  <button type="button" class="link" onClick={() => void goToField(warning.pointer as string)}>
                    {wordsFor(fields, pathOf(warning.pointer), form.profile)}
                  </button>
                )}
              </WarningNote>
            ))}
          </details>
        )}
      </section>
    </FormContext.Provider>
  );
}
