/**
 * Changes a person's status in one step: the new status, since when and who
 * says so, and then what else must follow.
 */

import { useEffect, useMemo, useState } from "preact/hooks";
import { freeId } from "../../../shared/case/id.ts";
import { statusFields } from "../../../shared/case/schema.ts";
import type { ReadyTexts } from "../../editing/rules/desk.ts";
import type { PersonStatus } from "../../editing/rules/status-change.ts";
import { valueInWords } from "../differences.tsx";
import { Field, Group } from "../form/field.tsx";
import { entryName, labelOf } from "../form/form-state.ts";
import { focusSoon } from "../form/go-to-field.ts";
import {
  type FieldPath,
  isWithin,
  pointerOf,
  valueAt,
  withValue,
} from "../form/path.ts";
import { problemsOf } from "../form/problems.ts";
import { shapeAt } from "../form/shape.ts";
import { FormContext, useFormState } from "../form/use-form.ts";
import { Alert, Button, Option, SelectInput } from "../inputs.tsx";
import { say } from "../words.ts";
import { QuestionsPanel, TaskPanel } from "./questions-panel.tsx";

/** By which readers can look up a new document. */
const asked = ["title", "issuedOn", "href"];

interface StatusPanelProps {
  ready: ReadyTexts | null;
  /** Its position; below 0 for none. */
  person: number | undefined;
  /** Called with true while a status was begun and is not in the draft. */
  onUnfinished: (is: boolean) => void;
}

export function StatusPanel({ ready, person, onUnfinished }: StatusPanelProps) {
  const { fields, profile } = useFormState();
  const people = fields.people ?? [];
  const [chosen, setChosen] = useState(
    person !== undefined && person >= 0 ? person : people.length === 1 ? 0 : -1,
  );
  const [place, setPlace] = useState<FieldPath | null>(null);
  const [done, setDone] = useState(false);
  if (done)
    return (
      <QuestionsPanel
        ready={ready}
        onAnother={() => [setDone(false), setPlace(null)]}
      />
    );
  return (
    <TaskPanel title={say("status.title")}>
      <div class="field">
        <div class="field-head">
          <label for="status-person">{say("status.person")}</label>
        </div>
        <SelectInput
          id="status-person"
          value={chosen}
          options={[
            [-1, say("form.choose")],
            ...people.map(
              (_, index) =>
                [index, entryName(fields, ["people", index], profile)] as const,
            ),
          ]}
          onChoose={(value) => {
            setChosen(value);
            setPlace(null);
          }}
        />
      </div>
      {chosen >= 0 && (
        <PlaceField person={chosen} place={place} onPlace={setPlace} />
      )}
      {place && (
        <NewStatus
          key={pointerOf(place)}
          place={place}
          onUnfinished={onUnfinished}
          onDone={() => setDone(true)}
        />
      )}
    </TaskPanel>
  );
}

interface PlaceProps {
  person: number;
  place: FieldPath | null;
  onPlace: (place: FieldPath) => void;
}

/**
 * Chooses which status changes: custody, one of the proceedings or another one,
 * the sentence, or a recognition.
 */
function PlaceField({ person, place, onPlace }: PlaceProps) {
  const { fields, profile } = useFormState();
  const places = statusFields.flatMap(
    (field): { place: FieldPath; label: string }[] => {
      const path: FieldPath = ["people", person, field];
      const label = labelOf(path, profile);
      if (shapeAt(path).kind !== "list") return [{ place: path, label }];
      const entries = (valueAt(fields, path) ?? []) as unknown[];
      const known =
        field === "proceedings"
          ? entries.map((_, index) => [...path, index])
          : [];
      return [
        ...known.map((at) => ({
          place: at,
          label: `${label}: ${entryName(fields, at, profile)}`,
        })),
        {
          place: [...path, entries.length],
          label: say("form.add", { what: labelOf([...path, "one"], profile) }),
        },
      ];
    },
  );
  return (
    <fieldset class="kind">
      <legend>{say("status.which")}</legend>
      {places.map(({ place: one, label }) => (
        <Option
          key={pointerOf(one)}
          name="status-place"
          checked={place !== null && pointerOf(place) === pointerOf(one)}
          onChoose={() => onPlace(one)}
        >
          <span>{label}</span>
        </Option>
      ))}
    </fieldset>
  );
}

interface NewStatusProps {
  place: FieldPath;
  onUnfinished: (is: boolean) => void;
  onDone: () => void;
}

/**
 * The new status. It is written into the draft only when it is complete, and
 * its date is never filled in.
 */
function NewStatus({ place, onUnfinished, onDone }: NewStatusProps) {
  const form = useFormState();
  const current = valueAt(form.fields, place) as
    | (PersonStatus & { id?: string; subject?: unknown })
    | undefined;
  const [status, setStatus] = useState<object>(() => ({
    ...(current?.id && { id: current.id }),
    ...(current?.subject ? { subject: current.subject } : {}),
  }));
  /** A document that is added with the status. */
  const [document, setDocument] = useState<object | null>(null);
  const isBegun =
    document !== null ||
    Object.keys(status).some((key) => key !== "id" && key !== "subject");
  useEffect(() => {
    onUnfinished(isBegun);
    return () => onUnfinished(false);
  }, [isBegun]);
  const [tried, setTried] = useState(false);
  const position = form.fields.documents?.length ?? 0;
  const fields = useMemo(() => {
    const stated = withValue(form.fields, place, status);
    return document
      ? withValue(stated, ["documents", position], document)
      : stated;
  }, [form.fields, place, status, document]);
  const problems = useMemo(
    () =>
      problemsOf(fields, form.profile).filter(
        // The draft adds the id.
        ({ pointer }) =>
          (isWithin(pointer, pointerOf(place)) &&
            pointer !== pointerOf([...place, "id"])) ||
          isWithin(pointer, pointerOf(["documents", position])),
      ),
    [fields, place, form.profile],
  );
  const documents = fields.documents ?? [];
  const write = () => {
    setTried(true);
    if (problems.length > 0) return;
    form.edit([], fields);
    onDone();
  };
  const edit = (at: FieldPath, value: unknown) =>
    at[0] === "documents"
      ? setDocument((before) => withValue(before, at.slice(2), value))
      : setStatus((before) => withValue(before, at.slice(place.length), value));
  const addDocument = () => {
    const id = freeId(
      "document",
      new Set(form.fields.documents?.map((one) => one?.id ?? "")),
    );
    setDocument({ id, lang: form.languages[0] });
    edit([...place, "source"], id);
    void focusSoon(["documents", position, "title"]);
  };
  const inner = { ...form, fields, edit, problems, tried, source: null };
  const one = (name: string) => <Field path={[...place, name]} />;
  return (
    <FormContext.Provider value={inner}>
      {current?.value !== undefined && (
        <p class="hint">
          {say("status.now", {
            status: valueInWords(place, current, documents, form.profile),
          })}
        </p>
      )}
      {shapeAt([...place, "value"]).kind === "group" ? (
        <Group path={[...place, "value"]} hide={["earlier"]} />
      ) : (
        one("value")
      )}
      {one("asOf")}
      {one("statedBy")}
      {document ? (
        <fieldset class="stack">
          <legend>{labelOf([...place, "source"], form.profile)}</legend>
          {asked.map((name) => (
            <Field key={name} path={["documents", position, name]} />
          ))}
          <Group path={["documents", position]} hide={asked} />
        </fieldset>
      ) : (
        <>
          {documents.length > 0 && one("source")}
          <Button class="chip add" onPress={addDocument}>
            {say("form.add", {
              what: labelOf(["documents", "one"], form.profile),
            })}
          </Button>
        </>
      )}
      <Group path={place} hide={["value", "asOf", "statedBy", "source"]} />
      {tried && problems.length > 0 && (
        <Alert>{say("check.to-fill", { count: problems.length })}</Alert>
      )}
      <p>
        <Button onPress={write} say="status.next" />
      </p>
    </FormContext.Provider>
  );
}
