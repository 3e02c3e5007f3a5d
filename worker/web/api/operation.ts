/**
 * Endpoints for operators: health, key rotation, messages that Telegram
 * refused, and exports and restores.
 */

import { Refusal } from "../../../shared/failure.ts";
import { storedKinds } from "../../editing/contract/operating.ts";
import { discardBody } from "../../objects/storage/backup-lines.ts";
import { readsFor } from "../../reads/reads.ts";
import {
  dispatcherFor,
  ledgerFor,
  requireDispatcher,
} from "../../runtime/bindings.ts";
import { storedObjects } from "../../runtime/upload.ts";
import { renewBackups } from "../operations/daily.ts";
import { metricsOf, OPEN_METRICS_TYPE } from "../operations/open-metrics.ts";
import { readStatus } from "../operations/status.ts";
import { authorize, identityOf } from "./auth.ts";
import { unwrap } from "./request.ts";
import type { Handlers } from "./router.ts";

/** The headers of an NDJSON download. */
const file = (name: string) => ({
  "Content-Type": "application/x-ndjson; charset=utf-8",
  "Content-Disposition": `attachment; filename="casewire-${name}-${new Date().toISOString().slice(0, 10)}.ndjson"`,
});

/** @throws Refusal */
function bucketOf({ BACKUPS }: Env): R2Bucket {
  if (!BACKUPS) throw new Refusal({ tag: "no-bucket" });
  return BACKUPS;
}

export const operationHandlers = {
  /**
   * Public, but the state of the outbox and of the cases needs an editor's
   * token. Fails as readers' requests fail.
   */
  async health(c) {
    await readsFor(c.env).leasedLogHead();
    const version = c.env.VERSION.id;
    if (c.req.header("Authorization") === undefined)
      return c.json({ ok: true, version });
    authorize(await identityOf(c), { role: "author", scope: "read" });
    const [{ unshowable }, outbox] = await Promise.all([
      ledgerFor(c.env).observed(),
      dispatcherFor(c.env)?.outbox.status() ?? null,
    ]);
    return c.json({ ok: true, version, outbox, unshowable });
  },
  readStatus: async (c) => c.json(await readStatus(c.env)),
  metrics: async (c) =>
    c.body(await metricsOf(c.env), 200, { "Content-Type": OPEN_METRICS_TYPE }),
  /** docs/deploy.md describes how to change a key. */
  rotateKeys: async (c) => c.json(await requireDispatcher(c.env).rotateKeys()),
  listParked: async (c) =>
    c.json({ parked: await requireDispatcher(c.env).outbox.parked() }),
  retryParked: async (c) =>
    c.json({ retried: await requireDispatcher(c.env).retryParked() }),

  exportAudit: async (c) =>
    c.req.method === "HEAD"
      ? c.body(null, 200, file("audit"))
      : c.body(await ledgerFor(c.env).backup.audit(), 200, file("audit")),
  exportAll: async (c) =>
    // A HEAD request exports nothing, so it leaves no line in the log.
    c.req.method === "HEAD"
      ? c.body(null, 200, file("backup"))
      : c.body(
          await ledgerFor(c.env).backup.export(c.get("editor")),
          200,
          file("backup"),
        ),
  exportErasures: async (c) =>
    c.body(await ledgerFor(c.env).backup.erasures(), 200, file("erasures")),

  async listBackups(c) {
    const bucket = bucketOf(c.env);
    const stored = await Promise.all(
      storedKinds.map(async (kind) =>
        (await storedObjects(bucket, kind)).map(({ key, size }) => ({
          kind,
          file: key.slice(kind.length + 1),
          bytes: size,
        })),
      ),
    );
    return c.json({ files: stored.flatMap((files) => files.reverse()) });
  },
  async renewBackups(c) {
    bucketOf(c.env);
    return c.json({ deleted: await renewBackups(c.env, Date.now()) }, 201);
  },
  async readBackup(c, { params: { kind, file } }) {
    const found = await bucketOf(c.env).get(`${kind}/${file}`);
    if (!found)
      throw new Refusal({ tag: "unknown-backup", file: `${kind}/${file}` });
    return c.body(found.body, 200, {
      "Content-Type": "application/octet-stream",
      "Content-Length": String(found.size),
    });
  },

  /**
   * The body is an erasures file followed by a backup, so that erased content
   * isn't even staged.
   */
  async restore(c, { query: { erasures } }) {
    const body = c.req.raw.body ?? new Blob([]).stream();
    return c.json(
      unwrap(
        await ledgerFor(c.env).restore.run(
          body,
          c.get("editor"),
          erasures === "none",
        ),
      ),
      201,
    );
  },

  async exportFollowers(c) {
    const dispatcher = requireDispatcher(c.env);
    if (c.req.method === "HEAD") return c.body(null, 200, file("followers"));
    return c.body(
      await dispatcher.followerBackup.stream(c.get("editor")),
      200,
      file("followers"),
    );
  },
  async restoreFollowers(c, { query: { erasures } }) {
    const dispatcher = requireDispatcher(c.env);
    const body = c.req.raw.body ?? new Blob([]).stream();
    // A restore of followers writes an audit entry, and a backup can only be
    // restored into an empty Ledger.
    if (await ledgerFor(c.env).restore.isEmpty()) {
      await discardBody(body);
      throw new Refusal({ tag: "cases-first" });
    }
    const { sha256, ...restored } = unwrap(
      await dispatcher.followerBackup.restore(body, erasures === "none"),
    );
    await ledgerFor(c.env).audit.record(
      "followers-restore",
      c.get("editor"),
      sha256,
    );
    return c.json(restored, 201);
  },
} satisfies Partial<Handlers>;
