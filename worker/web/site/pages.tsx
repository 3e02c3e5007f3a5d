/** Routes of the server-rendered pages, which need no JavaScript. */

import type { Context } from "hono";
import { paths } from "../../../shared/addresses.ts";
import { type Failure, problemOf, Refusal } from "../../../shared/failure.ts";
import { type LocaleTag, negotiate, unspoken } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Revision } from "../../../shared/revision.ts";
import { newsUntil } from "../../../shared/view/age.ts";
import { viewRevision } from "../../../shared/view/revision.ts";
import type { RefusalView } from "../../../shared/view/schema.ts";
import {
  type CaseSummary,
  standingCorrections,
} from "../../../shared/view/summary.ts";
import { viewCase } from "../../../shared/view/view.ts";
import type { Copy } from "../../reads/copies.ts";
import {
  etagOf,
  etagOfView,
  type Public,
  revisionTag,
} from "../../reads/freshness.ts";
import { leased, leasedPage } from "../../reads/leased.ts";
import { halfDay, headsOf, listKey } from "../../reads/list.ts";
import { newsFirst } from "../../reads/news-first.ts";
import { readsFor } from "../../reads/reads.ts";
import { type LeasedAnswer, sendBody, untilOf } from "../../reads/send-body.ts";
import type { CaseState, HistoryPage } from "../../reads/state.ts";
import { viewOf, viewPresent } from "../../reads/state.ts";
import { askWorkshop } from "../../runtime/bindings.ts";
import { shortDigest } from "../../runtime/digest.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { botSettings } from "../../runtime/settings.ts";
import { refusalOf } from "../api/cases.ts";
import { refusalHeaders } from "../api/problem.ts";
import type { Handler, Handlers } from "../api/router.ts";
import { sendFile } from "../api/send-file.ts";
import { openActOf } from "./act/open-act.ts";
import {
  actScript,
  casePage,
  caseStyle,
  refusalPage,
  refusalStyle,
  revisionPage,
} from "./case-page/case-page.tsx";
import { followScript } from "./case-page/follow.tsx";
import type { Comparisons } from "./case-page/history.tsx";
import { pagePolicyWith, type Site } from "./document/document.tsx";
import { sourceOf } from "./document/policy.ts";
import {
  frontPage,
  frontScript,
  frontStyle,
  isSearch,
} from "./front-page/front-page.tsx";
import { locatorOf } from "./map/locator.tsx";
import { telegramPage } from "./telegram/telegram-page.tsx";

/** @param requested BCP 47 tag of the requested language */
export const siteFor = (
  c: Context<Public>,
  requested = c.req.query("lang"),
): Site => ({
  origin: c.env.PUBLIC_URL,
  profile: profileOf(c.env),
  unsupportedLanguage: unspoken(requested ?? "", profileOf(c.env)),
  bot: botSettings(c.env)?.info.username,
});

/**
 * Returns the language in the URL, else the case's own. Ignores
 * `Accept-Language`, so that caches don't have to vary by it.
 */
export function localeOf(c: Context<Public>, state?: CaseState): LocaleTag {
  const own =
    state?.state === "present" ? state.record.case.language : undefined;
  return negotiate(c.req.query("lang") ?? own, profileOf(c.env));
}

/** @param policy the page's Content-Security-Policy */
export const pageHeaders = (locale: LocaleTag, policy: string) => ({
  "Content-Type": "text/html; charset=UTF-8",
  "Content-Language": locale,
  "Content-Security-Policy": policy,
});

/** Sends a page that is made of no leased copy. */
export const sendMadePage = (
  c: Context<Public>,
  html: string,
  locale: LocaleTag,
): Response =>
  sendFile(c, html, {
    ...pageHeaders(locale, pagePolicyWith()),
    ETag: etagOf(c.env, shortDigest(html), "page"),
  });

type Refused = Omit<Parameters<typeof refusalPage>[0], "site" | "inLanguage">;

/**
 * Sends a page that says why there is nothing to show.
 * @param headers of the refusal
 */
function sendRefused(
  c: Context<Public>,
  status: number,
  refused: Refused,
  headers: Record<string, string>,
): Response {
  const page = refusalPage({
    ...refused,
    site: siteFor(c),
    inLanguage: inLanguage(c),
  });
  return c.body(page, status as 200, {
    ...pageHeaders(refused.locale, pagePolicyWith(refusalStyle)),
    ...headers,
  });
}

/**
 * Returns a function that gives the current URL in another language. A form's
 * has only this answer.
 */
export const inLanguage = (c: Context<Public>) => (tag: LocaleTag) => {
  const { pathname, searchParams } = new URL(
    c.req.method === "POST" ? paths.front : c.req.url,
    c.req.url,
  );
  searchParams.set("lang", tag);
  return `${pathname}?${searchParams}`;
};

/** A page for `sendBody`. */
const pageAnswer = (
  body: string,
  etag: string,
  locale: LocaleTag,
  policy: string,
): LeasedAnswer => ({
  body,
  etag,
  headers: pageHeaders(locale, policy),
});

const casePolicy = (more = "") =>
  pagePolicyWith(caseStyle, { "script-src": sourceOf(followScript) + more });

/**
 * Cases whose news a list reads, within the 50 subrequests of a free plan; in
 * an answer that isn't kept, at 0.4 ms each.
 */
const MAX_NEWS_READ = { kept: 24, anew: 8 };

const correctionsOf = (summary: CaseSummary, now: number): number =>
  standingCorrections(summary, now).length;

const sendFrontPage: Handler<"frontPage"> = async (c, { query }) => {
  const locale = localeOf(c);
  const profile = profileOf(c.env);
  const site = siteFor(c);
  const { place, authority, changedSince, ...others } = query;
  const filters = {
    ...others,
    authority: authority || undefined,
    changedSince: changedSince ? Date.parse(changedSince) : undefined,
  };
  const { copy, at } = await leasedPage(c, filters, place);
  const named = site.unsupportedLanguage || place ? null : listKey(filters);
  const key = named === null ? null : `front ${named} ${locale}`;
  const isFirst = !isSearch(query) && !query.cursor;
  const started = readsFor(c.env).now();
  const { page: listed } = at(started).selection;
  const newest = isFirst
    ? listed.find(({ revision }) => revision.kind !== "redaction")
    : undefined;
  const fresh = listed
    .filter(
      (one) =>
        started < newsUntil(one.revision) || correctionsOf(one, started) > 0,
    )
    .toSorted(
      (one, other) =>
        correctionsOf(other, started) - correctionsOf(one, started),
    )
    .slice(0, MAX_NEWS_READ[key === null ? "anew" : "kept"]);
  const ids = [
    ...new Set([...(newest ? [newest] : []), ...fresh].map(({ id }) => id)),
  ];
  const read = await Promise.all(
    ids.map((id) => leased(c, (reads) => reads.leasedCase(id))),
  );
  const states = new Map(
    read.map(({ value }, index) => [ids[index] as string, value]),
  );
  return sendBody(c, { key, copies: [copy, ...read] }, (now) => {
    const { selection, countries, authorities } = at(now);
    const page = newsFirst(selection.page, states, now);
    const views = new Map(
      [...states].flatMap(([id, state]) =>
        state.state === "present"
          ? [[id, viewPresent(state, locale, now, profile)] as const]
          : [],
      ),
    );
    const lead =
      (isFirst &&
        page[0]?.revision.kind !== "redaction" &&
        views.get(page[0]?.id ?? "")) ||
      null;
    const heads = [
      key ?? c.req.url,
      headsOf(page, now, selection),
      selection.found,
      selection.next,
      [...countries, ...authorities].join(),
      [...views]
        .map(([id, { revision, news }]) =>
          [id, revision.number, news.length].join(" "),
        )
        .join(),
      halfDay(now),
    ].join(" ");
    const shown = {
      selection: { ...selection, page },
      lead,
      views,
      countries,
      authorities,
    };
    const html = frontPage({ locale, site, query, now, ...shown });
    const policy = pagePolicyWith(frontStyle, {
      "script-src": sourceOf(frontScript),
    });
    const answer = pageAnswer(
      html,
      etagOf(c.env, shortDigest(heads), locale),
      locale,
      policy,
    );
    return {
      ...answer,
      until: Math.min(
        ...[...views.values()].map((view) => untilOf(view) ?? Infinity),
      ),
    };
  });
};

/** Sends the page of a case that is withdrawn, unknown or can't be shown. */
function sendAbsentCase(
  c: Context<Public>,
  id: string,
  state: Exclude<CaseState, { state: "present" }>,
  now: number,
) {
  const locale = localeOf(c);
  const view = viewOf(id, state, locale, now, profileOf(c.env));
  const { title, text, number, revision } = view as RefusalView;
  const status = { withdrawn: 410, absent: 404, unshowable: 503 }[state.state];
  const named = number && revision ? { number, revision } : {};
  const refused = {
    locale,
    title: title.text,
    text,
    search: state.state === "absent",
    ...named,
  };
  return sendRefused(c, status, refused, refusalHeaders(refusalOf(id, state)));
}

/** Revisions in the history of a page. Older ones are a link away. */
const HISTORY_LENGTH = 20;

/**
 * @param before the page of the history before this number; null for the newest
 */
async function readHistory(
  c: Context<Public>,
  id: string,
  before: number | null,
): Promise<Copy<HistoryPage>> {
  const copy = await leased(c, (reads) =>
    reads.leasedHistory(id, before, HISTORY_LENGTH),
  );
  if (!copy.value) throw new Refusal({ tag: "unknown-case", id });
  return { ...copy, value: copy.value };
}

/**
 * Drops revisions newer than the head that was read: one may have gone live
 * between the two reads.
 */
const upTo = (history: HistoryPage, head: Revision): HistoryPage =>
  history.newest.number <= head.number
    ? history
    : {
        ...history,
        revisions: history.revisions.filter(
          ({ number }) => number <= head.number,
        ),
        corrections: history.corrections.filter(
          ([, correction]) => correction <= head.number,
        ),
        newest: head,
      };

/**
 * The newest changes of text that a page shows in full. Each one costs two
 * reads.
 */
const MAX_COMPARISONS = 10;

/**
 * Reads the case before and after each revision that changed its texts.
 * @param current number of a revision to include whatever its age
 */
async function readComparisons(
  c: Context<Public>,
  id: string,
  { revisions, older }: HistoryPage,
  current?: number,
): Promise<Comparisons> {
  const changed = revisions.flatMap((revision, index) => {
    const previous = revisions[index + 1] ?? older;
    return previous && revision.changes.some(({ what }) => what === "text")
      ? [{ revision, previous }]
      : [];
  });
  const wanted = changed.filter(
    ({ revision }, index) =>
      index < MAX_COMPARISONS || revision.number === current,
  );
  const read = async ({ number }: Revision) => {
    const { value } = await leased(c, (reads) =>
      reads.leasedRevision(id, number),
    );
    return value.state === "present" ? value.record.case : null;
  };
  const pairs = await Promise.all(
    wanted.map(async ({ revision, previous }) => {
      const [before, after] = await Promise.all([
        read(previous),
        read(revision),
      ]);
      return before && after
        ? ([revision.number, { before, after }] as const)
        : null;
    }),
  );
  return new Map(pairs.filter((pair) => pair !== null));
}

const sendCasePage: Handler<"casePage"> = async (
  c,
  { params: { id }, query: { cursor = null } },
) => {
  const head = await leased(c, (reads) => reads.leasedCase(id));
  const state = head.value;
  if (state.state !== "present") return sendAbsentCase(c, id, state, head.now);
  const past = await readHistory(c, id, cursor);
  const { case: fields, revision } = state.record;
  const locale = localeOf(c, state);
  const site = siteFor(c);
  const isMadeUp = cursor !== null && cursor > past.value.newest.number;
  const key =
    site.unsupportedLanguage || isMadeUp
      ? null
      : `page ${id} ${cursor} ${locale}`;
  return sendBody(c, { key, copies: [head, past] }, async (now) => {
    const view = viewPresent(state, locale, now, profileOf(c.env));
    const history = upTo(past.value, revision);
    const comparisons = await readComparisons(c, id, history);
    const act = openActOf(state, locale, now, profileOf(c.env));
    const map = await locatorOf(fields, locale);
    const html = casePage({
      fields,
      view,
      history,
      comparisons,
      site,
      act,
      map,
    });
    const policy = casePolicy(act ? ` ${sourceOf(actScript)}` : "");
    return {
      ...pageAnswer(html, etagOfView(c.env, view, "page"), locale, policy),
      until: untilOf(view),
    };
  });
};

const sendRevisionPage: Handler<"revisionPage"> = async (
  c,
  { params: { id, number } },
) => {
  const head = await leased(c, (reads) => reads.leasedCase(id));
  if (head.value.state !== "present")
    return sendAbsentCase(c, id, head.value, head.now);
  const copy = await leased(c, (reads) => reads.leasedRevision(id, number));
  const { value: state, now } = copy;
  if (state.state === "withdrawn" || state.state === "unshowable")
    return sendAbsentCase(c, id, state, now);
  const locale = localeOf(c, head.value);
  const newestPage = await readHistory(c, id, null);
  if (state.state !== "present") {
    const gone = state.state === "erased";
    const refused = {
      locale,
      title: message(
        locale,
        gone ? "page.erased.title" : "page.unknown-revision.title",
      ),
      text: gone
        ? message(locale, "page.erased.text")
        : message(locale, "page.unknown-revision.text", {
            id: numberOf(id, profileOf(c.env)),
            number,
          }),
      number: numberOf(id, profileOf(c.env)),
      revision: gone ? viewRevision(state.revision, locale) : undefined,
      remains: {
        id,
        history: newestPage.value,
        language: head.value.record.case.language,
      },
    };
    return sendRefused(c, gone ? 410 : 404, refused, {});
  }
  const { case: fields, revision } = state.record;
  const isOnNewestPage = newestPage.value.revisions.some(
    (other) => other.number === number,
  );
  const past = isOnNewestPage
    ? newestPage
    : await readHistory(c, id, number + 1);
  const { value: history } = past;
  const site = siteFor(c);
  const key = site.unsupportedLanguage
    ? null
    : `revision page ${id} ${number} ${locale}`;
  return sendBody(c, { key, copies: [copy, head, past] }, async (now) => {
    // Only the pictures of the current revision are stored for readers.
    const shown = {
      ...fields,
      hidePortraits: fields.hidePortraits || history.newest.number !== number,
    };
    const view = viewCase(shown, revision, locale, now, profileOf(c.env));
    const comparisons = await readComparisons(c, id, history, revision.number);
    const map = await locatorOf(fields, locale);
    const html = revisionPage({
      fields,
      view,
      history,
      comparisons,
      site,
      map,
    });
    const etag = etagOfView(
      c.env,
      view,
      revisionTag(history.newest),
      "revision page",
    );
    return {
      ...pageAnswer(html, etag, locale, casePolicy()),
      until: untilOf(view),
    };
  });
};

/** Failures that have a text for readers; the others use the API's text. */
const pageTexts: {
  [T in Failure["tag"]]?:
    | "unavailable"
    | "no-address"
    | "unexpected"
    | "untold";
} = {
  unavailable: "unavailable",
  // The cases can be read meanwhile, so the page says nothing about their
  // source.
  "workshop-unavailable": "unexpected",
  "newer-data": "unavailable",
  unexpected: "unexpected",
  "no-such-address": "no-address",
  // Only the form for pages elsewhere is refused with it on a page.
  "invalid-case": "untold",
};

function textsFor(
  failure: Failure,
  locale: LocaleTag,
): { title: string; text: string } {
  const key = pageTexts[failure.tag];
  if (key)
    return {
      title: message(locale, `page.${key}.title`),
      text: message(locale, `page.${key}.text`),
    };
  const { title, detail, remedy } = problemOf(failure);
  if (failure.tag !== "invalid-query")
    return { title, text: `${detail} ${remedy}` };
  // A page has no `issues` member to point to, so it lists them itself.
  return {
    title,
    text: failure.issues
      .map(({ pointer, message }) => `${pointer.slice(1)} ${message}.`)
      .join(" "),
  };
}

/** Sends a failure as an HTML page. */
export function sendRefusalPage(
  c: Context<Public>,
  failure: Failure,
): Response {
  const locale = localeOf(c);
  const { status } = problemOf(failure);
  const refused = {
    locale,
    ...textsFor(failure, locale),
    search: status === 404,
  };
  return sendRefused(c, status, refused, refusalHeaders(failure));
}

const sendTelegramPage: Handler<"telegramPage"> = (c) => {
  const [site, locale] = [siteFor(c), localeOf(c)];
  if (site.bot === undefined) throw new Refusal({ tag: "no-bot" });
  return sendMadePage(c, telegramPage(locale, site, site.bot), locale);
};

const sendDocs: Handler<"docs"> = async (c) => {
  const { html, policy, hash } = await askWorkshop(c.env, (workshop) =>
    workshop.docsPage(siteFor(c, "en")),
  );
  return sendFile(c, html, {
    ...pageHeaders("en", policy),
    ETag: etagOf(c.env, "docs", hash),
  });
};

export const pageHandlers = {
  docs: sendDocs,
  allCases: (c) => c.redirect(paths.front + new URL(c.req.url).search, 301),
  frontPage: sendFrontPage,
  casePage: sendCasePage,
  revisionPage: sendRevisionPage,
  telegramPage: sendTelegramPage,
} satisfies Partial<Handlers>;
