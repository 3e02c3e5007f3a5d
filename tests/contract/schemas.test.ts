/** The published contract, by judges that are not ours: JSON Schema by Ajv, OpenAPI by its own meta-schema. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { afterAll, beforeAll, expect, it } from "vitest";
import { routes } from "../../shared/protocol.ts";
import { root } from "../../worker/local/runtime.ts";
import { startWorker, type TestWorker } from "../harness.ts";

let worker: TestWorker;
const get = async (path: string) => (await fetch(worker.url + path)).json() as Promise<any>;

beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.close());

it("has a JSON Schema that takes the real case and refuses what the Worker refuses", async () => {
  const ajv = new Ajv2020({ strict: false });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  const validate = ajv.compile(await get(routes.caseSchema));
  for (const name of ["ua-126-19", "ua-0-00"]) {
    const fields = JSON.parse(await readFile(join(root, `shared/cases/${name}.json`), "utf8"));
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

it("has an OpenAPI document that is valid, and whose every read answers", async () => {
  const document = await get(routes.openapi);
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(valid, JSON.stringify(errors)).toBe(true);
  expect(document.openapi).toMatch(/^3\.1\./);
  for (const [path, methods] of Object.entries<any>(document.paths)) {
    if (!methods.get) continue;
    const status = (await fetch(worker.url + path.replace("{id}", "ua-9-99").replace("{number}", "1"))).status;
    expect(Object.keys(methods.get.responses)).toContain(String(status));
  }
});
