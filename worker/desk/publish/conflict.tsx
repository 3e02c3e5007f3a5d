/** Merges a draft with the revision of another editor: shows both, and asks about the fields that both changed. */

import { useMemo, useState } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import type { DeskDraft, DeskRecord, UnfinishedCase } from "../../editing/rules/desk.ts";
import { type Conflict, differencesBetween, mergeCases } from "../../editing/rules/merge.ts";
import { Differences, pathIn, valueInWords } from "../differences.tsx";
import { wordsFor } from "../form/form-state.ts";
import { Button } from "../inputs.tsx";
import { useSession } from "../session.ts";
import { moment, say } from "../words.ts";
import { Dialog } from "./dialog.tsx";

/** A longer list of differences is collapsed at first. */
const MAX_EXPANDED_DIFFERENCES = 12;

interface ConflictProps {
  draft: DeskDraft;
  /** With the revision that was published since the draft was started. */
  record: DeskRecord & { case: Case };
  onMerged: (draft: DeskDraft) => void;
  onClose: () => void;
}

type Side = "mine" | "theirs";

export function ConflictDialog({ draft, record, onMerged, onClose }: ConflictProps) {
  const { number, editor, committedAt, note } = record.revision;
  const said = note[record.case.language];
  const mine = draft.case;
  const [base = null, theirs] = [draft.base?.case, record.case] as [UnfinishedCase | undefined, UnfinishedCase];
  const conflicts = useMemo(() => mergeCases(base, mine, theirs).conflicts, [base, mine, theirs]);
  const [chosen, setChosen] = useState<Record<string, Side>>({});
  const open = conflicts.filter(({ at }) => !chosen[at]).length;
  const merge = () => {
    const { merged } = mergeCases(base, mine, theirs, ({ at }) => chosen[at] ?? "theirs");
    // The answers were given beside another revision.
    onMerged({ ...draft, case: merged, base: { number, case: record.case }, answers: [] });
  };
  return (
    <Dialog title={say("conflict.title", { number })} class="wide conflict" onClose={onClose}>
      <p class="lead">
        {say(base ? "conflict.lead" : "conflict.lead.new", {
          ...{ number, editor, moment: moment(committedAt), base: draft.base?.number ?? 0 },
        })}
      </p>
      {said && (
        <blockquote class="note" dir="auto">
          {said}
        </blockquote>
      )}
      {conflicts.length === 0 ? (
        <p class="verdict">
          <strong class="done">{say("conflict.none")}</strong>
        </p>
      ) : (
        <section class="choices">
          <h3>{say("conflict.both", { count: conflicts.length })}</h3>
          {conflicts.map((conflict) => (
            <Choice
              key={conflict.at}
              conflict={conflict}
              fields={conflict.mine === undefined ? theirs : mine}
              chosen={chosen[conflict.at]}
              onChoose={(side) => setChosen((others) => ({ ...others, [conflict.at]: side }))}
            />
          ))}
        </section>
      )}
      <div class="sides">
        <Side title={say("conflict.revision", { number })} before={base ?? {}} after={theirs} />
        <Side title={say("conflict.yours")} before={base ?? {}} after={mine} />
      </div>
      <footer class="row">
        <Button disabled={open > 0} onPress={merge} say="conflict.merge" />
        <Button class="quiet" onPress={onClose} say="conflict.later" />
        <span class="hint" role="status">
          {open > 0 ? say("conflict.open", { count: open }) : say("conflict.next")}
        </span>
      </footer>
    </Dialog>
  );
}

function Side({ title, before, after }: { title: string; before: UnfinishedCase; after: UnfinishedCase }) {
  const differences = differencesBetween(before, after);
  return (
    <details open={differences.length > 0 && differences.length <= MAX_EXPANDED_DIFFERENCES}>
      <summary>
        {title} <span class="hint">{say("conflict.fields", { count: differences.length })}</span>
      </summary>
      <Differences differences={differences} fields={after} />
    </details>
  );
}

interface ChoiceProps {
  conflict: Conflict;
  fields: UnfinishedCase;
  chosen: Side | undefined;
  onChoose: (side: Side) => void;
}

function Choice({ conflict, fields, chosen, onChoose }: ChoiceProps) {
  const { profile } = useSession().me;
  const path = pathIn(fields, conflict.at);
  const side = (name: Side, label: string) => (
    <label class="side">
      <input type="radio" name={`conflict-${conflict.at}`} checked={chosen === name} onChange={() => onChoose(name)} />
      <span>
        <b>{label}</b>
        <span class="value" dir="auto">
          {conflict[name] === undefined ? say("conflict.absent") : valueInWords(path, conflict[name], [], profile)}
        </span>
      </span>
    </label>
  );
  return (
    <fieldset class="choice">
      <legend>{wordsFor(fields, path, profile) || conflict.at}</legend>
      {side("mine", say("conflict.mine"))}
      {side("theirs", say("conflict.theirs"))}
      {conflict.base !== undefined && (
        <p class="hint">
          {say("conflict.before")} <span dir="auto">{valueInWords(path, conflict.base, [], profile)}</span>
        </p>
      )}
    </fieldset>
  );
}
