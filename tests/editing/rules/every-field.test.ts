/**
 * Every field of the schema, changed alone: what is asked about it, or why
 * nothing is. A new field fails here until the full case has it.
 */

import * as v from "valibot";
import { expect, it } from "vitest";
import { Case, Text } from "../../../shared/case/schema.ts";
import { isFields } from "../../../shared/fields.ts";
import type { Path, SchemaNode } from "../../../shared/values-at.ts";
import type { QuestionKind } from "../../../worker/editing/rules/answers.ts";
import { questionsOf } from "../../../worker/editing/rules/questions.ts";
import { inventedCase, stated } from "../../support/invented.ts";

const text = (words: string) => ({ en: words, uk: `${words} (uk)` });
const date = (day: string) => ({
  date: day,
  asStated: `on ${day}`,
  inferred: ["year"],
});
const status = (value: unknown) => ({
  ...stated(value),
  asOf: date("2000-01-02"),
});
const term = {
  duration: "P2Y",
  imposedOn: date("2000-01-01"),
  court: text("Invented Court"),
};
const said = (words: string) => [
  { text: text(words), by: text("Somebody invented"), source: "first" },
];

/** A case in which every field has a value. */
const full = v.parse(Case, {
  ...inventedCase(6),
  demo: true,
  title: text("Title"),
  summary: text("Summary"),
  hideMap: true,
  hidePortraits: true,
  authorities: ["PL"],
  places: [
    {
      name: text("Demoville"),
      iso3166: "PL-01",
      status: text("Occupied by invention"),
      source: "first",
    },
  ],
  people: [
    {
      id: "one",
      names: [
        {
          value: "Invented Person One",
          lang: "en",
          form: "preferred",
          source: "first",
        },
      ],
      pronouns: "they/them",
      role: text("Teacher"),
      custody: status("detained"),
      proceedings: [
        {
          id: "tax",
          ...status("charged"),
          subject: text("Tax"),
          court: text("Invented Court"),
        },
      ],
      sentence: status({
        ...term,
        earlier: [{ ...term, changedOn: date("2000-01-01"), source: "first" }],
      }),
      designations: [status("human-rights-defender")],
      charges: status(text("An invented charge")),
      portrait: {
        image: "0".repeat(64),
        alt: text("A drawing"),
        credit: "Nobody",
        licence: "CC0",
        until: "2099-01-01",
      },
    },
  ],
  events: [
    {
      date: date("2000-01-01"),
      kind: "arrest",
      text: text("An arrest"),
      by: text("The police"),
      source: "first",
    },
  ],
  documents: [
    {
      id: "first",
      kind: "initial",
      sequence: 1,
      final: true,
      reference: "INV 1/2000",
      title: "A title",
      issuedOn: date("2000-01-02"),
      href: "https://example.org/first",
      lang: "en",
    },
  ],
  action: {
    state: "active",
    request: text("Write"),
    until: "2099-12-31",
    targets: [
      {
        name: "Minister",
        address: "Invented Street",
        email: "a@example.org",
        salutation: "Dear Minister",
        languages: ["en"],
      },
    ],
    letter: text("Letter"),
    thanks: text("Thanks"),
    source: "first",
  },
  quotations: [
    {
      text: "First words. Last words.",
      excerpt: "First words.",
      lang: "en",
      speaker: "Somebody",
      occasion: text("A hearing"),
      source: "first",
    },
  ],
  assessments: [
    { text: text("An unfair trial"), by: "Invented Issuer", source: "first" },
  ],
  impact: said("Letters helped"),
  next: said("A hearing follows"),
  asOf: date("2000-01-02"),
  links: [{ href: "https://example.org/elsewhere", name: "Elsewhere" }],
});

/**
 * Fields that another rule asks about, and those that nothing is asked about.
 */
const exceptions: Record<
  string,
  { asked: QuestionKind | null; because: string }
> = {
  title: { asked: "statuses", because: "a text about now" },
  summary: { asked: "statuses", because: "a text about now" },
  "action/request": { asked: "statuses", because: "a text about now" },
  "action/letter": { asked: "statuses", because: "a text about now" },
  "action/thanks": { asked: "statuses", because: "a text about now" },
  issuer: { asked: "issuer", because: "an issuer has a question of its own" },
  "asOf/date": { asked: "facts-date-moved", because: "no fact is new" },
  "asOf/asStated": { asked: null, because: "it quotes the same date" },
  "asOf/inferred/*": {
    asked: null,
    because: "it marks a part of the same date",
  },
  "documents/*/id": {
    asked: null,
    because: "no reader sees it, and what rests on it names it",
  },
  hideMap: {
    asked: null,
    because: "a map states nothing that the place doesn't",
  },
};

/** The paths of a schema's fields, `*` for an entry of a list. */
function fieldsOf(schema: unknown, path: string[] = []): string[] {
  const { entries, wrapped, item } = schema as SchemaNode;
  if (schema === Text || !(entries || wrapped || item)) return [path.join("/")];
  if (entries)
    return Object.entries(entries).flatMap(([key, entry]) =>
      fieldsOf(entry, [...path, key]),
    );
  return wrapped ? fieldsOf(wrapped, path) : fieldsOf(item, [...path, "*"]);
}

/** The fields of the full case with their paths in it. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return placesIn(value[0], [...path, 0]);
  if (!isFields(value) || "en" in value) return [path];
  return Object.entries(value).flatMap(([key, child]) =>
    placesIn(child, [...path, key]),
  );
}

const nameOf = (path: Path) =>
  path.map((key) => (typeof key === "number" ? "*" : key)).join("/");
const places = new Map(placesIn(full).map((path) => [nameOf(path), path]));

/**
 * The full case with another value at a path; without the field if the value is
 * undefined.
 */
function withValue(path: Path, value: unknown): Case {
  const copy = structuredClone(full) as unknown as Record<
    string | number,
    unknown
  >;
  const last = path.at(-1) as string | number;
  const owner = path
    .slice(0, -1)
    .reduce((at, key) => at[key] as typeof copy, copy);
  if (value !== undefined) owner[last] = value;
  else if (Array.isArray(owner)) owner.splice(Number(last), 1);
  else delete owner[last];
  return copy as unknown as Case;
}

/** Another value of the same type. */
function other(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (isFields(value)) return { ...value, en: "Other words" };
  return /^\d{4}-\d\d/.test(String(value)) ? "2099-02-02" : `${value} other`;
}

const isKnownAuthor = () => true;
const kinds = (before: Case, after: Case) =>
  questionsOf(
    { case: before, liveAt: 0 },
    { case: after, liveAt: 0 },
    { isKnownAuthor },
  ).map(({ kind }) => kind);

it("The full case has every field of the schema", () => {
  expect([...places.keys()].toSorted()).toEqual(fieldsOf(Case).toSorted());
});

it.each([...places])("%s", (name, path) => {
  const value = path.reduce<unknown>(
    (at, key) => (at as Record<string | number, unknown>)[key],
    full,
  );
  const { asked } = exceptions[name] ?? { asked: "stated" };
  const changed = kinds(full, withValue(path, other(value)));
  if (asked === null) expect(changed).toEqual([]);
  else expect(changed).toContain(asked);
  // A translation is asked about beside its original.
  if (isFields(value)) {
    const translated = {
      ...value,
      uk: { ...(value.uk as object), text: "Інші слова" },
    };
    expect(kinds(full, withValue(path, translated))).toEqual(["translation"]);
  }
  // A field that is added or removed is asked about as well, but for a text
  // about now that is gone.
  const without = withValue(path, undefined);
  const isRequired = !v.safeParse(Case, without).success;
  if (isRequired || asked !== "stated") return;
  expect(kinds(without, full)).toContain("stated");
  expect(
    kinds(full, without).filter((kind) => ["stated", "removed"].includes(kind)),
  ).not.toEqual([]);
});
