/** The answers to what a publish must confirm. They come from a file, so that whoever wrote it has read what the words stand beside. */
import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { languageNameIn } from "../../../shared/intl.ts";
import { speaker } from "../../../shared/message-format.ts";
import words from "../../desk/locales/en.json" with { type: "json" };
import { type Question, QuestionAnswer } from "../../editing/rules/answers.ts";
import { cannotRead } from "./files.ts";
import { Stop } from "./outcome.ts";

const say = speaker<string>("en", words);

/** The question in English, as the desk asks it. */
const sentenceOf = ({ kind, lang, at }: Question): string =>
  `${lang ? `${languageNameIn("en", lang)}: ` : ""}${say(`question.${kind}`, { texts: at.length, languages: 1 })}`;

/** The answers in a file: a list of `{ "question", "answer" }`. @throws Stop */
export async function answersIn(file: string): Promise<QuestionAnswer[]> {
  const text = await readFile(file, "utf8").catch(cannotRead(file));
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

/** What stands at a pointer, as the file has it. */
const at = (publication: object, pointer: string): string => {
  const value = pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], publication);
  return value === undefined ? pointer : `${pointer}: ${JSON.stringify(value)}`;
};

/** @throws Stop that lists the questions without an answer, each with what stands at its places */
export function mustBeAnswered(
  publication: object,
  questions: readonly Question[],
  given: readonly QuestionAnswer[],
): void {
  const open = questions.filter(
    ({ id, answers }) => !given.some(({ question, answer }) => question === id && answers.includes(answer)),
  );
  if (open.length === 0) return;
  const lines = open.flatMap((one) => [
    `  ${one.id} ${sentenceOf(one)} (${one.answers.join(" or ")})`,
    ...one.at.map((pointer) => `    ${at(publication, pointer)}`),
  ]);
  throw new Stop("refused", {
    title: "Questions are open",
    detail: `The revision says things that must be confirmed. Nothing was sent.\n${lines.join("\n")}`,
    remedy: "Change what is wrong. Confirm the rest: write the answers into a file, and add --answers FILE.",
    questions: open,
  });
}
