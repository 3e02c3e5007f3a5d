/** What waits for a second editor: read, approve, reject. */
import { Hono } from "hono";
import * as v from "valibot";
import { Refusal } from "../../shared/failure.ts";
import { routes } from "../../shared/protocol.ts";
import { ledgerFor } from "../bindings.ts";
import type { Proposal } from "../editorial/desk.ts";
import { fieldIssues } from "../editorial/publication.ts";
import type { Editor } from "./auth.ts";
import { doneOrRefused, jsonBody } from "./request.ts";

const Rejection = v.strictObject({
  reason: v.optional(v.pipe(v.string(), v.maxLength(500, "must be at most 500 characters")), ""),
});

export const proposals = new Hono<Editor>();

proposals.get(routes.deskProposals, async (c) => c.json({ proposals: await ledgerFor(c.env).readProposals() }));

proposals.get("/v1/desk/proposals/:id", async (c) => {
  const id = c.req.param("id");
  // The types of calls between objects have no words for `unknown`.
  const proposal = (await ledgerFor(c.env).readProposal(id)) as Proposal | null;
  if (!proposal) throw new Refusal({ tag: "unknown-proposal", id });
  return c.json(proposal, 200, { ETag: `"${proposal.hash}"` });
});

proposals.post("/v1/desk/proposals/:id/approve", async (c) => {
  const match = c.req.header("If-Match");
  if (match === undefined) throw new Refusal({ tag: "precondition-required" });
  const hash = /^"([0-9a-f]{64})"$/.exec(match)?.[1];
  if (!hash) throw new Refusal({ tag: "malformed-precondition" });
  const published = doneOrRefused(await ledgerFor(c.env).approve(c.req.param("id"), hash, c.get("editor")));
  return c.json(published, 201, { ETag: `"${published.revision}"` });
});

/** The reason is in the body: addresses end up in logs. */
proposals.post("/v1/desk/proposals/:id/reject", async (c) => {
  const parsed = v.safeParse(Rejection, await jsonBody(c));
  if (!parsed.success) throw new Refusal({ tag: "invalid-case", issues: fieldIssues(parsed.issues) });
  const { reason } = parsed.output;
  return c.json(doneOrRefused(await ledgerFor(c.env).reject(c.req.param("id"), c.get("editor"), reason)));
});

/** Taken back by its author, or rejected without a word. */
proposals.delete("/v1/desk/proposals/:id", async (c) =>
  c.json(doneOrRefused(await ledgerFor(c.env).reject(c.req.param("id"), c.get("editor"), ""))),
);
