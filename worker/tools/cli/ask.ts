/**
 * Asks what a publish must confirm, one question after the other in a terminal;
 * elsewhere the answers come from a file.
 */
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import * as v from "valibot";
import type { Case } from "../../../shared/case/schema.ts";
import { languageNameIn } from "../../../shared/intl.ts";
import { speaker } from "../../../shared/message-format.ts";
import words from "../../desk/locales/en.json" with { type: "json" };
import { type Question, QuestionAnswer } from "../../editing/rules/answers.ts";
import { type AskedPublication, sidesOf } from "./asked.ts";
import { type CommandOutcome, Stop } from "./outcome.ts";
import { configuredProfile } from "./profile.ts";

export const inEnglish = speaker<string>("en", words);

/** The question in English, as the desk asks it. */
const sentenceOf = ({ kind, lang, at }: Question): string =>
  `${lang ? `${languageNameIn("en", lang)}: ` : ""}${inEnglish(`question.${kind}`, { texts: at.length, languages: 1 })}`;

const answerWords = (answer: string): string =>
  words[`answer.${answer as "agrees"}`];

/** The answers in a file: a list of `{ "question", "answer" }`. @throws Stop */
export async function answersIn(file: string): Promise<QuestionAnswer[]> {
  const text = await readFile(file, "utf8");
  try {
    return v.parse(v.array(QuestionAnswer), JSON.parse(text));
  } catch {
    throw new Stop("usage", {
      title: "The answers can't be read",
      detail: `${file} is not a list of answers.`,
      remedy:
        'Write a JSON list such as [{ "question": "0123456789abcdef", "answer": "agrees" }].',
    });
  }
}

/**
 * Asks each open question.
 * @param publication what the questions are about
 * @param base the case in the revision that it follows; null for a new case
 * @returns the answers, those given included
 * @throws Stop when a question stays open
 */
export async function answersTo(
  { terminal: { stdin, stderr } }: CommandOutcome,
  publication: AskedPublication,
  base: Case | null,
  questions: readonly Question[],
  given: readonly QuestionAnswer[],
): Promise<QuestionAnswer[]> {
  const answers = [...given];
  const open = questions.filter(
    ({ id, answers: accepted }) =>
      !given.some(
        ({ question, answer }) => question === id && accepted.includes(answer),
      ),
  );
  if (open.length === 0) return answers;
  const firstAboutStatuses = open.find(({ kind }) => kind === "statuses");
  const lines = (one: Question) =>
    sidesOf(
      one,
      publication,
      base,
      configuredProfile(),
      one === firstAboutStatuses,
    );
  if (!stdin.isTTY)
    throw new Stop("refused", {
      title: "Questions are open",
      detail: `The revision says things that must be confirmed. Nothing was sent.\n${open
        .map(
          (one) =>
            `  ${one.id} ${sentenceOf(one)} (${one.answers.join(" or ")})\n${lines(
              one,
            )
              .map((line) => `    ${line}\n`)
              .join("")}`,
        )
        .join("")
        .trimEnd()}`,
      remedy:
        "Change what is wrong. Confirm the rest: write the answers into a file, and add --answers FILE.",
      questions: open,
    });
  const prompt = createInterface({ input: stdin, output: stderr });
  for (const one of open) {
    const [answer = ""] = one.answers;
    // Ctrl-C and Ctrl-D confirm nothing.
    const typed = await prompt
      .question(
        `${sentenceOf(one)}\n  ${lines(one).join("\n  ")}\n${answerWords(answer)}? [y/N] `,
      )
      .catch(() => "");
    if (!/^y(es)?$/i.test(typed.trim())) {
      prompt.close();
      throw new Stop("takenBack", {
        title: "Not confirmed",
        detail: "Nothing was sent.",
        remedy: "Change the file, and publish it again.",
      });
    }
    answers.push({ question: one.id, answer });
  }
  prompt.close();
  return answers;
}
