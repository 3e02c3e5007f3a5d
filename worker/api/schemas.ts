/** The OpenAPI document and the JSON Schema of a case, built from the contract (worker/contract/openapi.ts). The workshop has both. */
import { type CodeList, codesOf } from "../../shared/profile/codes.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { askWorkshop } from "../bindings.ts";
import { PUBLIC_URL_PLACEHOLDER } from "../contract/placeholder.ts";
import { profileOf } from "../profiles/profiles.ts";
import { etagOf, notModified } from "../reads/freshness.ts";
import type { Handler, Handlers } from "./router.ts";

const document =
  (
    name: "openapi" | "caseSchema",
    type: string,
    finished: (text: string, profile: Profile) => string,
  ): Handler<"openapi"> =>
  async (c) => {
    const { text, hash } = await askWorkshop(c.env, (workshop) => workshop.apiDocument(name));
    const etag = etagOf(c.env, hash);
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    const body = finished(text, profileOf(c.env)).replaceAll(PUBLIC_URL_PLACEHOLDER, c.env.PUBLIC_URL);
    return c.body(body, 200, { "Content-Type": type, ETag: etag });
  };

/** A part of a JSON Schema. */
interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  enum?: string[];
  not?: object;
}

/** Fields that hold a code of the profile: the name of the object or list, and of its member. */
const codeFields: [parent: string, member: string, list: CodeList][] = [
  ["number", "series", "series"],
  ["designations", "value", "designations"],
  ["custody", "value", "custody"],
  ["proceedings", "value", "proceedings"],
  ["documents", "kind", "documents"],
];

/** Adds the codes that the deployment accepts. The schema in the code knows no newsroom. */
function addCodes(node: Node, profile: Profile): void {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const entry = child.items ?? child;
    for (const [parent, member, list] of codeFields) {
      const field = parent === name ? entry.properties?.[member] : undefined;
      const codes = codesOf(list, profile);
      // A schema can't have an empty enum.
      if (field) Object.assign(field, codes.length > 0 ? { enum: codes } : { not: {} });
    }
    addCodes(entry, profile);
  }
}

function withCodes(text: string, profile: Profile): string {
  const schema = JSON.parse(text) as Node;
  addCodes(schema, profile);
  return JSON.stringify(schema);
}

export const schemaHandlers = {
  openapi: document("openapi", "application/json; charset=utf-8", (text) => text),
  caseSchema: document("caseSchema", "application/schema+json; charset=utf-8", withCodes),
} satisfies Partial<Handlers>;
