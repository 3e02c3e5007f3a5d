/**
 * Drafts or proposals whose stored content is damaged. They can only be
 * discarded.
 */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { numberOf } from "../../shared/profile/numbers.ts";
import type { DamagedEntry } from "../editing/rules/desk.ts";
import { Button } from "./inputs.tsx";
import { useSession } from "./session.ts";
import { moment, say } from "./words.ts";

export function DamagedRows({
  rows,
  onDiscard,
}: {
  rows: DamagedEntry[];
  onDiscard: (id: string) => void;
}) {
  const { profile } = useSession().me;
  if (rows.length === 0) return null;
  return (
    <ul class="rows damaged">
      {rows.map((row) => (
        <li key={row.id}>
          <b class="number">{row.case ? numberOf(row.case, profile) : "—"}</b>{" "}
          <span>{say("damaged.title")}</span>
          <span class="hint">
            {say("damaged.row", { editor: row.editor, moment: moment(row.at) })}{" "}
            <code dir="ltr">{row.id}</code>
          </span>
          <Confirmed
            label={say("damaged.discard", { id: row.id })}
            question={say("damaged.really")}
            onConfirm={() => onDiscard(row.id)}
          />
        </li>
      ))}
    </ul>
  );
}

interface ConfirmedProps {
  label: string;
  question: string;
  onConfirm: () => void;
  /** The button's text, if it is shorter than its label. */
  children?: ComponentChildren;
}

/** A button that deletes after a second press. */
export function Confirmed({
  label,
  question,
  onConfirm,
  children,
}: ConfirmedProps) {
  const [asking, setAsking] = useState(false);
  return asking ? (
    <span class="ask" role="alertdialog" aria-label={question}>
      {question}{" "}
      <Button class="danger" onPress={onConfirm} say="cases.draft.yes" />
      <Button
        class="quiet"
        onPress={() => setAsking(false)}
        say="cases.draft.no"
      />
    </span>
  ) : (
    <Button
      class="plain"
      aria-label={label}
      title={label}
      onPress={() => setAsking(true)}
    >
      {children ?? label}
    </Button>
  );
}
