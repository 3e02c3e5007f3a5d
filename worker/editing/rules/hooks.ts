/** Webhooks as editors see them. */
import * as v from "valibot";
import { localeTags } from "../../../shared/locale.ts";
import { fallen } from "./roles.ts";

export const hookShapes = ["event", "slack", "discord", "matrix"] as const;
export type HookShape = (typeof hookShapes)[number];

/** What a webhook is told. */
export const hookTopics = ["changes", "proposals"] as const;
export type HookTopic = (typeof hookTopics)[number];

export const MAX_HOOKS = 100;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const NewHook = v.strictObject({
  url: v.pipe(
    v.string(),
    v.maxLength(2_000, "must be at most 2000 characters"),
    v.description("https, of a public host"),
  ),
  shape: v.optional(
    v.pipe(v.picklist(hookShapes), v.description("event is for programs; the others are what chat services expect")),
    "event",
  ),
  topic: v.optional(
    v.pipe(
      v.picklist(hookTopics),
      v.description("changes: what readers see. proposals: what editors propose, approve, reject and take back"),
    ),
    "changes",
  ),
  lang: v.optional(v.pipe(v.picklist(localeTags), v.description("The language of texts for chats")), "en"),
});
export type NewHook = v.InferOutput<typeof NewHook>;

const DeadLetter = v.object({
  change: v.pipe(count, v.description("The number of the change, as in /v1/changes, or of the line in the audit log")),
  case: v.string(),
  revision: count,
  reason: v.string(),
  at: v.string(),
});

export const Hook = v.object({
  id: v.string(),
  host: v.pipe(v.string(), v.description("The host alone: the rest of an address may be a secret of its service")),
  topic: v.picklist(hookTopics),
  shape: v.picklist(hookShapes),
  lang: v.string(),
  editor: v.pipe(v.string(), v.description("Who registered it")),
  position: v.pipe(count, v.description("The newest change that was delivered or given up")),
  attempts: v.pipe(count, v.description("Failed attempts at the next change")),
  trouble: v.pipe(v.nullable(v.string()), v.description("Why the last attempt failed")),
  next: v.pipe(v.nullable(v.string()), v.description("When the next attempt is due; null when nothing waits")),
  suspended: v.pipe(
    v.nullable(v.picklist(fallen)),
    v.description("Why nothing is sent: who registered it was removed (left), lost the role, or the passkey"),
  ),
  ended: v.pipe(v.boolean(), v.description("True once the receiver answered 410 Gone")),
  dead: v.pipe(
    v.array(DeadLetter),
    v.description("Changes given up after the last attempt, at most 100, newest first"),
  ),
});
export type Hook = v.InferOutput<typeof Hook>;

export const RegisteredHook = v.object({
  id: v.string(),
  secret: v.pipe(v.string(), v.description("For checking signatures (Standard Webhooks); shown only once")),
});
export type RegisteredHook = v.InferOutput<typeof RegisteredHook>;
