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

const columns: Column[] = [
  {
    name: "id",
    type: "string",
    description: "The id of the case in addresses",
    isRequired: true,
    cell: ({ summary }) => summary.id,
  },
  {
    name: "number",
    type: "string",
    description: "The case number as it is printed",
    isRequired: true,
    cell: ({ summary }) => summary.number,
  },
  {
    name: "series",
    type: "string",
    description: "The code of the series that the number belongs to",
    values: (profile) => codesOf("series", profile),
    cell: ({ summary, profile }) => caseNumberIn(summary.id, profile)?.series,
  },
  { name: "url", type: "string", description: "The page of the case", isRequired: true, cell: ({ url }) => url },
  {
    name: "demo",
    type: "boolean",
    description: "True for an invented case",
    isRequired: true,
    cell: ({ summary }) => summary.demo,
  },
  { name: "issuer", type: "string", description: "The author of the case", cell: ({ summary }) => summary.issuer },
  {
    name: "title",
    type: "string",
    description: "The title in the language of the request's `lang`, else in the case's own",
    isRequired: true,
    cell: ({ title }) => title,
  },
  {
    name: "title_language",
    type: "string",
    description: "The language of the title, BCP 47",
    isRequired: true,
    cell: ({ titleLanguage }) => titleLanguage,
  },
  {
    name: "action",
    type: "string",
    description: "The state of the appeal. An active one may have passed its deadline",
    values: () => actionStates,
    isRequired: true,
    cell: ({ summary }) => summary.action,
  },
  {
    name: "deadline",
    type: "date",
    description: "The last day of the appeal",
    cell: ({ summary }) => summary.deadline,
  },
  {
    name: "as_of",
    type: "string",
    description: "The day as of which the facts are stated, in EDTF (ISO 8601-2)",
    isRequired: true,
    cell: ({ summary }) => summary.asOf,
  },
  {
    name: "places",
    type: "string",
    description: `ISO 3166 codes of the places, with each place's country: what the filter \`place\` looks for. ${SEVERAL}`,
    cell: ({ placeCodes }) => list([...new Set(placeCodes)]),
  },
  {
    name: "authorities",
    type: "string",
    description: `ISO 3166 codes of the responsible authorities. ${SEVERAL}`,
    cell: ({ summary }) => list(summary.authorities),
  },
  {
    name: "people",
    type: "string",
    description: `The preferred names of the people. ${SEVERAL}`,
    cell: ({ summary }) => list(summary.people),
  },
  {
    name: "custody",
    type: "string",
    description: `The states of custody of the people, each once, as of the day in as_of or of the record. ${SEVERAL}`,
    cell: ({ summary }) => list(summary.custody),
  },
  {
    name: "revision",
    type: "integer",
    description: "The number of the newest revision",
    isRequired: true,
    cell: ({ summary }) => summary.revision.number,
  },
  {
    name: "kind",
    type: "string",
    description: "The kind of the newest revision",
    values: () => revisionKinds,
    isRequired: true,
    cell: ({ summary }) => summary.revision.kind,
  },
  {
    name: "live_at",
    type: "datetime",
    description: "When the newest revision went live, in UTC",
    isRequired: true,
    cell: ({ summary }) => summary.revision.liveAt,
  },
  {
    name: "correction",
    type: "integer",
    description:
      "The number of the newest earlier correction, for two weeks; the newest revision's own kind is in kind",
    cell: ({ summary }) => summary.correction?.number,
  },
  {
    name: "correction_live_at",
    type: "datetime",
    description: "When that correction went live, in UTC",
    cell: ({ summary }) => summary.correction?.liveAt,
  },
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
