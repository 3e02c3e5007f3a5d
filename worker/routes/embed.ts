/** The card in a partner's frame. */
import { Hono } from "hono";
import { Refusal } from "../../shared/failure.ts";
import { locales } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import type { Public } from "../freshness.ts";
import { embedHeaders, embedPage } from "../pages/embed-page.tsx";
import { localeOf } from "./pages.tsx";
import { showCase } from "./shown-case.ts";

export const embed = new Hono<Public>();

embed.get("/embed/:id", (c) =>
  showCase(c, c.req.param("id"), "embed", (view) => embedPage(view, c.env.PUBLIC_URL), {
    "Content-Type": "text/html; charset=UTF-8",
    ...embedHeaders,
  }),
);

/** A frame shows nobody a program's answer. */
embed.onError((error, c) => {
  if (!(error instanceof Refusal) || error.failure.tag !== "unavailable") throw error;
  const lang = localeOf(c);
  const [title, text] = [message(lang, "page.unavailable.title"), message(lang, "page.unavailable.text")];
  const view = { state: "unknown", id: c.req.param("id") ?? "", lang, dir: locales[lang].dir, title, text } as const;
  return c.html(embedPage(view, c.env.PUBLIC_URL), 503, { ...embedHeaders, "Retry-After": "1" });
});
