/** A modal dialog: the browser keeps the focus in it, Escape closes it, and focus goes back to where it was. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { say } from "../words.ts";

interface DialogProps {
  title: string;
  class?: string;
  /** Where the focus goes first is marked with `autofocus` inside; otherwise the title has it. */
  focusInside?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, class: kind = "", focusInside = false, onClose, children }: DialogProps) {
  const host = useRef<HTMLDialogElement>(null);
  const name = useId();
  useEffect(() => {
    const before = document.activeElement;
    host.current?.showModal();
    return () => before instanceof HTMLElement && before.isConnected && before.focus();
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
        <button type="button" class="plain" aria-label={say("dialog.close")} onClick={onClose}>
          ×
        </button>
      </header>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

/** A key that is held down presses nothing twice, and what a held key opened it does not confirm. */
export const ignoreRepeats = (event: KeyboardEvent): void => {
  if (event.repeat) event.preventDefault();
};
