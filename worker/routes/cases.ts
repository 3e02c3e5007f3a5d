/** What anybody may read, as JSON. */
import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import * as v from "valibot";
import { type Failure, Refusal } from "../../shared/failure.ts";
import { type LocaleTag, negotiate } from "../../shared/locale.ts";
import { type CaseSummary, routes } from "../../shared/protocol.ts";
import { hasLapsed, type View, viewCase, viewSummary, viewUnknown, viewWithdrawn } from "../../shared/view.ts";
import { digest } from "../digest.ts";
import type { Env } from "../env.ts";
import { anyOrigin, madeOf, matchesEtag, mayBeKept, notModified, type Public, publicHeaders } from "../freshness.ts";
import type { CaseState, RevisionState } from "../ledger/state.ts";
import { sendProblem } from "../problem.ts";
import { answers, type Copy, readsFor } from "../reads.ts";
import { invalidQuery } from "./invalid.ts";

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

/** ETags name the revision, the deployment and what else the answer depends on. */
export const etagOf = (env: Env, ...parts: (string | number)[]) =>
  `"${[...parts, env.VERSION.id.slice(0, 8)].join(".")}"`;

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

function refusalOf(id: string, state: Exclude<CaseState | RevisionState, { state: "present" }>): Failure {
  if (state.state === "absent") return { tag: "unknown-case", id };
  const { number, liveAt } = state.revision;
  return state.state === "withdrawn" ? { tag: "withdrawn", id, number, liveAt } : { tag: "erased", id, number };
}

/** The finished view of any state of a case. */
export function viewOf(id: string, state: CaseState, locale: LocaleTag, now: number): View {
  if (state.state === "present") return viewCase(state.record.case, state.record.revision, locale, now);
  return state.state === "withdrawn" ? viewWithdrawn(id, state.revision, locale) : viewUnknown(id, locale);
}

const Query = v.object({
  q: v.optional(v.pipe(v.string(), v.maxLength(200, "must be at most 200 characters"))),
  action: v.optional(v.picklist(["active", "closed", "suspended"], "must be active, closed or suspended")),
  lang: v.optional(v.string()),
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d+$/, "must be a number from 1 to 100"),
      v.transform(Number),
      v.minValue(1, "must be a number from 1 to 100"),
      v.maxValue(100, "must be a number from 1 to 100"),
    ),
    "50",
  ),
  cursor: v.optional(v.pipe(v.string(), v.regex(/^\d+\.\d+$/, "must be a cursor out of a Link header"))),
});

const cursorOf = ({ revision }: CaseSummary) => `${Date.parse(revision.liveAt)}.${revision.sequence}`;

/** True when the summary stands behind the cursor in the order newest moment, then newest sequence. */
function isBehind(summary: CaseSummary, cursor: string): boolean {
  const [at = 0, sequence = 0] = cursor.split(".").map(Number);
  const liveAt = Date.parse(summary.revision.liveAt);
  return liveAt < at || (liveAt === at && summary.revision.sequence < sequence);
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
  const parsed = v.safeParse(Query, c.req.query());
  if (!parsed.success) throw invalidQuery(parsed.issues);
  const { q, action, lang, limit, cursor } = parsed.output;
  const reads = readsFor(c.env);
  const copy = await reads.leasedSummaries();
  const now = reads.now();
  madeOf(c, copy, now);
  const found = copy.value.filter(
    (summary) =>
      (!q || answers(q, summary)) &&
      (!action || summary.action === action) &&
      // Who asks for what is open wants nothing whose deadline has passed.
      !(action === "active" && hasLapsed(summary.until, now)) &&
      (!cursor || isBehind(summary, cursor)),
  );
  const page = found.slice(0, limit);
  const locale = lang === undefined ? null : negotiate(lang);
  const heads = page.map(({ id, revision }) => `${id} ${revision.number}`).join(",");
  // Deadlines pass at noon, UTC.
  const half = Math.floor(now / 43_200_000);
  const etag = etagOf(
    c.env,
    digest(`${c.req.url} ${heads} ${found.length > limit} ${locale ? half : ""}`).slice(0, 16),
  );
  const last = page.at(-1);
  const link: Record<string, string> = {};
  if (last && found.length > limit) {
    const next = new URLSearchParams({ ...c.req.query(), cursor: cursorOf(last) });
    link.Link = `<${c.env.PUBLIC_URL}${routes.cases}?${next}>; rel="next"`;
  }
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag, ...link });
  const list = page.map(({ spellings: _, ...summary }) =>
    locale ? { ...summary, view: viewSummary(summary, locale, now) } : summary,
  );
  return c.json({ cases: list, contact: c.env.CONTACT }, 200, { ETag: etag, ...link });
});

function sendCase(c: Context<Public>, id: string, copy: Copy<CaseState>, now: number): Response {
  if (copy.value.state !== "present") madeOf(c, copy, now);
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
  if (atHand) return sendCase(c, id, atHand, reads.now());
  return reads.leasedCase(id).then((copy) => sendCase(c, id, copy, reads.now()));
});

function sendView(c: Context<Public>, id: string, copy: Copy<CaseState>, now: number): Response {
  const locale = negotiate(c.req.query("lang"));
  const state = copy.value;
  if (state.state !== "present") {
    madeOf(c, copy, now);
    return sendProblem(c, refusalOf(id, state), { view: viewOf(id, state, locale, now) }, locale);
  }
  const { revision } = state.record;
  const body = bodyOf(state, `view ${locale}`, now, () => {
    const view = viewCase(state.record.case, revision, locale, now);
    return {
      body: view,
      etag: etagOf(c.env, revision.number, locale, view.until ? Date.parse(view.until) : 0),
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
  if (atHand) return sendView(c, id, atHand, reads.now());
  return reads.leasedCase(id).then((copy) => sendView(c, id, copy, reads.now()));
});

cases.get("/v1/cases/:id/revisions", async (c) => {
  const id = c.req.param("id");
  const reads = readsFor(c.env);
  const copy = await reads.leasedHistory(id);
  madeOf(c, copy, reads.now());
  const history = copy.value;
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
  madeOf(c, copy, now);
  if (copy.value.state === "absent") throw new Refusal({ tag: "unknown-revision", id, number });
  const { record } = presentOr410(id, copy.value);
  const body = bodyOf(copy.value, "record", now, () => ({
    body: { case: record.case, revision: record.revision, contact: c.env.CONTACT },
    etag: etagOf(c.env, record.revision.number, "revision"),
    language: record.case.language,
  }));
  return send(c, body, copy, now);
});
