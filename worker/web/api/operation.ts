/** Endpoints for operators: health, key rotation, and messages that Telegram refused. */
import { dispatcherFor, ledgerFor, requireDispatcher } from "../../runtime/bindings.ts";
import { metricsOf, OPEN_METRICS_TYPE } from "../operations/open-metrics.ts";
import { readStatus } from "../operations/status.ts";
import { authorize, identityOf } from "./auth.ts";
import type { Handlers } from "./router.ts";

export const operationHandlers = {
  /** Public, but the state of the outbox and of the cases needs an editor's token. */
  async health(c) {
    const version = c.env.VERSION.id;
    if (c.req.header("Authorization") === undefined) return c.json({ ok: true, version });
    authorize(await identityOf(c), { role: "author", scope: "read" });
    const [{ unshowable, damaged }, outbox] = await Promise.all([
      ledgerFor(c.env).observed(),
      dispatcherFor(c.env)?.outbox.status() ?? null,
    ]);
    return c.json({ ok: true, version, outbox, unshowable, damaged });
  },
  readStatus: async (c) => c.json(await readStatus(c.env)),
  metrics: async (c) => c.body(await metricsOf(c.env), 200, { "Content-Type": OPEN_METRICS_TYPE }),
  /** docs/deploy.md describes how to change a key. */
  rotateKeys: async (c) => c.json(await requireDispatcher(c.env).rotateKeys()),
  listParked: async (c) => c.json({ parked: await requireDispatcher(c.env).outbox.parked() }),
  retryParked: async (c) => c.json({ retried: await requireDispatcher(c.env).retryParked() }),
} satisfies Partial<Handlers>;
