/** The card in a partner's frame. */
import { Hono } from "hono";
import { Refusal } from "../../shared/failure.ts";
import { locales } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import type { Public } from "../freshness.ts";
import { embedHeaders, embedPage } from "../pages/embed-page.tsx";
import { lookIn } from "../pages/look.ts";
import { localeOf } from "./pages.tsx";
import { showCase } from "./shown-case.ts";

export const embed = new Hono<Public>();

embed.get("/embed/:id", (c) => {
  const look = lookIn(c.req.query());
  const surface = `embed ${look.variant} ${look.theme}`;
  return showCase(c, c.req.param("id"), surface, (view) => embedPage(view, c.env.PUBLIC_URL, look), {
    "Content-Type": "text/html; charset=UTF-8",
    ...embedHeaders,
  });
});

/** A frame shows nobody a program's answer. */
embed.onError((error, c) => {
  if (!(error instanceof Refusal) || error.failure.tag !== "unavailable") throw error;
  const lang = localeOf(c);
  const [title, text] = [message(lang, "page.unavailable.title"), message(lang, "page.unavailable.text")];
  const view = { state: "unknown", id: c.req.param("id") ?? "", lang, dir: locales[lang].dir, title, text } as const;
  return c.html(embedPage(view, c.env.PUBLIC_URL, lookIn(c.req.query())), 503, { ...embedHeaders, "Retry-After": "1" });
});
