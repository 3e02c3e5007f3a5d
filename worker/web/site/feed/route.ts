/** Routes of the feeds. */

import type { Context } from "hono";
import { Refusal } from "../../../../shared/failure.ts";
import { negotiate } from "../../../../shared/locale.ts";
import { etagOf, type Public } from "../../../reads/freshness.ts";
import { leased } from "../../../reads/leased.ts";
import { sendBody } from "../../../reads/send-body.ts";
import { shortDigest } from "../../../runtime/digest.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import type { Handlers } from "../../api/router.ts";
import { siteFor } from "../pages.tsx";
import { atomFeed, jsonFeed } from "./feed.tsx";

const formats = {
  atom: { type: "application/atom+xml; charset=utf-8", render: atomFeed },
  json: { type: "application/feed+json; charset=utf-8", render: jsonFeed },
} as const;

async function sendFeed(c: Context<Public>, format: keyof typeof formats, id?: string): Promise<Response> {
  const copy = await leased(c, (reads) => reads.leasedRecent(id));
  const { value: recent } = copy;
  if (id !== undefined && recent.length === 0) throw new Refusal({ tag: "unknown-case", id });
  const locale = negotiate(
    c.req.query("lang") ?? (id === undefined ? undefined : recent[0]?.summary?.language),
    profileOf(c.env),
  );
  return sendBody(c, { key: `feed ${format} ${id ?? ""} ${locale}`, copies: [copy] }, () => {
    const heads = recent
      .map(
        (entry) =>
          `${entry.id} ${entry.revision.number} ${entry.erasedAt ?? ""}${entry.unshowable ? " unshowable" : ""}`,
      )
      .join(",");
    const { type, render } = formats[format];
    return {
      body: render({ recent, locale, site: siteFor(c), ...(id === undefined ? {} : { id }) }),
      // The feed of a withdrawn case answers 410, with a body that tells its readers of the withdrawal.
      status: id !== undefined && recent[0]?.revision.kind === "withdrawal" ? 410 : 200,
      etag: etagOf(c.env, shortDigest(heads), locale, format),
      headers: { "Content-Type": type, "Content-Language": locale },
    };
  });
}

export const feedHandlers = {
  atomFeed: (c) => sendFeed(c, "atom"),
  jsonFeed: (c) => sendFeed(c, "json"),
  caseAtomFeed: (c, { params: { id } }) => sendFeed(c, "atom", id),
  caseJsonFeed: (c, { params: { id } }) => sendFeed(c, "json", id),
} satisfies Partial<Handlers>;
