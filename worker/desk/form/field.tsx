/** Renders a field by its shape. */

import type { FunctionComponent } from "preact";
import { useRef, useState } from "preact/hooks";
import { statusFields } from "../../../shared/case/schema.ts";
import { isSame } from "../../editing/rules/merge.ts";
import {
  type PersonStatus,
  publishedStatus,
} from "../../editing/rules/status-change.ts";
import { Button } from "../inputs.tsx";
import { languageName, printDate, say } from "../words.ts";
import {
  DurationField,
  documentName,
  FlagField,
  LineField,
  NumberField,
  SelectField,
} from "./controls.tsx";
import { DateField } from "./date-field.tsx";
import { entryName, fieldId, hasProblem, labelOf } from "./form-state.ts";
import { Cross, Frame } from "./frame.tsx";
import { focusSoon } from "./go-to-field.ts";
import {
  type FieldPath,
  isWithin,
  pointerOf,
  valueAt,
  withValue,
} from "./path.ts";
import { fieldsAt, type Shape, shapeAt } from "./shape.ts";
import { TextField } from "./text-field.tsx";
import { FormContext, useFormState } from "./use-form.ts";

type Props<Kind extends Shape["kind"]> = {
  path: FieldPath;
  shape: Extract<Shape, { kind: Kind }>;
};

/** The component for each kind of field. */
const components: { [Kind in Shape["kind"]]: FunctionComponent<Props<Kind>> } =
  {
    text: TextField,
    date: DateField,
    stated: StatedField,
    group: Group,
    list: List,
    choice: SelectField,
    code: SelectField,
    flag: FlagField,
    number: NumberField,
    language: SelectField,
    country: SelectField,
    source: SelectField,
    duration: DurationField,
    line: LineField,
    record: () => null,
  };

export function Field({
  path,
  shape = shapeAt(path),
}: {
  path: FieldPath;
  shape?: Shape;
}) {
  const Component = components[shape.kind] as FunctionComponent<
    Props<Shape["kind"]>
  >;
  return <Component path={path} shape={shape} />;
}

/**
 * The fields of an object. An empty optional field is only a button until the
 * editor opens it, or a problem or the document refers to it. A source and a
 * language that are already filled in are collapsed.
 * @param hide the names of fields that are rendered elsewhere
 */
export function Group({
  path,
  hide = [],
}: {
  path: FieldPath;
  hide?: readonly string[];
}) {
  const { fields, problems, source, edit, profile } = useFormState();
  const entryAt = useNewEntry();
  const shapes = fieldsAt(path);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const names = Object.keys(shapes).filter(
    (name) => name !== "id" && !hide.includes(name),
  );
  /**
   * Fields that held a value. One that the editor empties, to type it anew,
   * stays open.
   */
  const filled = useRef(new Set<string>()).current;
  for (const name of names)
    if (valueAt(fields, [...path, name]) !== undefined) filled.add(name);
  const isMentioned = (name: string) => {
    const pointer = pointerOf([...path, name]);
    return source?.warnings.some(
      (warning) =>
        warning.pointer !== undefined && isWithin(warning.pointer, pointer),
    );
  };
  const isUnopened = (name: string) =>
    shapes[name]?.optional &&
    !opened.has(name) &&
    !filled.has(name) &&
    valueAt(fields, [...path, name]) === undefined &&
    !hasProblem(problems, [...path, name]) &&
    !isMentioned(name);
  const unopened = names.filter(isUnopened);
  const isFolded = (name: string) =>
    (shapes[name]?.kind === "source" ||
      (shapes[name]?.kind === "language" && shapes.source !== undefined)) &&
    typeof valueAt(fields, [...path, name]) === "string" &&
    !hasProblem(problems, [...path, name]);
  const folded = names.filter(isFolded);
  return (
    <>
      {names
        .filter((name) => !unopened.includes(name) && !folded.includes(name))
        .map((name) => (
          <Field key={name} path={[...path, name]} />
        ))}
      {folded.length > 0 && (
        <details class="origin">
          <summary>
            {folded
              .map((name) => {
                const value = String(valueAt(fields, [...path, name]));
                const document = fields.documents?.find(
                  (one) => one?.id === value,
                );
                return name === "source"
                  ? document
                    ? documentName(document, profile)
                    : value
                  : languageName(value);
              })
              .join(" · ")}
          </summary>
          <div class="row">
            {folded.map((name) => (
              <Field key={name} path={[...path, name]} />
            ))}
          </div>
        </details>
      )}
      {unopened.length > 0 && (
        <div class="chips">
          {unopened.map((name) => (
            <Button
              key={name}
              class="chip"
              onPress={() => {
                setOpened(new Set([...opened, name]));
                // A list opens with its first entry.
                if (shapes[name]?.kind === "list")
                  edit([...path, name, 0], entryAt([...path, name, 0]));
                void focusSoon([...path, name]);
              }}
            >
              {labelOf([...path, name], profile)}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

/**
 * Returns a function that makes a new entry of a list, with its default values.
 */
export function useNewEntry(): (path: FieldPath) => unknown {
  const { fields, source, languages, base, statedBy } = useFormState();
  // The newest document comes first in an imported draft. A published case's
  // documents don't state what is new.
  const document =
    source || (!base && fields.documents?.length === 1)
      ? fields.documents?.[0]
      : undefined;
  const make = (shape: Shape): unknown => {
    if (shape.kind !== "group" && shape.kind !== "stated") return "";
    const entry: Record<string, unknown> = {};
    if (shape.fields.source && !shape.fields.source.optional && document?.id)
      entry.source = document.id;
    if (shape.fields.lang) entry.lang = languages[0];
    if (shape.fields.names?.kind === "list") {
      entry.names = [
        { ...(make(shape.fields.names.item) as object), form: "preferred" },
      ];
      entry.pronouns = null;
    }
    // The date of a new status is never guessed, and its author only when the
    // editor has said it for the whole case.
    if (shape.kind === "stated" && statedBy) entry.statedBy = statedBy;
    return entry;
  };
  return (path) => make(shapeAt(path));
}

function List({ path }: { path: FieldPath }) {
  const { fields, edit, remove, profile } = useFormState();
  const entryAt = useNewEntry();
  const entries = (valueAt(fields, path) ?? []) as unknown[];
  const add = () => {
    edit([...path, entries.length], entryAt([...path, entries.length]));
    void focusSoon([...path, entries.length]);
  };
  const simple = shapeAt([...path, 0]).kind !== "group";
  return (
    <Frame path={path} class={simple ? "list simple" : "list"}>
      {entries.map((_, index) => {
        const at = [...path, index];
        return (
          <div
            class="entry"
            key={index}
            id={simple ? undefined : fieldId(pointerOf(at))}
          >
            <div class="entry-fields">
              <Field path={at} />
            </div>
            <Cross
              class="plain remove"
              label={say("form.remove", {
                what: entryName(fields, at, profile),
              })}
              onPress={() =>
                remove(path, index, entryName(fields, at, profile))
              }
            />
          </div>
        );
      })}
      <Button class="chip add" onPress={add}>
        {say("form.add", { what: labelOf([...path, "one"], profile) })}
      </Button>
    </Frame>
  );
}

/**
 * A status: a value with its date, the author of the statement, and the source
 * document.
 */
function StatedField({ path, shape }: Props<"stated">) {
  const form = useFormState();
  const entryAt = useNewEntry();
  const { fields, problems, profile } = form;
  const status = valueAt(fields, path) as PersonStatus | undefined;
  const isEntry = typeof path.at(-1) === "number";
  // The first value adds the date, author and source; an empty value removes
  // the whole status, except in a list.
  const edit = (at: FieldPath, value: unknown) => {
    const before = status ?? (entryAt(path) as PersonStatus);
    const written = withValue(before, at.slice(path.length), value);
    const after = isPublishedStatus ? withoutStatement(written) : written;
    form.edit(path, isBlank(after.value) && !isEntry ? undefined : after);
  };
  /**
   * A status that replaces a published one must be dated and attributed anew.
   */
  const isPublishedStatus =
    status !== undefined &&
    statusFields.some((name) => name === path[2]) &&
    isSame(status, publishedStatus(fields, form.base, path));
  const around = ["asOf", "statedBy", "source"] as const;
  const document = fields.documents?.find((one) => one?.id === status?.source);
  /** Opened by a gap, the details stay open while it is filled. */
  const hadGap = useRef(false);
  if (around.some((name) => hasProblem(problems, [...path, name])))
    hadGap.current = true;
  return (
    <div class="stated" id={fieldId(pointerOf(path))}>
      <FormContext.Provider value={{ ...form, edit }}>
        <Field
          path={[...path, "value"]}
          shape={{ ...(shape.fields.value as Shape), optional: shape.optional }}
        />
      </FormContext.Provider>
      {status !== undefined && (
        <Group path={path} hide={["value", ...around]} />
      )}
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
              <Field key={name} path={[...path, name]} />
            ))}
          </div>
        </details>
      )}
      {status !== undefined && path[0] === "people" && !isEntry && (
        <CopyToOthers path={path} />
      )}
    </div>
  );
}

const withoutStatement = ({
  asOf: _,
  statedBy: __,
  source: ___,
  ...rest
}: PersonStatus): PersonStatus => rest;

const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === "" ||
  (typeof value === "object" &&
    value !== null &&
    Object.values(value).every(isBlank));

/**
 * A button that copies the field to all people who lack it. Co-defendants often
 * share a status.
 */
export function CopyToOthers({ path }: { path: FieldPath }) {
  const { fields, edit } = useFormState();
  const [list, , name] = path as [string, number, string];
  const others = (fields.people ?? []).flatMap((person, index) => {
    const own = valueAt(person, [name]);
    return person &&
      (own === undefined || (Array.isArray(own) && own.length === 0))
      ? [index]
      : [];
  });
  if (others.length === 0) return null;
  return (
    <Button
      class="chip"
      onPress={() => {
        for (const index of others)
          edit([list, index, name], structuredClone(valueAt(fields, path)));
      }}
    >
      {say("form.for-others", { count: others.length })}
    </Button>
  );
}
