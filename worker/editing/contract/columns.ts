/**
 * The columns of the list of cases as CSV, and their description for
 * `/v1/datapackage.json`.
 */
import { paths } from "../../../shared/addresses.ts";
import { actionStates } from "../../../shared/case/schema.ts";
import { codesOf } from "../../../shared/profile/codes.ts";
import { caseNumberIn } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { revisionKinds } from "../../../shared/revision.ts";
import type { PublicSummary } from "../../../shared/view/summary.ts";

interface Row {
  summary: PublicSummary;
  url: string;
  title: string;
  titleLanguage: string;
  profile: Profile;
}

interface Column {
  name: string;
  /** A type of Frictionless Table Schema. */
  type: "string" | "integer" | "boolean" | "date" | "datetime";
  description: string;
  /**
   * The values that a cell can have, or the profile's list of them; none for
   * any.
   */
  values: readonly string[] | "series";
  isRequired: boolean;
  cell: (
    summary: PublicSummary,
    row: Row,
  ) => string | number | boolean | undefined;
}

/** Between the entries of a cell with several. */
const SEPARATOR = "|";
const list = (entries: readonly string[] = []) => entries.join(SEPARATOR);
const SEVERAL = `Several are separated by "${SEPARATOR}".`;

const column =
  (isRequired: boolean) =>
  (
    name: string,
    description: string,
    cell: Column["cell"],
    type: Column["type"] = "string",
    values: Column["values"] = [],
  ): Column => ({ name, type, description, cell, values, isRequired });
/** For cells that are never empty. */
const always = column(true);
const ifAny = column(false);

const TITLE =
  "The title in the language of the request's `lang`, else in the case's own";
const SERIES = "The code of the series that the number belongs to";
const APPEAL =
  "The state of the appeal. An active one may have passed its deadline";
const STATES =
  "The states of custody of the people, each once, as of the day in as_of or of the record.";
const PLACES =
  "ISO 3166 codes of the places, with each place's country: what the filter `place` looks for.";
const EARLIER =
  "The number of the newest earlier correction, for two weeks; the newest revision's own kind is in kind";

const columns: Column[] = [
  always("id", "The id of the case in addresses", ({ id }) => id),
  always("number", "The case number as it is printed", ({ number }) => number),
  ifAny(
    "series",
    SERIES,
    ({ id }, { profile }) => caseNumberIn(id, profile)?.series,
    "string",
    "series",
  ),
  always("url", "The page of the case", (_, { url }) => url),
  always("demo", "True for an invented case", ({ demo }) => demo, "boolean"),
  ifAny("issuer", "The author of the case", ({ issuer }) => issuer),
  always("title", TITLE, (_, { title }) => title),
  always(
    "title_language",
    "The language of the title, BCP 47",
    (_, { titleLanguage }) => titleLanguage,
  ),
  always("action", APPEAL, ({ action }) => action, "string", actionStates),
  ifAny(
    "deadline",
    "The last day of the appeal",
    ({ deadline }) => deadline,
    "date",
  ),
  always(
    "as_of",
    "The day as of which the facts are stated, in EDTF (ISO 8601-2)",
    ({ asOf }) => asOf,
  ),
  ifAny("places", `${PLACES} ${SEVERAL}`, ({ places }) => list(places)),
  ifAny(
    "authorities",
    `ISO 3166 codes of the responsible authorities. ${SEVERAL}`,
    (one) => list(one.authorities),
  ),
  ifAny(
    "people",
    `The preferred names of the people. ${SEVERAL}`,
    ({ people }) => list(people),
  ),
  ifAny("custody", `${STATES} ${SEVERAL}`, ({ custody }) => list(custody)),
  always(
    "revision",
    "The number of the newest revision",
    ({ revision }) => revision.number,
    "integer",
  ),
  always(
    "kind",
    "The kind of the newest revision",
    ({ revision }) => revision.kind,
    "string",
    revisionKinds,
  ),
  always(
    "live_at",
    "When the newest revision went live, in UTC",
    ({ revision }) => revision.liveAt,
    "datetime",
  ),
  ifAny(
    "correction",
    EARLIER,
    ({ correction }) => correction?.number,
    "integer",
  ),
  ifAny(
    "correction_live_at",
    "When that correction went live, in UTC",
    (one) => one.correction?.liveAt,
    "datetime",
  ),
];

/** RFC 4180. */
const quoted = (cell: ReturnType<Column["cell"]> = "") => {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const csvOf = (rows: Row[]): string =>
  [
    columns.map(({ name }) => name),
    ...rows.map((row) =>
      columns.map(({ cell }) => quoted(cell(row.summary, row))),
    ),
  ]
    .map((cells) => `${cells.join(",")}\r\n`)
    .join("");

/**
 * A Frictionless Data Package with one resource. Pages after the first are in
 * the answer's `Link` header.
 */
export const dataPackageOf = (profile: Profile, publicUrl: string) => ({
  profile: "tabular-data-package",
  name: "cases",
  title: profile.newsroom.name,
  homepage: publicUrl,
  resources: [
    {
      profile: "tabular-data-resource",
      name: "cases",
      path: `${publicUrl}${paths.casesCsv}`,
      description:
        "A page of the list of cases, newest change first. The Link header has the address of the next page.",
      format: "csv",
      mediatype: "text/csv",
      encoding: "utf-8",
      dialect: {
        delimiter: ",",
        lineTerminator: "\r\n",
        quoteChar: '"',
        doubleQuote: true,
        header: true,
      },
      schema: {
        fields: columns.map(
          ({ name, type, description, values, isRequired }) => ({
            name,
            type,
            description,
            constraints: {
              ...(isRequired ? { required: true } : {}),
              ...(values.length > 0
                ? {
                    enum:
                      values === "series" ? codesOf(values, profile) : values,
                  }
                : {}),
            },
          }),
        ),
        primaryKey: "id",
        missingValues: [""],
      },
    },
  ],
});
