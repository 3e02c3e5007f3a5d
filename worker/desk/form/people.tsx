/** The people of a case, each on a card that folds. */
import { say } from "../words.ts";
import { Field, focusSoon, Group, useNewEntry } from "./field.tsx";
import { choiceOf, entryName, fieldId, hasProblem, useForm } from "./form-state.ts";
import { Frame } from "./frame.tsx";
import { pointerOf, valueAt } from "./path.ts";
import { type Shape, shapeOfField } from "./shape.ts";

const person = (shapeOfField("people") as Extract<Shape, { kind: "list" }>).item as Extract<Shape, { kind: "group" }>;

/** Up to so many cards begin open. */
const FEW = 2;

/** What a case is followed for stands first. */
const first = ["names", "custody", "proceedings", "sentence"];

export function PeopleSection() {
  const { fields, edit, remove, problems } = useForm();
  const entryOf = useNewEntry();
  const people = fields.people ?? [];
  const status = (index: number) =>
    ["custody", "proceedings"]
      .flatMap((name) => {
        const value = valueAt(people[index], [name, "value"]);
        return typeof value === "string" ? [choiceOf([name], value)] : [];
      })
      .join(" · ");
  return (
    <Frame path={["people"]} label="" class="people">
      {people.map((one, index) => {
        const path = ["people", index];
        return (
          <details key={index} class="person" id={fieldId(pointerOf(path))} open={people.length <= FEW}>
            <summary>
              <bdi class="name">{entryName(fields, path)}</bdi>
              <span class="hint">{status(index) || say("form.no-status")}</span>
              {hasProblem(problems, path) && <span class="mark">{say("form.to-fill")}</span>}
            </summary>
            <div class="person-body">
              {first.map(
                (name) =>
                  (name !== "sentence" || one?.sentence) && (
                    <Field key={name} path={[...path, name]} shape={person.fields[name] as Shape} />
                  ),
              )}
              <Group path={path} fields={person.fields} hide={one?.sentence ? first : first.slice(0, 3)} />
              <button type="button" class="plain" onClick={() => remove(["people"], index, entryName(fields, path))}>
                {say("form.remove", { what: entryName(fields, path) })}
              </button>
            </div>
          </details>
        );
      })}
      <button
        type="button"
        class="chip add"
        onClick={() => {
          edit(["people", people.length], entryOf(person));
          requestAnimationFrame(() => {
            const card = document.getElementById(fieldId(pointerOf(["people", people.length])));
            if (card instanceof HTMLDetailsElement) card.open = true;
            focusSoon(["people", people.length]);
          });
        }}
      >
        {say("form.add", { what: say("field.people.one") })}
      </button>
    </Frame>
  );
}
