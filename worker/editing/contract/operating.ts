/**
 * Routes for whoever runs a deployment, and for machines: health, metrics,
 * Telegram's webhook, backups, keys, webhooks and editors' chats.
 */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { Count as count, described } from "../../../shared/described.ts";
import { Parked, Restored } from "../rules/desk.ts";
import { DeskChats, DeskCode } from "../rules/desk-chats.ts";
import { Hook, NewHook, RegisteredHook } from "../rules/hooks.ts";
import { answers, object, operates, reads, route, routes } from "./route.ts";
import { Status } from "./status.ts";

const UPDATE_LIMIT_BYTES = 128 * 1024;

const OutboxStatus = v.object({
  depth: described(count, "Messages not yet sent"),
  oldest: described(
    count,
    "How long the oldest of them could have been sent, since its moment or its chat's quiet hours, in milliseconds",
  ),
  lag: described(
    v.nullable(count),
    "How long after its moment the last one left, in milliseconds",
  ),
  parked: described(
    count,
    "Messages that Telegram refused, for a person to look at",
  ),
  held: described(
    count,
    "Messages that wait for the key that their chats are sealed with",
  ),
  running: described(
    v.boolean(),
    "False while Telegram refuses the bot's token",
  ),
  devices: described(
    v.boolean(),
    "False while a push service refuses PUSH_KEY or the newsroom's contact",
  ),
  webhook: described(
    v.boolean(),
    "False while Telegram sends what people write to another address",
  ),
});
export type OutboxStatus = v.InferOutput<typeof OutboxStatus>;

/**
 * What the files of the daily backup contain; the first part of their names in
 * the bucket.
 */
export const storedKinds = [
  "backup",
  "changes",
  "erasures",
  "followers",
  "forgotten",
] as const;
/** An NDJSON file; docs/storage.md documents the formats. */
const ndjson = answers("application/x-ndjson");
const bytes = answers("application/octet-stream");
const exports = routes({
  access: "editor",
  keep: "never",
  role: "administrator",
  scope: "export",
  fresh: true,
});
const noErasures = described(
  v.optional(v.literal("none", "must be none, or omitted")),
  "`none` states that there is no list of erasures before the backup",
);
const HOOK_LIMIT_BYTES = 16 * 1024;
const CHANGE = "must be the number of a change, from 1";

export const operatingRoutes = {
  health: route("GET", paths.health, {
    keep: "revalidate",
    ignoresUnknownParameters: true,
    summary:
      "Health of the Worker and of the Ledger that readers are served from; with an editor's token also the state of the outbox and of the cases",
    answers: {
      200: object("Readers are served", {
        ok: v.literal(true),
        version: v.string(),
        outbox: v.exactOptional(
          described(v.nullable(OutboxStatus), "Null where nobody can follow"),
        ),
        unshowable: v.exactOptional(
          described(
            count,
            "Live cases whose stored content is not a valid case",
          ),
        ),
      }),
    },
    refuses: [
      "unauthorized",
      "forbidden",
      "door-closed",
      "too-many-attempts",
      "unavailable",
      "newer-data",
    ],
  }),
  readStatus: route("GET", paths.statusJson, {
    keep: "revalidate",
    anyOrigin: true,
    onlyJson: true,
    summary:
      "What this deployment observed: its last moments, the outbox, the last backup, the version",
    answers: { 200: { description: "The status", schema: Status } },
    refuses: ["unavailable"],
  }),
  metrics: route("GET", paths.metrics, {
    keep: "never",
    access: "metrics",
    summary: "Metrics for a monitoring system, as OpenMetrics",
    answers: {
      200: { description: "The metrics", type: "application/openmetrics-text" },
    },
    refuses: ["no-such-address"],
  }),
  telegram: route("POST", paths.telegram, {
    keep: "never",
    access: "telegram",
    summary: "Telegram's webhook",
    body: {
      types: ["application/json"],
      description: "An update of the Bot API",
      limitBytes: UPDATE_LIMIT_BYTES,
    },
    answers: {
      200: {
        description:
          "Handled, or ignored because the bot doesn't handle this kind",
      },
    },
    refuses: ["broken-json", "no-bot"],
  }),
  exportAudit: reads("GET", paths.deskAuditLog, {
    role: "publisher",
    summary: "The whole audit log",
    answers: {
      200: ndjson(
        "A line for each action, oldest first; each hash covers the line before",
      ),
    },
  }),
  exportAll: exports("GET", paths.deskExport, {
    summary: "A backup of everything except followers",
    answers: {
      200: ndjson(
        "Incomplete without its last line: a publish aborts the export",
      ),
    },
  }),
  exportErasures: exports("GET", paths.deskErasures, {
    summary:
      "Every withdrawal, redaction and cancelled revision, without content",
    answers: {
      200: ndjson("Keep the newest one with your backups: a restore needs it"),
    },
  }),
  listBackups: exports("GET", paths.deskBackups, {
    summary: "The files of the daily backup, newest first",
    answers: {
      200: object("The files in the bucket", {
        files: v.array(
          v.object({
            kind: v.picklist(storedKinds),
            file: described(
              v.string(),
              "Its name says when it was begun, in UTC",
            ),
            bytes: count,
          }),
        ),
      }),
    },
    refuses: ["no-bucket"],
  }),
  renewBackups: operates("POST", paths.deskBackups, {
    fresh: true,
    summary:
      "Make a backup now, and delete all older ones: after an erasure that must leave no copy",
    answers: { 201: object("Made", { deleted: count }) },
    refuses: ["no-bucket"],
  }),
  readBackup: exports("GET", paths.deskBackup, {
    summary: "A file of the daily backup, as it is in the bucket",
    answers: { 200: bytes("Compressed and encrypted for BACKUP_RECIPIENT") },
    refuses: ["no-bucket", "unknown-backup"],
  }),
  restore: operates("POST", paths.deskRestore, {
    fresh: true,
    summary:
      "Restore a backup into an empty deployment, all or nothing; answers once the cases are live",
    query: { erasures: noErasures },
    body: {
      types: ["application/x-ndjson"],
      description: "The newest erasures file, followed by a backup",
      limitBytes: null,
    },
    answers: { 201: { description: "Restored", schema: Restored } },
    refuses: [
      "not-empty",
      "restore-under-way",
      "erasures-missing",
      "damaged-backup",
      "unfit-backup",
    ],
  }),
  exportFollowers: exports("GET", paths.deskFollowers, {
    summary: "A backup of followers and cards",
    answers: { 200: ndjson("Ids are encrypted with FOLLOWER_KEY") },
    refuses: ["no-bot"],
  }),
  restoreFollowers: operates("POST", paths.deskFollowers, {
    fresh: true,
    summary:
      "Restore followers into a deployment that has none and has the same FOLLOWER_KEY",
    query: { erasures: noErasures },
    body: {
      types: ["application/x-ndjson"],
      description:
        "The newest file in `forgotten/` of the bucket, followed by an export of followers",
      limitBytes: null,
    },
    answers: {
      201: object("Restored", { chats: count, follows: count, cards: count }),
    },
    refuses: [
      "no-bot",
      "cases-first",
      "followers-there",
      "erasures-missing",
      "damaged-backup",
      "unfit-backup",
    ],
  }),
  rotateKeys: operates("POST", paths.deskKeys, {
    summary:
      "Re-encrypt a page of followers' ids with the newest key; repeat until `older` is 0",
    answers: {
      200: object(
        "The number of ids under the newest key, under older keys, and under keys that are not configured",
        {
          keys: v.pipe(v.array(v.string()), v.minLength(1)),
          current: count,
          older: count,
          closed: count,
        },
      ),
    },
    refuses: ["no-bot"],
  }),
  listParked: operates("GET", paths.deskDeliveries, {
    summary: "Messages that Telegram refused, by case, revision and reason",
    answers: { 200: object("The messages", { parked: v.array(Parked) }) },
    refuses: ["no-bot"],
  }),
  retryParked: operates("POST", paths.deskDeliveries, {
    summary: "Queue refused messages and failed card edits again",
    answers: { 200: object("The number of messages", { retried: count }) },
    refuses: ["no-bot"],
  }),
  listHooks: operates("GET", paths.deskHooks, {
    summary: "Webhooks, with what waits and what was given up",
    answers: { 200: object("The webhooks", { hooks: v.array(Hook) }) },
  }),
  addHook: operates("POST", paths.deskHooks, {
    fresh: "or-new-token",
    summary:
      "Register a webhook for every change from now on, signed as Standard Webhooks says",
    body: { schema: NewHook, limitBytes: HOOK_LIMIT_BYTES },
    answers: { 201: { description: "Registered", schema: RegisteredHook } },
    refuses: ["too-many-hooks"],
  }),
  takeOverHook: operates("POST", paths.deskTakeOver, {
    fresh: "or-new-token",
    summary:
      "Answer for a webhook yourself, with a new secret: it goes on where it stopped",
    answers: { 201: { description: "Yours", schema: RegisteredHook } },
    refuses: ["unknown-hook"],
  }),
  removeHook: operates("DELETE", paths.deskHook, {
    fresh: true,
    summary: "Delete a webhook, and what waits for it",
    answers: { 204: { description: "Deleted" } },
    refuses: ["unknown-hook"],
  }),
  replayHook: operates("POST", paths.deskReplay, {
    summary: "Deliver every change from a number on again",
    body: {
      schema: v.strictObject({
        from: v.pipe(
          v.number(CHANGE),
          v.integer(CHANGE),
          v.minValue(1, CHANGE),
        ),
      }),
      limitBytes: HOOK_LIMIT_BYTES,
    },
    answers: { 204: { description: "The next delivery begins there" } },
    refuses: ["unknown-hook"],
  }),
  listDeskChats: operates("GET", paths.deskChats, {
    summary: "Telegram groups of editors, which hear what happens to proposals",
    answers: {
      200: {
        description: "The groups, without their names and ids",
        schema: DeskChats,
      },
    },
  }),
  newDeskCode: operates("POST", paths.deskChats, {
    summary:
      "Make a code that links a Telegram group, once and within ten minutes",
    answers: {
      201: { description: "The code, shown only once", schema: DeskCode },
    },
    refuses: ["no-bot"],
  }),
  removeDeskChat: operates("DELETE", paths.deskChat, {
    summary: "Unlink a group, and delete what waits for it",
    answers: { 204: { description: "Unlinked" } },
    refuses: ["unknown-chat", "no-bot"],
  }),
} as const;
