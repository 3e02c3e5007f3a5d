/**
 * What of a case stands in the list; and the list as CSV, read by a parser that
 * nobody here wrote, with its description.
 */
import { parse } from "csv-parse/browser/esm/sync";
import * as v from "valibot";
import { beforeAll, expect, it } from "vitest";
import { paths } from "../../../../shared/addresses.ts";
import { PublicSummary } from "../../../../shared/view/summary.ts";
import type { dataPackageOf } from "../../../../worker/editing/contract/columns.ts";
import { inventedCase } from "../../../support/invented.ts";
import { backdate } from "../../backdate.ts";
import { at, json, NEW, publish, sql } from "./people.ts";
import { call, origin } from "./three-cases.ts";

const CRIMEA = { name: { en: "Crimea" }, iso3166: "UA-43", source: "first" };
const TITLE = 'Invented "quoted", with a comma';
const inCrimea = inventedCase(2, {
  title: { en: TITLE },
  authorities: ["RU", "UA"],
  places: [CRIMEA],
});
const third = (date: string, kind = "update") => ({
  case: inventedCase(3, { asOf: { date } }),
  kind,
});

beforeAll(async () => {
  for (const [number, headers, more] of [
    [1, NEW, {}],
    [2, NEW, { case: inCrimea }],
    [3, NEW, {}],
    [3, at(1), third("2000-01-03", "correction")],
    [3, at(2), third("2000-01-04")],
  ] as const)
    await json(201, publish("test-token", number, headers, more));
  await sql(
    "UPDATE revisions SET summary = json_set(summary, '$.added', 'Known to the Ledger only')",
  );
  await backdate();
});

type Rows = Record<string, string>[];
const rowsOf = async (answer: Response): Promise<Rows> =>
  parse(await answer.text(), { columns: true }) as Rows;
const nextOf = (answer: Response) =>
  /<([^>]+)>; rel="next"/.exec(answer.headers.get("Link") ?? "")?.[1];

it("The list says what its declaration names, and nothing else that is stored in a summary", async () => {
  const text = await (await call("/v1/cases?lang=uk")).text();
  for (const word of [
    "Known to the Ledger only",
    "Inventid Person Wan",
    "they",
  ])
    expect(text).not.toContain(word);
  const { cases } = JSON.parse(text) as { cases: PublicSummary[] };
  expect(cases).toHaveLength(3);
  for (const entry of cases) {
    expect(v.parse(v.strictObject(PublicSummary.entries), entry)).toEqual(
      entry,
    );
    expect(entry.view?.lang).toBe("uk");
  }
});

it("The list as CSV has the columns, types and values of its Frictionless description", async () => {
  const described = (await (
    await call(paths.dataPackage)
  ).json()) as ReturnType<typeof dataPackageOf>;
  const [resource] = described.resources;
  expect(resource?.path).toBe(`${origin}/v1/cases.csv`);
  const answer = await call("/v1/cases.csv", {
    headers: { Accept: "text/csv" },
  });
  expect([answer.status, answer.headers.get("Content-Type")]).toEqual([
    200,
    "text/csv; charset=utf-8; header=present",
  ]);
  const rows = await rowsOf(answer);
  expect(rows).toHaveLength(3);
  const valid = {
    string: /^/,
    integer: /^\d+$/,
    boolean: /^(true|false)$/,
    date: /^\d{4}-\d\d-\d\d$/,
    datetime: /Z$/,
  };
  for (const row of rows) {
    expect(Object.keys(row)).toEqual(
      resource?.schema.fields.map(({ name }) => name),
    );
    for (const { name, type, constraints } of resource?.schema.fields ?? []) {
      const cell = row[name] ?? "";
      if (constraints.required) expect(cell, name).not.toBe("");
      if (cell === "") continue;
      expect(cell, name).toMatch(valid[type]);
      if (constraints.enum) expect(constraints.enum).toContain(cell);
    }
  }
  expect(rows.find(({ id }) => id === "ua-2-00")).toMatchObject({
    title: TITLE,
    places: "UA-43|UA",
    authorities: "RU|UA",
    custody: "pre-trial-detention",
    url: `${origin}/cases/ua-2-00`,
  });
});

it("The list as CSV names an earlier correction while it stands, as the JSON does", async () => {
  const { cases } = (await (await call("/v1/cases")).json()) as {
    cases: PublicSummary[];
  };
  const rows = await rowsOf(await call("/v1/cases.csv"));
  const told = cases.map(({ id, correction }) =>
    [id, correction?.number ?? "", correction?.liveAt ?? ""].join(),
  );
  expect(
    rows.map((row) => [row.id, row.correction, row.correction_live_at].join()),
  ).toEqual(told);
  expect(rows.map(({ correction }) => correction)).toEqual(["2", "", ""]);
  expect(rows.map(({ kind }) => kind)).toEqual(["update", "update", "update"]);
});

it("The list as CSV takes the filters, languages and pages of the JSON list", async () => {
  const ids = async (query: string) =>
    (await rowsOf(await call(`/v1/cases.csv?${query}`))).map(({ id }) => id);
  expect(await ids("authority=ru")).toEqual(["ua-2-00"]);
  expect(await ids("custody=released")).toEqual([]);
  expect([await ids("place=UA-43"), await ids("place=RU")]).toEqual([
    ["ua-2-00"],
    [],
  ]);
  const first = await call("/v1/cases.csv?limit=2&lang=uk");
  expect(await rowsOf(first)).toMatchObject([
    { title: "Вигадана справа 3", title_language: "uk" },
    { title: TITLE, title_language: "en" },
  ]);
  const second = await call(nextOf(first)!.slice(origin.length));
  expect((await rowsOf(second)).map(({ id }) => id)).toEqual(["ua-1-00"]);
  expect(nextOf(second)).toBeUndefined();
});
