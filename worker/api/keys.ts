/** Changing the key that followers' ids are encrypted with; docs/deploy.md says how. */
import { Hono } from "hono";
import { routes } from "../../shared/protocol.ts";
import { dispatcherFor } from "../bindings.ts";
import { type Editor, requireEditor } from "./auth.ts";

export const keys = new Hono<Editor>();

/** Re-encrypts a page, and says how much is left; asked again until nothing is. */
keys.post(routes.deskKeys, requireEditor, async (c) => c.json(await dispatcherFor(c.env).rotateKeys()));
