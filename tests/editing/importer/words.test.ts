/** Every word that the importer and the list of sentences know stands in a document of the corpus: a word without one is a guess. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { months } from "../../../worker/editing/importer/dates.ts";
import { ordinals } from "../../../worker/editing/importer/formulas.ts";
import { commonWords } from "../../../worker/editing/importer/gate.ts";
import { layouts } from "../../../worker/editing/importer/layouts.ts";
import { linesOf, splitSentences } from "../../../worker/editing/importer/lines.ts";
import { noNames, particles, pronounWords } from "../../../worker/editing/importer/names.ts";
import { counted, countWords } from "../../../worker/editing/importer/people.ts";
import { offices } from "../../../worker/editing/importer/targets.ts";
import { documentLines } from "../../../worker/editing/importer/zones.ts";
import { statusSigns, unsaidSigns } from "../../../worker/editing/rules/status-words.ts";

const textsIn = (folder: string): string[] => {
  const at = new URL(folder, import.meta.url);
  return readdirSync(at)
    .filter((name) => name.endsWith(".txt"))
    .map((name) => readFileSync(new URL(name, at), "utf8"));
};
const texts = ["corpus/", "../../documents/", "../../documents/invented/"].flatMap(textsIn);

function linesIn(text: string) {
  const reading = linesOf(text);
  for (;;) {
    const { value, done } = reading.next();
    if (done) return value;
  }
}
/** Footers stand in the damaged copies. */
const documents = [...texts, "Amnesty International 2\nAmnesty International, Urgent Action 2"].map(linesIn);
/** Every line, and every line with the next: a label may be broken off. */
const lines = documents
  .flatMap((own) =>
    own.flatMap(({ text }, at) => [text, text.replace(/^\d[.)] /, ""), `${text} ${own[at + 1]?.text ?? ""}`]),
  )
  .join("\n")
  .toLowerCase();
const sentences = documents
  .flatMap((own) => splitSentences(documentLines(own)).map(({ text }) => text.replace(/[\u064b-\u0652]/g, "")))
  .join("\n")
  .toLowerCase();

/** The alternatives of a regular expression, those in its groups aside. */
function alternativesOf(source: string): string[] {
  const found: string[] = [];
  let [depth, from] = [0, 0];
  let isClass = false;
  for (let at = 0; at < source.length; at++) {
    const sign = source[at];
    if (sign === "\\") at++;
    else if (sign === "[") isClass = true;
    else if (sign === "]") isClass = false;
    else if (isClass) continue;
    else if (sign === "(") depth++;
    else if (sign === ")") depth--;
    else if (sign === "|" && depth === 0) {
      found.push(source.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, source.slice(from)];
}

/** A pattern for texts in small letters, which is faster than one that ignores case. */
const patternOf = (source: string) =>
  new RegExp(source, /\p{Lu}/u.test(source.replace(/\\p\{\w+\}/g, "")) ? "imu" : "mu");

/** Labels that are also read inside a line. */
const within = ["further", "closing", "deadline", "date", "index", "country"];

it("Every label stands in a document", () => {
  const unmet = Object.entries(layouts).flatMap(([layout, labels]) =>
    Object.entries(labels).flatMap(([label, source]) =>
      alternativesOf(source)
        .filter((words) => {
          const pattern = patternOf(within.includes(label) ? words : `^(?:${words})`);
          return !pattern.test(lines);
        })
        .map((words) => `${layout}: ${label}: ${words}`),
    ),
  );
  expect(unmet).toEqual([]);
});

it.each([
  [
    "status",
    Object.entries(statusSigns).flatMap(([field, codes]) =>
      Object.values(codes).map((words) => [field, words] as const),
    ),
  ],
  ["sentence that states none", Object.entries(unsaidSigns)],
])("Every word for a %s stands in a document", (_, signs) => {
  const unmet = signs.flatMap(([field, source]) =>
    alternativesOf(source)
      .filter((words) => {
        // The words come first: looking behind at every letter of the corpus would take most of the time.
        const pattern = patternOf(`(?:${words})(?!\\p{L})(?<=(?<![\\p{L}-])(?:[وفبلك]{0,2}(?:ال)?)?(?:${words}))`);
        return !pattern.test(sentences);
      })
      .map((words) => `${field}: ${words}`),
  );
  expect(unmet).toEqual([]);
});

it.each<[string, string[]]>([
  ["common word", Object.values(commonWords).flatMap((words) => words.split(" "))],
  ["month", Object.keys(months)],
  ["ordinal", Object.keys(ordinals)],
  ["word of a body", noNames],
  ["particle of a name", particles],
  ["count of people", [...countWords, ...counted]],
  ["office", offices],
])("Every %s stands in a document", (_, words) =>
  expect(words.filter((word) => !patternOf(`(?<!\\p{L})(?:${word})(?!\\p{L})`).test(lines))).toEqual([]),
);

it("Every pronoun stands in a bracket of a document", () =>
  expect(
    Object.values(pronounWords)
      .flat()
      .filter((word) => !patternOf(`[([/] ?${word}[,/)\\]]`).test(lines)),
  ).toEqual([]));
