/**
 * Compares what the importer reads from a document with the document's truth,
 * field by field.
 */

import { readdirSync, readFileSync } from "node:fs";
import { draftFrom } from "../../../worker/editing/importer/importer.ts";
import type { ListedSentence } from "../../../worker/editing/rules/reading.ts";
import { sentencesOf } from "../../../worker/editing/rules/sentences.ts";
import { profile } from "../../support/profile.ts";

const folder = new URL("corpus/", import.meta.url);

type Several<T> = T | T[];

/**
 * `null` for a field that the document doesn't state, `"?"` for one that it
 * contradicts, a list for readings that are equally right.
 */
export interface Truth {
  number: string | null;
  country: Several<string> | null;
  /** Invented countries have none. */
  iso: string | null;
  index: Several<string> | null;
  kind: string | null;
  sequence: number | "?" | null;
  issuedOn: string | null;
  asOf: Several<string> | null;
  language: string | null;
  issuer: string | null;
  deadline: string | null;
  action: string | null;
  /** `optional` people and addressees may be read, and may be left out. */
  people: {
    names: string[];
    age?: number;
    pronouns?: string;
    optional?: boolean;
  }[];
  addressees: {
    lines: string[];
    salutation?: Several<string>;
    emails?: string[];
    optional?: boolean;
  }[];
  /** Words of each sentence that speaks of a person's status. */
  statuses: { about: string; words: string }[];
  /**
   * Every value that is true of a person now and may be offered: "Demo Alfa:
   * custody released".
   */
  offers?: string[];
  note: string;
}

/**
 * A document of another layout, or of another organisation: nothing is filled,
 * and its sentences wait for a verdict.
 */
interface OtherTruth {
  other: string;
  /** The people of the case that it is read beside. */
  people?: { names: string[] }[];
  statuses?: Truth["statuses"];
  offers?: string[];
  note: string;
}

const names = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => name.slice(0, -".txt".length))
  .sort();
const all = names.map((name) => ({
  name,
  text: readFileSync(new URL(`${name}.txt`, folder), "utf8"),
  truth: JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as
    | Truth
    | OtherTruth,
}));

export const appeals = all.filter(
  (one): one is typeof one & { truth: Truth } => !("other" in one.truth),
);
export const others = all.filter(
  (one): one is typeof one & { truth: OtherTruth } => "other" in one.truth,
);

/** What the scorer needs of the importer's result. */
interface Reading {
  case: any;
  sentences: Pick<ListedSentence, "sentence" | "statusWords" | "offers">[];
  warnings: { tag: string; found: string }[];
  provenance: { pointer: string; value: unknown; line: number }[];
}

/**
 * The case that a document is read beside: its true people, whose ids are their
 * first names in the truth.
 */
const casesOf = ({ people = [] }: Pick<OtherTruth, "people">) => ({
  people: people.map(({ names }) => ({
    id: names[0]!,
    names: names.map((value) => ({ value })),
  })),
});

export function readingOf(
  text: string,
  truth: Pick<OtherTruth, "people">,
): Reading {
  return {
    ...draftFrom(text, profile),
    sentences: sentencesOf(text, casesOf(truth), profile),
  };
}

/**
 * The outcome for each sentence about a status, and the offers that aren't
 * true.
 */
export function scoreSentences(
  { statuses = [], offers = [] }: Pick<OtherTruth, "statuses" | "offers">,
  sentences: Reading["sentences"],
): Finding[] {
  const found = sentences.flatMap(({ sentence, offers: offered }) =>
    offered.map(({ person, field, value }) => ({
      offer: `${person}: ${field} ${value}`,
      sentence,
    })),
  );
  const isOffered = (offer: string) => found.some((one) => one.offer === offer);
  return [
    ...found
      .filter(({ offer }) => !offers.includes(offer))
      .map(
        ({ offer, sentence }): Finding => ({
          field: "offers",
          outcome: "wrong",
          detail: `${offer} (${sentence})`,
        }),
      ),
    ...offers.map(
      (offer): Finding => ({
        field: "offers",
        outcome: isOffered(offer) ? "right" : "empty",
      }),
    ),
    ...statuses.map(({ words }): Finding => {
      const isListed = sentences.some(
        ({ sentence, statusWords }) =>
          statusWords.length > 0 &&
          lettersOf(sentence).includes(lettersOf(words)),
      );
      return { field: "sentences", outcome: isListed ? "right" : "empty" };
    }),
  ];
}

export type Outcome = "right" | "empty" | "wrong";
interface Finding {
  field: string;
  outcome: Outcome;
  /** The value read and the value expected, for a wrong field. */
  detail?: string;
}

/**
 * White space, ligatures and case aside. Names in capitals may be recased, but
 * no letter may change.
 */
const plain = (text: string) =>
  text.normalize("NFKC").replace(/\s+/g, " ").trim().toUpperCase();
const squeezed = (text: string) => plain(text).replace(/ /g, "");
/** Letters and digits only. */
export const lettersOf = (text: string) =>
  plain(text).replace(/[^\p{L}\p{N}]/gu, "");
const listed = <T>(value: Several<T>): T[] =>
  Array.isArray(value) ? value : [value];

/**
 * Compares one reading with the truth. Fields that the document doesn't state
 * count only when something was read.
 */
export function score(truth: Truth, reading: Reading | null): Finding[] {
  const findings: Finding[] = [];
  const add = (
    field: string,
    outcome: Outcome,
    read?: unknown,
    expected?: unknown,
  ) =>
    findings.push({
      field,
      outcome,
      ...(outcome === "wrong"
        ? {
            detail: `${JSON.stringify(read)} instead of ${JSON.stringify(expected)}`,
          }
        : {}),
    });
  const empty = (field: string) => add(field, "empty");
  const compare = <T>(
    field: string,
    expected: Several<T> | null | undefined,
    read: unknown,
  ) => {
    if (expected === null || expected === undefined) {
      if (read !== undefined) add(field, "wrong", read, null);
    } else if (read === undefined) {
      add(field, expected === "?" ? "right" : "empty");
    } else if (
      listed(expected).some((one) => plain(String(one)) === plain(String(read)))
    )
      add(field, "right");
    else add(field, "wrong", read, expected);
  };

  const { case: fieldsRead = {}, sentences = [] } = reading ?? {};
  const own = fieldsRead.documents?.[0] ?? {};
  const { number, places = [], people = [], action = {} } = fieldsRead;

  compare(
    "number",
    truth.number,
    number &&
      `${number.series} ${number.number}/${String(number.year).slice(-2)}`,
  );
  const [place] = places;
  const country = place && Object.values<string>(place.name)[0];
  if (places.length > 1 || (place?.iso3166 && place.iso3166 !== truth.iso))
    add("country", "wrong", places, truth.country);
  else compare("country", truth.country, country);
  compare("index", truth.index, own.reference);
  compare("kind", truth.kind, own.kind);
  compare("sequence", truth.sequence, own.sequence);
  compare("issuedOn", truth.issuedOn, own.issuedOn?.date);
  compare("asOf", truth.asOf, fieldsRead.asOf?.date);
  compare("language", truth.language, fieldsRead.language);
  compare("issuer", truth.issuer, fieldsRead.issuer);
  compare("deadline", truth.deadline, action.until);
  compare("action", truth.action, action.state);

  const seen = new Set<unknown>();
  for (const person of people) {
    const values: string[] = (person.names ?? []).map(
      (name: { value: string }) => name.value,
    );
    const match = truth.people.find(({ names }) =>
      names.some((name) => plain(name) === plain(values[0] ?? "")),
    );
    if (
      !match ||
      seen.has(match) ||
      values.some((value) => !match.names.map(plain).includes(plain(value)))
    ) {
      add("people", "wrong", values, match?.names ?? null);
      continue;
    }
    seen.add(match);
    if (!match.optional) {
      add("people", "right");
      compare("pronouns", match.pronouns, person.pronouns);
    }
    for (const status of [
      "custody",
      "proceedings",
      "sentence",
      "designation",
      "designations",
      "charges",
    ])
      if (person[status] !== undefined)
        add("statuses", "wrong", person[status], null);
  }
  for (const person of truth.people) {
    if (seen.has(person) || person.optional) continue;
    empty("people");
    if (person.pronouns) empty("pronouns");
  }

  for (const target of action.targets ?? []) {
    const name = squeezed(target.name);
    const parts = [target.name, ...(target.address ?? "").split("\n")]
      .map(squeezed)
      .filter((part) => part !== "");
    const match = truth.addressees.find(({ lines }) => {
      const pieces = lines
        .flatMap((line) => [line, ...line.split(/, /)])
        .map(squeezed);
      return (
        pieces.includes(name) ||
        squeezed(`${lines[0]}, ${lines[1]}`) === name ||
        squeezed(`${lines[0]}${lines[1]}`) === name
      );
    });
    if (!match || seen.has(match)) {
      add("addressees", "wrong", target, match?.lines ?? null);
      continue;
    }
    seen.add(match);
    if (match.optional) continue;
    add("addressees", "right");
    const whole = squeezed(match.lines.join(""));
    if (parts.some((part) => !whole.includes(part.replace(/,$/, ""))))
      add("addresses", "wrong", target, match.lines);
    // An address without one of its lines is not read.
    else if (lettersOf(parts.join("")).length >= lettersOf(whole).length)
      add("addresses", "right");
    else empty("addresses");
    compare("salutations", match.salutation, target.salutation);
    if (match.emails || target.email)
      compare("emails", match.emails, target.email);
  }
  for (const addressee of truth.addressees) {
    if (seen.has(addressee) || addressee.optional) continue;
    for (const field of ["addressees", "addresses"] as const) empty(field);
    if (addressee.salutation) empty("salutations");
    if (addressee.emails) empty("emails");
  }
  findings.push(...scoreSentences(truth, sentences));
  return findings;
}

/**
 * By field. `recall` is the share of the values that the documents state which
 * were read rightly.
 */
export type Table = Record<string, Record<Outcome | "recall", number>>;

export function tableOf(findings: Finding[]): Table {
  const table: Table = {};
  for (const { field, outcome } of findings) {
    table[field] ??= { right: 0, empty: 0, wrong: 0, recall: 0 };
    const row = table[field];
    row[outcome]++;
    row.recall = row.right / (row.right + row.empty + row.wrong);
  }
  return table;
}
