/**
 * The daily backup: an export, the erasures and, if asked for, the followers, each compressed, encrypted and put into the bucket. The
 * Worker has only the public key, so nobody who gets into it can read the backups.
 */
import type { DailyBackup } from "../../objects/ledger/backup-state.ts";
import { dispatcherFor, ledgerFor } from "../../runtime/bindings.ts";
import { log } from "../../runtime/log.ts";
import { backupDaysOf } from "../../runtime/settings.ts";
import { upload } from "../../runtime/upload.ts";

/** The name in the audit log. Brackets tell it from an editor. */
const BACKUP_EDITOR = "(daily backup)";
const DAY_MS = 86_400_000;
/** A publish during an export aborts it. */
const EXPORT_ATTEMPTS = 5;

/** What an object of the bucket contains; the first part of its name. */
const kinds = ["backup", "erasures", "followers"] as const;
type Kind = (typeof kinds)[number];

/** Sorted by name, the objects of a kind are sorted by time. */
const keyOf = (kind: Kind, at: number) =>
  `${kind}/${new Date(at).toISOString().slice(0, 19).replaceAll(":", "-")}Z.ndjson.gz.age`;

const timeOf = (key: string): number =>
  Date.parse(key.replace(/^.*\/(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z.*$/, "$1T$2:$3:$4Z"));

async function store(env: Env, kind: Kind, at: number, content: () => Promise<ReadableStream<Uint8Array>>) {
  const { BACKUPS: bucket, BACKUP_RECIPIENT: recipient } = env as Required<Env>;
  for (let attempt = 1; ; attempt++) {
    try {
      const packed = (await content()).pipeThrough(
        new CompressionStream("gzip") as unknown as ReadableWritablePair<Uint8Array, Uint8Array>,
      );
      const encrypted = await env.WORKSHOP.encryptBackup(packed, recipient.trim());
      return await upload(bucket, keyOf(kind, at), encrypted);
    } catch (error) {
      if (attempt === EXPORT_ATTEMPTS) throw error;
    }
  }
}

/** Deletes what is older than the rule allows. The newest of each kind stays, whatever its age. */
async function prune(bucket: R2Bucket, oldest: number): Promise<void> {
  for (const kind of kinds) {
    const keys: string[] = [];
    let page: R2Objects | undefined;
    do {
      page = await bucket.list({ prefix: `${kind}/`, ...(page?.truncated ? { cursor: page.cursor } : {}) });
      keys.push(...page.objects.map(({ key }) => key));
    } while (page.truncated);
    const old = keys
      .sort()
      .slice(0, -1)
      .filter((key) => timeOf(key) < oldest);
    if (old.length > 0) await bucket.delete(old);
  }
}

/** Makes a backup and deletes old ones. */
export async function makeBackup(env: Env, at: number): Promise<DailyBackup> {
  const ledger = ledgerFor(env);
  const dispatcher = env.BACKUP_FOLLOWERS === "yes" ? dispatcherFor(env) : null;
  let bytes = await store(env, "backup", at, () => ledger.backup.export(BACKUP_EDITOR));
  // After the backup: a restore needs the erasures that came later.
  bytes += await store(env, "erasures", at, async () => new Blob([await ledger.backup.erasures()]).stream());
  if (dispatcher) bytes += await store(env, "followers", at, () => dispatcher.followerBackup.stream(BACKUP_EDITOR));
  await prune(env.BACKUPS as R2Bucket, at - backupDaysOf(env) * DAY_MS);
  return { at, bytes };
}

/** Called by the cron trigger each minute: makes the day's backup when it is due. Never throws. */
export async function backUpDaily(env: Env, now: number): Promise<void> {
  if (!env.BACKUPS) return;
  try {
    const ledger = ledgerFor(env);
    if (!(await ledger.dailyBackup.claim(now))) return;
    await ledger.dailyBackup.record(await makeBackup(env, now));
  } catch (error) {
    log.error("Backup: the daily backup failed", error);
  }
}
