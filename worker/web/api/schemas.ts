/**
 * The OpenAPI document and the JSON Schema of a case, built from the contract
 * (worker/editing/contract/openapi.ts). The workshop has both.
 */
import { codeListOf, codesOf } from "../../../shared/profile/codes.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { PUBLIC_URL_PLACEHOLDER } from "../../editing/contract/placeholder.ts";
import { etagOf } from "../../reads/freshness.ts";
import { askWorkshop } from "../../runtime/bindings.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import type { Handlers } from "./router.ts";
import { sendFile } from "./send-file.ts";

/**
 * A document's text with this deployment's address in it, and the hash that
 * names its content.
 */
export async function readApiDocument(
  env: Env,
  name: "openapi" | "caseSchema",
): Promise<{ text: string; hash: string }> {
  const { text, hash } = await askWorkshop(env, (workshop) =>
    workshop.apiDocument(name),
  );
  return {
    text: text.replaceAll(PUBLIC_URL_PLACEHOLDER, env.PUBLIC_URL),
    hash,
  };
}

/** A part of a JSON Schema. */
interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  enum?: string[];
  not?: object;
}

/**
 * Adds the codes that the deployment accepts. The schema in the code knows no
 * newsroom.
 */
function addCodes(node: Node, profile: Profile): void {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const entry = child.items ?? child;
    for (const [member, field] of Object.entries(entry.properties ?? {})) {
      const list = codeListOf(name, member);
      const codes = list ? codesOf(list, profile) : [];
      // A schema can't have an empty enum.
      if (list)
        Object.assign(field, codes.length > 0 ? { enum: codes } : { not: {} });
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
  async openapi(c) {
    const { text, hash } = await readApiDocument(c.env, "openapi");
    return sendFile(c, text, {
      "Content-Type": "application/json; charset=utf-8",
      ETag: etagOf(c.env, hash),
    });
  },
  async caseSchema(c) {
    const { text, hash } = await readApiDocument(c.env, "caseSchema");
    return sendFile(c, withCodes(text, profileOf(c.env)), {
      "Content-Type": "application/schema+json; charset=utf-8",
      ETag: etagOf(c.env, hash),
    });
  },
} satisfies Partial<Handlers>;
