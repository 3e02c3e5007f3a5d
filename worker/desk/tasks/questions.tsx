/** The questions of a draft: what the Ledger wants confirmed before it commits the revision. One answer covers a group. */
import { useEffect, useState } from "preact/hooks";
import { directionOf } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { type Answer, confirmAll, type Question } from "../../editing/rules/answers.ts";
import type { DeskDraft, UnfinishedCase } from "../../editing/rules/desk.ts";
import { peopleAsOne } from "../../editing/rules/people.ts";
import type { Publish } from "../../editing/rules/publication.ts";
import { valueInWords } from "../differences.tsx";
import { entryName, type FormState, labelOf, wordsFor } from "../form/form-state.ts";
import { type FieldPath, pathOf, valueAt } from "../form/path.ts";
import { publicationOf } from "../publish/publish-draft.ts";
import { apiErrorOf } from "../publish/refusal.tsx";
import { useSession } from "../session.ts";
import { languageName, say } from "../words.ts";

/** How long the editor must have stopped typing before the questions are asked for again. */
const DEBOUNCE_MS = 400;
/** Stands for a note that isn't written yet. It names nobody, so nothing is asked about it. */
const NO_NOTE = "…";

/** The questions of a draft; null while they aren't known, as for a case with invalid fields. */
export function useQuestions(draft: DeskDraft, problems: number): Question[] | null {
  const { api } = useSession();
  const [questions, setQuestions] = useState<Question[] | null>(null);
  const { base, case: fields, note, kind } = draft;
  useEffect(() => {
    setQuestions(null);
    if (kind === "redaction") return setQuestions([]);
    if (problems > 0) return;
    let overtaken = false;
    const timer = setTimeout(async () => {
      const { language = "en", id = "" } = fields;
      const publication = publicationOf({ ...draft, liveAt: null });
      const body = {
        ...publication,
        note: { [language]: NO_NOTE, ...("note" in publication ? publication.note : {}) },
      };
      await apiErrorOf(async () => {
        const asked = await api.listQuestions({ id, body: body as Publish, basedOn: base?.number ?? 0 });
        if (!overtaken) setQuestions(asked.questions);
      });
    }, DEBOUNCE_MS);
    return () => {
      overtaken = true;
      clearTimeout(timer);
    };
  }, [api, base, fields, note, kind, problems]);
  return questions;
}

const isAnswered = ({ id, answers: accepted }: Question, answers: readonly Answer[]): boolean =>
  answers.some(({ question, answer }) => question === id && accepted.includes(answer));

export const openQuestions = (questions: readonly Question[], answers: readonly Answer[]): Question[] =>
  questions.filter((question) => !isAnswered(question, answers));

/** The answers after the editor has confirmed some questions, or taken that back. */
export const withAnswers = (
  answers: readonly Answer[],
  questions: readonly Question[],
  confirmed: boolean,
): Answer[] => [
  ...answers.filter(({ question }) => !questions.some(({ id }) => id === question)),
  ...(confirmed ? confirmAll(questions) : []),
];

interface QuestionGroupsProps {
  questions: readonly Question[];
  answers: readonly Answer[];
  fields: UnfinishedCase;
  profile: Profile;
  onAnswer: (questions: readonly Question[], confirmed: boolean) => void;
  /** In the form: edits a field, and goes to one. */
  form?: Pick<FormState, "edit"> & { goTo: (path: FieldPath) => void };
}

export function QuestionGroups({ questions, answers, fields, profile, onAnswer, form }: QuestionGroupsProps) {
  const groups = Object.entries(Object.groupBy(questions, ({ kind, lang = "" }) => `${kind} ${lang}`));
  return (
    <>
      {groups.map(([key, group = []]) => {
        const [first] = group as [Question];
        const done = group.every((one) => isAnswered(one, answers));
        return (
          <fieldset class={`follow-up ${done ? "confirmed" : "open"}`} key={key}>
            <legend>{say(`question.${first.kind}`, { language: first.lang ? languageName(first.lang) : "" })}</legend>
            {first.kind === "statuses" && <Statuses fields={fields} profile={profile} />}
            <ul class="places">
              {group.flatMap(({ at }) =>
                at.map((pointer) => (
                  <Place key={pointer} pointer={pointer} fields={fields} profile={profile} goTo={form?.goTo} />
                )),
              )}
            </ul>
            {first.kind === "alike" && form && <AsOnePerson questions={group} fields={fields} edit={form.edit} />}
            <label class="still-right">
              <input
                type="checkbox"
                checked={done}
                onChange={({ currentTarget: { checked } }) => onAnswer(group, checked)}
              />
              {say(`answer.${first.answers[0] as "agrees"}`)}
            </label>
          </fieldset>
        );
      })}
    </>
  );
}

interface PlaceProps {
  pointer: string;
  fields: UnfinishedCase;
  profile: Profile;
  goTo: ((path: FieldPath) => void) | undefined;
}

/** A field that a question is about, with what it says. */
function Place({ pointer, fields, profile, goTo }: PlaceProps) {
  const isNote = pointer.startsWith("/note");
  const path = pathOf(pointer.replace(/^\/case/, ""));
  const value = isNote ? undefined : valueAt(fields, path);
  const words = isNote ? say("publish.note") : wordsFor(fields, path, profile);
  const lang = path.at(-1);
  const isText = typeof value === "string" || (typeof value === "object" && value !== null && "of" in value);
  return (
    <li>
      {goTo && !isNote ? (
        <button type="button" class="link" onClick={() => goTo(path)}>
          {words}
        </button>
      ) : (
        <b>{words}</b>
      )}
      {isText && typeof lang === "string" && (
        <p class="original" lang={lang} dir={directionOf(lang)}>
          {typeof value === "string" ? value : (value as { text?: string }).text}
        </p>
      )}
    </li>
  );
}

/** The statuses with which texts are compared. */
function Statuses({ fields, profile }: Pick<PlaceProps, "fields" | "profile">) {
  const { people = [], documents = [] } = fields;
  return (
    <ul class="changes">
      {people.map((person, index) => {
        const at = (field: string): FieldPath => ["people", index, field];
        const statuses = [
          ...(person?.custody ? [valueInWords(at("custody"), person.custody, documents, profile)] : []),
          ...(person?.proceedings ?? []).map((one, place) =>
            valueInWords([...at("proceedings"), place], one, documents, profile),
          ),
          ...(person?.sentence ? [valueInWords(at("sentence"), person.sentence, documents, profile)] : []),
        ];
        return (
          <li key={person?.id ?? index}>
            <b dir="auto">{entryName(fields, ["people", index], profile)}</b>:{" "}
            <span dir="auto">{statuses.join("; ")}</span>
          </li>
        );
      })}
    </ul>
  );
}

interface AsOnePersonProps {
  questions: readonly Question[];
  fields: UnfinishedCase;
  edit: FormState["edit"];
}

/** Makes one person of two, for each pair. */
function AsOnePerson({ questions, fields, edit }: AsOnePersonProps) {
  return (
    <p class="chips">
      {questions.map(({ id, at }) => {
        const [kept = 0, other = 0] = at.map((pointer) => Number(pointer.split("/").at(-1)));
        const { people } = peopleAsOne(fields.people ?? [], { kept, other });
        return (
          <button key={id} type="button" class="chip" onClick={() => edit(["people"], people)}>
            {say("people.one")}
          </button>
        );
      })}
    </p>
  );
}

/** In the checklist: how many questions are open, and the way to them. */
export function QuestionSummary({ form }: { form: FormState }) {
  const open = openQuestions(form.questions, form.answers).length;
  if (open === 0) return null;
  return (
    <p class="warning">
      <span>{say("questions.open", { count: open })}</span>
      <button type="button" class="link" onClick={() => form.openTask({ is: "questions" })}>
        {say("follow.check")}
      </button>
    </p>
  );
}

/** Labels of what an author has confirmed, for the second editor. */
export const confirmationIn = (
  { kind, at }: Pick<Question, "kind" | "at">,
  fields: UnfinishedCase,
  profile: Profile,
): string =>
  [
    ...new Set(
      at.map((pointer) =>
        pointer.startsWith("/note")
          ? say("publish.note")
          : wordsFor(fields, pathOf(pointer.replace(/^\/case/, "")), profile),
      ),
    ),
  ].join(", ") || labelOf([kind], profile);
