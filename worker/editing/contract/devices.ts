/** What a device that follows by Web Push sends. */
import * as v from "valibot";
import { localeTags } from "../../../shared/locale.ts";

/**
 * In characters of ASCII. The longest in use, those of Windows, have about 600.
 */
const MAX_ENDPOINT_LENGTH = 900;
const MAX_FOLLOWS = 50;

const key = (pattern: RegExp, bytes: number) =>
  v.pipe(
    v.string(),
    v.regex(pattern, `must be ${bytes} bytes in base64url without padding`),
  );

/** From `PushSubscription.toJSON()`. */
const address = {
  endpoint: v.pipe(
    v.string(),
    v.maxLength(
      MAX_ENDPOINT_LENGTH,
      `must have at most ${MAX_ENDPOINT_LENGTH} characters`,
    ),
    v.regex(
      /^https?:\/\/[!-~]+$/,
      "must be the address that the browser's push service gave",
    ),
    v.check(
      (text) => URL.canParse(text),
      "must be the address that the browser's push service gave",
    ),
  ),
  p256dh: key(/^B[A-Za-z0-9_-]{86}$/, 65),
  auth: key(/^[A-Za-z0-9_-]{22}$/, 16),
};

export const DeviceAddress = v.strictObject(address);

const hour = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23));

export const DeviceWish = v.strictObject({
  ...address,
  key: v.pipe(
    address.p256dh,
    v.description(
      "The newsroom's public key, of its page about following, to which the subscription is bound",
    ),
  ),
  lang: v.picklist(localeTags),
  manner: v.pipe(
    v.picklist(["open", "quiet", "hidden"]),
    v.description(
      "With sound; without; without, and with words that the device chooses",
    ),
  ),
  hours: v.nullable(
    v.strictObject({
      zone: v.pipe(
        v.string(),
        v.maxLength(10),
        v.description("An offset from UTC: +02:00"),
      ),
      quiet: v.exactOptional(v.strictObject({ from: hour, to: hour })),
      digest: v.exactOptional(hour),
    }),
  ),
  follows: v.pipe(
    v.array(
      v.strictObject({
        scope: v.pipe(
          v.string(),
          v.maxLength(200),
          v.description(
            'A case\'s id, the ISO 3166 code of a place, "all", or a word or name after a tilde',
          ),
        ),
        seen: v.pipe(
          v.number(),
          v.integer(),
          v.minValue(0),
          v.description("The newest revision that it has shown; or 0"),
        ),
      }),
    ),
    v.minLength(1, "must name something; POST /v1/forget ends everything"),
    v.maxLength(MAX_FOLLOWS, `must have at most ${MAX_FOLLOWS} entries`),
  ),
});
export type DeviceWish = v.InferOutput<typeof DeviceWish>;

export const DeviceFollows = v.object({
  follows: v.pipe(
    v.array(v.nullable(v.string())),
    v.description(
      "The newsroom's name of each, in the order of the request; null for a withdrawn case, which ends",
    ),
  ),
});
