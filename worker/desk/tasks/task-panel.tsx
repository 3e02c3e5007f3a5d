/** A panel in place of the form, for a task that concerns several fields. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useFormState } from "../form/use-form.ts";
import { Button } from "../inputs.tsx";

export function TaskPanel({ title, children }: { title: string; children: ComponentChildren }) {
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
        <Button class="quiet" onPress={() => openTask({ is: "form" })} say="task.back" />
      </header>
      {children}
    </section>
  );
}
