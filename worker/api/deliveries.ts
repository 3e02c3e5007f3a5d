/** Messages that Telegram refused for a reason nobody foresaw (docs/delivery.md): seen, and tried again once it is mended. */
import { Hono } from "hono";
import { routes } from "../../shared/protocol.ts";
import { dispatcherFor } from "../bindings.ts";
import { type Editor, requireEditor } from "./auth.ts";

export const deliveries = new Hono<Editor>();

deliveries.get(routes.deskDeliveries, requireEditor, async (c) =>
  c.json({ parked: await dispatcherFor(c.env).parked() }),
);

deliveries.post(routes.deskDeliveries, requireEditor, async (c) =>
  c.json({ retried: await dispatcherFor(c.env).retryParked() }),
);
