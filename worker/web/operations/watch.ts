/**
 * What the cron trigger looks at each minute, and tells editors when it is not
 * as it should be, without a monitoring system.
 */
import type { WatchTrouble } from "../../reads/state.ts";
import {
  dispatcherFor,
  ledgerFor,
  webhooksFor,
} from "../../runtime/bindings.ts";
import { log } from "../../runtime/log.ts";

/**
 * A commit or an erasure reaches the bucket within seconds. After this time,
 * somebody must look.
 */
const MAX_UPLOAD_MS = 60_000;

/** True when it throws too. */
const fails = (look: () => Promise<boolean>): Promise<boolean> =>
  look().catch(() => true);

/**
 * @param read asks for an address of this deployment as a reader does
 * @param isLate true when a part of the trigger's own work failed, or it came
 * too late
 */
export async function troublesOf(
  env: Env,
  now: number,
  read: (path: string) => Promise<Response>,
  isLate: boolean,
): Promise<WatchTrouble[]> {
  const late = (since: number | null) =>
    since !== null && now - since > MAX_UPLOAD_MS;
  const looks: Record<WatchTrouble, () => Promise<boolean>> = {
    readers: async () => {
      const answers = await Promise.all(["/healthz", "/v1/cases"].map(read));
      await Promise.all(answers.map((answer) => answer.body?.cancel()));
      return answers.some(({ status }) => status >= 500);
    },
    backup: async () => {
      if (!env.BACKUPS) return false;
      const { backupFailed, erasures, changes } =
        await ledgerFor(env).observed();
      return backupFailed || late(erasures.since) || late(changes.since);
    },
    trigger: async () => isLate,
    workshop: async () => !(await env.WORKSHOP.isThere()),
    bot: async () => {
      const status = await dispatcherFor(env)?.outbox.status();
      return status !== undefined && !(status.running && status.webhook);
    },
  };
  const found = await Promise.all(
    Object.entries(looks).map(async ([trouble, look]) =>
      (await fails(look)) ? (trouble as WatchTrouble) : [],
    ),
  );
  return found.flat();
}

/**
 * Tells editors' chats and webhooks what is new of it, each by itself. Never
 * throws.
 */
export async function tellTroubles(
  env: Env,
  troubles: WatchTrouble[],
): Promise<void> {
  const told = await Promise.allSettled([
    (async () => dispatcherFor(env)?.tellTroubles(troubles))(),
    (async () => webhooksFor(env).hooks.tellTroubles(troubles))(),
  ]);
  for (const one of told)
    if (one.status === "rejected")
      log.error("Worker: telling of troubles failed", one.reason);
}
