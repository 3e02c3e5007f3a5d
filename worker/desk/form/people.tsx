/** The people of a case, each on a collapsible card. */

import type { Fields } from "../../../shared/fields.ts";
import { statusesIn } from "../differences.tsx";
import { Button } from "../inputs.tsx";
import { say } from "../words.ts";
import { CopyToOthers, Field, Group, useNewEntry } from "./field.tsx";
import { entryName, fieldId, hasProblem } from "./form-state.ts";
import { Collapsible, Frame } from "./frame.tsx";
import { focusSoon } from "./go-to-field.ts";
import { pointerOf } from "./path.ts";
import { PortraitPanel } from "./portrait-panel.tsx";
import { useFormState } from "./use-form.ts";

/** With more people, all cards start collapsed. */
const MAX_OPEN_CARDS = 2;

/** The fields that matter most to followers. */
const first = ["names", "custody", "proceedings", "sentence"];

export function PeopleSection() {
  const { fields, base, edit, remove, problems, openTask, profile } = useFormState();
  const entryAt = useNewEntry();
  const people = fields.people ?? [];
  const statuses = (one: Fields = {}) => statusesIn(one, ["custody", "proceedings"], [], profile).join(" · ");
  return (
    <Frame path={["people"]} label="" class="people">
      {people.map((one, index) => {
        const path = ["people", index];
        return (
          <Collapsible
            key={index}
            class="person"
            id={fieldId(pointerOf(path))}
            open={people.length <= MAX_OPEN_CARDS}
            summary={
              <>
                <bdi class="name">{entryName(fields, path, profile)}</bdi>
                <span class="hint">{statuses(one) || say("form.no-status")}</span>
                {hasProblem(problems, path) && <span class="mark">{say("form.to-fill")}</span>}
              </>
            }
          >
            {base?.people.some(({ id }) => id === one?.id) && (
              <Button class="chip add" onPress={() => openTask({ is: "status", person: one?.id })} say="status.open" />
            )}
            {first.map((name) => (name !== "sentence" || one?.sentence) && <Field key={name} path={[...path, name]} />)}
            {one?.proceedings && one.proceedings.length > 0 && <CopyToOthers path={[...path, "proceedings"]} />}
            <Group path={path} hide={["portrait", ...(one?.sentence ? first : first.slice(0, 3))]} />
            <PortraitPanel path={path} />
            <Button class="plain" onPress={() => remove(["people"], index, entryName(fields, path, profile))}>
              {say("form.remove", { what: entryName(fields, path, profile) })}
            </Button>
          </Collapsible>
        );
      })}
      <Button
        class="chip add"
        onPress={() => {
          edit(["people", people.length], entryAt(["people", 0]));
          void focusSoon(["people", people.length]);
        }}
      >
        {say("form.add", { what: say("field.people.one") })}
      </Button>
    </Frame>
  );
}
