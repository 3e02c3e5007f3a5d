/**
 * An invented case with markup in every field that accepts free text. It would
 * run if a surface treated it as HTML.
 */
import { createHash } from "node:crypto";
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { Case, type Note, type Text } from "../../../shared/case/schema.ts";
import { profileFaults } from "../../../shared/profile/faults.ts";
import demoCase from "../../../worker/tools/local/cases/ua-0-00.json" with {
  type: "json",
};
import { leavesOf, valueAt, without } from "../../shared/facts.ts";
import { png } from "../../support/drawn-pictures.ts";
import { profile } from "../../support/profile.ts";

const demo = demoCase as any;

/** @param mark identifies the field in which the markup was */
const hostile = (mark: number) =>
  `f${mark}f"'><img src=x onerror=alert(${mark})>`;
const hostileLink = (mark: number) =>
  `https://example.org/f${mark}f"'><img src=x onerror=alert(${mark})>`;

/** Fields whose schema rules out markup. */
const harmless =
  /^\/(id|number\/series|language|authorities\/\d+|.*\/(lang|languages\/\d+|kind|form|pronouns|date|inferred\/\d+|iso3166|until|state|reference|id|duration|(imposedOn|changedOn)\/date|of|value|image)|people\/\d+\/(custody|(proceedings|designations)\/\d+)\/value|action\/targets\/\d+\/email)$/;

const text = (en: string): Text => ({
  en,
  uk: { text: en, of: "", reviewed: true },
});
const [first] = demo.people;
const [document] = demo.documents;
const source = document.id;
const proceeding = {
  ...first.custody,
  source,
  value: "charged",
  subject: text("The second case"),
};

/** The demo case with one person, one source, and every field that it lacks. */
const whole = {
  ...demo,
  id: "ua-61-00",
  number: { series: "UA", number: 61, year: 2000 },
  title: text("Title"),
  places: [
    {
      name: text("Invented Place"),
      iso3166: "ZZ-1",
      status: text("Invented status"),
      source,
    },
  ],
  hideMap: false,
  hidePortraits: false,
  authorities: ["ZZ"],
  people: [
    {
      ...first,
      proceedings: [
        { ...proceeding, id: "first", court: text("Invented Court") },
        { ...proceeding, id: "second" },
      ],
      sentence: {
        ...first.sentence,
        value: {
          duration: "P7Y",
          imposedOn: {
            date: "2000?",
            asStated: "about 2000",
            inferred: ["year"],
          },
          court: text("Invented Court"),
          earlier: [
            {
              duration: "P9Y",
              imposedOn: { date: "2000" },
              changedOn: { date: "2000", asStated: "in 2000" },
              source,
            },
          ],
        },
      },
      portrait: {
        image: createHash("sha256").update(png(61)).digest("hex"),
        alt: text("A grey square"),
        credit: "Invented Studio",
        licence: "CC0",
        until: "2099-12-31",
      },
    },
  ],
  documents: [{ ...document, final: false, reference: "EUR 46/0001/2000" }],
  quotations: [{ ...demo.quotations[0], excerpt: demo.quotations[0].text }],
  links: [{ href: "https://example.org/elsewhere", name: "Elsewhere" }],
};

type Node = Record<string, unknown>;

/** Returns the names of all properties in the schema. */
const keysIn = (schema: unknown): string[] =>
  typeof schema !== "object" || schema === null
    ? []
    : Object.entries(schema).flatMap(([key, child]) => [
        ...(key === "properties" ? Object.keys(child as Node) : []),
        ...keysIn(child),
      ]);
const keysOf = (value: unknown): string[] =>
  typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([key, child]) => [
        ...(Array.isArray(value) ? [] : [key]),
        ...keysOf(child),
      ]);

/** Fields of the schema that this file doesn't cover. */
export function forgotten(): string[] {
  const known = new Set(keysOf(whole));
  const schema = toJsonSchema(Case as never, {
    errorMode: "ignore",
    typeMode: "input",
  });
  return [...new Set(keysIn(schema))].filter((key) => !known.has(key));
}

/** Puts markup into every field that accepts it, by trial and error. */
export function hostileCase() {
  let fields: unknown = whole;
  /** Content of each field, by its JSON Pointer. */
  const texts = new Map<string, string>();
  /**
   * Fields that accepted neither markup nor a link, and that aren't listed as
   * harmless.
   */
  const unexplained: string[] = [];
  const fits = () =>
    (v.safeParse(Case, fields).issues ?? []).every(
      ({ type }) => type === "raw_check",
    ) &&
    profileFaults(fields as Parameters<typeof profileFaults>[0], profile)
      .length === 0;
  const first = hostile(0);
  for (const [mark, pointer] of leavesOf(whole).entries()) {
    const text = valueAt(whole, pointer);
    if (typeof text !== "string") continue;
    // A document's name appears in several places and must be the same in all.
    const named = pointer.endsWith("/source") || pointer === "/documents/0/id";
    const said = pointer.endsWith("/excerpt")
      ? texts.get(pointer.replace(/excerpt$/, "text"))
      : undefined;
    const tried = named
      ? [first]
      : said
        ? [said]
        : [hostile(mark + 1), hostileLink(mark + 1)];
    const taken = tried.find((attempt) => {
      fields = without(fields, pointer, attempt);
      // An excerpt must be part of its quotation.
      if (/^\/quotations\/\d+\/text$/.test(pointer))
        fields = without(fields, pointer.replace(/text$/, "excerpt"), attempt);
      return fits();
    });
    if (taken === undefined) {
      fields = without(fields, pointer, text);
      if (!harmless.test(pointer)) unexplained.push(pointer);
    } else texts.set(pointer, taken);
  }
  const note: Note = { en: hostile(999), uk: hostile(999) };
  texts.set("/note", hostile(999));
  return { case: v.parse(Case, fields), note, texts, unexplained };
}
