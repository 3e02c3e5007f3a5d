/** The page for webmasters, and its script. */
import script from "../../../dist/embed-guide.js";
import { negotiate } from "../../../shared/locale.ts";
import type { CaseSummary } from "../../../shared/view/summary.ts";
import type { Handler, Handlers } from "../../api/router.ts";
import { digest } from "../../digest.ts";
import { etagOf, notModified } from "../../reads/freshness.ts";
import { leased } from "../../reads/leased.ts";
import { halfDay, headsOf, summaryMatcher } from "../../reads/list.ts";
import { pagePolicyWith } from "../document/document.tsx";
import { lookIn } from "../embed/look.ts";
import { siteOf } from "../pages.tsx";
import { pinnedWidget } from "../widget/route.ts";
import { type Asked, embedGuidePage, embedGuideStyles } from "./embed-guide.tsx";

/** As many as a browser's list can use; a search finds the others. */
const LISTED = 200;

/** Which cases what was typed may mean: an id or an address means one case; nothing typed, the case that changed last. */
function meantBy(text: string, summaries: CaseSummary[]): CaseSummary[] {
  if (!text) return summaries.slice(0, 1);
  const named = /\/(?:cases|embed|badge)\/([\w-]+)/.exec(text)?.[1] ?? text;
  const exact = summaries.filter(({ id }) => id === named.toLowerCase());
  return exact.length > 0 ? exact : summaries.filter(summaryMatcher(text));
}

const sendGuide: Handler<"embedGuide"> = async (c, { query }) => {
  const { value: all, now } = await leased(c, (reads) => reads.leasedSummaries());
  const asked: Asked = {
    ...lookIn(query),
    text: (query.case ?? "").trim().slice(0, 200),
    lang: negotiate(query.lang),
  };
  const locale = negotiate(query.ui);
  const found = meantBy(asked.text, all);
  const listed = all.slice(0, LISTED);
  const etag = etagOf(c.env, digest(`${c.req.url} ${headsOf(all)} ${halfDay(now)}`).slice(0, 16), "embed guide");
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  const page = embedGuidePage({
    locale,
    asked,
    chosen: found.length === 1 ? (found[0] ?? null) : null,
    found,
    all: listed,
    site: siteOf(c, query.ui ?? ""),
    release: pinnedWidget,
    now,
  });
  // Some browsers do not count sockets among what 'self' means.
  const { protocol, host } = new URL(c.req.url);
  const socket = `${protocol === "https:" ? "wss" : "ws"}://${host}`;
  return c.html(page, 200, {
    ETag: etag,
    "Content-Language": locale,
    "Content-Security-Policy": pagePolicyWith(embedGuideStyles, {
      "script-src": "'self'",
      "connect-src": `'self' ${socket}`,
      "img-src": "'self' data:",
      "frame-src": "'self'",
    }),
  });
};

const scriptTag = `"${digest(script).slice(0, 16)}"`;

export const embedGuideHandlers = {
  embedGuide: sendGuide,
  embedGuideScript(c) {
    if (notModified(c, scriptTag)) return c.body(null, 304, { ETag: scriptTag });
    return c.body(script, 200, { "Content-Type": "text/javascript; charset=utf-8", ETag: scriptTag });
  },
} satisfies Partial<Handlers>;
