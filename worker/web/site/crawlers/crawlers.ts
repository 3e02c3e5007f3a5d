/**
 * Files for crawlers: robots.txt and sitemaps (sitemaps.org), which are an
 * index and its parts. Withdrawn cases are not in the list, so they leave at
 * once.
 */

import type { Context } from "hono";
import { addresses, addressOf, paths } from "../../../../shared/addresses.ts";
import { Refusal } from "../../../../shared/failure.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import type { CaseSummary } from "../../../../shared/view/summary.ts";
import {
  escapeMarkup,
  xmlDocument,
  xmlElement,
} from "../../../editing/rules/xml.ts";
import { etagOf, type Public } from "../../../reads/freshness.ts";
import { leased } from "../../../reads/leased.ts";
import { sendBody } from "../../../reads/send-body.ts";
import { shortDigest } from "../../../runtime/digest.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import type { Handlers } from "../../api/router.ts";
import { sendTextFile } from "../../api/send-file.ts";

/**
 * Few enough to be made for each request. The format allows 50,000 addresses.
 */
const CASES_PER_PART = 200;

/**
 * The cases of each part, newest change first. A list without cases has one
 * part, with the front page.
 */
const sitemapPartsOf = (cases: readonly CaseSummary[]): CaseSummary[][] =>
  Array.from(
    { length: Math.max(1, Math.ceil(cases.length / CASES_PER_PART)) },
    (_, index) =>
      cases.slice(index * CASES_PER_PART, (index + 1) * CASES_PER_PART),
  );

const entry = (name: "sitemap" | "url", address: string, changedAt?: string) =>
  xmlElement(
    name,
    {},
    xmlElement("loc", {}, escapeMarkup(address)) +
      (changedAt ? xmlElement("lastmod", {}, changedAt) : ""),
  );

const documentOf = (name: "sitemapindex" | "urlset", entries: string[]) =>
  xmlDocument(
    xmlElement(
      name,
      { xmlns: "http://www.sitemaps.org/schemas/sitemap/0.9" },
      entries.join(""),
    ),
  );

function sitemapIndex(parts: CaseSummary[][], origin: string): string {
  const entries = parts.map(([newest], index) =>
    entry(
      "sitemap",
      origin + addressOf(paths.sitemapPart, { part: index + 1 }),
      newest?.revision.liveAt,
    ),
  );
  return documentOf("sitemapindex", entries);
}

/**
 * The languages in which a case has its own title. In another one, search
 * engines are sent to the case's own language.
 */
const languagesOf = (
  { language, title }: CaseSummary,
  offered: LocaleTag[],
): string[] => {
  const languages = offered.filter((tag) => Object.hasOwn(title, tag));
  return languages.length > 0 ? languages : [language];
};

/** @param isFirst true for the part with the front page */
function sitemapPart(
  cases: CaseSummary[],
  isFirst: boolean,
  origin: string,
  languages: LocaleTag[],
): string {
  const front = isFirst
    ? languages.map((tag) => entry("url", origin + addresses.front(tag)))
    : [];
  const pages = cases.flatMap((one) =>
    languagesOf(one, languages).map((tag) =>
      entry("url", origin + addresses.page(one.id, tag), one.revision.liveAt),
    ),
  );
  return documentOf("urlset", [...front, ...pages]);
}

/**
 * Crawlers may read everything that readers can. They have no use for sockets
 * and the editors' page.
 */
const robots = (origin: string) =>
  [
    "User-agent: *",
    ...[paths.desk, "/v1/desk/", paths.live].map((path) => `Disallow: ${path}`),
    "",
    `Sitemap: ${origin}${paths.sitemap}`,
    "",
  ].join("\n");

async function sendSitemap(
  c: Context<Public>,
  part: number | null,
): Promise<Response> {
  const copy = await leased(c, (reads, start) => reads.allCases(start));
  // Crawlers ask rarely, so a part isn't kept: it would push copies of cases
  // out of memory.
  return sendBody(
    c,
    { key: part === null ? "sitemap" : null, copies: [copy] },
    () => {
      const { PUBLIC_URL } = c.env;
      const parts = sitemapPartsOf(copy.value.cases);
      const cases =
        part === null
          ? parts.flatMap(([newest]) => newest ?? [])
          : parts[part - 1];
      if (!cases)
        throw new Refusal({ tag: "no-such-address", path: c.req.path });
      const body =
        part === null
          ? sitemapIndex(parts, PUBLIC_URL)
          : sitemapPart(
              cases,
              part === 1,
              PUBLIC_URL,
              profileOf(c.env).languages,
            );
      // Hashing the body would take longer than making it.
      const said = cases.map(({ id, revision }) => `${id} ${revision.liveAt}`);
      const etag = etagOf(c.env, shortDigest(said.join()), "sitemap");
      return {
        body,
        etag,
        headers: { "Content-Type": "application/xml; charset=utf-8" },
      };
    },
  );
}

export const crawlerHandlers = {
  robots: (c) => sendTextFile(c, robots(c.env.PUBLIC_URL)),
  sitemap: (c) => sendSitemap(c, null),
  sitemapPart: (c, { params: { part } }) => sendSitemap(c, part),
} satisfies Partial<Handlers>;
