/** Endpoints that change cases: publish, undo, withdraw. */
import { addresses } from "../../../shared/addresses.ts";
import { changedIdIssues } from "../../../shared/case/same-person.ts";
import { Refusal } from "../../../shared/failure.ts";
import { refusalOfAlike, twoPeopleKey } from "../../editing/rules/people.ts";
import { dateIssues, momentIssues, profileIssues } from "../../editing/rules/publication.ts";
import { mayPublish } from "../../editing/rules/roles.ts";
import { ledgerFor } from "../../runtime/bindings.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { reviewOf } from "../../runtime/settings.ts";
import { mayNotPublish } from "./auth.ts";
import { unwrap } from "./request.ts";
import type { Handler, Handlers } from "./router.ts";

const publish: Handler<"publish"> = async (c, { params: { id }, query, body, basedOn }) => {
  const { case: fields, note = {}, kind, liveAt, notify, redacts, twoPeople = [] } = body;
  const issues = [
    ...profileIssues(fields, profileOf(c.env)),
    ...dateIssues(fields, Date.now()),
    ...momentIssues(liveAt, Date.now()),
  ];
  if (fields.id !== id) issues.push({ pointer: "/case/id", message: `must be ${id}, as in the address` });
  const ledger = ledgerFor(c.env);
  const base = basedOn > 0 ? await ledger.desk.caseAt(id, basedOn) : null;
  if (base && kind !== "redaction") issues.push(...changedIdIssues(base, fields));
  if (issues.length > 0) throw new Refusal({ tag: "invalid-case", issues });
  const alike = refusalOfAlike(fields.people, twoPeople, base?.people ?? []);
  if (alike) throw new Refusal(alike);
  const { replace, draft, version = null } = query;
  const command = {
    id,
    case: fields,
    note,
    notify,
    editor: c.get("editor"),
    basedOn,
    resolved: twoPeople.map(twoPeopleKey),
    ...(liveAt === undefined ? {} : { liveAt: Date.parse(liveAt) }),
    ...(replace === undefined ? {} : { replace }),
    ...(draft === undefined ? {} : { draft: { id: draft, version } }),
  };
  const identity = c.get("identity");
  const publishes = mayPublish(identity);
  if (kind === "redaction" && !publishes) throw mayNotPublish(identity);
  if (kind !== "redaction" && (!publishes || reviewOf(c.env) === "two")) {
    const proposed = unwrap(await ledger.review.propose({ ...command, kind }));
    return c.json(proposed, 202, { Location: addresses.deskProposal(proposed.proposal) });
  }
  const published = unwrap(
    await (kind === "redaction"
      ? ledger.review.redact({ ...command, kind, ...(redacts ? { redacts } : {}) })
      : ledger.publish({ ...command, kind })),
  );
  return c.json(published, 201, { ETag: `"${published.revision}"`, Location: addresses.deskCase(id) });
};

export const editingHandlers = {
  publish,
  async undo(c, { params: { id, number } }) {
    const undone = unwrap(await ledgerFor(c.env).undo(id, number, c.get("editor")));
    return c.json({ undone: number, ...undone });
  },
  async withdraw(c, { params: { id }, query: { reason }, basedOn }) {
    const command = { id, reason, editor: c.get("editor"), basedOn };
    const done = unwrap(await ledgerFor(c.env).review.withdraw(command, reviewOf(c.env) === "two"));
    if ("proposal" in done) return c.json(done, 202, { Location: addresses.deskProposal(done.proposal) });
    return c.json({ cancelled: done.cancelled, ...done.published });
  },
} satisfies Partial<Handlers>;
