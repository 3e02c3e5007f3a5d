/** Test documents, and what the importer returns for a text. */

import { readFileSync } from "node:fs";
import { draftFrom } from "../../../worker/editing/importer/importer.ts";
import { profile } from "../../profile.ts";
import { valueAt } from "../../shared/facts.ts";

const documents = new URL("../../documents/", import.meta.url);
export const read = (name: string) => readFileSync(new URL(name, documents), "utf8");

export function draft(text: string) {
  const result = draftFrom(text, profile);
  if ("refused" in result) throw new Error(JSON.stringify(result.refused));
  const tags = result.draft.warnings.map(({ tag }) => tag);
  return { ...result.draft, tags, at: (pointer: string) => valueAt(result.draft.case, pointer) as any };
}
