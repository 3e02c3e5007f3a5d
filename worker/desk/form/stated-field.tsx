/** A status: a value with its date, the author of the statement, and the source document. */
import { useRef } from "preact/hooks";
import { isSame } from "../../editing/rules/merge.ts";
import { publishedStatus, type Status, statusFields } from "../../editing/rules/status-change.ts";
import { printDate, say } from "../words.ts";
import { documentName } from "./controls.tsx";
import { Field, Group, useNewEntry } from "./field.tsx";
import { FormContext, fieldId, hasProblem, useFormState } from "./form-state.ts";
import { type Path, pointerOf, valueAt, withValue } from "./path.ts";
import type { Shape } from "./shape.ts";

type Stated = Extract<Shape, { kind: "stated" }>;

export function StatedField({ path, shape }: { path: Path; shape: Stated }) {
  const form = useFormState();
  const entryOf = useNewEntry();
  const { fields, problems, profile } = form;
  const status = valueAt(fields, path) as Status | undefined;
  const isEntry = typeof path.at(-1) === "number";
  // The first value adds the date, author and source; an empty value removes the whole status, except in a list.
  const edit = (at: Path, value: unknown) => {
    const before = status ?? (entryOf(shape) as Status);
    const written = withValue(before, at.slice(path.length), value);
    const after = isPublishedStatus ? withoutStatement(written) : written;
    form.edit(path, isBlank(after.value) && !isEntry ? undefined : after);
  };
  /** A status that replaces a published one must be dated and attributed anew. */
  const isPublishedStatus =
    status !== undefined &&
    statusFields.some((name) => name === path[2]) &&
    isSame(status, publishedStatus(fields, form.base, path));
  const around = ["asOf", "statedBy", "source"] as const;
  const document = fields.documents?.find((one) => one?.id === status?.source);
  /** Opened by a gap, the details stay open while it is filled. */
  const hadGap = useRef(false);
  if (around.some((name) => hasProblem(problems, [...path, name]))) hadGap.current = true;
  return (
    <div class="stated" id={fieldId(pointerOf(path))}>
      <FormContext.Provider value={{ ...form, edit }}>
        <Field path={[...path, "value"]} shape={{ ...(shape.fields.value as Shape), optional: shape.optional }} />
      </FormContext.Provider>
      {status !== undefined && <Group path={path} fields={shape.fields} hide={["value", ...around]} />}
      {status !== undefined && (
        <details class="origin" open={hadGap.current}>
          <summary>
            {say("form.stated", {
              date: status.asOf?.date ? printDate(status.asOf.date) : "?",
              by: status.statedBy ?? "?",
              source: document ? documentName(document, profile) : "?",
            })}
          </summary>
          <div class="row">
            {around.map((name) => (
              <Field key={name} path={[...path, name]} shape={shape.fields[name] as Shape} />
            ))}
          </div>
        </details>
      )}
      {status !== undefined && path[0] === "people" && !isEntry && <CopyToOthers path={path} />}
    </div>
  );
}

const withoutStatement = ({ asOf: _, statedBy: __, source: ___, ...rest }: Status): Status => rest;

const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === "" ||
  (typeof value === "object" && value !== null && Object.values(value).every(isBlank));

/** A button that copies the field to all people who lack it. Co-defendants often share a status. */
export function CopyToOthers({ path }: { path: Path }) {
  const { fields, edit } = useFormState();
  const [list, , name] = path as [string, number, string];
  const others = (fields.people ?? []).flatMap((person, index) => {
    const own = valueAt(person, [name]);
    return person && (own === undefined || (Array.isArray(own) && own.length === 0)) ? [index] : [];
  });
  if (others.length === 0) return null;
  return (
    <button
      type="button"
      class="chip"
      onClick={() => {
        for (const index of others) edit([list, index, name], structuredClone(valueAt(fields, path)));
      }}
    >
      {say("form.for-others", { count: others.length })}
    </button>
  );
}
