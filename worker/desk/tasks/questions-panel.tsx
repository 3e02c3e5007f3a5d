/** What to confirm before a revision is published, after what follows from a change of status. */
import type { ReadyTexts, UnfinishedCase } from "../../editing/rules/desk.ts";
import { statusChanges } from "../../editing/rules/status-change.ts";
import type { FormState } from "../form/form-state.ts";
import { focusSoon } from "../form/go-to-field.ts";
import { say } from "../words.ts";
import { Offers } from "./offers.tsx";
import { QuestionGroups } from "./question-groups.tsx";
import { QuestionCount } from "./questions.tsx";
import { TaskPanel } from "./task-panel.tsx";

interface QuestionsPanelProps {
  form: FormState;
  ready: ReadyTexts | null;
  /** Begins another change of status. */
  onAnother: () => void;
}

export function QuestionsPanel({ form, ready, onAnother }: QuestionsPanelProps) {
  const { fields, base, asked, answers, problems, profile } = form;
  const changes = statusChanges({ case: fields, base: base && { case: base } });
  return (
    <TaskPanel title={say("questions.title")} form={form}>
      <p class="verdict" role="status">
        {problems.length > 0 ? (
          <strong class="missing">{say("check.to-fill", { count: problems.length })}</strong>
        ) : (
          <QuestionCount asked={asked} answers={answers} />
        )}
      </p>
      {changes.length > 0 && <Offers form={form} ready={ready} changes={changes} />}
      <QuestionGroups
        questions={asked.questions}
        answers={answers}
        fields={fields}
        base={base as UnfinishedCase | null}
        note={form.note}
        profile={profile}
        onAnswer={form.answer}
        goTo={(path) => {
          form.openTask({ is: "form" });
          void focusSoon(path);
        }}
        onTranslate={() => form.openTask({ is: "translations" })}
        onPeople={(people) => form.edit(["people"], people)}
      />
      <p class="row">
        <button type="button" onClick={() => form.openTask({ is: "form" })}>
          {say("task.back")}
        </button>
        <button type="button" class="quiet" onClick={onAnother}>
          {say("status.another")}
        </button>
      </p>
    </TaskPanel>
  );
}
