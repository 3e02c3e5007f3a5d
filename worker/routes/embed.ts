/** The card in a partner's frame. */
import { Hono } from "hono";
import { Refusal } from "../../shared/failure.ts";
import { locales } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import { madeOf, notModified, type Public } from "../freshness.ts";
import { embedHeaders, embedPage } from "../pages/embed-page.tsx";
import { readsFor } from "../reads.ts";
import { etagOf, viewOf } from "./cases.ts";
import { localeOf } from "./pages.tsx";

export const embed = new Hono<Public>();

/** What each state of a case answers with, wherever it is shown as something else than JSON. */
export const statuses = { present: 200, withdrawn: 410, unknown: 404 } as const;

embed.get("/embed/:id", async (c) => {
  const id = c.req.param("id");
  const reads = readsFor(c.env);
  const copy = await reads.leasedCase(id);
  const now = reads.now();
  madeOf(c, copy, now);
  const locale = localeOf(c, copy.value);
  const view = viewOf(id, copy.value, locale, now);
  const until = view.state === "present" && view.until ? Date.parse(view.until) : 0;
  const etag = etagOf(c.env, view.revision?.number ?? 0, locale, until, "embed");
  if (view.state === "present" && notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  return c.html(embedPage(view, c.env.PUBLIC_URL), statuses[view.state], {
    ETag: etag,
    "Content-Language": locale,
    ...embedHeaders,
  });
});

/** A frame shows nobody a program's answer. */
embed.onError((error, c) => {
  if (!(error instanceof Refusal) || error.failure.tag !== "unavailable") throw error;
  const lang = localeOf(c);
  const [title, text] = [message(lang, "page.unavailable.title"), message(lang, "page.unavailable.text")];
  const view = { state: "unknown", id: c.req.param("id") ?? "", lang, dir: locales[lang].dir, title, text } as const;
  return c.html(embedPage(view, c.env.PUBLIC_URL), 503, { ...embedHeaders, "Retry-After": "1" });
});
