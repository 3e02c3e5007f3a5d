/** UA 126/19 says what its document says, in words of its own. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fold } from "../../shared/case/names.ts";
import content from "../../worker/tools/local/cases/ua-126-19.json" with {
  type: "json",
};
import outcome from "../documents/ua-126-19-outcome.facts.json" with {
  type: "json",
};
import {
  disagreements,
  type Entry,
  leavesOf,
  sentencesOf,
  valueAt,
  without,
} from "./facts.ts";

const document = readFileSync(
  new URL("../documents/ua-126-19-outcome.txt", import.meta.url),
  "utf8",
);
const sentences = sentencesOf(document);
const table = outcome as unknown as Entry[];
const facts = table.flatMap(({ sentence, facts }) =>
  Object.entries(facts ?? {}).map(([pointer, expected]) => ({
    sentence,
    pointer,
    expected,
  })),
);

/** Parts of the case that no sentence of the document states, and why. */
const ours: [RegExp, string][] = [
  [
    /^\/(issuer|language)$/,
    "who published the document, and the language our text is written in",
  ],
  [/^\/rights\//, "the licence of our own text"],
  [/^\/(people|documents)\/\d+\/(proceedings\/\d+\/)?id$/, "our handles"],
  [
    /^\/people\/\d+\/names\/\d+\/lang$/,
    "the language of the spelling, the document's own",
  ],
  [/\/source$/, "the document it comes from"],
  [/\/statedBy$/, "the issuer of the document"],
];

it("The case UA 126/19 and its document agree sentence by sentence", () => {
  expect(sentences).toHaveLength(26);
  expect(disagreements(sentences, table, content)).toEqual([]);
});

it("The case UA 126/19 and its document agree that every fact is stated by a sentence", () => {
  const pointed = new Set(facts.map(({ pointer }) => pointer));
  const unsupported = leavesOf(content).filter(
    (pointer) =>
      !pointed.has(pointer) && !ours.some(([pattern]) => pattern.test(pointer)),
  );
  expect(unsupported).toEqual([]);
  const valuesOf = (name: string) =>
    new Set(
      leavesOf(content).flatMap((pointer) =>
        pointer.endsWith(name) ? [valueAt(content, pointer)] : [],
      ),
    );
  expect(valuesOf("/source")).toEqual(new Set(["outcome"]));
  expect(valuesOf("/statedBy")).toEqual(new Set(["Amnesty International"]));
});

it("The case UA 126/19 and its document spell every name in the same letters", () => {
  const named = [
    ...content.people.flatMap((person) =>
      person.names.map((name) => name.value),
    ),
    "Josep Borrell",
  ];
  const surnames = new Set(
    named.map((name) => fold(name.split(" ").at(-1) as string)),
  );
  const ukrainian = leavesOf(content).filter((pointer) =>
    pointer.endsWith("/uk"),
  );
  expect(ukrainian.length).toBeGreaterThan(30);
  for (const pointer of ukrainian)
    for (const word of String(valueAt(content, pointer)).match(
      /\p{Script=Cyrillic}+/gu,
    ) ?? [])
      expect(surnames.has(fold(word)), `${pointer}: ${word}`).toBe(false);
});

it("The case UA 126/19 and its document quote him word for word", () => {
  const spoken = document.slice(
    document.indexOf("“") + 1,
    document.indexOf("”"),
  );
  expect(content.quotations.map((quotation) => quotation.text)).toEqual([
    spoken,
  ]);
});

it("The check of the case against its document notices a sentence that the table lacks, and one that is not in the document", () => {
  for (const [index, sentence] of sentences.entries()) {
    expect(
      disagreements(sentences, table.toSpliced(index, 1), content),
    ).toEqual([`not in the table: ${sentence}`]);
    expect(
      disagreements(sentences.toSpliced(index, 1), table, content),
    ).toEqual([`not in the document: ${sentence}`]);
  }
  expect(
    disagreements([...sentences, "He was freed."], table, content),
  ).toEqual(["not in the table: He was freed."]);
});

it.each(
  facts.map(
    ({ sentence, pointer, expected }) =>
      [pointer, sentence.slice(0, 40), expected] as const,
  ),
)(
  "The check of the case against its document notices %s deleted or wrong (%s)",
  (pointer, start, expected) => {
    const names = (found: string[]) =>
      found.some(
        (line) => line.startsWith(`${pointer}: `) && line.includes(start),
      );
    expect(
      names(disagreements(sentences, table, without(content, pointer))),
    ).toBe(true);
    const value = valueAt(content, pointer);
    const wrong = Array.isArray(expected)
      ? expected.map((words) => String(value).replaceAll(words, "…"))
      : [
          typeof value === "number"
            ? value + 1
            : typeof value === "boolean"
              ? !value
              : `${value}0`,
        ];
    for (const replacement of wrong)
      expect(
        names(
          disagreements(
            sentences,
            table,
            without(content, pointer, replacement),
          ),
        ),
      ).toBe(true);
  },
);

/**
 * A longer run of the document's words in our text counts as a copy. A name
 * with its verb has five words.
 */
const MAX_COPIED_WORDS = 7;

/** Names that any text about the case must use. */
const names = [
  "Russian Military Court of Appeals",
  "European Union External Action Service",
  "High Representative of the EU",
];

const wordsOf = (text: string) =>
  names
    .reduce((rest, name, index) => rest.replaceAll(name, `name${index}`), text)
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** Returns the longest run of words that both texts have. */
function longestRun(ours: string, theirs: string): string {
  const [own, other] = [wordsOf(ours), ` ${wordsOf(theirs).join(" ")} `];
  let longest: string[] = [];
  for (let from = 0; from < own.length; from++)
    for (let to = from + longest.length + 1; to <= own.length; to++) {
      const run = own.slice(from, to);
      if (!other.includes(` ${run.join(" ")} `)) break;
      longest = run;
    }
  return longest.join(" ");
}

const texts = leavesOf(content).filter(
  (pointer) =>
    /\/en$/.test(pointer) ||
    (typeof valueAt(content, pointer) === "string" &&
      /\/(title|speaker)$/.test(pointer)),
);

it.each(texts)(
  "The text of UA 126/19 at %s copies no run of words from the document",
  (pointer) => {
    const run = longestRun(String(valueAt(content, pointer)), document);
    expect(run.split(" ").length, run).toBeLessThanOrEqual(MAX_COPIED_WORDS);
  },
);

it("The text of UA 126/19 is checked in full, and would be reported if it were copied", () => {
  expect(texts.length).toBeGreaterThan(30);
  expect(
    longestRun(
      "Then Kuku will continue challenging his conviction and believes that change came",
      document,
    ).split(" ").length,
  ).toBe(10);
});
