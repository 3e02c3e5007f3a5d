/** The list of missing, invalid and doubtful fields, with a link to each. */
import { Button } from "../inputs.tsx";
import { countOpen, QuestionCount } from "../tasks/questions.tsx";
import { say } from "../words.ts";
import { openDoubts, warningKey, wordsFor } from "./form-state.ts";
import { WarningNote } from "./frame.tsx";
import { goToField } from "./go-to-field.ts";
import { pathOf } from "./path.ts";
import { useFormState } from "./use-form.ts";

/** Further problems are only counted. */
const MAX_LISTED_PROBLEMS = 12;

export function Checklist() {
  const form = useFormState();
  const { fields, problems, source, asked, draft, openTask } = form;
  const doubts = source?.warnings ?? [];
  const open = openDoubts(form);
  const link = (pointer: string, text = "") => (
    <li key={pointer}>
      <Button class="link" onPress={() => goToField(pointer)}>
        {wordsFor(fields, pathOf(pointer), form.profile) || pointer}
      </Button>{" "}
      {text && <span class="hint">{text}</span>}
    </li>
  );
  return (
    <section class="checklist" aria-label={say("check.title")}>
      <p class="verdict" role="status">
        {/* What nobody has filled in yet is no mistake before the editor tries to publish. */}
        <strong
          class={
            problems.length === 0
              ? "done"
              : form.tried || problems.some((one) => !one.empty)
                ? "missing"
                : ""
          }
        >
          {problems.length > 0
            ? say("check.to-fill", { count: problems.length })
            : say("check.complete")}
        </strong>
        {source && (
          <span class={open.length > 0 ? "doubt" : "done"}>
            {open.length > 0
              ? say("check.doubts", { count: open.length })
              : say("check.no-doubts")}
          </span>
        )}
      </p>
      {countOpen(asked.questions, draft.answers) > 0 && (
        <p class="warning linked">
          <QuestionCount asked={asked} answers={draft.answers} />{" "}
          <Button
            class="link"
            onPress={() => openTask({ is: "questions" })}
            say="follow.check"
          />
        </p>
      )}
      {problems.length > 0 && (
        <ul>
          {problems
            .slice(0, MAX_LISTED_PROBLEMS)
            .map(({ pointer, text, empty }) =>
              link(pointer, empty ? "" : text),
            )}
          {problems.length > MAX_LISTED_PROBLEMS && (
            <li class="hint">
              {say("check.more", {
                count: problems.length - MAX_LISTED_PROBLEMS,
              })}
            </li>
          )}
        </ul>
      )}
      {doubts.length > 0 && (
        <details>
          <summary>{say("check.doubts.title")}</summary>
          {doubts.map((warning) => (
            <WarningNote key={warningKey(warning)} warning={warning}>
              {warning.pointer !== undefined && (
                <Button
                  class="link"
                  onPress={() => goToField(warning.pointer as string)}
                >
                  {wordsFor(fields, pathOf(warning.pointer), form.profile)}
                </Button>
              )}
            </WarningNote>
          ))}
        </details>
      )}
    </section>
  );
}
