/**
 * What to confirm before a revision is published, after what follows from a
 * change of status.
 */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ReadyTexts } from "../../editing/rules/desk.ts";
import { statusChanges } from "../../editing/rules/status-change.ts";
import { useFormState } from "../form/use-form.ts";
import { Button } from "../inputs.tsx";
import { say } from "../words.ts";
import { Offers } from "./offers.tsx";
import { QuestionGroups } from "./question-groups.tsx";
import { QuestionCount } from "./questions.tsx";

export function QuestionsPanel({
  ready,
  onAnother,
}: {
  ready: ReadyTexts | null;
  onAnother: () => void;
}) {
  const { draft, fields, base, asked, answer, problems, openTask } =
    useFormState();
  const changes = statusChanges({ case: fields, base: base && { case: base } });
  return (
    <TaskPanel title={say("questions.title")}>
      <p class="verdict" role="status">
        {problems.length > 0 ? (
          <strong class="missing">
            {say("check.to-fill", { count: problems.length })}
          </strong>
        ) : (
          <QuestionCount asked={asked} answers={draft.answers} />
        )}
      </p>
      {changes.length > 0 && <Offers ready={ready} changes={changes} />}
      <QuestionGroups
        draft={draft}
        questions={asked.questions}
        answers={draft.answers}
        onAnswer={answer}
      />
      <p class="row">
        <Button onPress={() => openTask({ is: "form" })} say="task.back" />
        <Button class="quiet" onPress={onAnother} say="status.another" />
      </p>
    </TaskPanel>
  );
}

export function TaskPanel({
  title,
  children,
}: {
  title: string;
  children: ComponentChildren;
}) {
  const { openTask } = useFormState();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.closest("section")?.scrollIntoView({ block: "start" });
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <section class="task" aria-label={title}>
      <header class="task-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <Button
          class="quiet"
          onPress={() => openTask({ is: "form" })}
          say="task.back"
        />
      </header>
      {children}
    </section>
  );
}
