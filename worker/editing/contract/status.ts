/** What a deployment says of its own punctuality. */
import * as v from "valibot";
import { Count as count, described } from "../../../shared/described.ts";

const late = v.exactOptional(
  described(
    count,
    "Milliseconds after the moment when it was first seen to show the revision",
  ),
);

export const ObservedMoment = v.object({
  case: v.string(),
  revision: count,
  liveAt: v.string(),
  surfaces: v.object({
    record: late,
    view: late,
    page: late,
    frame: late,
    badge: late,
    /** All open widgets were sent the view. */
    widgets: late,
    /** The messages for followers were queued. */
    telegram: late,
  }),
  sockets: v.exactOptional(
    described(count, "Open widgets that were told at that moment"),
  ),
});
export type ObservedMoment = v.InferOutput<typeof ObservedMoment>;
export type Surface = keyof ObservedMoment["surfaces"];

export const Status = v.object({
  version: described(v.string(), "Of the deployed code"),
  at: described(v.string(), "When this was observed"),
  moments: described(v.array(ObservedMoment), "The last moments, newest first"),
  telegram: described(
    v.nullable(
      v.object({
        running: described(
          v.boolean(),
          "False while Telegram refuses the bot's token, or sends what people write to another address",
        ),
        waitingFor: described(
          count,
          "How long the oldest message has waited, in seconds; 0 for none",
        ),
        lag: described(
          v.nullable(count),
          "How long after its moment the last message left, in seconds; null before the first",
        ),
      }),
    ),
    "Null in a deployment without a bot",
  ),
  backup: described(
    v.nullable(
      v.object({
        last: described(v.nullable(v.string()), "When the last one was made"),
      }),
    ),
    "Null in a deployment without daily backups",
  ),
});
export type Status = v.InferOutput<typeof Status>;
