/** The contract in the field's own formats: JSON Schema 2020-12 and OpenAPI 3.1, generated from the schemas that check the input. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { Hono } from "hono";
import type * as v from "valibot";
import { Case } from "../../shared/case/schema.ts";
import { routes } from "../../shared/protocol.ts";
import { notifications } from "../../shared/revision.ts";
import { DeskDraft, PreviewRequest } from "../editorial/desk.ts";
import { Publish } from "../editorial/publication.ts";
import { anyOrigin, lasting, notModified, type Public } from "../reads/freshness.ts";
import { backupPaths } from "./openapi/backup-paths.ts";
import { deskPaths } from "./openapi/desk-paths.ts";
import { publicPaths } from "./openapi/public-paths.ts";
import { Problem, Revision } from "./openapi/words.ts";

// What JSON Schema cannot say (a day that exists, a source that is listed) is said by the 422 of a publish.
const generated = (schema: v.GenericSchema) => {
  const { $schema: _, ...rest } = toJsonSchema(schema as never, {
    target: "draft-2020-12",
    typeMode: "input",
    errorMode: "ignore",
  });
  return rest;
};

const openapi = (publicUrl: string) => ({
  openapi: "3.1.0",
  info: {
    title: "Casewire",
    version: "1",
    description: "The status of human-rights cases, with the source and date of every fact.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  servers: [{ url: publicUrl }],
  paths: { ...publicPaths, ...deskPaths, ...backupPaths },
  components: {
    securitySchemes: { editor: { type: "http", scheme: "bearer" } },
    schemas: {
      Case: generated(Case),
      Publish: { ...generated(Publish), description: `notify: ${notifications.join(", ")}` },
      DeskDraft: generated(DeskDraft),
      PreviewRequest: generated(PreviewRequest),
      Revision,
      Problem,
    },
  },
});

export const schemas = new Hono<Public>();

let made: { url: string; bodies: Record<string, string> } | null = null;

/** Made at the first request: nobody else should pay for it. */
function bodiesFor(publicUrl: string): Record<string, string> {
  if (made?.url !== publicUrl)
    made = {
      url: publicUrl,
      bodies: {
        [routes.openapi]: JSON.stringify(openapi(publicUrl)),
        [routes.caseSchema]: JSON.stringify({
          $schema: "https://json-schema.org/draft/2020-12/schema",
          $id: publicUrl + routes.caseSchema,
          title: "Case",
          ...generated(Case),
        }),
      },
    };
  return made.bodies;
}

for (const [path, type] of [
  [routes.openapi, "application/json; charset=utf-8"],
  [routes.caseSchema, "application/schema+json; charset=utf-8"],
] as const)
  schemas.get(path, (c) => {
    const etag = `"${c.env.VERSION.id.slice(0, 8)}"`;
    c.set("lease", lasting);
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    return c.body(bodiesFor(c.env.PUBLIC_URL)[path] ?? "", 200, { "Content-Type": type, ETag: etag, ...anyOrigin });
  });
