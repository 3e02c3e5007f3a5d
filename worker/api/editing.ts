/** Endpoints that change cases: publish, undo, withdraw. */
import { addresses } from "../../shared/addresses.ts";
import { changedIdIssues } from "../../shared/case/same-person.ts";
import type { Case } from "../../shared/case/schema.ts";
import { Refusal } from "../../shared/failure.ts";
import { ledgerFor } from "../bindings.ts";
import { futureDateIssues, momentIssues, profileIssues } from "../editorial/publication.ts";
import { profileOf } from "../profiles/profiles.ts";
import { reviewOf } from "../settings.ts";
import { unwrap } from "./request.ts";
import type { Handler, Handlers } from "./router.ts";

const publish: Handler<"publish"> = async (c, { params: { id }, query, body, basedOn }) => {
  const { case: fields, note, kind, liveAt, notify } = body;
  const issues = [
    ...profileIssues(fields, profileOf(c.env)),
    ...futureDateIssues(fields, Date.now()),
    ...momentIssues(liveAt, Date.now()),
  ];
  if (fields.id !== id) issues.push({ pointer: "/case/id", message: `must be ${id}, as in the address` });
  const previous = basedOn > 0 && kind !== "redaction" ? (await ledgerFor(c.env).readDesk(id, false))?.case : null;
  if (previous) issues.push(...changedIdIssues(previous as Case, fields));
  if (issues.length > 0) throw new Refusal({ tag: "invalid-case", issues });
  const { replace, draft, version = null } = query;
  const command = {
    id,
    case: fields,
    note,
    notify,
    editor: c.get("editor"),
    basedOn,
    ...(liveAt === undefined ? {} : { liveAt: Date.parse(liveAt) }),
    ...(replace === undefined ? {} : { replace }),
    ...(draft === undefined ? {} : { draft: { id: draft, version } }),
  };
  const ledger = ledgerFor(c.env);
  const two = reviewOf(c.env) === "two";
  if (two && kind !== "redaction") {
    const proposed = unwrap(await ledger.propose({ ...command, kind }));
    return c.json(proposed, 202, { Location: addresses.deskProposal(proposed.proposal) });
  }
  const whole = { ...command, kind };
  const published = unwrap(await (two ? ledger.redact(whole) : ledger.publish(whole)));
  return c.json(published, 201, { ETag: `"${published.revision}"`, Location: addresses.deskCase(id) });
};

export const editingHandlers = {
  publish,
  async undo(c, { params: { id, number } }) {
    const undone = unwrap(await ledgerFor(c.env).undo(id, number, c.get("editor")));
    return c.json({ undone: number, ...undone });
  },
  async withdraw(c, { params: { id }, query: { reason } }) {
    const { cancelled, published } = unwrap(await ledgerFor(c.env).withdraw(id, reason, c.get("editor")));
    return c.json({ cancelled, ...published });
  },
} satisfies Partial<Handlers>;
