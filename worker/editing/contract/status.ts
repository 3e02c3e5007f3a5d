/** What a deployment says of its own punctuality. */
import * as v from "valibot";

const late = v.exactOptional(
  v.pipe(v.number(), v.description("Milliseconds after the moment when it was first seen to show the revision")),
);

export const ObservedMoment = v.object({
  case: v.string(),
  revision: v.number(),
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
  sockets: v.exactOptional(v.pipe(v.number(), v.description("Open widgets that were told at that moment"))),
});
export type ObservedMoment = v.InferOutput<typeof ObservedMoment>;
export type Surface = keyof ObservedMoment["surfaces"];

export const Status = v.object({
  version: v.pipe(v.string(), v.description("Of the deployed code")),
  at: v.pipe(v.string(), v.description("When this was observed")),
  moments: v.pipe(v.array(ObservedMoment), v.description("The last moments, newest first")),
  telegram: v.pipe(
    v.nullable(
      v.object({
        running: v.pipe(
          v.boolean(),
          v.description("False while Telegram refuses the bot's token, or sends what people write to another address"),
        ),
        waitingFor: v.pipe(v.number(), v.description("How long the oldest message has waited, in seconds; 0 for none")),
        lag: v.pipe(
          v.nullable(v.number()),
          v.description("How long after its moment the last message left, in seconds; null before the first"),
        ),
      }),
    ),
    v.description("Null in a deployment without a bot"),
  ),
  backup: v.pipe(
    v.nullable(v.object({ last: v.pipe(v.nullable(v.string()), v.description("When the last one was made")) })),
    v.description("Null in a deployment without daily backups"),
  ),
});
export type Status = v.InferOutput<typeof Status>;
