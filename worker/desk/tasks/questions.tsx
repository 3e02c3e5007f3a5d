/**
 * The questions of a draft: what the Ledger wants confirmed before it commits
 * the revision.
 */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { ApiError } from "../../editing/contract/client.ts";
import {
  confirmAll,
  type Question,
  type QuestionAnswer,
} from "../../editing/rules/answers.ts";
import type { DeskDraft } from "../../editing/rules/desk.ts";
import type { Publish } from "../../editing/rules/publication.ts";
import type { DraftQuestions } from "../form/form-state.ts";
import { publicationOf } from "../publish/publish-draft.ts";
import { apiErrorOf } from "../publish/refusal.tsx";
import { useSession } from "../session.ts";
import { say } from "../words.ts";

/**
 * How long the editor must have stopped typing before the questions are asked
 * for again.
 */
const DEBOUNCE_MS = 400;
/**
 * Stands for a note that isn't written yet. What is asked about it is left out.
 */
const NO_NOTE = "…";

const unasked: DraftQuestions = { questions: [], is: "asking" };

/**
 * The next moment that a refusal allows, null for as soon as possible;
 * undefined for a refusal that isn't about the moment.
 */
function nextMoment({
  problem: { earliest, liveAt },
}: ApiError): string | null | undefined {
  if (typeof earliest === "string") return null;
  return typeof liveAt === "string"
    ? new Date(Date.parse(liveAt) + 1).toISOString()
    : undefined;
}

/**
 * Asks for a draft's questions after each change of it.
 * @param problems the number of invalid fields
 * @returns what is known, and a function that adds the questions of a refused
 * publish
 */
export function useQuestions(
  draft: DeskDraft,
  problems: number,
): {
  asked: DraftQuestions;
  onRefused: (questions: readonly Question[]) => void;
} {
  const { api } = useSession();
  const { base, case: fields, note, kind, liveAt } = draft;
  /**
   * Stands for the draft as it is now. An answer for an earlier state doesn't
   * count for a moment, not even until the next effect.
   */
  const state = useMemo(
    () => ({}),
    [base, fields, note, kind, liveAt, problems],
  );
  const [{ of, ...last }, setAsked] = useState<
    DraftQuestions & { of: object | null }
  >({ ...unasked, of: null });
  useEffect(() => {
    if (problems > 0)
      return setAsked({ questions: [], is: "unknown", of: state });
    let overtaken = false;
    const timer = setTimeout(async () => {
      const { language = "en", id = "" } = fields;
      const publication = publicationOf(draft);
      const body = {
        ...publication,
        note: { [language]: NO_NOTE, ...publication.note },
      };
      let questions: readonly Question[] = [];
      const ask = (at: string | null) =>
        apiErrorOf(async () => {
          const { liveAt: _, ...undated } = body;
          const dated = { ...undated, ...(at && { liveAt: at }) } as Publish;
          ({ questions } = await api.listQuestions({
            id,
            body: dated,
            basedOn: base?.number ?? 0,
          }));
        });
      const moment = await ask(liveAt);
      // The dialog asks for another moment. Until then, the questions are those
      // of the first possible one.
      const next = moment ? nextMoment(moment) : undefined;
      const failed = next === undefined ? moment : await ask(next);
      if (overtaken) return;
      const isWritten = publication.note[language] !== undefined;
      const asked = isWritten
        ? questions
        : questions.filter(({ at: [at] }) => at !== `/note/${language}`);
      setAsked({
        questions: asked,
        is: failed ? "unknown" : "known",
        moment: next === undefined ? null : moment,
        of: state,
      });
    }, DEBOUNCE_MS);
    return () => {
      overtaken = true;
      clearTimeout(timer);
    };
  }, [api, state]);
  const onRefused = (refused: readonly Question[]) =>
    setAsked(({ questions }) => ({
      questions: [
        ...new Map(
          [...questions, ...refused].map((one) => [one.id, one]),
        ).values(),
      ],
      is: "known",
      of: state,
    }));
  return { asked: of === state ? last : { ...last, is: "asking" }, onRefused };
}

export const isAnswered = (
  { id, answers: accepted }: Question,
  answers: readonly QuestionAnswer[],
): boolean =>
  answers.some(
    ({ question, answer }) => question === id && accepted.includes(answer),
  );

/** Questions of one kind, in all languages, which one answer covers. */
export const groupsOf = (
  questions: readonly Question[],
): [Question, ...Question[]][] =>
  Object.values(Object.groupBy(questions, ({ kind }) => kind)) as [
    Question,
    ...Question[],
  ][];

/** The number of groups with an open question. */
export const countOpen = (
  questions: readonly Question[],
  answers: readonly QuestionAnswer[],
): number =>
  groupsOf(questions.filter((question) => !isAnswered(question, answers)))
    .length;

/**
 * The answers after the editor has confirmed some questions, or taken that
 * back.
 */
export const withAnswers = (
  answers: readonly QuestionAnswer[],
  questions: readonly Question[],
  confirmed: boolean,
): QuestionAnswer[] => [
  ...answers.filter(
    ({ question }) => !questions.some(({ id }) => id === question),
  ),
  ...(confirmed ? confirmAll(questions) : []),
];

/** How many questions are open, or that nobody knows yet. */
export function QuestionCount({
  asked,
  answers,
}: {
  asked: DraftQuestions;
  answers: readonly QuestionAnswer[];
}) {
  const { questions, is } = asked;
  const open = countOpen(questions, answers);
  if (open > 0)
    return (
      <strong class="missing">{say("questions.open", { count: open })}</strong>
    );
  if (is === "known")
    return <strong class="done">{say("questions.none")}</strong>;
  return (
    <span class="hint">
      {say(is === "asking" ? "questions.asking" : "questions.unknown")}
    </span>
  );
}
