/** The public JSON endpoints of cases. */
import type { Context } from "hono";
import { addresses } from "../../shared/addresses.ts";
import { type Failure, Refusal } from "../../shared/failure.ts";
import { negotiate } from "../../shared/locale.ts";
import type { CaseRecord } from "../../shared/revision.ts";
import { viewCase } from "../../shared/view/view.ts";
import { digest } from "../digest.ts";
import { profileOf } from "../profiles/profiles.ts";
import { etagOf, etagOfView, noteLease, type Public } from "../reads/freshness.ts";
import { leased } from "../reads/leased.ts";
import { type Copy, type Reads, readsFor } from "../reads/reads.ts";
import { type Answer, sendBody, untilOf } from "../reads/send-body.ts";
import { type CaseState, type RevisionState, viewOf } from "../reads/state.ts";
import { nextLink } from "./link.ts";
import { sendProblem } from "./problem.ts";
import type { Handler, Handlers } from "./router.ts";

const json = "application/json; charset=utf-8";

/** @throws Refusal when the case or revision is unknown, withdrawn, erased or can't be shown */
function requirePresent<T extends CaseState | RevisionState>(id: string, state: T): Extract<T, { state: "present" }> {
  if (state.state === "present") return state as Extract<T, { state: "present" }>;
  throw new Refusal(refusalOf(id, state));
}

export function refusalOf(id: string, state: Exclude<CaseState | RevisionState, { state: "present" }>): Failure {
  if (state.state === "absent") return { tag: "unknown-case", id };
  const { number, liveAt } = state.revision;
  if (state.state === "withdrawn") return { tag: "withdrawn", id, number, liveAt };
  return { tag: state.state, id, number };
}

const recordAnswer = (c: Context<Public>, { case: fields, revision }: CaseRecord, ...parts: string[]): Answer => ({
  body: JSON.stringify({ case: fields, revision, contact: profileOf(c.env).newsroom.contact }),
  etag: etagOf(c.env, revision.number, ...parts),
  headers: { "Content-Type": json, "Content-Language": fields.language },
});

function sendCase(c: Context<Public>, id: string, copy: Copy<CaseState>, reads: Reads): Response {
  const { value: state, expires } = copy;
  if (state.state !== "present") noteLease(c, copy, reads);
  const { record } = requirePresent(id, state);
  return sendBody(c, { key: `record ${id}`, of: [state], expires }, () => recordAnswer(c, record), reads);
}

function sendView(
  c: Context<Public>,
  id: string,
  copy: Copy<CaseState>,
  reads: Reads,
  lang: string | undefined,
): Response {
  const profile = profileOf(c.env);
  const locale = negotiate(lang, profile);
  const { value: state, expires } = copy;
  if (state.state !== "present") {
    noteLease(c, copy, reads);
    return sendProblem(c, refusalOf(id, state), { view: viewOf(id, state, locale, reads.now(), profile) }, locale);
  }
  const answer = (now: number): Answer => {
    const view = viewCase(state.record.case, state.record.revision, locale, now, profile);
    return {
      body: JSON.stringify(view),
      etag: etagOfView(c.env, view),
      headers: { "Content-Type": json, "Content-Language": locale },
      until: untilOf(view),
    };
  };
  return sendBody(c, { key: `view ${id} ${locale}`, of: [state], expires }, answer, reads);
}

const sendHistory: Handler<"listRevisions"> = async (c, { params: { id }, query: { limit, cursor = null } }) => {
  const { value: history } = await leased(c, (reads) => reads.leasedHistory(id, cursor, limit));
  if (!history) throw new Refusal({ tag: "unknown-case", id });
  const { newest, revisions, older } = history;
  if (newest.kind === "withdrawal")
    throw new Refusal({ tag: "withdrawn", id, number: newest.number, liveAt: newest.liveAt });
  return sendBody(c, { key: `history ${id} ${cursor} ${limit}`, of: [history] }, () => ({
    body: JSON.stringify({ revisions, contact: profileOf(c.env).newsroom.contact }),
    etag: etagOf(c.env, newest.number, "revisions", cursor ?? 0, limit),
    headers: {
      "Content-Type": json,
      ...nextLink(c, addresses.revisions(id), older ? revisions.at(-1)?.number : undefined),
    },
  }));
};

const sendChanges: Handler<"listChanges"> = async (c, { query: { since = null, limit } }) => {
  const { value: page } = await leased(c, (reads) => reads.leasedChanges(since, limit));
  if (!page) throw new Refusal({ tag: "unknown-cursor" });
  const { changes, next, more, log } = page;
  // Pages that are read once, on the way to the newest change, are not kept.
  const key = more ? null : `changes ${since?.position} ${limit}`;
  return sendBody(c, { key, of: [page] }, () => ({
    body: JSON.stringify({
      changes,
      next: `${next}-${log}`,
      more,
      contact: profileOf(c.env).newsroom.contact,
    }),
    etag: etagOf(
      c.env,
      digest(`${c.req.url} ${next} ${changes.map(({ change, state }) => `${change}${state}`)}`).slice(0, 16),
    ),
    headers: { "Content-Type": json },
  }));
};

async function sendRevision(c: Context<Public>, id: string, number: number): Promise<Response> {
  const { value: state } = await leased(c, (reads) => reads.leasedRevision(id, number));
  if (state.state === "absent") {
    const known = (await leased(c, (reads) => reads.leasedCase(id))).value.state !== "absent";
    throw new Refusal(known ? { tag: "unknown-revision", id, number } : { tag: "unknown-case", id });
  }
  const { record } = requirePresent(id, state);
  return sendBody(c, { key: `revision ${id} ${number}`, of: [state] }, () => recordAnswer(c, record, "revision"));
}

/** Answers synchronously from a copy in memory. This is the hot path. */
function withCase(
  c: Context<Public>,
  id: string,
  answer: (copy: Copy<CaseState>, reads: Reads) => Response,
): Response | Promise<Response> {
  const reads = readsFor(c.env);
  const atHand = reads.caseAtHand(id);
  return atHand ? answer(atHand, reads) : reads.leasedCase(id).then((copy) => answer(copy, reads));
}

export const caseHandlers = {
  readCase: (c, { params: { id } }) => withCase(c, id, (copy, reads) => sendCase(c, id, copy, reads)),
  readView: (c, { params: { id }, query }) =>
    withCase(c, id, (copy, reads) => sendView(c, id, copy, reads, query.lang)),
  listRevisions: sendHistory,
  listChanges: sendChanges,
  readRevision: (c, { params: { id, number } }) => sendRevision(c, id, number),
} satisfies Partial<Handlers>;
