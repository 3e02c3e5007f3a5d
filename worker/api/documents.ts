/** Reads an uploaded document into a draft, and compares its people with those of the case. Stores nothing. */
import type { Case } from "../../shared/case/schema.ts";
import { Refusal } from "../../shared/failure.ts";
import { ledgerFor } from "../bindings.ts";
import { contract } from "../contract/contract.ts";
import { documentText } from "../importer/document-text.ts";
import { failureOf } from "../importer/gate.ts";
import { draftFrom } from "../importer/importer.ts";
import { peopleQuestions } from "../importer/into-case.ts";
import { profileOf } from "../profiles/profiles.ts";
import type { Handlers } from "./router.ts";

const types: string[] = contract.readDocument.body.types;

export const documentHandlers = {
  async readDocument(c) {
    const profile = profileOf(c.env);
    if (profile.imports.length === 0) throw new Refusal({ tag: "no-import" });
    const type = (c.req.header("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (!types.includes(type)) throw new Refusal({ tag: "not-a-document" });
    const text = documentText(new Uint8Array(await c.req.arrayBuffer()));
    const read = draftFrom(text, profile);
    if ("refused" in read) throw new Refusal(failureOf(read.refused));
    const { id } = read.draft.case;
    const current = id === undefined ? null : (await ledgerFor(c.env).readDesk(id))?.case;
    if (current) read.draft.warnings.push(...peopleQuestions(current as Case, read.draft.case));
    // Return the text too, because line numbers in the draft refer to it.
    return c.json({ ...read.draft, text });
  },
} satisfies Partial<Handlers>;
