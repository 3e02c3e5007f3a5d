/**
 * Readers' and editors' texts: complete, well-formed ICU MessageFormat, and of
 * the same structure in every language.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { parse as parseStrictly } from "@messageformat/parser";
import { parseSync, Visitor } from "vite";
import { describe, expect, it } from "vitest";
import { codedFields, commonCodes } from "../../shared/case/schema.ts";
import { locales, localeTags, sourceLocale } from "../../shared/locale.ts";
import {
  type Message,
  parseMessage,
  placeholdersOf,
} from "../../shared/message-format.ts";

const root = join(import.meta.dirname, "../..");
type Catalogue = Record<string, string>;
const read = (folder: string, tag: string): Catalogue =>
  JSON.parse(readFileSync(join(root, folder, `${tag}.json`), "utf8"));

/**
 * One possible output of a message. Placeholders stay in it; a plural's number
 * is "#".
 */
interface Reading {
  forms: string[];
  text: string;
}

function readingsOf(message: Message): Reading[] {
  if (typeof message === "string") return [{ forms: [], text: message }];
  return message.reduce<Reading[]>(
    (sofar, element) =>
      sofar.flatMap(({ forms, text }) =>
        endingsOf(element).map((more) => ({
          forms: [...forms, ...more.forms],
          text: text + more.text,
        })),
      ),
    [{ forms: [], text: "" }],
  );
}

/**
 * By the parser's `TYPE`: literal, argument, select (gender), plural, "#".
 * Dates and numbers are formatted before they are passed.
 */
function endingsOf(element: MessageFormatElement): Reading[] {
  if (element.type === 0) return [{ forms: [], text: element.value }];
  if (element.type === 1) return [{ forms: [], text: `{${element.value}}` }];
  if (element.type === 7) return [{ forms: [], text: "#" }];
  if (element.type !== 5 && element.type !== 6)
    throw new Error(`no message needs an element of type ${element.type}`);
  return Object.entries(element.options).flatMap(([form, { value }]) =>
    readingsOf(value).map(({ forms, text }) => ({
      forms: [form, ...forms],
      text,
    })),
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
              {
                by: element.value,
                forms: Object.keys(element.options).toSorted(),
              },
              ...Object.values(element.options).flatMap(({ value }) =>
                choicesOf(value),
              ),
            ],
      );

const shown = (text: string) =>
  [...new Set(text.match(/\{\w+\}|#/g) ?? [])].toSorted();
/**
 * Values that a caller must pass. A gender may always be passed, because most
 * languages need one though English doesn't.
 */
const neededBy = (text: string) =>
  [...placeholdersOf(parseMessage(text)).keys()]
    .filter((name) => name !== "gender")
    .toSorted();

describe.each(["shared/locales", "worker/desk/locales"])(
  "the catalogues in %s",
  (folder) => {
    const source = read(folder, sourceLocale);

    it("are one file for each language", () => {
      const files = readdirSync(join(root, folder)).filter(
        (name) => name.endsWith(".json") && name !== "tsconfig.json",
      );
      expect(files.toSorted()).toEqual(
        localeTags.map((tag) => `${tag}.json`).toSorted(),
      );
    });

    describe.each(localeTags)("in %s", (tag) => {
      const own = read(folder, tag);
      const { pluralCategories } = new Intl.PluralRules(
        locales[tag].intl,
      ).resolvedOptions();

      it("have the keys of the English one and no other, each a text", () => {
        expect(Object.keys(own).toSorted()).toEqual(
          Object.keys(source).toSorted(),
        );
        expect(
          Object.values(own).filter((text) => typeof text !== "string"),
        ).toEqual([]);
      });

      it("are ICU MessageFormat to another parser too, at its strictest", () => {
        const options = {
          cardinal: pluralCategories,
          ordinal: [],
          strict: true,
          strictPluralKeys: true,
        };
        const refused = Object.entries(own).flatMap(([key, text]) => {
          try {
            parseStrictly(text, options);
            return [];
          } catch (error) {
            return [`${key}: ${error}`];
          }
        });
        expect(refused).toEqual([]);
      });

      it("need the same values as the English", () => {
        const needed = (texts: Catalogue) =>
          Object.keys(own).map((key) => [key, ...neededBy(texts[key] ?? "")]);
        expect(needed(own)).toEqual(needed(source));
      });

      it("fill the same placeholders as the English in every form", () => {
        const different = Object.entries(own).flatMap(([key, text]) => {
          const wanted = shown(
            readingsOf(parseMessage(source[key] ?? "")).at(-1)?.text ?? "",
          );
          return readingsOf(parseMessage(text)).flatMap(
            ({ forms, text: reading }) => {
              // Languages may spell out one and two, as in "one year".
              const spelt =
                forms.some((form) => ["zero", "one", "two"].includes(form)) &&
                !reading.includes("#");
              const due = spelt
                ? wanted.filter((name) => name !== "#")
                : wanted;
              // A count that stands on its own, as in "Questions: 3", needs no
              // plural.
              const alike =
                forms.length > 0
                  ? [reading]
                  : [
                      reading,
                      reading.replaceAll(/\{(count|texts|languages)\}/g, "#"),
                    ];
              return alike.some((one) => String(shown(one)) === String(due))
                ? []
                : [`${key} ${forms}: ${shown(reading)}, needs ${due}`];
            },
          );
        });
        expect(different).toEqual([]);
      });

      it("have every plural form the language needs, and all genders", () => {
        const counted = pluralCategories.toSorted();
        const wanted: Record<string, string[]> = {
          count: counted,
          texts: counted,
          languages: counted,
          gender: ["he", "other", "she"],
        };
        const incomplete = Object.entries(own).flatMap(([key, text]) =>
          choicesOf(parseMessage(text)).flatMap(({ by, forms }) =>
            // "=0" is a wording of its own beside the forms, "several" is
            // optional, and every number has the same forms.
            String(forms.filter((form) => !/^=|^several$/.test(form))) ===
            String(wanted[by] ?? wanted.count)
              ? []
              : [`${key}: ${by} has ${forms}, needs ${wanted[by]}`],
          ),
        );
        expect(incomplete).toEqual([]);
      });

      it("are no copy of the English", () => {
        const alike =
          tag === sourceLocale
            ? []
            : Object.keys(own).filter((key) => own[key] === source[key]);
        expect(alike.length / Object.keys(own).length).toBeLessThan(
          MAX_SHARE_ALIKE,
        );
      });

      it("leave no text empty and hide nothing in it", () => {
        const faulty = Object.entries(own).flatMap(([key, message]) =>
          readingsOf(parseMessage(message)).flatMap(({ text }) => {
            // A placeholder may have Unicode isolates, so that its value can't
            // reorder the text around it.
            const outside = text.replace(/\u2068[^\u2068\u2069]*\u2069/gu, "");
            const hidden =
              /[\u202a-\u202e\u2066\u2067\ufeff]/u.test(text) ||
              /[\u2068\u2069]/u.test(outside);
            return text === "" || text.trim() !== text || hidden
              ? [`${key}: ${JSON.stringify(text)}`]
              : [];
          }),
        );
        expect(faulty).toEqual([]);
      });
    });
  },
);

/**
 * A translation may read as the English here and there: a name, "Correction" in
 * French.
 */
const MAX_SHARE_ALIKE = 0.05;

/** Sent with placeholders that a script on the page fills in. */
const SENT_UNFILLED = new Set(["page.embed.height.whole"]);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

describe("the code that reads the catalogues", () => {
  const sources = {
    readers: read("shared/locales", sourceLocale),
    editors: read("worker/desk/locales", sourceLocale),
  };
  const programs = ["shared", "bot", "worker"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
      .map((name) => {
        const file = join(folder, name);
        return {
          file,
          program: parseSync(file, readFileSync(join(root, file), "utf8"))
            .program,
        };
      }),
  );

  it("gives the values that a message needs, and no other", () => {
    let found = 0;
    for (const { file, program } of programs) {
      const catalogue = file.startsWith("worker/desk/")
        ? sources.editors
        : sources.readers;
      new Visitor({
        CallExpression({ callee, arguments: given }) {
          if (
            callee.type !== "Identifier" ||
            !/^(?:message|say|sayIfKnown|toast|plainMessage)$/.test(callee.name)
          )
            return;
          const at = given.findIndex(
            (one) => one.type === "Literal" && String(one.value) in catalogue,
          );
          const [key, values] = given.slice(at);
          if (
            at < 0 ||
            key?.type !== "Literal" ||
            SENT_UNFILLED.has(String(key.value))
          )
            return;
          if (values && values.type !== "ObjectExpression") return;
          const properties = values?.properties ?? [];
          if (properties.some(({ type }) => type === "SpreadElement")) return;
          const names = properties.flatMap((one) =>
            one.type === "Property" && one.key.type === "Identifier"
              ? [one.key.name]
              : [],
          );
          found++;
          const text = catalogue[String(key.value)] ?? "";
          expect(
            names.filter((name) => name !== "gender").toSorted(),
            `${file}: ${key.value}`,
          ).toEqual(neededBy(text));
        },
      }).visit(program);
    }
    expect(found).toBeGreaterThan(400);
  });

  it("reads every key", () => {
    /** By room, because a word of another one is hardly a part of a key. */
    const words = new Map<string, Set<string>>();
    const patterns: { room: string; pattern: RegExp }[] = [];
    const roomOf = (file: string) =>
      file.split("/", file.startsWith("worker/") ? 2 : 1).join("/");
    for (const { file, program } of programs) {
      const room = roomOf(file);
      const own = words.get(room) ?? new Set<string>();
      words.set(room, own);
      new Visitor({
        Literal: ({ value }) => void own.add(String(value)),
        Identifier: ({ name }) => void own.add(name),
        TemplateLiteral({ quasis }) {
          const parts = quasis.map(({ value }) => value.cooked ?? "");
          own.add(parts.join("{value}"));
          if (/[a-z]/.test(parts.join("")))
            patterns.push({
              room,
              pattern: new RegExp(`^${parts.map(escaped).join("(.+)")}$`),
            });
        },
      }).visit(program);
    }
    const everywhere = [...words.keys()];
    // A key, or a part of it that the code puts in: "released" in
    // `custody.${value}`, "names.value" in `field.${path}`.
    const isRead = (text: string, rooms = everywhere, depth = 0): boolean => {
      const has = (word: string) =>
        rooms.some((room) => words.get(room)!.has(word));
      return (
        has(text) ||
        (depth > 0 && text.includes(".") && text.split(".").every(has)) ||
        (depth < 2 &&
          patterns.some(({ room, pattern }) => {
            const parts = rooms.includes(room)
              ? pattern.exec(text)?.slice(1)
              : undefined;
            // The desk's keys have actions and kinds in them that the rules
            // name.
            const named =
              room === "worker/desk"
                ? [room, "shared", "worker/editing"]
                : [room, "shared"];
            return parts?.every((part) => isRead(part, named, depth + 1));
          }))
      );
    };
    const states = codedFields.flatMap((field) =>
      (commonCodes[field] ?? []).map((code) => `${field}.${code}`),
    );
    for (const [name, catalogue] of Object.entries(sources))
      expect(
        Object.keys(catalogue).filter(
          (key) => !isRead(key) && !states.includes(key),
        ),
        name,
      ).toEqual([]);
  });
});
