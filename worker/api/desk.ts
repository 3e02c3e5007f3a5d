/** Endpoints of the desk: session, cases, audit log and proposals. */
import { Refusal } from "../../shared/failure.ts";
import { plainProfile } from "../../shared/profile/plain.ts";
import { ledgerFor } from "../bindings.ts";
import type { Proposal } from "../editorial/desk.ts";
import { profileOf } from "../profiles/profiles.ts";
import { botSettings, leadMsOf, leaseMsOf, reviewOf } from "../settings.ts";
import { unwrap } from "./request.ts";
import type { Handlers } from "./router.ts";

const MAX_AUDIT_LINES = 1_000;

export const deskHandlers = {
  readMe(c) {
    const lease = leaseMsOf(c.env) / 1000;
    const lead = leadMsOf(c.env) / 1000;
    const profile = profileOf(c.env);
    const newsroom = { locales: profile.languages, bot: botSettings(c.env) !== null, profile: plainProfile(profile) };
    return c.json({ editor: c.get("editor"), review: reviewOf(c.env), lease, lead, ...newsroom });
  },
  listDeskCases: async (c) => c.json({ cases: await ledgerFor(c.env).readDeskCases() }),
  async readDeskCase(c, { params: { id }, query: { revision } }) {
    const record = await ledgerFor(c.env).readDesk(id, true, revision);
    if (!record && revision !== undefined) throw new Refusal({ tag: "unknown-revision", id, number: revision });
    if (!record) throw new Refusal({ tag: "unknown-case", id });
    if (record.case === null && (await ledgerFor(c.env).isUnshowable(id)))
      throw new Refusal({ tag: "unshowable", id, number: record.revision.number });
    return c.json(record, 200, { ETag: `"${record.revision.number}"` });
  },
  listOutdated: async (c, { query: { after } }) => c.json(await ledgerFor(c.env).readOutdated(after ?? null)),
  findMentions: async (c, { body: { names } }) => c.json(await ledgerFor(c.env).findMentions(c.get("editor"), names)),
  readAudit: async (c, { query }) =>
    c.json({ audit: await ledgerFor(c.env).readAudit(query.case ?? null, Math.min(query.limit, MAX_AUDIT_LINES)) }),

  listProposals: async (c) => c.json(await ledgerFor(c.env).readProposals()),
  async readProposal(c, { params: { id } }) {
    // Cloudflare's RPC types can't represent `unknown` in a result.
    const proposal = (await ledgerFor(c.env).readProposal(id)) as Proposal | "damaged" | null;
    if (!proposal) throw new Refusal({ tag: "unknown-proposal", id });
    if (proposal === "damaged") throw new Refusal({ tag: "damaged", row: "proposal", id });
    return c.json(proposal, 200, { ETag: `"${proposal.hash}"` });
  },
  async approveProposal(c, { params: { id }, basedOn: hash }) {
    const published = unwrap(await ledgerFor(c.env).approve(id, hash, c.get("editor")));
    return c.json(published, 201, { ETag: `"${published.revision}"` });
  },
  rejectProposal: async (c, { params: { id }, body: { reason } }) =>
    c.json(unwrap(await ledgerFor(c.env).reject(id, c.get("editor"), reason))),
  takeBackProposal: async (c, { params: { id } }) =>
    c.json(unwrap(await ledgerFor(c.env).reject(id, c.get("editor"), ""))),
} satisfies Partial<Handlers>;
