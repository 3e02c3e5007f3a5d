/** Asks about two people with almost the same name: are they one? Each answer is one click. */
import { useMemo } from "preact/hooks";
import { type PeopleQuestion, peopleAsOne, peopleQuestions } from "../../editing/rules/people.ts";
import { valueInWords } from "../differences.tsx";
import { say } from "../words.ts";
import { type FormState, labelOf, warningKey } from "./form-state.ts";
import { pathOf } from "./path.ts";

export function PeopleQuestions({ form }: { form: FormState }) {
  const { fields, base, resolved } = form;
  const questions = useMemo(
    () => peopleQuestions({ case: fields, base: base && { case: base }, resolved }),
    [fields, base, resolved],
  );
  return (
    <>
      {questions.map((question) => (
        <Question key={question.key} form={form} question={question} />
      ))}
    </>
  );
}

function Question({ form, question }: { form: FormState; question: PeopleQuestion }) {
  const { fields, source, edit, resolve, profile } = form;
  const [one, other] = question.names;
  const questionNames = [`${one}, ${other}`, `${other}, ${one}`];
  const { people, conflicts } = peopleAsOne(fields.people ?? [], question);
  /** Answers the importer's own question about the same two names, too. */
  const answer = (act: () => void) => {
    act();
    for (const warning of source?.warnings ?? [])
      if (warning.tag === "similar-person" && questionNames.includes(warning.found ?? ""))
        resolve(warningKey(warning), true);
  };
  return (
    <div class="warning linked">
      <p>{say("people.question", { one, other })}</p>
      {conflicts.length > 0 && (
        <>
          <p class="hint">{say("people.conflict", { kept: one })}</p>
          <ul>
            {conflicts.map(({ at, after }) => {
              const path = pathOf(`/${at}`);
              return (
                <li key={`${at} ${JSON.stringify(after)}`}>
                  {labelOf(path, profile)}:{" "}
                  <span dir="auto">{valueInWords(path, after, fields.documents ?? [], profile)}</span>
                </li>
              );
            })}
          </ul>
        </>
      )}
      <button type="button" class="chip" onClick={() => answer(() => edit(["people"], people))}>
        {say("people.one")}
      </button>{" "}
      <button type="button" class="chip" onClick={() => answer(() => resolve(question.key, true))}>
        {say("people.two")}
      </button>
    </div>
  );
}
