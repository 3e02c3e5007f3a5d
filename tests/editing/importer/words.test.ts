/**
 * Every word that the importer and the list of sentences know stands in a
 * document of the corpus: a word without one is a guess.
 */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { collect } from "../../../worker/editing/importer/finding.ts";
import { ordinals } from "../../../worker/editing/importer/formulas.ts";
import { commonWords } from "../../../worker/editing/importer/gate.ts";
import { layouts } from "../../../worker/editing/importer/layouts.ts";
import {
  linesOf,
  splitSentences,
} from "../../../worker/editing/importer/lines.ts";
import {
  noNames,
  particles,
  pronounWords,
} from "../../../worker/editing/importer/names.ts";
import {
  counted,
  countWords,
} from "../../../worker/editing/importer/people.ts";
import { offices } from "../../../worker/editing/importer/targets.ts";
import { documentLines } from "../../../worker/editing/importer/zones.ts";
import {
  statusSigns,
  unsaidSigns,
} from "../../../worker/editing/rules/status-words.ts";

const textsIn = (folder: string): string[] => {
  const at = new URL(folder, import.meta.url);
  return readdirSync(at)
    .filter((name) => name.endsWith(".txt"))
    .map((name) => readFileSync(new URL(name, at), "utf8"));
};
const texts = [
  "corpus/",
  "../../documents/",
  "../../documents/invented/",
].flatMap(textsIn);

/** Footers stand in the damaged copies. */
const documents = [
  ...texts,
  "Amnesty International 2\nAmnesty International, Urgent Action 2",
].map((text) => collect(linesOf(text)).result);
/** Every line, and every line with the next: a label may be broken off. */
const lines = documents
  .flatMap((own) =>
    own.flatMap(({ text }, at) => [
      text,
      text.replace(/^\d[.)] /, ""),
      `${text} ${own[at + 1]?.text ?? ""}`,
    ]),
  )
  .join("\n")
  .toLowerCase();
const sentences = documents
  .flatMap((own) =>
    splitSentences(documentLines(own)).map(({ text }) =>
      text.replace(/[\u064b-\u0652]/g, ""),
    ),
  )
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

/**
 * A pattern for texts in small letters, which is faster than one that ignores
 * case.
 */
const patternOf = (source: string) =>
  new RegExp(
    source,
    /\p{Lu}/u.test(source.replace(/\\p\{\w+\}/g, "")) ? "imu" : "mu",
  );

/** Labels that are also read inside a line. */
const within = ["further", "closing", "deadline", "date", "index", "country"];

/** Those of some words that no document has. */
const unmetIn = (
  text: string,
  words: [table: string, source: string][],
  written: (words: string, of: string) => string,
) =>
  words.flatMap(([table, source]) =>
    alternativesOf(source).flatMap((one) =>
      patternOf(written(one, table)).test(text) ? [] : `${table}: ${one}`,
    ),
  );
const labels = Object.values(layouts).flatMap((all) =>
  Object.entries<string>(all),
);
const signs = Object.entries(statusSigns).flatMap(([field, codes]) =>
  Object.values(codes).map((words): [string, string] => [field, words]),
);

it("Every label stands in a document", () =>
  expect(
    unmetIn(lines, labels, (words, of) =>
      within.includes(of) ? words : `^(?:${words})`,
    ),
  ).toEqual([]));

it("Every word for a status, or for a sentence that states none, stands in a document", () =>
  // The words come first: looking behind at every letter of the corpus would
  // take most of the time.
  expect(
    unmetIn(
      sentences,
      [...signs, ...Object.entries(unsaidSigns)],
      (words) =>
        `(?:${words})(?!\\p{L})(?<=(?<![\\p{L}-])(?:[وفبلك]{0,2}(?:ال)?)?(?:${words}))`,
    ),
  ).toEqual([]));

it("Every pronoun stands in a bracket of a document, and every other word in a document", () => {
  const others = [
    ...Object.values(commonWords).flatMap((words) => words.split(" ")),
    ...[
      Object.keys(ordinals),
      noNames,
      particles,
      countWords,
      counted,
      offices,
    ].flat(),
  ];
  expect(
    others.filter(
      (word) => !patternOf(`(?<!\\p{L})(?:${word})(?!\\p{L})`).test(lines),
    ),
  ).toEqual([]);
  const pronouns = Object.values(pronounWords).flat();
  expect(
    pronouns.filter((word) => !patternOf(`[([/] ?${word}[,/)\\]]`).test(lines)),
  ).toEqual([]);
});
