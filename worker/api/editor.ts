/** What editors do to cases: publish, undo, withdraw. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as v from "valibot";
import { Refusal } from "../../shared/failure.ts";
import { routes } from "../../shared/protocol.ts";
import { withdrawalReasons } from "../../shared/revision.ts";
import { ledgerFor, reviewOf } from "../bindings.ts";
import { publicationIn } from "../editorial/publication.ts";
import { type Editor, requireEditor } from "./auth.ts";
import { basedOn, doneOrRefused, isUuid, jsonBody, number, query } from "./request.ts";

/** The largest body taken, in bytes. */
const BODY_LIMIT = 256 * 1024;

const PublishQuery = v.strictObject({
  replace: v.optional(number("the number of the pending revision to replace")),
  draft: v.optional(v.pipe(v.string(), v.check(isUuid, "must be the UUID of a saved draft"))),
  version: v.optional(number("the version of that draft")),
});
const WithdrawQuery = v.strictObject({
  reason: v.optional(v.picklist(withdrawalReasons, `must be one of ${withdrawalReasons.join(", ")}`), "unstated"),
});

export const editor = new Hono<Editor>();

editor.on(["PUT", "DELETE"], "/v1/cases/:id", requireEditor);
editor.on("DELETE", "/v1/cases/:id/revisions/:number", requireEditor);
editor.on(
  ["PUT", "POST", "DELETE"],
  "/v1/*",
  bodyLimit({
    maxSize: BODY_LIMIT,
    onError: () => {
      throw new Refusal({ tag: "too-large", limit: BODY_LIMIT });
    },
  }),
);

editor.put("/v1/cases/:id", async (c) => {
  const id = c.req.param("id");
  const { replace, draft, version = null } = query(c, PublishQuery);
  const based = basedOn(c);
  const read = publicationIn(await jsonBody(c), Date.now());
  if ("issues" in read) throw new Refusal({ tag: "invalid-case", issues: read.issues });
  const { case: fields, note, kind, liveAt, notify } = read.publication;
  if (fields.id !== id)
    throw new Refusal({
      tag: "invalid-case",
      issues: [{ pointer: "/case/id", message: `must be ${id}, as in the address` }],
    });
  const command = {
    id,
    case: fields,
    note,
    notify,
    editor: c.get("editor"),
    basedOn: based,
    ...(liveAt === undefined ? {} : { liveAt: Date.parse(liveAt) }),
    ...(replace === undefined ? {} : { replace }),
    ...(draft === undefined ? {} : { draft: { id: draft, version } }),
  };
  const ledger = ledgerFor(c.env);
  const two = reviewOf(c.env) === "two";
  if (two && kind !== "redaction") {
    const proposed = doneOrRefused(await ledger.propose({ ...command, kind }));
    return c.json(proposed, 202, { Location: routes.deskProposal(proposed.proposal) });
  }
  const whole = { ...command, kind };
  const published = doneOrRefused(await (two ? ledger.redact(whole) : ledger.publish(whole)));
  return c.json(published, 201, { ETag: `"${published.revision}"`, Location: routes.deskCase(id) });
});

editor.delete("/v1/cases/:id/revisions/:number", async (c) => {
  const { id, number } = c.req.param();
  if (!/^[1-9]\d{0,8}$/.test(number)) throw new Refusal({ tag: "unknown-revision", id, number });
  const undone = doneOrRefused(await ledgerFor(c.env).undo(id, Number(number), c.get("editor")));
  return c.json({ undone: Number(number), ...undone });
});

editor.delete("/v1/cases/:id", async (c) => {
  const { reason } = query(c, WithdrawQuery);
  const { cancelled, published } = doneOrRefused(
    await ledgerFor(c.env).withdraw(c.req.param("id"), reason, c.get("editor")),
  );
  return c.json({ cancelled, ...published });
});
