/**
 * A redaction finds a name in every form in which eight languages write it.
 * names-in-texts.txt has the names and the texts.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  joinedForms,
  nameFinder,
} from "../../../worker/editing/rules/name-forms.ts";

interface MarkedText {
  names: string[];
  lang: string;
  text: string;
  /** Where the forms stand. */
  forms: { from: number; to: number }[];
}

/** A text with its forms in brackets. */
function marked(names: string[], line: string): MarkedText {
  const [, lang = "", bracketed = ""] = /^(\w+): (.*)$/.exec(line) ?? [];
  const forms: MarkedText["forms"] = [];
  let text = "";
  for (const part of bracketed.split(/(?=[[\]])/)) {
    const open = forms.at(-1);
    if (part.startsWith("[")) forms.push({ from: text.length, to: -1 });
    else if (part.startsWith("]") && open) open.to = text.length;
    text += part.replace(/^[[\]]/, "");
  }
  return { names, lang, text, forms };
}

let names: string[] = [];
const texts = readFileSync(
  new URL("names-in-texts.txt", import.meta.url),
  "utf8",
)
  .split("\n")
  .flatMap((line) => {
    if (line.startsWith("= ")) names = line.slice(2).split(" | ");
    return /^\w+: /.test(line) ? [marked(names, line)] : [];
  });

it("At least 98 in a hundred forms are found whole, in eight languages, and the others are asked about", () => {
  const missed: string[] = [];
  const unasked: string[] = [];
  let count = 0;
  for (const { names, lang, text, forms } of texts) {
    const finder = nameFinder(names);
    const found = joinedForms(text, finder.formsIn(text));
    const asked = finder.nearIn(text);
    for (const { from, to } of forms) {
      count++;
      if (found.some((one) => one.from <= from && one.to >= to)) continue;
      missed.push(`${lang} ${text.slice(from, to)}`);
      // A part that was found leaves nothing to ask.
      const parts = [...found, ...asked].filter(
        (one) => one.from < to && one.to > from,
      );
      if (
        joinedForms(text, parts).every((one) => one.from > from || one.to < to)
      )
        unasked.push(missed.at(-1) ?? "");
    }
  }
  expect(
    new Set(texts.map(({ names }) => names[0])).size,
  ).toBeGreaterThanOrEqual(60);
  expect(new Set(texts.map(({ lang }) => lang)).size).toBeGreaterThanOrEqual(8);
  expect(unasked).toEqual([]);
  expect(missed.length / count, missed.join("\n")).toBeLessThanOrEqual(0.02);
});

it("No other word of these texts is taken for a form", () => {
  const wrong = texts.flatMap(({ names, lang, text, forms }) =>
    nameFinder(names)
      .formsIn(text)
      .filter(
        ({ from, to }) =>
          !forms.some((form) => form.from < to && form.to > from),
      )
      .map(({ from, to }) => `${lang} ${text.slice(from, to)}: ${text}`),
  );
  expect(wrong).toEqual([]);
});

it("A name with characters inside that print nothing is found whole", () => {
  const finder = nameFinder(["Ostap Vyhadka-Nebyl"]);
  // Soft hyphen, joiners, marks of direction, variation selectors, a filler and
  // an annotation.
  for (const invisible of "\u00ad\u200b\u200d\u2060\u200e\u061c\ufe0f\u180e\u034f\u3164\ufff9")
    for (const form of [
      `Vyh${invisible}adka-Nebyl`,
      `Vyhadka${invisible}-Nebyl`,
      `Vyhadka-${invisible}Nebyl${invisible}`,
    ]) {
      const text = `Letters to ${form}.`;
      expect(
        joinedForms(text, finder.formsIn(text)),
        JSON.stringify(text),
      ).toEqual([{ from: 11, to: text.length - 1 }]);
    }
});

it("A form that the finder doesn't know is asked about when it is like the name or stands beside it", () => {
  const asked = (names: string[], text: string, others: string[] = []) =>
    nameFinder(names, others, (word) => word === "вільна")
      .nearIn(text)
      .map(({ from, to }) => text.slice(from, to));
  expect(
    asked(["Daryna Sokil"], "The Sokol family, Sokhil and a sokol."),
  ).toEqual(["Sokol", "Sokhil"]);
  expect(
    asked(["Roza Demchuk"], "Roza Kowalska, R. Demczuk-Nova and Bohdan"),
  ).toEqual(["Kowalska", "Demczuk"]);
  expect(asked(["Самір Хаял"], "Лист сокола до Хаяле")).toEqual([]);
  expect(asked(["Will Demo"], "Вільна від обвинувачень.")).toEqual(["Вільна"]);
  // A name that is shared is asked about, but not beside another name of the
  // person who stays.
  const shared = "Petro Demchuk, Roza Demchuk and the Demchuk family";
  expect(asked(["Roza Demchuk"], shared, ["Petro Demchuk"])).toEqual([
    "Demchuk",
    "Demchuk",
  ]);
});
