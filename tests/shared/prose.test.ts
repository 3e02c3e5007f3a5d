import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import content from "../../worker/tools/local/cases/ua-126-19.json" with { type: "json" };
import { leavesOf, valueAt } from "./facts.ts";

/** A longer run of the document's words in our text counts as a copy. A name with its verb has five words. */
const MAX_COPIED_WORDS = 7;

/** Names that any text about the case must use. */
const names = [
  "Russian Military Court of Appeals",
  "European Union External Action Service",
  "High Representative of the EU",
];

const document = readFileSync(new URL("../documents/ua-126-19-outcome.txt", import.meta.url), "utf8");
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
    /\/en$/.test(pointer) || (typeof valueAt(content, pointer) === "string" && /\/(title|speaker)$/.test(pointer)),
);

describe("The text of UA 126/19", () => {
  it("is checked in full", () => expect(texts.length).toBeGreaterThan(30));

  it.each(texts)("%s copies no run of words from the document", (pointer) => {
    const run = longestRun(String(valueAt(content, pointer)), document);
    expect(run.split(" ").length, run).toBeLessThanOrEqual(MAX_COPIED_WORDS);
  });

  it("would be reported if it were copied", () => {
    expect(
      longestRun("Then Kuku will continue challenging his conviction and believes that change came", document).split(
        " ",
      ).length,
    ).toBe(10);
  });
});
