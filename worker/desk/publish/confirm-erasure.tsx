/** Confirms a permanent erasure: lists what is erased and what remains, and asks the editor to type the case's id. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button, TextInput } from "../inputs.tsx";
import { say } from "../words.ts";

interface ConfirmErasureProps {
  caseId: string;
  lead: string;
  erased: string[];
  remains: string[];
  /** The button's text. */
  action: string;
  busy: boolean;
  onErase: () => void;
  onBack: () => void;
  /** A preview of the trace, and the error of the last attempt. */
  children?: ComponentChildren;
}

export function ConfirmErasure({
  caseId,
  lead,
  erased,
  remains,
  action,
  busy,
  onErase,
  onBack,
  children,
}: ConfirmErasureProps) {
  const [typed, setTyped] = useState("");
  return (
    <div class="erasure">
      <p class="lead">{lead}</p>
      <section>
        <h3>{say("erase.goes")}</h3>
        <ul class="goes">
          {erased.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
      <section>
        <h3>{say("erase.stays")}</h3>
        <ul>
          {remains.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
      {children}
      <div class="field">
        <TextInput
          id="typed-id"
          label={say("erase.type", { id: caseId })}
          dir="ltr"
          spellcheck={false}
          value={typed}
          onText={setTyped}
        />
      </div>
      <footer class="row">
        <Button class="quiet" onPress={onBack} say="erase.back" />
        <Button class="danger" disabled={busy || typed.trim().toLowerCase() !== caseId} onPress={onErase}>
          {action}
        </Button>
      </footer>
    </div>
  );
}
