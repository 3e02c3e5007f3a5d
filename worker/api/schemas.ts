/** The OpenAPI document and the JSON Schema of a case, built from the contract (worker/contract/openapi.ts). */
import caseSchema from "../../dist/case-schema.txt";
import openapi from "../../dist/openapi.txt";
import { PUBLIC_URL_PLACEHOLDER } from "../contract/placeholder.ts";
import { notModified } from "../reads/freshness.ts";
import type { Handler, Handlers } from "./router.ts";

const document =
  (text: string, type: string): Handler<"openapi"> =>
  (c) => {
    const etag = `"${c.env.VERSION.id.slice(0, 8)}"`;
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    return c.body(text.replaceAll(PUBLIC_URL_PLACEHOLDER, c.env.PUBLIC_URL), 200, { "Content-Type": type, ETag: etag });
  };

export const schemaHandlers = {
  openapi: document(openapi, "application/json; charset=utf-8"),
  caseSchema: document(caseSchema, "application/schema+json; charset=utf-8"),
} satisfies Partial<Handlers>;
