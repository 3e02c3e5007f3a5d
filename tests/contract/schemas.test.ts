/** The published contract, checked by independent validators: JSON Schema by Ajv, OpenAPI by its meta-schema. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { afterAll, beforeAll, expect, it } from "vitest";
import { paths } from "../../shared/addresses.ts";
import { startWorker, type TestWorker } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { root } from "../root.ts";

let worker: TestWorker;
const get = async (path: string) => (await fetch(worker.url + path)).json() as Promise<any>;

beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.close());

it("The published JSON Schema accepts the real case and refuses what the Worker refuses", async () => {
  const ajv = new Ajv2020({ strict: false, code: { optimize: false } });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  const validate = ajv.compile(await get(paths.caseSchema));
  for (const name of ["ua-126-19", "ua-0-00"]) {
    const fields = JSON.parse(await readFile(join(root, `worker/tools/local/cases/${name}.json`), "utf8"));
    expect(validate(fields), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...fields, nickname: "x" })).toBe(false);
    expect(validate({ ...fields, asOf: { date: 2020 } })).toBe(false);
    expect(
      validate({
        ...fields,
        people: [{ ...fields.people[0], custody: { ...fields.people[0].custody, value: "free" } }],
      }),
    ).toBe(false);
  }
});

/** Returns fields of a response that its schema doesn't declare. */
function undocumented(root: any, schema: any, value: any, at = ""): string[] {
  if (schema.$ref) return undocumented(root, root.components.schemas[schema.$ref.split("/").at(-1)], value, at);
  if (schema.items && Array.isArray(value))
    return value.flatMap((item, index) => undocumented(root, schema.items, item, `${at}/${index}`));
  if (!schema.properties || typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    schema.properties[key] ? undocumented(root, schema.properties[key], inner, `${at}/${key}`) : [`${at}/${key}`],
  );
}

it("The OpenAPI document is valid, and states the statuses and fields of every read", async () => {
  const document = await get(paths.openapi);
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(valid, JSON.stringify(errors)).toBe(true);
  expect(document.openapi).toMatch(/^3\.1\./);
  const ajv = new Ajv2020({ strict: false, code: { optimize: false } });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema(document, "api");
  const addresses = Object.values(paths).flatMap((route) => (typeof route === "string" ? [route] : []));
  const described = addresses.filter((route) => /^\/v1\/(?!openapi|schemas)/.test(route));
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(described));
  await worker.untilLive(await worker.publish(inventedCase(5)));
  for (const [path, methods] of Object.entries<any>(document.paths)) {
    if (!methods.get) continue;
    const { responses } = methods.get;
    for (const id of ["ua-9-99", "ua-5-00"]) {
      const address = path.replace("{id}", id).replace("{number}", "1");
      const query = methods.get.parameters?.some(({ name }: { name: string }) => name === "lang") ? "?lang=uk" : "";
      const answer = path.startsWith("/v1/desk/")
        ? await worker.asEditor(address)
        : await fetch(worker.url + address + query, { redirect: "manual" });
      // A redirect has no body.
      if (answer.status === 301) continue;
      const [media = ""] = answer.headers.get("Content-Type")?.split(";") ?? [];
      const schema = responses[answer.status]?.content[media]?.schema;
      expect(schema, `${address}: ${answer.status} ${media}`).toBeDefined();
      if (!/[/+]json$/.test(media)) continue;
      const body = await answer.json();
      const pointer = [path, "get", "responses", answer.status, "content", media, "schema"]
        .map((key) => String(key).replaceAll("/", "~1"))
        .map(encodeURIComponent);
      const validate = ajv.compile({ $ref: `api#/paths/${pointer.join("/")}` });
      expect(validate(body), `${address}: ${JSON.stringify(validate.errors)}`).toBe(true);
      if (answer.status === 200) expect(undocumented(document, schema, body), address).toEqual([]);
      if (answer.headers.has("ETag") && !path.startsWith("/v1/desk/")) expect(responses, address).toHaveProperty("304");
    }
  }
});
