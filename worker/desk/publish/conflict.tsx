/** Merges two changed versions of a case: shows both, and asks the editor about the fields that both changed. */

import { useMemo, useState } from "preact/hooks";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import { type Choose, type Conflict, differencesBetween } from "../../editing/rules/merge.ts";
import { Differences, pathIn, valueInWords } from "../differences.tsx";
import { wordsFor } from "../form/form-state.ts";
import { useSession } from "../session.ts";
import { languageName, say } from "../words.ts";
import { Dialog } from "./dialog.tsx";
import { conflictsOf, type MergeableDraft } from "./merge-drafts.ts";

/** A longer list of differences is collapsed at first. */
const MAX_EXPANDED_DIFFERENCES = 12;

interface ConflictProps {
  title: string;
  /** Names the author and the moment of the other version. */
  lead: string;
  /** The note of the other version. */
  note?: string;
  theirsAre: string;
  base: MergeableDraft | null;
  mine: MergeableDraft;
  theirs: MergeableDraft;
  onMerge: (choose: Choose) => void;
  onClose: () => void;
}

type Side = "mine" | "theirs";

export function ConflictDialog(props: ConflictProps) {
  const { title, lead, note, theirsAre, base, mine, theirs, onMerge, onClose } = props;
  const conflicts = useMemo(() => conflictsOf(base, mine, theirs), [base, mine, theirs]);
  const [chosen, setChosen] = useState<Record<string, Side>>({});
  const open = conflicts.filter(({ at }) => !chosen[at]).length;
  const before = base?.case ?? {};
  return (
    <Dialog title={title} class="wide conflict" onClose={onClose}>
      <p class="lead">{lead}</p>
      {note && (
        <blockquote class="note" dir="auto">
          {note}
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
              fields={conflict.mine === undefined ? theirs.case : mine.case}
              chosen={chosen[conflict.at]}
              onChoose={(side) => setChosen((others) => ({ ...others, [conflict.at]: side }))}
            />
          ))}
        </section>
      )}
      <div class="sides">
        <Side title={theirsAre} before={before} after={theirs.case} />
        <Side title={say("conflict.yours")} before={before} after={mine.case} />
      </div>
      <footer class="row">
        <button type="button" disabled={open > 0} onClick={() => onMerge(({ at }) => chosen[at] ?? "theirs")}>
          {say("conflict.merge")}
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          {say("conflict.later")}
        </button>
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

/** The place of a conflict: a field of the case, or the note in a language. */
function placeOf(
  at: string,
  fields: UnfinishedCase,
  profile: Profile,
): { words: string; path: ReturnType<typeof pathIn> } {
  const [part, ...rest] = at.split("/");
  if (part === "note")
    return { words: say("publish.note.in", { language: rest[0] ? languageName(rest[0]) : "" }), path: [] };
  const path = pathIn(fields, rest.join("/"));
  return { words: wordsFor(fields, path, profile) || rest.join(" › "), path };
}

interface ChoiceProps {
  conflict: Conflict;
  fields: UnfinishedCase;
  chosen: Side | undefined;
  onChoose: (side: Side) => void;
}

function Choice({ conflict, fields, chosen, onChoose }: ChoiceProps) {
  const { profile } = useSession().me;
  const { words, path } = placeOf(conflict.at, fields, profile);
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
      <legend>{words}</legend>
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
