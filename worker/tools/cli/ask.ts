/** What a publish must confirm: both sides of each open question are printed, and the answers come from a file. */
import { readFile } from "node:fs/promises";
import * as v from "valibot";
import type { Case } from "../../../shared/case/schema.ts";
import { languageNameIn } from "../../../shared/intl.ts";
import { speaker } from "../../../shared/message-format.ts";
import words from "../../desk/locales/en.json" with { type: "json" };
import { type Question, QuestionAnswer } from "../../editing/rules/answers.ts";
import { type AskedPublication, sidesOf } from "./asked.ts";
import { Stop } from "./outcome.ts";
import { configuredProfile } from "./profile.ts";

const say = speaker<string>("en", words);

/** The question in English, as the desk asks it. */
const sentenceOf = ({ kind, lang, at }: Question): string =>
  `${lang ? `${languageNameIn("en", lang)}: ` : ""}${say(`question.${kind}`, { texts: at.length, languages: 1 })}`;

/** The answers in a file: a list of `{ "question", "answer" }`. @throws Stop */
export async function answersIn(file: string): Promise<QuestionAnswer[]> {
  const text = await readFile(file, "utf8");
  try {
    return v.parse(v.array(QuestionAnswer), JSON.parse(text));
  } catch {
    throw new Stop("usage", {
      title: "The answers can't be read",
      detail: `${file} is not a list of answers.`,
      remedy: 'Write a JSON list such as [{ "question": "0123456789abcdef", "answer": "agrees" }].',
    });
  }
}

/**
 * @param publication what the questions are about
 * @param base the case in the revision that it follows; null for a new case
 * @throws Stop when a question has no answer
 */
export function requireAnswers(
  publication: AskedPublication,
  base: Case | null,
  questions: readonly Question[],
  given: readonly QuestionAnswer[],
): void {
  const open = questions.filter(
    ({ id, answers: accepted }) => !given.some(({ question, answer }) => question === id && accepted.includes(answer)),
  );
  if (open.length === 0) return;
  const firstAboutStatuses = open.find(({ kind }) => kind === "statuses");
  const linesOf = (one: Question) => [
    `  ${one.id} ${sentenceOf(one)} (${one.answers.join(" or ")})`,
    ...sidesOf(one, publication, base, configuredProfile(), one === firstAboutStatuses).map((line) => `    ${line}`),
  ];
  throw new Stop("refused", {
    title: "Questions are open",
    detail: `The revision says things that must be confirmed. Nothing was sent.\n${open.flatMap(linesOf).join("\n")}`,
    remedy: "Change what is wrong. Confirm the rest: write the answers into a file, and add --answers FILE.",
    questions: open,
  });
}
