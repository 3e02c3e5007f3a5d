/** The columns of the list of cases as CSV, and their description for `/v1/datapackage.json`. */
import { paths } from "../../../shared/addresses.ts";
import { actionStates } from "../../../shared/case/schema.ts";
import { codesOf } from "../../../shared/profile/codes.ts";
import { caseNumberIn } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { revisionKinds } from "../../../shared/revision.ts";
import type { PublicSummary } from "../../../shared/view/summary.ts";

interface Row {
  summary: PublicSummary;
  placeCodes: string[];
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
  /** The values that a cell can have. */
  values?: (profile: Profile) => readonly string[];
  /** True for a cell that is never empty. */
  isRequired?: true;
  cell(row: Row): string | number | boolean | undefined;
}

/** Between the entries of a cell with several. */
const SEPARATOR = "|";
const list = (entries: readonly string[] = []) => entries.join(SEPARATOR);
const SEVERAL = `Several are separated by "${SEPARATOR}".`;

const column = (
  name: string,
  description: string,
  cell: Column["cell"],
  more: Partial<Pick<Column, "type" | "values" | "isRequired">> = {},
): Column => ({ name, type: "string", description, cell, ...more });

const columns: Column[] = [
  column("id", "The id of the case in addresses", ({ summary }) => summary.id, { isRequired: true }),
  column("number", "The case number as it is printed", ({ summary }) => summary.number, { isRequired: true }),
  column(
    "series",
    "The code of the series that the number belongs to",
    ({ summary, profile }) => caseNumberIn(summary.id, profile)?.series,
    { values: (profile) => codesOf("series", profile) },
  ),
  column("url", "The page of the case", ({ url }) => url, { isRequired: true }),
  column("demo", "True for an invented case", ({ summary }) => summary.demo, { type: "boolean", isRequired: true }),
  column("issuer", "The author of the case", ({ summary }) => summary.issuer),
  column("title", "The title in the language of the request's `lang`, else in the case's own", ({ title }) => title, {
    isRequired: true,
  }),
  column("title_language", "The language of the title, BCP 47", ({ titleLanguage }) => titleLanguage, {
    isRequired: true,
  }),
  column(
    "action",
    "The state of the appeal. An active one may have passed its deadline",
    ({ summary }) => summary.action,
    { values: () => actionStates, isRequired: true },
  ),
  column("deadline", "The last day of the appeal", ({ summary }) => summary.deadline, { type: "date" }),
  column("as_of", "The day as of which the facts are stated, in EDTF (ISO 8601-2)", ({ summary }) => summary.asOf, {
    isRequired: true,
  }),
  column(
    "places",
    `ISO 3166 codes of the places, with each place's country: what the filter \`place\` looks for. ${SEVERAL}`,
    ({ placeCodes }) => list([...new Set(placeCodes)]),
  ),
  column("authorities", `ISO 3166 codes of the responsible authorities. ${SEVERAL}`, ({ summary }) =>
    list(summary.authorities),
  ),
  column("people", `The preferred names of the people. ${SEVERAL}`, ({ summary }) => list(summary.people)),
  column(
    "custody",
    `The states of custody of the people, each once, as of the day in as_of or of the record. ${SEVERAL}`,
    ({ summary }) => list(summary.custody),
  ),
  column("revision", "The number of the newest revision", ({ summary }) => summary.revision.number, {
    type: "integer",
    isRequired: true,
  }),
  column("kind", "The kind of the newest revision", ({ summary }) => summary.revision.kind, {
    values: () => revisionKinds,
    isRequired: true,
  }),
  column("live_at", "When the newest revision went live, in UTC", ({ summary }) => summary.revision.liveAt, {
    type: "datetime",
    isRequired: true,
  }),
  column(
    "correction",
    "The number of the newest earlier correction, for two weeks; the newest revision's own kind is in kind",
    ({ summary }) => summary.correction?.number,
    { type: "integer" },
  ),
  column("correction_live_at", "When that correction went live, in UTC", ({ summary }) => summary.correction?.liveAt, {
    type: "datetime",
  }),
];

/** RFC 4180. */
const quoted = (cell: ReturnType<Column["cell"]> = "") => {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const csvOf = (rows: Row[]): string =>
  [columns.map(({ name }) => name), ...rows.map((row) => columns.map(({ cell }) => quoted(cell(row))))]
    .map((cells) => `${cells.join(",")}\r\n`)
    .join("");

/** A Frictionless Data Package with one resource. Pages after the first are in the answer's `Link` header. */
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
      dialect: { delimiter: ",", lineTerminator: "\r\n", quoteChar: '"', doubleQuote: true, header: true },
      schema: {
        fields: columns.map(({ name, type, description, values, isRequired }) => ({
          name,
          type,
          description,
          constraints: {
            ...(isRequired ? { required: true } : {}),
            ...(values && values(profile).length > 0 ? { enum: values(profile) } : {}),
          },
        })),
        primaryKey: "id",
        missingValues: [""],
      },
    },
  ],
});
