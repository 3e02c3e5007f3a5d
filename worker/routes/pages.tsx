/** Pages that need no JavaScript, from the same view as every other surface. */
import { Hono } from "hono";
import type { Public } from "../freshness.ts";

export const pages = new Hono<Public>();

/** The widget's script, evergreen. */
pages.get("/widget.js", async (c) => {
  const asset = await c.env.ASSETS.fetch(c.req.raw);
  return new Response(asset.body, asset);
});
