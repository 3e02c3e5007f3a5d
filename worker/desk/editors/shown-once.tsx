/**
 * Secrets that the server shows only once: recovery codes, and texts to copy.
 */

import { useId, useState } from "preact/hooks";
import { Button } from "../inputs.tsx";
import { say } from "../words.ts";

export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState<string | null>(null);
  const copy = () =>
    void navigator.clipboard.writeText(text).then(() => setCopied(text));
  return (
    <Button
      class="quiet"
      onPress={copy}
      say={copied === text ? "copy.done" : "copy.go"}
    />
  );
}

export function CopyField({ label, value }: { label: string; value: string }) {
  const id = useId();
  return (
    <div class="shown-once" role="status">
      <label for={id}>{label}</label>
      <div class="row">
        <input
          id={id}
          readOnly
          dir="ltr"
          value={value}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <CopyButton text={value} />
      </div>
    </div>
  );
}

export function RecoveryCodeList({
  codes,
  onDone,
}: {
  codes: string[];
  onDone: () => void;
}) {
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
      <div class="row">
        <CopyButton text={codes.join("\n")} />
        <Button class="quiet" onPress={print} say="codes.print" />
        <Button onPress={onDone} say="codes.done" />
      </div>
    </section>
  );
}
