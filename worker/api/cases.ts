/** The public JSON endpoints of cases. */
import type { Context } from "hono";
import { addresses, addressOf, paths } from "../../shared/addresses.ts";
import { type Failure, Refusal } from "../../shared/failure.ts";
import { negotiate } from "../../shared/locale.ts";
import { viewCase, viewSummary } from "../../shared/view/view.ts";
import type { ListQuery } from "../contract/parameters.ts";
import { digest } from "../digest.ts";
import { profileOf } from "../profiles/profiles.ts";
import {
  anyOrigin,
  etagOf,
  etagOfView,
  isEdgeCacheable,
  matchesEtag,
  noteLease,
  notModified,
  type Public,
  publicHeaders,
} from "../reads/freshness.ts";
import { leased } from "../reads/leased.ts";
import { halfDay, headsOf, select } from "../reads/list.ts";
import { type Copy, type Reads, readsFor } from "../reads/reads.ts";
import { type CaseState, type RevisionState, viewOf } from "../reads/state.ts";
import { sendProblem } from "./problem.ts";
import type { Handler, Handlers } from "./router.ts";

/** Serialized bodies of kept values, so that a busy case is serialized once and not for every reader. */
const bodies = new WeakMap<object, Map<string, Body>>();

interface Body {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string;
  /** All headers: `kept` for an answer that the edge may keep, `passing` for one that it may not. */
  headers: { kept: Record<string, string>; passing: Record<string, string> };
  /** When a deadline changes the body although the value is the same, in milliseconds since the epoch. */
  until: number;
}

const encoder = new TextEncoder();

function bodyOf(
  value: object,
  name: string,
  now: number,
  make: () => { body: unknown; etag: string; language: string; until?: number },
): Body {
  const named = bodies.get(value) ?? new Map<string, Body>();
  bodies.set(value, named);
  const kept = named.get(name);
  if (kept && now < kept.until) return kept;
  const { body, etag, language, until = Number.POSITIVE_INFINITY } = make();
  const own = { "Content-Type": json, ETag: etag, "Content-Language": language, ...anyOrigin };
  const made = {
    bytes: encoder.encode(JSON.stringify(body)),
    etag,
    until,
    headers: { kept: { ...own, ...publicHeaders(true) }, passing: { ...own, ...publicHeaders(false) } },
  };
  named.set(name, made);
  return made;
}

const json = "application/json; charset=utf-8";

function send(c: Context<Public>, { bytes, etag, headers }: Body, copy: Copy<unknown>, now: number): Response {
  const kept = isEdgeCacheable(copy, now);
  const chosen = kept ? headers.kept : headers.passing;
  if (kept && matchesEtag(c, etag)) return new Response(null, { status: 304, headers: chosen });
  return new Response(bytes, { headers: chosen });
}

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

async function sendList(c: Context<Public>, query: ListQuery): Promise<Response> {
  const profile = profileOf(c.env);
  const { value: summaries, now } = await leased(c, (reads) => reads.leasedSummaries());
  const { page, next, unshowable } = select(summaries, query, now, profile);
  const locale = query.lang === undefined ? null : negotiate(query.lang, profile);
  const etag = etagOf(
    c.env,
    digest(`${c.req.url} ${headsOf(page, unshowable)} ${next} ${locale ? halfDay(now) : ""}`).slice(0, 16),
  );
  const link = nextLink(c, paths.cases, next);
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag, ...link });
  const list = page.map(({ spellings: _, placeNames: __, ...summary }) =>
    locale ? { ...summary, view: viewSummary(summary, locale, now) } : summary,
  );
  const more = unshowable.length > 0 ? { unshowable } : {};
  return c.json({ cases: list, ...more, contact: profileOf(c.env).newsroom.contact }, 200, { ETag: etag, ...link });
}

function sendCase(c: Context<Public>, id: string, copy: Copy<CaseState>, reads: Reads): Response {
  const now = reads.now();
  if (copy.value.state !== "present") noteLease(c, copy, reads);
  const { record } = requirePresent(id, copy.value);
  const body = bodyOf(copy.value, "record", now, () => ({
    body: { case: record.case, revision: record.revision, contact: profileOf(c.env).newsroom.contact },
    etag: etagOf(c.env, record.revision.number),
    language: record.case.language,
  }));
  return send(c, body, copy, now);
}

function sendView(
  c: Context<Public>,
  id: string,
  copy: Copy<CaseState>,
  reads: Reads,
  lang: string | undefined,
): Response {
  const now = reads.now();
  const profile = profileOf(c.env);
  const locale = negotiate(lang, profile);
  const state = copy.value;
  if (state.state !== "present") {
    noteLease(c, copy, reads);
    return sendProblem(c, refusalOf(id, state), { view: viewOf(id, state, locale, now, profile) }, locale);
  }
  const body = bodyOf(state, `view ${locale}`, now, () => {
    const view = viewCase(state.record.case, state.record.revision, locale, now, profile);
    return {
      body: view,
      etag: etagOfView(c.env, view),
      language: locale,
      ...(view.until ? { until: Date.parse(view.until) } : {}),
    };
  });
  return send(c, body, copy, now);
}

const nextLink = (c: Context<Public>, path: string, cursor: string | number | undefined): Record<string, string> =>
  cursor === undefined
    ? {}
    : { Link: `<${c.env.PUBLIC_URL}${addressOf(path, { ...c.req.query(), cursor: String(cursor) })}>; rel="next"` };

const sendHistory: Handler<"listRevisions"> = async (c, { params: { id }, query: { limit, cursor = null } }) => {
  const { value: history } = await leased(c, (reads) => reads.leasedHistory(id, cursor, limit));
  if (!history) throw new Refusal({ tag: "unknown-case", id });
  const { newest, revisions, older } = history;
  if (newest.kind === "withdrawal")
    throw new Refusal({ tag: "withdrawn", id, number: newest.number, liveAt: newest.liveAt });
  const etag = etagOf(c.env, newest.number, "revisions", cursor ?? 0, limit);
  const link = nextLink(c, addresses.revisions(id), older ? revisions.at(-1)?.number : undefined);
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag, ...link });
  return c.json({ revisions, contact: profileOf(c.env).newsroom.contact }, 200, { ETag: etag, ...link });
};

async function sendRevision(c: Context<Public>, id: string, number: number): Promise<Response> {
  const reads = readsFor(c.env);
  const copy = await reads.leasedRevision(id, number);
  const now = reads.now();
  noteLease(c, copy, reads);
  if (copy.value.state === "absent") {
    const known = (await leased(c, (reads) => reads.leasedCase(id))).value.state !== "absent";
    throw new Refusal(known ? { tag: "unknown-revision", id, number } : { tag: "unknown-case", id });
  }
  const { record } = requirePresent(id, copy.value);
  const body = bodyOf(copy.value, "record", now, () => ({
    body: { case: record.case, revision: record.revision, contact: profileOf(c.env).newsroom.contact },
    etag: etagOf(c.env, record.revision.number, "revision"),
    language: record.case.language,
  }));
  return send(c, body, copy, now);
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
  listCases: (c, { query }) => sendList(c, query),
  readCase: (c, { params: { id } }) => withCase(c, id, (copy, reads) => sendCase(c, id, copy, reads)),
  readView: (c, { params: { id }, query }) =>
    withCase(c, id, (copy, reads) => sendView(c, id, copy, reads, query.lang)),
  listRevisions: sendHistory,
  readRevision: (c, { params: { id, number } }) => sendRevision(c, id, number),
} satisfies Partial<Handlers>;
