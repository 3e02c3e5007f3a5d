/** Pages that need no JavaScript, from the same view as every other surface. */
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { type Failure, problemOf, Refusal } from "../../shared/failure.ts";
import { type LocaleTag, negotiate } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import type { Revision } from "../../shared/revision.ts";
import { viewCase, viewRevision } from "../../shared/view.ts";
import { digest } from "../digest.ts";
import { madeOf, notModified, type Public } from "../freshness.ts";
import type { CaseState } from "../ledger/state.ts";
import { half, headsOf, ListQuery, select } from "../list.ts";
import { numberIn } from "../pages/caption.ts";
import { casePage, refusalPage, revisionPage } from "../pages/case-page.tsx";
import { pagePolicy, type Site } from "../pages/document.tsx";
import { frontPage } from "../pages/front-page.tsx";
import { readsFor } from "../reads.ts";
import { etagOf, viewOf } from "./cases.ts";
import { invalidQuery } from "./invalid.ts";

export const pages = new Hono<Public>();

export const siteOf = (c: Context<Public>): Site => ({ origin: c.env.PUBLIC_URL, contact: c.env.CONTACT });

/** The language in the address, else the case's own; never the browser's, so that no cache needs to vary. */
export function localeOf(c: Context<Public>, state?: CaseState): LocaleTag {
  const own = state?.state === "present" ? state.record.case.language : undefined;
  return negotiate(c.req.query("lang") ?? own);
}

function sendPage(c: Context<Public>, html: string, status: number, locale: LocaleTag, etag?: string): Response {
  return c.html(html, status as 200, {
    "Content-Language": locale,
    "Content-Security-Policy": pagePolicy,
    ...(etag ? { ETag: etag } : {}),
  });
}

/** This very address in another language. */
const inLanguage = (c: Context<Public>) => (tag: LocaleTag) => {
  const { pathname, searchParams } = new URL(c.req.url);
  searchParams.set("lang", tag);
  return `${pathname}?${searchParams}`;
};

pages.get("/", async (c) => {
  const parsed = v.safeParse(ListQuery, c.req.query());
  if (!parsed.success) throw invalidQuery(parsed.issues);
  const query = parsed.output;
  const locale = localeOf(c);
  const reads = readsFor(c.env);
  const list = await reads.leasedSummaries();
  const now = reads.now();
  madeOf(c, list, now);
  const selection = select(list.value, query, now);
  const [newest] = query.q || query.action || query.cursor ? [] : selection.page;
  const lead = newest && (await reads.leasedCase(newest.id));
  if (lead) madeOf(c, lead, reads.now());
  const shown = lead?.value.state === "present" ? lead.value.record : null;
  const etag = etagOf(
    c.env,
    digest([c.req.url, headsOf(selection.page), selection.found, shown?.revision.number, half(now)].join(" ")).slice(
      0,
      16,
    ),
    locale,
  );
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  const view = shown && viewCase(shown.case, shown.revision, locale, now);
  return sendPage(c, frontPage({ locale, site: siteOf(c), query, selection, lead: view, now }), 200, locale, etag);
});

/** What stands of a withdrawn case's page, or of one that is not there. */
function refuse(c: Context<Public>, id: string, state: Exclude<CaseState, { state: "present" }>, now: number) {
  const locale = localeOf(c);
  const view = viewOf(id, state, locale, now);
  const { title, text } = view as Extract<typeof view, { text: string }>;
  const moment = view.revision && `${view.revision.label} · ${view.revision.published}`;
  return sendPage(
    c,
    refusalPage({
      locale,
      title,
      text,
      site: siteOf(c),
      inLanguage: inLanguage(c),
      ...(moment ? { number: numberIn(id), moment } : {}),
    }),
    state.state === "withdrawn" ? 410 : 404,
    locale,
  );
}

/** The history up to the revision shown: a newer one may have gone live between the two reads. */
const upTo = (history: Revision[] | null, { number }: Revision) =>
  (history ?? []).filter((revision) => revision.number <= number);

pages.get("/cases/:id", async (c) => {
  const id = c.req.param("id");
  const reads = readsFor(c.env);
  const copy = await reads.leasedCase(id);
  madeOf(c, copy, reads.now());
  if (copy.value.state !== "present") return refuse(c, id, copy.value, reads.now());
  const past = await reads.leasedHistory(id);
  const now = reads.now();
  madeOf(c, past, now);
  const { case: fields, revision } = copy.value.record;
  const locale = localeOf(c, copy.value);
  const view = viewCase(fields, revision, locale, now);
  const etag = etagOf(c.env, revision.number, locale, view.until ? Date.parse(view.until) : 0, "page");
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  const history = upTo(past.value, revision);
  return sendPage(c, casePage({ fields, view, history, site: siteOf(c) }), 200, locale, etag);
});

pages.get("/cases/:id/revisions/:number", async (c) => {
  const { id, number } = c.req.param();
  const reads = readsFor(c.env);
  const head = await reads.leasedCase(id);
  madeOf(c, head, reads.now());
  if (head.value.state !== "present") return refuse(c, id, head.value, reads.now());
  const isNumber = /^[1-9]\d{0,8}$/.test(number);
  const copy = isNumber ? await reads.leasedRevision(id, Number(number)) : null;
  const past = await reads.leasedHistory(id);
  const now = reads.now();
  if (copy) madeOf(c, copy, now);
  madeOf(c, past, now);
  const state = copy?.value ?? { state: "absent" as const };
  if (state.state === "withdrawn") return refuse(c, id, state, now);
  const locale = localeOf(c, head.value);
  const history = past.value ?? [];
  if (state.state !== "present") {
    const gone = state.state === "erased";
    const { label, published } = gone ? viewRevision(state.revision, locale) : {};
    const page = refusalPage({
      locale,
      title: message(locale, gone ? "page.erased.title" : "page.unknown-revision.title"),
      text: gone
        ? message(locale, "page.erased.text")
        : message(locale, "page.unknown-revision.text", { id: head.value.record.case.id, number }),
      site: siteOf(c),
      inLanguage: inLanguage(c),
      number: numberIn(id),
      ...(label ? { moment: `${label} · ${published}` } : {}),
      remains: { id, history, language: head.value.record.case.language },
    });
    return sendPage(c, page, gone ? 410 : 404, locale);
  }
  const { case: fields, revision } = state.record;
  const view = viewCase(fields, revision, locale, now);
  const newest = history[0]?.number ?? revision.number;
  const etag = etagOf(c.env, revision.number, newest, locale, view.until ? Date.parse(view.until) : 0, "revision page");
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  return sendPage(c, revisionPage({ fields, view, history, site: siteOf(c) }), 200, locale, etag);
});

/** A refusal in the reader's language where there are words for it, else in the API's. */
function wordsFor(failure: Failure, locale: LocaleTag): { title: string; text: string } {
  if (failure.tag === "unavailable")
    return { title: message(locale, "page.unavailable.title"), text: message(locale, "page.unavailable.text") };
  const { title, detail, remedy } = problemOf(failure);
  return { title, text: `${detail} ${remedy}` };
}

pages.onError((error, c) => {
  if (!(error instanceof Refusal)) throw error;
  const locale = localeOf(c);
  const { status } = problemOf(error.failure);
  const page = refusalPage({ locale, ...wordsFor(error.failure, locale), site: siteOf(c), inLanguage: inLanguage(c) });
  const response = sendPage(c, page, status, locale);
  if (status === 503) response.headers.set("Retry-After", "1");
  return response;
});
