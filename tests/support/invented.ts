/**
 * Invented cases for tests: an invented country and invented people,
 * recognizable as such.
 */
import * as v from "valibot";
import { Case } from "../../shared/case/schema.ts";
import type { Revision } from "../../shared/revision.ts";
import type { DeskDraft } from "../../worker/editing/rules/desk.ts";
import type { PublishCommand } from "../../worker/objects/ledger/command.ts";

/** Who says a status of an invented case, and where. */
export const stated = <T>(value: T, date = "2000-01-02") => ({
  value,
  asOf: { date },
  statedBy: "Invented Issuer",
  source: "first",
});

/**
 * The spellings of one name: the first is preferred, the others are variants.
 */
export const spelled = (...values: string[]) =>
  values.map((value, at) => ({
    value,
    lang: "en",
    form: at ? ("variant" as const) : ("preferred" as const),
    source: "first",
  }));

/** A person with that name. */
export const inventedPerson = (
  name: string,
  more: object = {},
): Case["people"][number] =>
  ({
    id: name.toLowerCase().replace(/[^a-z0-9]+/g, "-") || "person",
    names: spelled(name),
    pronouns: null,
    ...more,
  }) as never;

/** Somebody to write to. */
export const minister = {
  name: "Invented Minister",
  address: "1 Invented Street",
  email: "minister@example.org",
  salutation: "Dear Invented Minister",
  languages: ["en"],
};

/** @param number 0 is the demo case's. Each test takes its own number. */
export function inventedCase(
  number = 0,
  changes: Record<string, unknown> = {},
): Case {
  return v.parse(Case, {
    id: `ua-${number}-00`,
    number: { series: "UA", number, year: 2000 },
    demo: true,
    issuer: "Invented Issuer",
    language: "en",
    title: { en: `Invented case ${number}`, uk: `Вигадана справа ${number}` },
    summary: {
      en: "Invented Person One was held in Demoland, a country that does not exist.",
    },
    authorities: [],
    people: [
      {
        id: "invented-person-one",
        names: spelled("Invented Person One", "Inventid Person Wan"),
        pronouns: "they/them",
        custody: stated("pre-trial-detention"),
      },
    ],
    events: [
      {
        date: { date: "2000-01-01" },
        kind: "arrest",
        text: { en: "Invented Person One was arrested." },
        source: "first",
      },
    ],
    documents: [
      {
        id: "first",
        kind: "initial",
        sequence: 1,
        lang: "en",
        href: "https://example.org/first",
      },
    ],
    action: {
      state: "active",
      request: { en: "Write to the Ministry of Invention." },
      until: "2099-12-31",
    },
    asOf: { date: "2000-01-02" },
    rights: {
      text: { en: "Invented text, CC0." },
      quotations: { en: "None." },
      holder: "Casewire",
      href: "https://example.org/rights",
    },
    ...changes,
  });
}

/** A live revision as readers see it, without hashes. */
export const inventedRevision = (
  changes: Partial<Revision> = {},
): Revision => ({
  number: 3,
  kind: "update",
  note: { en: "A note" },
  committedAt: "2026-11-25",
  liveAt: "2026-11-25T10:00:00.000Z",
  hash: "",
  contentHash: "",
  previousHash: "",
  changes: [],
  ...changes,
});

/** A case's first revision, as its Ledger is told to publish it. */
export const publishOf = (
  fields: Case,
  changes: Partial<PublishCommand> = {},
): PublishCommand => ({
  id: fields.id,
  case: fields,
  note: { en: "note" },
  kind: "update",
  notify: "none",
  editor: "tester",
  basedOn: 0,
  ...changes,
});

/** A draft of an update as the desk saves it, without a document. */
export const draftOf = <Fields>(
  fields: Fields,
  changes: Partial<DeskDraft> = {},
) => ({
  base: null,
  case: fields,
  note: {},
  kind: "update" as const,
  notify: "none" as const,
  liveAt: null,
  source: null,
  resolved: [],
  ...changes,
});
