/** What an operator asks: whether it serves, followers' keys, and messages that Telegram refused. */
import { dispatcherFor } from "../bindings.ts";
import { signIn } from "./auth.ts";
import type { Handlers } from "./router.ts";

export const operationHandlers = {
  /** Anyone may ask whether it serves; how much waits to be delivered takes a token. */
  async health(c) {
    const version = c.env.VERSION.id;
    if (c.req.header("Authorization") === undefined) return c.json({ ok: true, version });
    await signIn(c);
    return c.json({ ok: true, version, outbox: await dispatcherFor(c.env).status() });
  },
  /** docs/deploy.md says how a key is changed. */
  rotateKeys: async (c) => c.json(await dispatcherFor(c.env).rotateKeys()),
  listParked: async (c) => c.json({ parked: await dispatcherFor(c.env).parked() }),
  retryParked: async (c) => c.json({ retried: await dispatcherFor(c.env).retryParked() }),
} satisfies Partial<Handlers>;
