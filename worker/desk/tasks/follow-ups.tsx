/** What must follow a change of status: each text that may say the old one, the deadline, an event, and every translation. */
import {
  earlierTerms,
  eventOf,
  type FollowUp,
  followUps,
  type StatusChange,
  statusChanges,
} from "../../editing/rules/status-change.ts";
import { valueInWords } from "../differences.tsx";
import { dateInWords } from "../form/date-field.tsx";
import { Field, Group } from "../form/field.tsx";
import { choiceOf, type FormState, labelOf, useFormState } from "../form/form-state.ts";
import { type Shape, shapeOfField } from "../form/shape.ts";
import { say } from "../words.ts";
import {
  confirmationOf,
  DateQuestions,
  followUpPath,
  inWords,
  statusDraftOf,
  TranslationSummary,
} from "./summaries.tsx";
import { TaskPanel } from "./task-panel.tsx";

type GroupShape = Extract<Shape, { kind: "group" }>;

const actionFields = (shapeOfField("action") as GroupShape).fields;
const eventFields = ((shapeOfField("events") as Extract<Shape, { kind: "list" }>).item as GroupShape).fields;

export function FollowUps({ form, onAnother }: { form: FormState; onAnother: () => void }) {
  const draft = statusDraftOf(form);
  const changes = statusChanges(draft);
  const all = followUps(draft);
  const open = all.filter(({ state }) => state === "open").length;
  return (
    <TaskPanel title={say("follow.title")} form={form}>
      <ChangesInWords changes={changes} />
      <DateQuestions draft={draft} onResolve={(key) => form.resolve(key, true)} />
      {all.length > 0 && (
        <p class="verdict" role="status">
          <strong class={open > 0 ? "missing" : "done"}>
            {open > 0 ? say("follow.open", { count: open }) : say("follow.none")}
          </strong>
        </p>
      )}
      {all.map((one) => (
        <Row key={one.key} followUp={one} changes={changes} />
      ))}
      <TranslationSummary form={form} />
      <p class="row">
        <button type="button" onClick={() => form.openTask({ is: "form" })}>
          {say("task.back")}
        </button>
        <button type="button" class="quiet" onClick={onAnother}>
          {say("status.another")}
        </button>
      </p>
    </TaskPanel>
  );
}

function ChangesInWords({ changes }: { changes: StatusChange[] }) {
  const { fields, profile } = useFormState();
  const words = (change: StatusChange, side: "before" | "after") =>
    inWords(change, side, fields.documents ?? [], profile);
  if (changes.length === 0) return <p class="hint">{say("follow.no-change")}</p>;
  return (
    <ul class="changes">
      {changes.map((change) => (
        <li key={change.at}>
          <b dir="auto">{change.name}</b>: <span dir="auto">{words(change, "after")}</span>
          {change.before && (
            <span class="hint" dir="auto">
              {" "}
              {say("follow.before", { status: words(change, "before") })}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** A field that may have to change, and the answer that it is still right. */
function Row({ followUp, changes }: { followUp: FollowUp; changes: StatusChange[] }) {
  const { resolve, profile } = useFormState();
  const { key, state } = followUp;
  const label = labelOf(followUpPath(followUp), profile);
  return (
    <fieldset class={`follow-up ${state}`}>
      <legend class="unseen">{label}</legend>
      <Content followUp={followUp} changes={changes} />
      {state === "changed" ? (
        <p class="done">{say("follow.changed")}</p>
      ) : (
        <label class="still-right">
          <input
            type="checkbox"
            checked={state === "confirmed"}
            onChange={({ currentTarget: { checked } }) => resolve(key, checked)}
          />
          {say(confirmationOf(followUp))}
        </label>
      )}
    </fieldset>
  );
}

function Content({ followUp: { what, path, change }, changes }: { followUp: FollowUp; changes: StatusChange[] }) {
  const { fields, edit, profile } = useFormState();
  if (what === "title" || what === "summary" || what === "asOf")
    return <Field path={path} shape={shapeOfField(what)} />;
  if (what === "event") return <Events changes={changes} />;
  if (what !== "earlier") return <Field path={path} shape={actionFields[what] as Shape} />;
  const terms = change ? earlierTerms(change) : [];
  return (
    <div>
      <p class="label">{labelOf([...path, "value", "earlier"], profile)}</p>
      <button type="button" class="chip" onClick={() => edit([...path, "value", "earlier"], terms)}>
        {say("follow.earlier", {
          term: valueInWords([...path, "value"], terms.at(-1), fields.documents ?? [], profile),
        })}
      </button>
    </div>
  );
}

/** The events that are new since the newest revision, and one ready-made for each change of status. */
function Events({ changes }: { changes: StatusChange[] }) {
  const { fields, base, edit, profile } = useFormState();
  const events = fields.events ?? [];
  const known = new Set(base?.events.map((event) => JSON.stringify(event)));
  const added = events.flatMap((event, index) => (known.has(JSON.stringify(event)) ? [] : [index]));
  const offered = changes.filter(
    ({ after }) => after.asOf?.date && !added.some((index) => events[index]?.date?.date === after.asOf?.date),
  );
  return (
    <div>
      <p class="label">{labelOf(["events"], profile)}</p>
      {added.map((index) => (
        <div class="entry-fields" key={index}>
          <Group path={["events", index]} fields={eventFields} />
        </div>
      ))}
      <div class="chips">
        {offered.map((change) => {
          const event = eventOf(change);
          const kind = typeof event.kind === "string" ? choiceOf(["events", "kind"], event.kind, profile) : change.name;
          return (
            <button
              key={change.at}
              type="button"
              class="chip add"
              onClick={() => edit(["events", events.length], event)}
            >
              {say("follow.add-event", { kind, date: dateInWords(change.after.asOf) })}
            </button>
          );
        })}
      </div>
    </div>
  );
}
