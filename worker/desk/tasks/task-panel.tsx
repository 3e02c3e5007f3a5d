/** A panel in place of the form, for a task that concerns several fields. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { FormContext, type FormState } from "../form/form-state.ts";
import { say } from "../words.ts";

interface TaskPanelProps {
  title: string;
  form: FormState;
  children: ComponentChildren;
}

export function TaskPanel({ title, form, children }: TaskPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.closest("section")?.scrollIntoView({ block: "start" });
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <FormContext.Provider value={form}>
      <section class="task" aria-label={title}>
        <header class="task-head">
          <h2 ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <button type="button" class="quiet" onClick={() => form.openTask({ is: "form" })}>
            {say("task.back")}
          </button>
        </header>
        {children}
      </section>
    </FormContext.Provider>
  );
}
