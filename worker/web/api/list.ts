/** The list of cases as JSON and as CSV. */
import type { Context } from "hono";
import { addresses, addressOf, paths } from "../../../shared/addresses.ts";
import { type LocaleTag, negotiate } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { runOf } from "../../../shared/view/run.ts";
import {
  type CaseSummary,
  publicSummaryOf,
} from "../../../shared/view/summary.ts";
import { viewSummary } from "../../../shared/view/view.ts";
import { csvOf, dataPackageOf } from "../../editing/contract/columns.ts";
import type { ListQuery } from "../../editing/contract/parameters.ts";
import { etagOf, type Public } from "../../reads/freshness.ts";
import { leasedPage } from "../../reads/leased.ts";
import {
  correctionsEnd,
  halfDay,
  headsOf,
  listKey,
  type Selection,
} from "../../reads/list.ts";
import { requireKnownCodes } from "../../reads/list-filters.ts";
import { sendBody } from "../../reads/send-body.ts";
import { shortDigest } from "../../runtime/digest.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import type { Handler, Handlers } from "./router.ts";
import { sendFile } from "./send-file.ts";

const types = {
  json: "application/json; charset=utf-8",
  csv: "text/csv; charset=utf-8; header=present",
};

/**
 * The `Link` header (RFC 8288) to the next page, with the parameters as they
 * were given; no header without a cursor.
 */
export const nextLink = (
  c: Context<Public>,
  path: string,
  cursor: string | number | undefined,
): Record<string, string> =>
  cursor === undefined
    ? {}
    : {
        Link: `<${c.env.PUBLIC_URL}${addressOf(path, { ...c.req.query(), cursor: String(cursor) })}>; rel="next"`,
      };

/** What an answer depends on besides its cases. */
interface Shown {
  locale: LocaleTag | null;
  profile: Profile;
  now: number;
}

function csvPage(
  page: CaseSummary[],
  { locale, profile, now }: Shown,
  publicUrl: string,
): string {
  const rows = page.map((entry) => {
    const { id, title, language } = entry;
    const run = runOf(title, language, locale ?? (language as LocaleTag));
    return {
      summary: publicSummaryOf(entry, now),
      url: publicUrl + addresses.page(id),
      title: run.text,
      titleLanguage: run.lang ?? locale ?? language,
      profile,
    };
  });
  return csvOf(rows);
}

function jsonPage(
  { page, unshowable, near }: Selection,
  { locale, profile, now }: Shown,
): string {
  const cases = page.map((entry) => ({
    ...publicSummaryOf(entry, now),
    ...(locale ? { view: viewSummary(entry, locale, now) } : {}),
  }));
  const didYouMean = near.map(({ name, summary: { id, number } }) => ({
    name,
    id,
    number,
  }));
  return JSON.stringify({
    cases,
    ...(unshowable.length > 0 ? { unshowable } : {}),
    ...(didYouMean.length > 0 ? { didYouMean } : {}),
    contact: profile.newsroom.contact,
  });
}

async function sendList(
  c: Context<Public>,
  query: ListQuery,
  format: keyof typeof types,
): Promise<Response> {
  const profile = profileOf(c.env);
  requireKnownCodes(query, profile);
  const { copy, at } = await leasedPage(c, query);
  const locale =
    query.lang === undefined ? null : negotiate(query.lang, profile);
  // The link to the next page repeats the parameters as they were given.
  const list =
    query.lang === undefined || query.lang === locale ? listKey(query) : null;
  const key = list === null ? null : `list ${list} ${locale} ${format}`;
  const path = format === "csv" ? paths.casesCsv : paths.cases;
  return sendBody(c, { key, copies: [copy] }, (now) => {
    const { selection } = at(now);
    const { page, next, changed } = selection;
    const shown = { locale, profile, now };
    // Addresses that share a kept answer share its ETag, whichever of them an
    // isolate was asked first.
    const heads = `${key ?? c.req.url} ${headsOf(page, now, selection)} ${next ?? changed} ${locale ? halfDay(now) : ""}`;
    return {
      body:
        format === "csv"
          ? csvPage(page, shown, c.env.PUBLIC_URL)
          : jsonPage(selection, shown),
      etag: etagOf(c.env, shortDigest(heads)),
      headers: {
        "Content-Type": types[format],
        ...nextLink(c, path, next ?? changed),
      },
      until: correctionsEnd(page, now),
    };
  });
}

const sendDataPackage: Handler<"dataPackage"> = (c) => {
  const described = dataPackageOf(profileOf(c.env), c.env.PUBLIC_URL);
  return sendFile(c, JSON.stringify(described), {
    "Content-Type": "application/json",
    ETag: etagOf(c.env, "datapackage"),
  });
};

export const listHandlers = {
  listCases: (c, { query }) => sendList(c, query, "json"),
  listCasesCsv: (c, { query }) => sendList(c, query, "csv"),
  dataPackage: sendDataPackage,
} satisfies Partial<Handlers>;
