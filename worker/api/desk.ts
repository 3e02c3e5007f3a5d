/** What only editors see: nothing of it stands at a public address. */
import { Hono } from "hono";
import * as v from "valibot";
import { Refusal } from "../../shared/failure.ts";
import { localeTags } from "../../shared/locale.ts";
import { routes } from "../../shared/protocol.ts";
import { ledgerFor, reviewOf } from "../bindings.ts";
import type { Me } from "../editorial/desk.ts";
import { MARGIN } from "../ledger/lease.ts";
import { type Editor, requireEditor } from "./auth.ts";
import { deskPreview } from "./desk-preview.ts";
import { proposals } from "./proposals.ts";
import { number, query } from "./request.ts";
import { savedDrafts } from "./saved-drafts.ts";

const AuditQuery = v.strictObject({
  case: v.optional(v.string()),
  limit: v.optional(number("a number from 1"), "100"),
});

export const desk = new Hono<Editor>();

desk.use("/v1/desk/*", requireEditor);
desk.route("/", deskPreview);
desk.route("/", savedDrafts);
desk.route("/", proposals);

desk.get(routes.deskMe, (c) => {
  const lease = Number(c.env.LEASE_SECONDS);
  return c.json({
    editor: c.get("editor"),
    review: reviewOf(c.env),
    lease,
    lead: lease + MARGIN / 1000,
    locales: localeTags,
  } satisfies Me);
});

desk.get(routes.deskCases, async (c) => c.json({ cases: await ledgerFor(c.env).readDeskCases() }));

desk.get("/v1/desk/cases/:id", async (c) => {
  const id = c.req.param("id");
  const record = await ledgerFor(c.env).readDesk(id);
  if (!record) throw new Refusal({ tag: "unknown-case", id });
  return c.json(record, 200, { ETag: `"${record.revision.number}"` });
});

desk.get("/v1/desk/audit", async (c) => {
  const { case: id, limit } = query(c, AuditQuery);
  return c.json({ audit: await ledgerFor(c.env).readAudit(id ?? null, Math.min(limit, 1000)) });
});
