/** What is kept elsewhere: the audit log, backups and erasures, and the way back. */
import { Hono } from "hono";
import * as v from "valibot";
import { Refusal } from "../../shared/failure.ts";
import { routes } from "../../shared/protocol.ts";
import { dispatcherFor, ledgerFor } from "../bindings.ts";
import { drain } from "../storage/backup-lines.ts";
import { type Editor, requireEditor } from "./auth.ts";
import { doneOrRefused, query } from "./request.ts";

const RestoreQuery = v.strictObject({ erasures: v.optional(v.literal("none", "must be none, or left out")) });

/** NDJSON to be saved as a file. */
const file = (name: string) => ({
  "Content-Type": "application/x-ndjson; charset=utf-8",
  "Content-Disposition": `attachment; filename="casewire-${name}-${new Date().toISOString().slice(0, 10)}.ndjson"`,
});

export const backup = new Hono<Editor>();

for (const path of [
  routes.deskAuditLog,
  routes.deskExport,
  routes.deskErasures,
  routes.deskRestore,
  routes.deskFollowers,
])
  backup.use(path, requireEditor);

backup.get(routes.deskAuditLog, async (c) => {
  const lines = (await ledgerFor(c.env).exportAudit()).map((entry) => `${JSON.stringify(entry)}\n`);
  return c.body(lines.join(""), 200, file("audit"));
});

backup.get(routes.deskExport, async (c) =>
  c.body(await ledgerFor(c.env).exportAll(c.get("editor")), 200, file("backup")),
);

backup.get(routes.deskErasures, async (c) => c.body(await ledgerFor(c.env).exportErasures(), 200, file("erasures")));

/** The body is an erasures file, and after its last line a backup: what was erased is not even put aside. */
backup.post(routes.deskRestore, async (c) => {
  const { erasures } = query(c, RestoreQuery);
  const body = c.req.raw.body ?? new Blob([]).stream();
  return c.json(doneOrRefused(await ledgerFor(c.env).restore(body, c.get("editor"), erasures === "none")), 201);
});

backup.get(routes.deskFollowers, async (c) => {
  const { body, sha256 } = await dispatcherFor(c.env).exportFollowers();
  await ledgerFor(c.env).recordFollowers("followers-export", c.get("editor"), sha256);
  return c.body(body, 200, file("followers"));
});

backup.post(routes.deskFollowers, async (c) => {
  const body = c.req.raw.body ?? new Blob([]).stream();
  // The line in the log would keep the cases out.
  if (await ledgerFor(c.env).isEmpty()) {
    await drain(body);
    throw new Refusal({ tag: "cases-first" });
  }
  const { sha256, ...restored } = doneOrRefused(await dispatcherFor(c.env).restoreFollowers(body));
  await ledgerFor(c.env).recordFollowers("followers-restore", c.get("editor"), sha256);
  return c.json(restored, 201);
});
