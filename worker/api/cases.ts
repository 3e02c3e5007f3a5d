/** What anybody may read, as JSON. */
import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import * as v from "valibot";
import { type Failure, Refusal } from "../../shared/failure.ts";
import { negotiate } from "../../shared/locale.ts";
import { routes } from "../../shared/protocol.ts";
import { viewCase, viewSummary } from "../../shared/view/view.ts";
import { digest } from "../digest.ts";
import {
  anyOrigin,
  etagOf,
  etagOfView,
  madeOf,
  matchesEtag,
  mayBeKept,
  notModified,
  type Public,
  publicHeaders,
} from "../reads/freshness.ts";
import { leased } from "../reads/leased.ts";
import { half, headsOf, ListQuery, select } from "../reads/list.ts";
import { type Copy, type Reads, readsFor } from "../reads/reads.ts";
import { type CaseState, type RevisionState, viewOf } from "../reads/state.ts";
import { invalidQuery } from "./invalid.ts";
import { sendProblem } from "./problem.ts";

/** Bodies made of a value that is kept, so that a busy case is put in words once and not for every reader. */
const bodies = new WeakMap<object, Map<string, Body>>();

interface Body {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string;
  /** Complete, for an answer that the edge may keep and for one it may not. */
  headers: { kept: Record<string, string>; passing: Record<string, string> };
  /** When it must be made anew though the value is the same (a deadline has passed), in milliseconds. */
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
  const kept = mayBeKept(copy, now);
  const chosen = kept ? headers.kept : headers.passing;
  if (kept && matchesEtag(c, etag)) return new Response(null, { status: 304, headers: chosen });
  return new Response(bytes, { headers: chosen });
}

/** Throws for what is not there; what is there comes back. */
function presentOr410<T extends CaseState | RevisionState>(id: string, state: T): Extract<T, { state: "present" }> {
  if (state.state === "present") return state as Extract<T, { state: "present" }>;
  throw new Refusal(refusalOf(id, state));
}

export function refusalOf(id: string, state: Exclude<CaseState | RevisionState, { state: "present" }>): Failure {
  if (state.state === "absent") return { tag: "unknown-case", id };
  const { number, liveAt } = state.revision;
  return state.state === "withdrawn" ? { tag: "withdrawn", id, number, liveAt } : { tag: "erased", id, number };
}

/** Readers who say what they accept must accept JSON. */
const onlyJson = createMiddleware<Public>((c, next) => {
  const accept = c.req.header("Accept");
  if (accept !== undefined && !/(application|\*)\/(\*|([\w.-]+\+)?json)/i.test(accept))
    throw new Refusal({ tag: "not-acceptable", offered: "application/json" });
  return next();
});

export const cases = new Hono<Public>();

for (const path of [routes.cases, `${routes.cases}/*`]) {
  cases.options(
    path,
    cors({ origin: "*", allowMethods: ["GET", "HEAD"], allowHeaders: ["If-None-Match"], maxAge: 86_400 }),
  );
  cases.use(path, onlyJson);
}

cases.get("/v1/cases", async (c) => {
  const parsed = v.safeParse(ListQuery, c.req.query());
  if (!parsed.success) throw invalidQuery(parsed.issues);
  const { value: summaries, now } = await leased(c, (reads) => reads.leasedSummaries());
  const { page, next } = select(summaries, parsed.output, now);
  const { lang } = parsed.output;
  const locale = lang === undefined ? null : negotiate(lang);
  const etag = etagOf(c.env, digest(`${c.req.url} ${headsOf(page)} ${next} ${locale ? half(now) : ""}`).slice(0, 16));
  const link: Record<string, string> = {};
  if (next) {
    const query = new URLSearchParams({ ...c.req.query(), cursor: next });
    link.Link = `<${c.env.PUBLIC_URL}${routes.cases}?${query}>; rel="next"`;
  }
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag, ...link });
  const list = page.map(({ spellings: _, ...summary }) =>
    locale ? { ...summary, view: viewSummary(summary, locale, now) } : summary,
  );
  return c.json({ cases: list, contact: c.env.CONTACT }, 200, { ETag: etag, ...link });
});

function sendCase(c: Context<Public>, id: string, copy: Copy<CaseState>, reads: Reads): Response {
  const now = reads.now();
  if (copy.value.state !== "present") madeOf(c, copy, reads);
  const { record } = presentOr410(id, copy.value);
  const body = bodyOf(copy.value, "record", now, () => ({
    body: { case: record.case, revision: record.revision, contact: c.env.CONTACT },
    etag: etagOf(c.env, record.revision.number),
    language: record.case.language,
  }));
  return send(c, body, copy, now);
}

cases.get("/v1/cases/:id", (c): Response | Promise<Response> => {
  const id = c.req.param("id");
  const reads = readsFor(c.env);
  const atHand = reads.caseAtHand(id);
  if (atHand) return sendCase(c, id, atHand, reads);
  return reads.leasedCase(id).then((copy) => sendCase(c, id, copy, reads));
});

function sendView(c: Context<Public>, id: string, copy: Copy<CaseState>, reads: Reads): Response {
  const now = reads.now();
  const locale = negotiate(c.req.query("lang"));
  const state = copy.value;
  if (state.state !== "present") {
    madeOf(c, copy, reads);
    return sendProblem(c, refusalOf(id, state), { view: viewOf(id, state, locale, now) }, locale);
  }
  const body = bodyOf(state, `view ${locale}`, now, () => {
    const view = viewCase(state.record.case, state.record.revision, locale, now);
    return {
      body: view,
      etag: etagOfView(c.env, view),
      language: locale,
      ...(view.until ? { until: Date.parse(view.until) } : {}),
    };
  });
  return send(c, body, copy, now);
}

cases.get("/v1/cases/:id/view", (c): Response | Promise<Response> => {
  const id = c.req.param("id");
  const reads = readsFor(c.env);
  const atHand = reads.caseAtHand(id);
  if (atHand) return sendView(c, id, atHand, reads);
  return reads.leasedCase(id).then((copy) => sendView(c, id, copy, reads));
});

cases.get("/v1/cases/:id/revisions", async (c) => {
  const id = c.req.param("id");
  const { value: history } = await leased(c, (reads) => reads.leasedHistory(id));
  const newest = history?.[0];
  if (!history || !newest) throw new Refusal({ tag: "unknown-case", id });
  if (newest.kind === "withdrawal")
    throw new Refusal({ tag: "withdrawn", id, number: newest.number, liveAt: newest.liveAt });
  const etag = etagOf(c.env, newest.number, "revisions");
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  return c.json({ revisions: history, contact: c.env.CONTACT }, 200, { ETag: etag });
});

cases.get("/v1/cases/:id/revisions/:number", async (c) => {
  const { id, number } = c.req.param();
  const reads = readsFor(c.env);
  if (!/^[1-9]\d{0,8}$/.test(number)) throw new Refusal({ tag: "unknown-revision", id, number });
  const copy = await reads.leasedRevision(id, Number(number));
  const now = reads.now();
  madeOf(c, copy, reads);
  if (copy.value.state === "absent") {
    const known = (await leased(c, (reads) => reads.leasedCase(id))).value.state !== "absent";
    throw new Refusal(known ? { tag: "unknown-revision", id, number } : { tag: "unknown-case", id });
  }
  const { record } = presentOr410(id, copy.value);
  const body = bodyOf(copy.value, "record", now, () => ({
    body: { case: record.case, revision: record.revision, contact: c.env.CONTACT },
    etag: etagOf(c.env, record.revision.number, "revision"),
    language: record.case.language,
  }));
  return send(c, body, copy, now);
});
