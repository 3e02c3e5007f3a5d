/** The authors of a case: its issuer, the holder of the rights and the author of new statements. A suggestion is filled in only with a click. */

import { useRef, useState } from "preact/hooks";
import { statementsBy, withAuthor } from "../../editing/rules/statements.ts";
import { Button } from "../inputs.tsx";
import { say } from "../words.ts";
import { Suggestions } from "./controls.tsx";
import { Field } from "./field.tsx";
import { authorsIn, wordsFor } from "./form-state.ts";
import type { FieldPath } from "./path.ts";
import { useFormState } from "./use-form.ts";

/** The questions at the top of a new case. One press answers those that are still open. */
export function Authors() {
  const { fields, statedBy = "", setStatedBy, edit, profile } = useFormState();
  const given = useRef(statedBy);
  /** Statuses without an author follow. */
  const settle = (name: string) => {
    if (name !== "" && fields.people) edit(["people"], withAuthor(fields.people, given.current || undefined, name));
    given.current = name;
  };
  const { issuer, rights } = fields;
  const answer = (name: string) => {
    if (!issuer) edit(["issuer"], name);
    if (!rights?.holder) edit(["rights", "holder"], name);
    if (statedBy !== "") return;
    setStatedBy(name);
    settle(name);
  };
  return (
    <>
      {!(issuer && rights?.holder && statedBy) && (
        <div class="field">
          <p class="hint">{say("authors.lead")}</p>
          <Suggestions values={authorsIn(fields, profile)} onChoose={answer} />
        </div>
      )}
      <IssuerField />
      <Field path={["rights", "holder"]} />
      <div class="field">
        <div class="field-head">
          <label for="stated-by">{say("authors.stated-by")}</label>
        </div>
        <input
          id="stated-by"
          dir="auto"
          autoComplete="off"
          maxLength={200}
          aria-describedby="stated-by-hint"
          value={statedBy}
          onInput={({ currentTarget: { value } }) => setStatedBy(value)}
          onBlur={({ currentTarget: { value } }) => settle(value.trim())}
        />
        <p class="hint" id="stated-by-hint">
          {say("authors.stated-by.hint")}
        </p>
      </div>
    </>
  );
}

/** The issuer, and after a change of it every statement that names the old one. */
export function IssuerField() {
  const { fields, base, edit, profile } = useFormState();
  const { issuer } = fields;
  /** The one whose statements were looked at. */
  const [settled, setSettled] = useState(base?.issuer ?? issuer ?? "");
  const left = !settled || !issuer || issuer === settled ? [] : statementsBy(fields, settled);
  const change = (paths: FieldPath[]) => {
    for (const path of paths) edit(path, issuer);
  };
  const leaveField = () => {
    if (!base && issuer && statementsBy(fields, settled).length === 0) setSettled(issuer);
  };
  return (
    <div class="issuer" onFocusOut={leaveField}>
      <Field path={["issuer"]} />
      {left.length > 0 && (
        <div class="warning linked">
          <p>{say("authors.changed", { count: left.length, before: settled })}</p>
          <p class="row">
            <Button class="chip add" onPress={() => change(left)}>
              {say("authors.change-all", { issuer: issuer ?? "" })}
            </Button>
            <Button class="chip add" onPress={() => setSettled(issuer ?? "")} say="authors.leave-all" />
          </p>
          <ul>
            {left.map((path) => (
              <li key={path.join()}>
                {wordsFor(fields, path, profile)}{" "}
                <Button class="link" onPress={() => change([path])} say="authors.change" />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
