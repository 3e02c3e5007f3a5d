/**
 * The publish dialog: note, kind, notification and moment, and a button that
 * names exactly what it does.
 */

import { useEffect, useRef, useState } from "preact/hooks";
import { textIn } from "../../../shared/case/text.ts";
import { printNumber } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { notifications } from "../../../shared/revision.ts";
import type { ApiError } from "../../editing/contract/client.ts";
import type {
  DeskDraft,
  DeskRecord,
  Me,
  UnfinishedCase,
} from "../../editing/rules/desk.ts";
import { differencesBetween } from "../../editing/rules/merge.ts";
import { Differences } from "../differences.tsx";
import { completeNumber, openDoubts } from "../form/form-state.ts";
import { NoteFields } from "../form/text-field.tsx";
import { useFormState } from "../form/use-form.ts";
import { Button, Option } from "../inputs.tsx";
import { needsApproval, useSession } from "../session.ts";
import { QuestionGroups } from "../tasks/question-groups.tsx";
import { countOpen, QuestionCount } from "../tasks/questions.tsx";
import { language, languageName, say, type WordKey } from "../words.ts";
import { Dialog } from "./dialog.tsx";
import {
  momentOf,
  ownZone,
  printMoment,
  proposedMoment,
  wallTime,
  zoneName,
  zonesOf,
} from "./moments.ts";
import { noteOf } from "./publish-draft.ts";
import { RefusalNotice, refusalText } from "./refusal.tsx";

interface PublishPanelProps {
  /** Whether a change of status was begun and is not in the draft. */
  unfinished: boolean;
  /** The existing case; null for a new one. */
  record: DeskRecord | null;
  busy: boolean;
  refused: ApiError | null;
  /** @param replace the pending revision to replace */
  onPublish: (replace: number | null) => void;
  onClose: () => void;
}

export function PublishPanel(props: PublishPanelProps) {
  const { unfinished, record, busy, refused, onPublish, onClose } = props;
  const { draft, onDraft, setNote, asked, answer, openTask, ...form } =
    useFormState();
  const problems = form.problems.length;
  const { me } = useSession();
  const [inPlace, setInPlace] = useState(false);
  const { base, case: fields, kind, liveAt } = draft;
  const set = (change: Partial<DeskDraft>) =>
    onDraft((before) => ({ ...before, ...change }));
  const own = fields.language ?? "en";
  const name = numberOf(draft, me.profile);

  const last = record?.pending.at(-1) ?? null;
  const differences = base ? differencesBetween(base.case, fields) : [];
  const open = countOpen(asked.questions, draft.answers);
  const questionList = useRef<HTMLElement>(null);
  const goToQuestion = () =>
    questionList.current
      ?.querySelector<HTMLElement>("input:not(:checked)")
      ?.focus();
  // A refusal leads to what it asks.
  useEffect(() => {
    if (refused?.is("questions-open")) goToQuestion();
  }, [refused]);
  /** What must be done first, with the way to it. */
  const tasks: { text: string; go: () => void }[] = [
    ...(unfinished
      ? [
          {
            text: say("status.unfinished"),
            go: () => openTask({ is: "status" }),
          },
        ]
      : []),
    ...(open > 0
      ? [{ text: say("questions.open", { count: open }), go: goToQuestion }]
      : []),
  ];
  const blockers = [
    ...(problems > 0
      ? [say("publish.blocked.fields", { count: problems })]
      : []),
    ...(noteOf(draft)[own] === undefined
      ? [say("publish.blocked.note", { language: languageName(own) })]
      : []),
    ...(liveAt === "" ? [say("publish.when.incomplete")] : []),
    ...(asked.moment && !(inPlace && asked.moment.is("overtakes-pending"))
      ? [refusalText(asked.moment)]
      : []),
  ];
  const isBlocked = blockers.length + tasks.length > 0;
  const doubts = openDoubts(draft).length;
  const replace = inPlace && last ? last.number : null;
  const waits = needsApproval(me);
  const action = actionOf(draft, name, record, me, waits);

  return (
    <Dialog
      title={say("publish.title", { id: name })}
      class="wide publish"
      focusInside
      onClose={onClose}
    >
      {base && differences.length === 0 && (
        <p class="changes">
          {say("publish.changes.none", { number: base.number })}
        </p>
      )}
      {base && differences.length > 0 && (
        <details class="changes" open={differences.length <= 3}>
          <summary>
            {say("publish.changes", {
              count: differences.length,
              number: base.number,
            })}
          </summary>
          <Differences differences={differences} fields={fields} />
        </details>
      )}
      <NoteFields
        id="note"
        fields={fields}
        note={draft.note}
        onNote={setNote}
      />
      <section
        class="questions"
        ref={questionList}
        aria-busy={asked.is === "asking"}
      >
        <h3>{say("questions.title")}</h3>
        <p class="verdict" role="status">
          <QuestionCount asked={asked} answers={draft.answers} />
        </p>
        <QuestionGroups
          draft={draft}
          questions={asked.questions}
          answers={draft.answers}
          onAnswer={answer}
        />
      </section>
      {base && (
        <Choice
          of="kind"
          values={["update", "correction"]}
          chosen={kind}
          onChoose={(next) => set({ kind: next })}
        />
      )}
      {me.bot && (
        <Choice
          of="notify"
          values={notifications}
          chosen={draft.notify}
          onChoose={(notify) => set({ notify })}
        />
      )}
      {last && (
        <div class="standing">
          <p>
            {say("publish.pending", {
              number: last.number,
              editor: last.editor,
              moment: printMoment(last.liveAt),
            })}
          </p>
          <Option
            checked={inPlace}
            label={say("publish.replace", { number: last.number })}
            hint={say("publish.replace.hint", { number: last.number })}
            onChoose={setInPlace}
          />
        </div>
      )}
      <ScheduleField
        fields={fields}
        liveAt={liveAt}
        after={last ? Date.parse(last.liveAt) : 0}
        waits={waits}
        onLiveAt={(next) => set({ liveAt: next })}
      />
      <footer class="row">
        {!refused?.is("questions-open") && <RefusalNotice error={refused} />}
        {isBlocked && (
          <ul class="blockers" aria-label={say("publish.blocked")}>
            {tasks.map(({ text, go }) => (
              <li key={text}>
                {text} <Button class="link" onPress={go} say="follow.check" />
              </li>
            ))}
            {blockers.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
        {doubts > 0 && (
          <p class="doubt">{say("check.doubts", { count: doubts })}</p>
        )}
        <Button
          disabled={busy || isBlocked || asked.is === "asking"}
          onPress={() => onPublish(replace)}
        >
          {busy ? say("publish.busy") : action}
        </Button>
        <Button class="quiet" onPress={onClose} say="publish.not-yet" />
        {waits && <p class="hint">{say("publish.waits")}</p>}
      </footer>
    </Dialog>
  );
}

/** "UA 126/19"; the id while the number is incomplete. */
function numberOf({ case: fields }: DeskDraft, profile: Profile): string {
  const number = completeNumber(fields, profile);
  return number ? printNumber(number, profile) : (fields.id ?? "");
}
function actionOf(
  { liveAt }: DeskDraft,
  id: string,
  record: DeskRecord | null,
  { lead }: Me,
  waits: boolean,
): string {
  const first = record ? "" : ".first";
  const later = waits ? ".waits" : liveAt ? ".later" : "";
  const moment = liveAt ? printMoment(liveAt) : "";
  return say(`publish.go${first}${later}` as WordKey, {
    id,
    number: record?.next ?? 1,
    moment,
    seconds: lead,
  });
}

interface ChoiceProps<Value extends string> {
  of: "kind" | "notify";
  values: readonly Value[];
  chosen: Value;
  onChoose: (value: Value) => void;
}

function Choice<Value extends string>({
  of,
  values,
  chosen,
  onChoose,
}: ChoiceProps<Value>) {
  return (
    <fieldset class={of}>
      <legend>{say(`publish.${of}`)}</legend>
      {values.map((one) => (
        <Option
          key={one}
          name={of}
          checked={chosen === one}
          label={say(`publish.${of}.${one}` as WordKey)}
          hint={say(`publish.${of}.${one}.hint` as WordKey)}
          onChoose={() => onChoose(one)}
        />
      ))}
    </fieldset>
  );
}

interface ScheduleProps {
  fields: UnfinishedCase;
  /** ISO 8601; null for as soon as possible. */
  liveAt: string | null;
  /**
   * When the last pending revision goes live, in milliseconds since the epoch;
   * 0 without one.
   */
  after: number;
  waits: boolean;
  onLiveAt: (liveAt: string | null) => void;
}

export function ScheduleField({
  fields,
  liveAt,
  after,
  waits,
  onLiveAt,
}: ScheduleProps) {
  const { api, me } = useSession();
  const box = useRef<HTMLDivElement>(null);
  const [wall, setWall] = useState(liveAt ? wallTime(Date.parse(liveAt)) : "");
  const typed = momentOf(wall);
  const isLater = liveAt !== null;
  useEffect(() => box.current?.scrollIntoView({ block: "nearest" }), [isLater]);
  const write = (next: string) => {
    setWall(next);
    const named = momentOf(next);
    // An incomplete moment must not leave the last complete one in force.
    onLiveAt(named ? new Date(named.moment).toISOString() : "");
  };
  return (
    <fieldset class="when">
      <legend>{say("publish.when")}</legend>
      <Option
        name="when"
        checked={liveAt === null}
        label={say(waits ? "publish.when.approved" : "publish.when.now")}
        hint={say(
          waits ? "publish.when.approved.hint" : "publish.when.now.hint",
          { seconds: me.lead },
        )}
        onChoose={() => onLiveAt(null)}
      />
      <Option
        name="when"
        checked={liveAt !== null}
        label={say("publish.when.later")}
        hint={say("publish.when.later.hint")}
        onChoose={() =>
          write(wallTime(proposedMoment(Math.max(api.now(), after))))
        }
      />
      {liveAt !== null && (
        <div ref={box} class="moment">
          <label for="live-at">
            {say("publish.when.yours", { zone: zoneName(ownZone()) })}
          </label>
          <input
            id="live-at"
            type="datetime-local"
            value={wall}
            aria-describedby="live-at-problem"
            aria-invalid={!typed}
            onInput={({ currentTarget: { value } }) => write(value)}
          />
          {typed && <ClockTimes moment={typed.moment} fields={fields} />}
          <p class="problem" id="live-at-problem" role="status">
            {!typed
              ? say("publish.when.incomplete")
              : typed.skipped
                ? say("publish.when.skipped", {
                    moment: printMoment(typed.moment),
                  })
                : ""}
          </p>
        </div>
      )}
    </fieldset>
  );
}

/**
 * One moment with the editor, in the time zones of the case, and in UTC. Zones
 * with one time are one.
 */
function ClockTimes({
  moment,
  fields,
}: {
  moment: number;
  fields: UnfinishedCase;
}) {
  const zones = new Map(
    zonesOf(fields).map((zone) => [printMoment(moment, zone), zoneName(zone)]),
  );
  const place = fields.places?.[0]?.name;
  const name =
    textIn(place, language()) ?? textIn(place, fields.language ?? "en");
  const times: [place: string, time: string][] = [
    [say("publish.when.here"), printMoment(moment)],
    ...[...zones].map(([time, zone]): [string, string] => [
      zones.size === 1 && name ? name : zone,
      time,
    ]),
    ["UTC", printMoment(moment, "UTC")],
  ];
  return (
    <dl class="walls">
      {times.map(([at, time]) => (
        <div key={at}>
          <dt dir="auto">{at}</dt>
          <dd>{time}</dd>
        </div>
      ))}
    </dl>
  );
}
