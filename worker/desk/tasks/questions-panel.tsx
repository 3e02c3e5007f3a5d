/** What to confirm before a revision is published, and what a change of status offers: an event, an earlier sentence. */
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { earlierTerms, eventOf, type StatusChange, statusChanges } from "../../editing/rules/status-change.ts";
import { valueInWords } from "../differences.tsx";
import { dateInWords } from "../form/date-field.tsx";
import { Group } from "../form/field.tsx";
import { choiceOf, type FormState, labelOf, useFormState } from "../form/form-state.ts";
import { focusSoon } from "../form/go-to-field.ts";
import { type Shape, shapeOfField } from "../form/shape.ts";
import { say } from "../words.ts";
import { QuestionGroups } from "./question-groups.tsx";
import { QuestionCount } from "./questions.tsx";
import { TaskPanel } from "./task-panel.tsx";

type GroupShape = Extract<Shape, { kind: "group" }>;

const eventFields = ((shapeOfField("events") as Extract<Shape, { kind: "list" }>).item as GroupShape).fields;

interface QuestionsPanelProps {
  form: FormState;
  /** Begins another change of status. */
  onAnother: () => void;
}

export function QuestionsPanel({ form, onAnother }: QuestionsPanelProps) {
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
      {changes.length > 0 && <Offers changes={changes} />}
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

/** What follows from changes of status beyond doubt: an event for each, and the term that a new sentence replaces. */
function Offers({ changes }: { changes: StatusChange[] }) {
  const { fields, edit, base, profile } = useFormState();
  const events = fields.events ?? [];
  const known = new Set(base?.events.map((event) => JSON.stringify(event)));
  const added = events.flatMap((event, index) => (known.has(JSON.stringify(event)) ? [] : [index]));
  const offered = changes.filter(
    ({ after }) => after.asOf?.date && !added.some((index) => events[index]?.date?.date === after.asOf?.date),
  );
  const replaced = changes.filter(({ field, before }) => field === "sentence" && before !== undefined);
  return (
    <div>
      {added.length > 0 && <h3>{labelOf(["events"], profile)}</h3>}
      {added.map((index) => (
        <div class="entry-fields" key={index}>
          <Group path={["events", index]} fields={eventFields} />
        </div>
      ))}
      <div class="chips">
        {offered.map((change) => {
          const event = eventOf(change);
          const kind = typeof event.kind === "string" ? choiceOf(["events", "kind"], event.kind, profile) : change.name;
          return (
            <button
              key={change.at}
              type="button"
              class="chip add"
              onClick={() => edit(["events", events.length], event)}
            >
              {say("follow.add-event", { kind, date: dateInWords(change.after.asOf) })}
            </button>
          );
        })}
        {replaced.map((change) => {
          const terms = earlierTerms(change);
          const own = (change.after.value as { earlier?: unknown[] } | undefined)?.earlier ?? [];
          const path = [...change.path, "value"];
          return own.length >= terms.length ? null : (
            <button key={change.at} type="button" class="chip" onClick={() => edit([...path, "earlier"], terms)}>
              {labelOf([...path, "earlier"], profile)}:{" "}
              {say("follow.earlier", { term: valueInWords(path, terms.at(-1), fields.documents ?? [], profile) })}
            </button>
          );
        })}
      </div>
    </div>
  );
}
