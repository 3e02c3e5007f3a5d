/** Endpoints for an editor's saved drafts. */
import * as v from "valibot";
import { Refusal } from "../../../shared/failure.ts";
import { uuid } from "../../editing/contract/editing.ts";
import { ledgerFor } from "../../runtime/bindings.ts";
import { unwrap } from "./request.ts";
import type { Handlers } from "./router.ts";

function knownId(id: string): string {
  if (!v.is(uuid, id)) throw new Refusal({ tag: "unknown-draft", id });
  return id;
}

export const savedDraftHandlers = {
  listDrafts: async (c) =>
    c.json(await ledgerFor(c.env).drafts.list(c.get("editor"))),
  async readDraft(c, { params }) {
    const id = knownId(params.id);
    const saved = await ledgerFor(c.env).drafts.read(c.get("editor"), id);
    if (!saved) throw new Refusal({ tag: "unknown-draft", id });
    if (saved === "damaged")
      throw new Refusal({ tag: "damaged", row: "draft", id });
    return c.json(saved, 200, { ETag: `"${saved.version}"` });
  },
  /**
   * The client chooses the id, so that a retried save doesn't create a second
   * draft.
   */
  async saveDraft(c, { params: { id }, body, basedOn }) {
    const parsed = v.safeParse(uuid, id);
    if (!parsed.success)
      throw new Refusal({
        tag: "invalid-query",
        issues: [{ pointer: "/id", message: parsed.issues[0].message }],
      });
    // What a program answered must not wait in a draft as if its editor had.
    const draft =
      c.get("identity").kind === "token" ? { ...body, answers: [] } : body;
    const saved = unwrap(
      await ledgerFor(c.env).drafts.save(c.get("editor"), id, draft, basedOn),
    );
    return c.json(saved, basedOn === 0 ? 201 : 200, {
      ETag: `"${saved.version}"`,
    });
  },
  async deleteDraft(c, { params }) {
    const id = knownId(params.id);
    if (!(await ledgerFor(c.env).drafts.remove(c.get("editor"), id)))
      throw new Refusal({ tag: "unknown-draft", id });
    return c.body(null, 204);
  },
} satisfies Partial<Handlers>;
