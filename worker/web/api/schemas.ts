/** The OpenAPI document and the JSON Schema of a case, built from the contract (worker/editing/contract/openapi.ts). The workshop has both. */
import type { Context } from "hono";
import { codeListOf, codesOf } from "../../../shared/profile/codes.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { PUBLIC_URL_PLACEHOLDER } from "../../editing/contract/placeholder.ts";
import { etagOf, notModified, type Public } from "../../reads/freshness.ts";
import { askWorkshop } from "../../runtime/bindings.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import type { Handlers } from "./router.ts";

type DocumentName = "openapi" | "caseSchema";

/** A bound on how long an isolate answers by the hash that it knows: the workshop may be deployed apart. */
const HASH_KEPT_MS = 60_000;

const hashes = new Map<DocumentName, { hash: string; until: number }>();

/**
 * Answers with a document, or what is made of it. A document is long, so it is asked for only when its hash doesn't suffice.
 * @param body from the document's text; null if it needs one and has none
 */
export async function sendDocument(
  c: Context<Public>,
  name: DocumentName,
  {
    surface = [],
    headers,
    body,
  }: {
    /** What the ETag says besides the hash. */
    surface?: string[];
    headers: Record<string, string>;
    body(etag: string, text: string | null): string | null;
  },
): Promise<Response> {
  const answer = (hash: string, text: string | null) => {
    const etag = etagOf(c.env, ...surface, hash);
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    const made = body(etag, text);
    return made === null ? null : c.body(made, 200, { ...headers, ETag: etag });
  };
  const known = hashes.get(name);
  const early = known && Date.now() < known.until ? answer(known.hash, null) : null;
  if (early) return early;
  const { text, hash } = await askWorkshop(c.env, (workshop) => workshop.apiDocument(name));
  hashes.set(name, { hash, until: Date.now() + HASH_KEPT_MS });
  return answer(hash, text.replaceAll(PUBLIC_URL_PLACEHOLDER, c.env.PUBLIC_URL)) as Response;
}

/** A part of a JSON Schema. */
interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  enum?: string[];
  not?: object;
}

/** Adds the codes that the deployment accepts. The schema in the code knows no newsroom. */
function addCodes(node: Node, profile: Profile): void {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const entry = child.items ?? child;
    for (const [member, field] of Object.entries(entry.properties ?? {})) {
      const list = codeListOf(name, member);
      const codes = list ? codesOf(list, profile) : [];
      // A schema can't have an empty enum.
      if (list) Object.assign(field, codes.length > 0 ? { enum: codes } : { not: {} });
    }
    addCodes(entry, profile);
  }
}

function withCodes(text: string, profile: Profile): string {
  const schema = JSON.parse(text) as Node;
  addCodes(schema, profile);
  return JSON.stringify(schema);
}

const headersOf = (type: string) => ({ "Content-Type": `${type}; charset=utf-8` });

export const schemaHandlers = {
  openapi: (c) => sendDocument(c, "openapi", { headers: headersOf("application/json"), body: (_, text) => text }),
  caseSchema: (c) =>
    sendDocument(c, "caseSchema", {
      headers: headersOf("application/schema+json"),
      body: (_, text) => text && withCodes(text, profileOf(c.env)),
    }),
} satisfies Partial<Handlers>;
