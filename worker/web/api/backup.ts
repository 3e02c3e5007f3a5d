/** Exports of the audit log, backups, erasures and followers; restores of backups and followers. */
import { Refusal } from "../../../shared/failure.ts";
import { discardBody } from "../../objects/storage/backup-lines.ts";
import { ledgerFor, requireDispatcher } from "../../runtime/bindings.ts";
import { unwrap } from "./request.ts";
import type { Handlers } from "./router.ts";

/** The headers of an NDJSON download. */
const file = (name: string) => ({
  "Content-Type": "application/x-ndjson; charset=utf-8",
  "Content-Disposition": `attachment; filename="casewire-${name}-${new Date().toISOString().slice(0, 10)}.ndjson"`,
});

export const backupHandlers = {
  exportAudit: async (c) =>
    c.req.method === "HEAD"
      ? c.body(null, 200, file("audit"))
      : c.body(await ledgerFor(c.env).backup.audit(), 200, file("audit")),
  exportAll: async (c) =>
    // A HEAD request exports nothing, so it leaves no line in the log.
    c.req.method === "HEAD"
      ? c.body(null, 200, file("backup"))
      : c.body(await ledgerFor(c.env).backup.export(c.get("editor")), 200, file("backup")),
  exportErasures: async (c) => c.body(await ledgerFor(c.env).backup.erasures(), 200, file("erasures")),

  /** The body is an erasures file followed by a backup, so that erased content isn't even staged. */
  async restore(c, { query: { erasures } }) {
    const body = c.req.raw.body ?? new Blob([]).stream();
    return c.json(unwrap(await ledgerFor(c.env).restore.run(body, c.get("editor"), erasures === "none")), 201);
  },

  async exportFollowers(c) {
    const dispatcher = requireDispatcher(c.env);
    if (c.req.method === "HEAD") return c.body(null, 200, file("followers"));
    return c.body(await dispatcher.followerBackup.stream(c.get("editor")), 200, file("followers"));
  },
  async restoreFollowers(c, { query: { erasures } }) {
    const dispatcher = requireDispatcher(c.env);
    const body = c.req.raw.body ?? new Blob([]).stream();
    // A restore of followers writes an audit entry, and a backup can only be restored into an empty Ledger.
    if (await ledgerFor(c.env).restore.isEmpty()) {
      await discardBody(body);
      throw new Refusal({ tag: "cases-first" });
    }
    const { sha256, ...restored } = unwrap(await dispatcher.followerBackup.restore(body, erasures === "none"));
    await ledgerFor(c.env).audit.record("followers-restore", c.get("editor"), sha256);
    return c.json(restored, 201);
  },
} satisfies Partial<Handlers>;
