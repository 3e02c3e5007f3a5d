/** Secrets that the server shows only once: recovery codes, and texts to copy. */
import { useId, useState } from "preact/hooks";
import { say } from "../words.ts";

export function CopyField({ label, value }: { label: string; value: string }) {
  const id = useId();
  const [copied, setCopied] = useState<string | null>(null);
  return (
    <div class="shown-once" role="status">
      <label for={id}>{label}</label>
      <div class="row">
        <input id={id} readOnly dir="ltr" value={value} onFocus={({ currentTarget }) => currentTarget.select()} />
        <button
          type="button"
          class="quiet"
          onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(value))}
        >
          {say(copied === value ? "copy.done" : "copy.go")}
        </button>
      </div>
    </div>
  );
}

export function RecoveryCodeList({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <section class="shown-once" aria-labelledby="codes-title">
      <h2 id="codes-title">{say("codes.title")}</h2>
      <p>{say("codes.lead")}</p>
      <ul class="codes" dir="ltr">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <button type="button" onClick={onDone}>
        {say("codes.done")}
      </button>
    </section>
  );
}
