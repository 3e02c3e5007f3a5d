/**
 * A modal dialog. The browser traps the focus, and closing returns the focus to
 * where it was.
 */

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Cross } from "../form/frame.tsx";
import { say } from "../words.ts";

interface DialogProps {
  title: string;
  class?: string;
  /**
   * Set when an element inside has `autofocus`. Otherwise the title gets the
   * focus.
   */
  focusInside?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({
  title,
  class: kind = "",
  focusInside = false,
  onClose,
  children,
}: DialogProps) {
  const host = useRef<HTMLDialogElement>(null);
  const name = useId();
  /**
   * A dialog with another title is at its next step, which begins at the top.
   */
  const shown = useRef(title);
  useLayoutEffect(() => {
    if (shown.current === title) return;
    shown.current = title;
    host.current?.querySelector(".dialog-body")?.scrollTo(0, 0);
    host.current?.querySelector("h2")?.focus();
  }, [title]);
  // Before the first paint: a key pressed on a dialog that isn't modal yet
  // would be lost.
  useLayoutEffect(() => {
    const before = document.activeElement;
    host.current?.showModal();
    return () =>
      before instanceof HTMLElement && before.isConnected && before.focus();
  }, []);
  return (
    <dialog
      ref={host}
      class={`dialog ${kind}`}
      aria-labelledby={name}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={name} tabIndex={-1} autofocus={!focusInside}>
          {title}
        </h2>
        <Cross label={say("dialog.close")} onPress={onClose} />
      </header>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
