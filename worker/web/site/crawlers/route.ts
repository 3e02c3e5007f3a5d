/** Files for crawlers: robots.txt, sitemaps and the key of IndexNow. */
import type { Context } from "hono";
import { paths } from "../../../../shared/addresses.ts";
import { Refusal } from "../../../../shared/failure.ts";
import { etagOf, type Public } from "../../../reads/freshness.ts";
import { leased } from "../../../reads/leased.ts";
import { sendBody } from "../../../reads/send-body.ts";
import { shortDigest } from "../../../runtime/digest.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import type { Handlers } from "../../api/router.ts";
import { sendTextFile } from "../../api/send-file.ts";
import { sitemapIndex, sitemapPart, sitemapPartsOf } from "./sitemap.ts";

/** Crawlers may read everything that readers can. They have no use for sockets and the editors' page. */
const robots = (origin: string) =>
  [
    "User-agent: *",
    ...[paths.desk, "/v1/desk/", paths.live].map((path) => `Disallow: ${path}`),
    "",
    `Sitemap: ${origin}${paths.sitemap}`,
    "",
  ].join("\n");

async function sendSitemap(c: Context<Public>, part: number | null): Promise<Response> {
  const copy = await leased(c, (reads, start) => reads.allCases(start));
  // Crawlers ask rarely, so a part isn't kept: it would push copies of cases out of memory.
  return sendBody(c, { key: part === null ? "sitemap" : null, copies: [copy] }, () => {
    const { PUBLIC_URL } = c.env;
    const parts = sitemapPartsOf(copy.value.cases);
    const cases = part === null ? parts.flatMap(([newest]) => newest ?? []) : parts[part - 1];
    if (!cases) throw new Refusal({ tag: "no-such-address", path: c.req.path });
    const body =
      part === null
        ? sitemapIndex(parts, PUBLIC_URL)
        : sitemapPart(cases, part === 1, PUBLIC_URL, profileOf(c.env).languages);
    // Hashing the body would take longer than making it.
    const said = cases.map(({ id, revision }) => `${id} ${revision.liveAt}`);
    const etag = etagOf(c.env, shortDigest(said.join()), "sitemap");
    return { body, etag, headers: { "Content-Type": "application/xml; charset=utf-8" } };
  });
}

export const crawlerHandlers = {
  robots: (c) => sendTextFile(c, robots(c.env.PUBLIC_URL)),
  sitemap: (c) => sendSitemap(c, null),
  sitemapPart: (c, { params: { part } }) => sendSitemap(c, part),
  indexNowKey(c) {
    if (!c.env.INDEXNOW_KEY) throw new Refusal({ tag: "no-such-address", path: c.req.path });
    return sendTextFile(c, c.env.INDEXNOW_KEY);
  },
} satisfies Partial<Handlers>;
