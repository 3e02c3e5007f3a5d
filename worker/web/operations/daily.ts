/**
 * The daily backup: an export, the erasures and, if asked for, the followers,
 * each put into the bucket.
 */
import type { DailyBackup } from "../../objects/ledger/backup-state.ts";
import { dispatcherFor, ledgerFor } from "../../runtime/bindings.ts";
import { log } from "../../runtime/log.ts";
import { backupDaysOf } from "../../runtime/settings.ts";
import {
  deleteObjects,
  keyOf,
  type StoredKind,
  storedObjects,
  timeOf,
  uploadEncrypted,
} from "../../runtime/upload.ts";

/** The name in the audit log. Brackets tell it from an editor. */
const BACKUP_EDITOR = "(daily backup)";
const DAY_MS = 86_400_000;
/** A publish during an export aborts it. */
const EXPORT_ATTEMPTS = 5;

async function store(
  env: Env,
  kind: StoredKind,
  at: number,
  content: () => Promise<ReadableStream<Uint8Array>>,
) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await uploadEncrypted(env, keyOf(kind, at), await content());
    } catch (error) {
      if (attempt === EXPORT_ATTEMPTS) throw error;
    }
  }
}

/**
 * Deletes what is older than the rule allows.
 * @param kept the number of the newest of each kind that stay, whatever their
 * age
 */
async function prune(
  bucket: R2Bucket,
  kinds: StoredKind[],
  kept: number,
  oldest: number,
): Promise<void> {
  for (const kind of kinds) {
    const keys = (await storedObjects(bucket, kind)).map(({ key }) => key);
    const old = keys
      .slice(0, keys.length - kept)
      .filter((key) => timeOf(key) < oldest);
    await deleteObjects(bucket, old);
  }
}

/** Makes a backup and deletes old ones. */
export async function makeBackup(env: Env, at: number): Promise<DailyBackup> {
  const ledger = ledgerFor(env);
  const oldest = at - backupDaysOf(env) * DAY_MS;
  // First, so that they go even if no backup can be made: /privacy promises it,
  // and forgets are listed for as long as these are kept.
  await prune(env.BACKUPS as R2Bucket, ["followers", "forgotten"], 0, oldest);
  const dispatcher = env.BACKUP_FOLLOWERS === "yes" ? dispatcherFor(env) : null;
  let bytes = await store(env, "backup", at, () =>
    ledger.backup.export(BACKUP_EDITOR),
  );
  // After the backup: a restore needs the erasures that came later.
  bytes += await store(env, "erasures", at, async () =>
    new Blob([await ledger.backup.erasures()]).stream(),
  );
  if (dispatcher)
    bytes += await store(env, "followers", at, () =>
      dispatcher.followerBackup.stream(BACKUP_EDITOR),
    );
  await prune(env.BACKUPS as R2Bucket, ["backup", "erasures"], 1, oldest);
  // What came after the one before stays, so that a damaged newest backup costs
  // nothing.
  const before = (await storedObjects(env.BACKUPS as R2Bucket, "backup")).at(
    -2,
  );
  if (before)
    await prune(env.BACKUPS as R2Bucket, ["changes"], 0, timeOf(before.key));
  return { at, bytes };
}

/**
 * Makes a backup and deletes all that were begun before it, with what changed
 * since them.
 * @returns the number of deleted objects
 */
export async function renewBackups(env: Env, now: number): Promise<number> {
  const ledger = ledgerFor(env);
  await ledger.dailyBackup.begin(now);
  await ledger.dailyBackup.record(await makeBackup(env, now));
  const bucket = env.BACKUPS as R2Bucket;
  const kinds = ["backup", "changes", "followers"] as const;
  const stored = (
    await Promise.all(kinds.map((kind) => storedObjects(bucket, kind)))
  ).flat();
  const made = timeOf(keyOf("backup", now));
  const old = stored.map(({ key }) => key).filter((key) => timeOf(key) < made);
  await deleteObjects(bucket, old);
  return old.length;
}

/**
 * Called by the cron trigger each minute: makes the day's backup when it is
 * due. Never throws.
 */
export async function backUpDaily(env: Env, now: number): Promise<void> {
  if (!env.BACKUPS) return;
  try {
    const ledger = ledgerFor(env);
    if (!(await ledger.dailyBackup.claim(now))) return;
    await ledger.dailyBackup.record(await makeBackup(env, now));
  } catch (error) {
    log.error("Backup: the daily backup failed", error);
    await ledgerFor(env).dailyBackup.fail();
  }
}
