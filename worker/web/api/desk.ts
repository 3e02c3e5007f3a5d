/** Endpoints of the desk: session, cases, audit log and proposals. */
import type { Context } from "hono";
import { Refusal } from "../../../shared/failure.ts";
import { plainProfile } from "../../../shared/profile/plain.ts";
import type {
  DamagedEntry,
  Proposal,
  ProposalEntry,
} from "../../editing/rules/desk.ts";
import { hasRole, mayPublish } from "../../editing/rules/roles.ts";
import type { Public } from "../../reads/freshness.ts";
import { ledgerFor } from "../../runtime/bindings.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { botSettings, leadMsOf, reviewOf } from "../../runtime/settings.ts";
import { mayNotPublish } from "./auth.ts";
import { erasing, givenBy } from "./editing.ts";
import { unwrap } from "./request.ts";
import type { Handlers } from "./router.ts";

const MAX_AUDIT_LINES = 1_000;

/**
 * Publishers decide on proposals; an author sees only their own, in the audit
 * log too.
 */
const mayReadProposals = (c: Context<Public>): boolean =>
  hasRole(c.get("identity"), "publisher");

async function proposalsFor(
  c: Context<Public>,
): Promise<{ proposals: ProposalEntry[]; damaged: DamagedEntry[] }> {
  const { proposals, damaged } = await ledgerFor(c.env).review.list();
  if (mayReadProposals(c)) return { proposals, damaged };
  const isOwn = ({ editor }: { editor: string }) => editor === c.get("editor");
  return { proposals: proposals.filter(isOwn), damaged: damaged.filter(isOwn) };
}

/**
 * @throws Refusal unless there is such a proposal, and the editor may read it
 */
async function knownProposal(
  c: Context<Public>,
  id: string,
): Promise<Proposal | "damaged"> {
  const proposal = await ledgerFor(c.env).review.read(id);
  const isHidden =
    proposal !== null &&
    !mayReadProposals(c) &&
    (proposal === "damaged" || proposal.editor !== c.get("editor"));
  if (proposal === null || isHidden)
    throw new Refusal({ tag: "unknown-proposal", id });
  return proposal;
}

/**
 * An author may only take back their own. A proposal never changes its editor,
 * so this can be checked before.
 */
async function reject(
  c: Context<Public>,
  id: string,
  reason: string,
): Promise<Response> {
  const identity = c.get("identity");
  if (!mayPublish(identity)) {
    const proposal = await knownProposal(c, id);
    if (proposal === "damaged" || proposal.editor !== identity.editor)
      throw mayNotPublish(identity);
  }
  return c.json(
    unwrap(await ledgerFor(c.env).review.reject(id, identity.editor, reason)),
  );
}

export const deskHandlers = {
  readMe(c) {
    const lead = leadMsOf(c.env) / 1000;
    const profile = profileOf(c.env);
    const newsroom = {
      locales: profile.languages,
      bot: botSettings(c.env) !== null,
      profile: plainProfile(profile),
    };
    const { editor, role, kind: signedInBy, scopes } = c.get("identity");
    return c.json({
      editor,
      role,
      signedInBy,
      scopes,
      review: reviewOf(c.env),
      lead,
      ...newsroom,
    });
  },
  async listDeskCases(c) {
    const cases = await ledgerFor(c.env).desk.cases();
    if (mayReadProposals(c)) return c.json({ cases });
    // A case that is only proposed shows its proposal's title.
    const own = new Set(
      (await proposalsFor(c)).proposals.map((proposal) => proposal.case),
    );
    return c.json({
      cases: cases.filter(({ id, newest }) => newest > 0 || own.has(id)),
    });
  },
  async readDeskCase(c, { params: { id }, query: { revision } }) {
    const record = await ledgerFor(c.env).desk.record(id, true, revision);
    if (!record && revision !== undefined)
      throw new Refusal({ tag: "unknown-revision", id, number: revision });
    if (!record) throw new Refusal({ tag: "unknown-case", id });
    if (record.case === null && (await ledgerFor(c.env).desk.isUnshowable(id)))
      throw new Refusal({
        tag: "unshowable",
        id,
        number: record.revision.number,
      });
    return c.json(record, 200, { ETag: `"${record.revision.number}"` });
  },
  async readAudit(c, { query }) {
    const limit = Math.min(query.limit, MAX_AUDIT_LINES);
    const author = mayReadProposals(c) ? null : c.get("editor");
    return c.json({
      audit: await ledgerFor(c.env).audit.newest(
        query.case ?? null,
        limit,
        author,
      ),
    });
  },

  listProposals: async (c) => c.json(await proposalsFor(c)),
  async readProposal(c, { params: { id } }) {
    const proposal = await knownProposal(c, id);
    if (proposal === "damaged")
      throw new Refusal({ tag: "damaged", row: "proposal", id });
    return c.json(proposal, 200, { ETag: `"${proposal.hash}"` });
  },
  async approveProposal(
    c,
    { params: { id }, basedOn: hash, body: { answers } },
  ) {
    const given = givenBy(c.get("identity"), answers);
    const two = reviewOf(c.env) === "two";
    const published = await erasing(c, id, async (words) =>
      unwrap(
        await ledgerFor(c.env).review.approve(
          id,
          hash,
          c.get("editor"),
          given,
          two,
          words,
        ),
      ),
    );
    return c.json(published, 201, { ETag: `"${published.revision}"` });
  },
  rejectProposal: (c, { params: { id }, body: { reason } }) =>
    reject(c, id, reason),
  takeBackProposal: (c, { params: { id } }) => reject(c, id, ""),
} satisfies Partial<Handlers>;
