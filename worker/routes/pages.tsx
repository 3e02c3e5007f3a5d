/** Pages that need no JavaScript, from the same view as every other surface. */
import { Hono } from "hono";
import { negotiate } from "../../shared/locale.ts";
import { madeOf, notModified, type Public } from "../freshness.ts";
import { casePage } from "../pages/case-page.tsx";
import { pagePolicy } from "../pages/document.tsx";
import { readsFor } from "../reads.ts";
import { etagOf, viewOf } from "./cases.ts";

export const pages = new Hono<Public>();

const statuses = { present: 200, withdrawn: 410, unknown: 404 } as const;

/** The language is in the address; without one it is the case's own source language, so that no cache needs to vary. */
pages.get("/cases/:id", async (c) => {
  const id = c.req.param("id");
  const locale = negotiate(c.req.query("lang"));
  const reads = readsFor(c.env);
  const copy = await reads.leasedCase(id);
  const now = reads.now();
  madeOf(c, copy, now);
  const view = viewOf(id, copy.value, locale, now);
  const etag = etagOf(c.env, view.revision?.number ?? 0, locale, (view.state === "present" && view.until) || 0, "page");
  if (view.state === "present" && notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  return c.html(casePage(view, locale, c.env.CONTACT), statuses[view.state], {
    ETag: etag,
    "Content-Language": locale,
    "Content-Security-Policy": pagePolicy,
  });
});
