/** Readers' and editors' texts: complete, well-formed ICU MessageFormat, and of the same structure in every language. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { parse as parseStrictly } from "@messageformat/parser";
import { parseSync, Visitor } from "vite";
import { describe, expect, it } from "vitest";
import { locales, localeTags, sourceLocale } from "../../shared/locale.ts";
import { type Message, parseMessage, placeholdersOf } from "../../shared/message-format.ts";

const root = join(import.meta.dirname, "../..");
type Catalogue = Record<string, string>;
const read = (folder: string, tag: string): Catalogue =>
  JSON.parse(readFileSync(join(root, folder, `${tag}.json`), "utf8"));

/** One possible output of a message. Placeholders stay in it; a plural's number is "#". */
interface Reading {
  forms: string[];
  text: string;
}

function readingsOf(message: Message): Reading[] {
  if (typeof message === "string") return [{ forms: [], text: message }];
  return message.reduce<Reading[]>(
    (sofar, element) =>
      sofar.flatMap(({ forms, text }) =>
        endingsOf(element).map((more) => ({ forms: [...forms, ...more.forms], text: text + more.text })),
      ),
    [{ forms: [], text: "" }],
  );
}

/** By the parser's `TYPE`: literal, argument, select (gender), plural, "#". Dates and numbers are formatted before they are passed. */
function endingsOf(element: MessageFormatElement): Reading[] {
  if (element.type === 0) return [{ forms: [], text: element.value }];
  if (element.type === 1) return [{ forms: [], text: `{${element.value}}` }];
  if (element.type === 7) return [{ forms: [], text: "#" }];
  if (element.type !== 5 && element.type !== 6) throw new Error(`no message needs an element of type ${element.type}`);
  return Object.entries(element.options).flatMap(([form, { value }]) =>
    readingsOf(value).map(({ forms, text }) => ({ forms: [form, ...forms], text })),
  );
}

/** Returns the options of every select and plural in a message. */
const choicesOf = (message: Message): { by: string; forms: string[] }[] =>
  typeof message === "string"
    ? []
    : message.flatMap((element) =>
        element.type !== 5 && element.type !== 6
          ? []
          : [
              { by: element.value, forms: Object.keys(element.options).toSorted() },
              ...Object.values(element.options).flatMap(({ value }) => choicesOf(value)),
            ],
      );

const shown = (text: string) => [...new Set(text.match(/\{\w+\}|#/g) ?? [])].toSorted();
/** Values that a caller must pass. A gender may always be passed, because most languages need one though English doesn't. */
const neededBy = (text: string) =>
  [...placeholdersOf(parseMessage(text)).keys()].filter((name) => name !== "gender").toSorted();

describe.each(["shared/locales", "worker/desk/locales"])("the catalogues in %s", (folder) => {
  const source = read(folder, sourceLocale);

  it("are one file for each language", () => {
    const files = readdirSync(join(root, folder)).filter((name) => name.endsWith(".json") && name !== "tsconfig.json");
    expect(files.toSorted()).toEqual(localeTags.map((tag) => `${tag}.json`).toSorted());
  });

  describe.each(localeTags)("in %s", (tag) => {
    const own = read(folder, tag);
    const { pluralCategories } = new Intl.PluralRules(locales[tag].intl).resolvedOptions();

    it("have the keys of the English one and no other, each a text", () => {
      expect(Object.keys(own).toSorted()).toEqual(Object.keys(source).toSorted());
      for (const text of Object.values(own)) expect(text).toBeTypeOf("string");
    });

    it("are ICU MessageFormat to another parser too, at its strictest", () => {
      for (const [key, text] of Object.entries(own)) {
        const options = { cardinal: pluralCategories, ordinal: [], strict: true, strictPluralKeys: true };
        expect(() => parseStrictly(text, options), key).not.toThrow();
      }
    });

    it("need the same values as the English", () => {
      for (const [key, text] of Object.entries(own)) expect(neededBy(text), key).toEqual(neededBy(source[key] ?? ""));
    });

    it("fill the same placeholders as the English in every form", () => {
      for (const [key, text] of Object.entries(own)) {
        const wanted = shown(readingsOf(parseMessage(source[key] ?? "")).at(-1)?.text ?? "");
        for (const { forms, text: reading } of readingsOf(parseMessage(text))) {
          // Languages may spell out one and two, as in "one year".
          const spelt = forms.some((form) => ["zero", "one", "two"].includes(form)) && !reading.includes("#");
          expect(shown(reading), `${key} ${forms}`).toEqual(spelt ? wanted.filter((name) => name !== "#") : wanted);
        }
      }
    });

    it("have every plural form the language needs, and all genders", () => {
      const wanted: Record<string, string[]> = { count: pluralCategories.toSorted(), gender: ["he", "other", "she"] };
      const incomplete = Object.entries(own).flatMap(([key, text]) =>
        choicesOf(parseMessage(text)).flatMap(({ by, forms }) =>
          String(forms) === String(wanted[by]) ? [] : [`${key}: ${by} has ${forms}, needs ${wanted[by]}`],
        ),
      );
      expect(incomplete).toEqual([]);
    });

    it("leave no text empty and hide nothing in it", () => {
      for (const [key, message] of Object.entries(own))
        for (const { text } of readingsOf(parseMessage(message))) {
          expect(text.trim(), key).toBe(text);
          expect(text, key).not.toBe("");
          expect(text, key).not.toMatch(/[\u202a-\u202e\u2066\u2067\ufeff]/u);
          // A placeholder may have Unicode isolates, so that its value can't reorder the text around it.
          expect(text.replace(/\u2068[^\u2068\u2069]*\u2069/gu, ""), key).not.toMatch(/[\u2068\u2069]/u);
        }
    });
  });
});

/** Sent with placeholders that a script on the page fills in. */
const SENT_UNFILLED = new Set(["page.embed.height.whole"]);

describe("the callers of a message", () => {
  const files = ["shared", "bot", "worker"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
      .map((name) => join(folder, name)),
  );

  it("give the values that it needs, and no other", () => {
    let found = 0;
    for (const file of files) {
      const catalogue = read(file.startsWith("worker/desk/") ? "worker/desk/locales" : "shared/locales", sourceLocale);
      const { program } = parseSync(file, readFileSync(join(root, file), "utf8"));
      new Visitor({
        CallExpression({ callee, arguments: given }) {
          if (callee.type !== "Identifier" || !/^(?:message|say|sayIfKnown|toast|plainMessage)$/.test(callee.name))
            return;
          const at = given.findIndex((one) => one.type === "Literal" && String(one.value) in catalogue);
          const [key, values] = given.slice(at);
          if (at < 0 || key?.type !== "Literal" || SENT_UNFILLED.has(String(key.value))) return;
          if (values && values.type !== "ObjectExpression") return;
          const properties = values?.properties ?? [];
          if (properties.some(({ type }) => type === "SpreadElement")) return;
          const names = properties.flatMap((one) =>
            one.type === "Property" && one.key.type === "Identifier" ? [one.key.name] : [],
          );
          found++;
          const text = catalogue[String(key.value)] ?? "";
          expect(names.filter((name) => name !== "gender").toSorted(), `${file}: ${key.value}`).toEqual(neededBy(text));
        },
      }).visit(program);
    }
    expect(found).toBeGreaterThan(400);
  });
});
