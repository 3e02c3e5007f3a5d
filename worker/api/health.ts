import { Hono } from "hono";
import { routes } from "../../shared/protocol.ts";
import { dispatcherFor } from "../bindings.ts";
import { type Editor, requireEditor } from "./auth.ts";

export const health = new Hono<Editor>();

/** Version and ok for anybody; how much waits to be delivered, only with a token. */
health.get(routes.health, async (c, next) => {
  if (c.req.header("Authorization") === undefined) return c.json({ ok: true, version: c.env.VERSION.id });
  return next();
});
health.get(routes.health, requireEditor, async (c) =>
  c.json({ ok: true, version: c.env.VERSION.id, outbox: await dispatcherFor(c.env).status() }),
);
