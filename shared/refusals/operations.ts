/**
 * Refusals about a deployment's webhooks, pages elsewhere, Telegram groups and
 * backups.
 */
import type { Refusals } from "./refusals.ts";

/** What to do with an undamaged file that can't be restored. */
const unfitRemedies = {
  "older-erasures": "Use an erasures file that was saved after the backup.",
  "foreign-changes":
    "Use the changes that this deployment made after the backup.",
  "foreign-erasures":
    "Use an erasures file of the same deployment as the backup.",
  "other-version": "Use the version of Casewire that made the file.",
  "other-key":
    "Set FOLLOWER_KEY to the key of the deployment that made the file, and restore again.",
  "wrong-file":
    "Send the newest erasures file followed by one backup. Send a followers file alone.",
};

/** Why an undamaged file can't be restored. */
export type UnfitBackup = keyof typeof unfitRemedies;

export const operationRefusals = {
  "unknown-hook": [
    404,
    "Webhook not found",
    "There is no webhook {id}.",
    "GET /v1/desk/hooks lists the webhooks.",
  ],
  "too-many-hooks": [
    409,
    "Too many webhooks",
    "The limit is {most} webhooks.",
    "Delete one that is no longer used.",
  ],
  "unknown-place": [
    404,
    "Page not found",
    "There is no page {id}.",
    "GET /v1/desk/places lists the pages.",
  ],
  "too-many-places": [
    409,
    "Too many pages",
    "The limit is {most} pages for a case.",
    "Remove one that is gone.",
  ],
  "unknown-chat": [
    404,
    "Group not found",
    "There is no linked group {id}.",
    "GET /v1/desk/chats lists the linked groups.",
  ],
  "no-bot": [
    404,
    "This deployment has no bot",
    "The settings of a bot are not given.",
    "To run a bot, set them as docs/deploy.md describes.",
  ],
  "no-push": [
    404,
    "No device can follow this deployment",
    "The setting PUSH_KEY is not given.",
    "npm run setup makes one.",
  ],
  "no-bucket": [
    404,
    "This deployment has no bucket for backups",
    "The binding BACKUPS is not set.",
    "docs/deploy.md describes daily backups. With the bucket of an earlier deployment, its files are listed here.",
  ],
  "unknown-backup": [
    404,
    "File not found",
    "The bucket has no file {file}.",
    "GET /v1/desk/backups lists the files.",
  ],
  "not-empty": [
    409,
    "The deployment is not empty",
    "A backup can only be restored into an empty deployment. Nothing was changed.",
    "Restore into a new deployment, before anything is published or saved there, and before anybody is invited.",
  ],
  "cases-first": [
    409,
    "Restore the cases first",
    "After a restore of followers, the deployment would no longer be empty, and the cases could not be restored. Nothing was changed.",
    "Restore the backup of the cases, and then this file.",
  ],
  "followers-there": [
    409,
    "The deployment already has followers",
    "Followers can only be restored into a deployment without followers. Nothing was changed.",
    "Restore them into a new deployment, before anyone uses its bot.",
  ],
  "restore-under-way": [
    409,
    "A restore is in progress",
    "Another restore is in progress.",
    "Wait until it has ended, and check its result before you try again.",
  ],
  "erasures-missing": [
    400,
    "The list of erasures is missing",
    "Without it, what was withdrawn, redacted or forgotten after the backup would come back. Nothing was stored.",
    "Send the newest erasures file (GET /v1/desk/erasures; for followers, the newest file in forgotten/ of the bucket) followed by the backup. If there is none, add ?erasures=none.",
  ],
  "damaged-backup": [
    422,
    "The backup is damaged",
    ({ fault }: { fault: string }) => [
      `${fault.charAt(0).toUpperCase()}${fault.slice(1)}. Nothing was stored.`,
      "Use another copy of the file, or an older backup with the newest erasures file.",
    ],
  ],
  "unfit-backup": [
    422,
    "The file can't be restored",
    ({ reason, fault }: { reason: UnfitBackup; fault: string }) => [
      `${fault.charAt(0).toUpperCase()}${fault.slice(1)}. Nothing was stored.`,
      unfitRemedies[reason],
    ],
  ],
} as const satisfies Refusals;
