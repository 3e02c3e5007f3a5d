/** The card in a partner's frame. */
import { type Context, Hono } from "hono";
import type { View } from "../../../shared/view/view.ts";
import type { Public } from "../../reads/freshness.ts";
import { showCase, showOutage } from "../shown-case.ts";
import { embedHeaders, embedPage } from "./embed-page.tsx";
import { lookIn } from "./look.ts";

export const embed = new Hono<Public>();

const headers = { "Content-Type": "text/html; charset=UTF-8", ...embedHeaders };

/** Prints the frame as its address wants it to look. */
const printer = (c: Context<Public>) => (view: View) => embedPage(view, c.env.PUBLIC_URL, lookIn(c.req.query()));

embed.get("/embed/:id", (c) => {
  const { variant, theme } = lookIn(c.req.query());
  return showCase(c, c.req.param("id"), `embed ${variant} ${theme}`, printer(c), headers);
});

embed.onError((error, c) => showOutage(error, c, c.req.param("id") ?? "", printer(c), headers));
