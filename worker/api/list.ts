/** The list of cases as JSON and as CSV. */
import type { Context } from "hono";
import { addresses, paths } from "../../shared/addresses.ts";
import { type LocaleTag, negotiate } from "../../shared/locale.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { newsUntil } from "../../shared/view/age.ts";
import { runOf } from "../../shared/view/run.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import { viewSummary } from "../../shared/view/view.ts";
import { csvOf, dataPackageOf } from "../contract/columns.ts";
import { digest } from "../digest.ts";
import { profileOf } from "../profiles/profiles.ts";
import { etagOf, notModified, type Public } from "../reads/freshness.ts";
import { leasedPage } from "../reads/leased.ts";
import { correctionsEnd, halfDay, headsOf, listKey } from "../reads/list.ts";
import { requireKnownCodes } from "../reads/list-filters.ts";
import { sendBody } from "../reads/send-body.ts";
import { nextLink } from "./link.ts";
import type { Handler, Handlers } from "./router.ts";

const types = { json: "application/json; charset=utf-8", csv: "text/csv; charset=utf-8; header=present" };

function csvPage(c: Context<Public>, page: CaseSummary[], locale: LocaleTag | null, profile: Profile): string {
  const rows = page.map((summary) => {
    const { id, title, language } = summary;
    const run = runOf(title, language, locale ?? (language as LocaleTag));
    const titleLanguage = run.lang ?? locale ?? language;
    return { summary, url: c.env.PUBLIC_URL + addresses.page(id), title: run.text, titleLanguage, profile };
  });
  return csvOf(rows);
}

const sendList: Handler<"listCases"> = async (c, { query }) => {
  const { format, ...filters } = query;
  const profile = profileOf(c.env);
  requireKnownCodes(filters, profile);
  const { copy, at } = await leasedPage(c, filters);
  const locale = query.lang === undefined ? null : negotiate(query.lang, profile);
  // The link to the next page repeats the parameters as they were given.
  const list = query.lang === undefined || query.lang === locale ? listKey(filters) : null;
  const key = list === null ? null : `list ${list} ${locale} ${format}`;
  return sendBody(c, { key, copies: [copy] }, (now) => {
    const { page, next, changed, unshowable } = at(now).selection;
    const cases = page.map((entry) => {
      const {
        spellings: _,
        first: __,
        placeNames: ___,
        hearings: ____,
        outdated: _____,
        version: ______,
        ...shown
      } = entry;
      const { correction, ...summary } = shown;
      return {
        ...summary,
        ...(correction && now < newsUntil(correction) ? { correction } : {}),
        ...(locale ? { view: viewSummary(summary, locale, now) } : {}),
      };
    });
    const more = unshowable.length > 0 ? { unshowable } : {};
    // Addresses that share a kept answer share its ETag, whichever of them an isolate was asked first.
    const heads = `${key ?? c.req.url} ${headsOf(page, now, unshowable)} ${next ?? changed} ${locale ? halfDay(now) : ""}`;
    return {
      body:
        format === "csv"
          ? csvPage(c, page, locale, profile)
          : JSON.stringify({ cases, ...more, contact: profile.newsroom.contact }),
      etag: etagOf(c.env, digest(heads).slice(0, 16)),
      headers: { "Content-Type": types[format], ...nextLink(c, paths.cases, next ?? changed) },
      until: correctionsEnd(page, now),
    };
  });
};

const sendDataPackage: Handler<"dataPackage"> = (c) => {
  const etag = etagOf(c.env, "datapackage");
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  return c.json(dataPackageOf(profileOf(c.env), c.env.PUBLIC_URL), 200, { ETag: etag });
};

export const listHandlers = { listCases: sendList, dataPackage: sendDataPackage } satisfies Partial<Handlers>;
