/** Webhooks as editors see them. */
import * as v from "valibot";
import { Count as count, described } from "../../../shared/described.ts";
import { localeTags } from "../../../shared/locale.ts";
import { fallen } from "./roles.ts";

export const hookShapes = ["event", "slack", "discord", "matrix"] as const;
export type HookShape = (typeof hookShapes)[number];

/** What a webhook is told. */
export const hookTopics = ["changes", "proposals"] as const;
export type HookTopic = (typeof hookTopics)[number];

export const MAX_HOOKS = 100;

export const NewHook = v.strictObject({
  url: v.pipe(
    v.string(),
    v.maxLength(2_000, "must be at most 2000 characters"),
    v.description("https, of a public host"),
  ),
  shape: v.optional(
    described(v.picklist(hookShapes), "`event` is for programs"),
    "event",
  ),
  topic: v.optional(
    described(
      v.picklist(hookTopics),
      "What readers see, or what editors do with proposals",
    ),
    "changes",
  ),
  lang: v.optional(
    described(v.picklist(localeTags), "The language of texts for chats"),
    "en",
  ),
});
export type NewHook = v.InferOutput<typeof NewHook>;

const DeadLetter = v.object({
  change: described(count, "As in /v1/changes, or a line of the audit log"),
  case: v.string(),
  revision: count,
  reason: v.string(),
  at: v.string(),
});

export const Hook = v.object({
  id: v.string(),
  host: described(
    v.string(),
    "The host alone: the rest of an address may be a secret of its service",
  ),
  topic: v.picklist(hookTopics),
  shape: v.picklist(hookShapes),
  lang: v.string(),
  editor: described(v.string(), "Who registered it, or took it over"),
  added: described(v.string(), "When they did"),
  position: described(
    count,
    "The newest change that was delivered or given up",
  ),
  attempts: described(count, "Failed attempts at the next change"),
  trouble: described(v.nullable(v.string()), "Why the last attempt failed"),
  next: described(
    v.nullable(v.string()),
    "When the next attempt is due; null when nothing waits",
  ),
  suspended: described(
    v.nullable(v.picklist(fallen)),
    "Why nothing is sent: its editor left, or lost the role or passkey",
  ),
  ended: described(v.boolean(), "True once the receiver answered 410 Gone"),
  dead: described(
    v.array(DeadLetter),
    "Changes given up after the last attempt, at most 100, newest first",
  ),
});
export type Hook = v.InferOutput<typeof Hook>;

export const RegisteredHook = v.object({
  id: v.string(),
  secret: described(
    v.string(),
    "For checking signatures (Standard Webhooks); shown only once",
  ),
});
export type RegisteredHook = v.InferOutput<typeof RegisteredHook>;
