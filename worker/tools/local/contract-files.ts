/** Writes the API's documents into dist/. They are generated from its route declarations. */
import { mkdir, writeFile } from "node:fs/promises";
import { caseSchemaDocument, openapiDocument } from "../../contract/openapi.ts";

const folder = new URL("../../../dist/", import.meta.url);
await mkdir(folder, { recursive: true });
await writeFile(new URL("openapi.txt", folder), JSON.stringify(openapiDocument()));
await writeFile(new URL("case-schema.txt", folder), JSON.stringify(caseSchemaDocument()));
