/** Test documents, and what the importer returns for a text. */

import { readFileSync } from "node:fs";
import { draftFrom } from "../../../worker/editing/importer/importer.ts";
import { valueAt } from "../../shared/facts.ts";
import { profile } from "../../support/profile.ts";

const documents = new URL("../../documents/", import.meta.url);
export const read = (name: string) =>
  readFileSync(new URL(name, documents), "utf8");

export function draft(text: string) {
  const read = draftFrom(text, profile);
  const tags = read.warnings.map(({ tag }) => tag);
  return {
    ...read,
    tags,
    at: (pointer: string) => valueAt(read.case, pointer) as any,
  };
}
