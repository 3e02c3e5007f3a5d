import { Hono } from "hono";
import { anyOrigin, madeOf, notModified, type Public } from "../freshness.ts";
import { badgeHeaders, badge as badgeOf } from "../pages/badge.tsx";
import { readsFor } from "../reads.ts";
import { etagOf, viewOf } from "./cases.ts";
import { statuses } from "./embed.ts";
import { localeOf } from "./pages.tsx";

export const badge = new Hono<Public>();

badge.get("/badge/:file{.+\\.svg}", async (c) => {
  const id = c.req.param("file").slice(0, -".svg".length);
  const reads = readsFor(c.env);
  const copy = await reads.leasedCase(id);
  const now = reads.now();
  madeOf(c, copy, now);
  const locale = localeOf(c, copy.value);
  const view = viewOf(id, copy.value, locale, now);
  const until = view.state === "present" && view.until ? Date.parse(view.until) : 0;
  const etag = etagOf(c.env, view.revision?.number ?? 0, locale, until, "badge");
  if (view.state === "present" && notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  return c.body(badgeOf(view), statuses[view.state], {
    "Content-Type": "image/svg+xml; charset=utf-8",
    "Content-Language": locale,
    ETag: etag,
    ...badgeHeaders,
    ...anyOrigin,
  });
});
