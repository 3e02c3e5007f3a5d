/** An editor's own unfinished work, kept on the server so that it survives a crash and a change of device. */
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as v from "valibot";
import { Refusal } from "../../shared/failure.ts";
import { routes } from "../../shared/protocol.ts";
import { ledgerFor } from "../bindings.ts";
import { DeskDraft, DRAFT_LIMIT, type SavedDraft } from "../editorial/desk.ts";
import { fieldIssues } from "../editorial/publication.ts";
import type { Editor } from "./auth.ts";
import { basedOn, doneOrRefused, isUuid, jsonBody } from "./request.ts";

export const savedDrafts = new Hono<Editor>();

/** The browser chooses it, so that a save that is tried again makes no second draft. */
function idOf(c: Context<Editor, "/v1/desk/drafts/:id">): string {
  const id = c.req.param("id");
  if (!isUuid(id)) throw new Refusal({ tag: "unknown-draft", id });
  return id;
}

savedDrafts.get(routes.deskDrafts, async (c) => c.json({ drafts: await ledgerFor(c.env).readDrafts(c.get("editor")) }));

savedDrafts.get("/v1/desk/drafts/:id", async (c) => {
  const id = idOf(c);
  // The types of calls between objects have no words for `unknown`.
  const saved = (await ledgerFor(c.env).readDraft(c.get("editor"), id)) as SavedDraft | null;
  if (!saved) throw new Refusal({ tag: "unknown-draft", id });
  return c.json(saved, 200, { ETag: `"${saved.version}"` });
});

savedDrafts.put(
  "/v1/desk/drafts/:id",
  bodyLimit({
    maxSize: DRAFT_LIMIT,
    onError: () => {
      throw new Refusal({ tag: "too-large", limit: DRAFT_LIMIT });
    },
  }),
  async (c) => {
    const id = c.req.param("id");
    if (!isUuid(id))
      throw new Refusal({
        tag: "invalid-query",
        issues: [{ pointer: "/id", message: "must be a UUID in lower case, such as crypto.randomUUID() makes" }],
      });
    const based = basedOn(c);
    const parsed = v.safeParse(DeskDraft, await jsonBody(c));
    if (!parsed.success) throw new Refusal({ tag: "invalid-case", issues: fieldIssues(parsed.issues) });
    const saved = doneOrRefused(await ledgerFor(c.env).saveDraft(c.get("editor"), id, parsed.output, based));
    return c.json(saved, based === 0 ? 201 : 200, { ETag: `"${saved.version}"` });
  },
);

savedDrafts.delete("/v1/desk/drafts/:id", async (c) => {
  const id = idOf(c);
  if (!(await ledgerFor(c.env).deleteDraft(c.get("editor"), id))) throw new Refusal({ tag: "unknown-draft", id });
  return c.body(null, 204);
});
