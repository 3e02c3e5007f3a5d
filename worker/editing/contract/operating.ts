/** Routes for whoever runs a deployment, and for machines: health, status, metrics and Telegram's webhook. */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { described } from "../../../shared/described.ts";
import { route } from "./route.ts";
import { Status } from "./status.ts";

const UPDATE_LIMIT_BYTES = 128 * 1024;

const OutboxStatus = v.object({
  depth: described(v.number(), "Messages not yet sent"),
  oldest: described(
    v.number(),
    "How long the oldest of them could have been sent, since its moment or its chat's quiet hours, in milliseconds",
  ),
  lag: described(v.nullable(v.number()), "How long after its moment the last one left, in milliseconds"),
  parked: described(v.number(), "Messages that Telegram refused, for a person to look at"),
  held: described(v.number(), "Messages that wait for the key that their chats are sealed with"),
  running: described(v.boolean(), "False while Telegram refuses the bot's token"),
  devices: described(v.boolean(), "False while a push service refuses PUSH_KEY or the newsroom's contact"),
  webhook: described(v.boolean(), "False while Telegram sends what people write to another address"),
});

export type OutboxStatus = v.InferOutput<typeof OutboxStatus>;

export const operatingRoutes = {
  health: route({
    method: "GET",
    keep: "revalidate",
    ignoresUnknownParameters: true,
    path: paths.health,
    summary:
      "Health of the Worker and of the Ledger that readers are served from; with an editor's token also the state of the outbox and of the cases",
    answers: {
      200: {
        description: "Readers are served",
        schema: v.object({
          ok: v.literal(true),
          version: v.string(),
          outbox: v.exactOptional(described(v.nullable(OutboxStatus), "Null in a deployment without a bot")),
          unshowable: v.exactOptional(described(v.number(), "Live cases whose stored content is not a valid case")),
        }),
      },
    },
    refuses: ["unauthorized", "forbidden", "door-closed", "too-many-attempts", "unavailable", "newer-data"],
  }),
  readStatus: route({
    method: "GET",
    keep: "revalidate",
    anyOrigin: true,
    onlyJson: true,
    path: paths.statusJson,
    summary: "What this deployment observed: its last moments, the outbox, the last backup, the version",
    answers: { 200: { description: "The status", schema: Status } },
    refuses: ["unavailable"],
  }),
  metrics: route({
    method: "GET",
    keep: "never",
    access: "metrics",
    path: paths.metrics,
    summary: "Metrics for a monitoring system, as OpenMetrics",
    answers: { 200: { description: "The metrics", type: "application/openmetrics-text" } },
    refuses: ["no-such-address"],
  }),
  telegram: route({
    method: "POST",
    keep: "never",
    access: "telegram",
    path: paths.telegram,
    summary: "Telegram's webhook",
    body: { types: ["application/json"], description: "An update of the Bot API", limitBytes: UPDATE_LIMIT_BYTES },
    answers: { 200: { description: "Handled, or ignored because the bot doesn't handle this kind" } },
    refuses: ["broken-json", "no-bot"],
  }),
} as const;
