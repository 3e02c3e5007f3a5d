import { generateKeyPairSync } from "node:crypto";

/**
 * A pair of keys with which devices know a newsroom's messages, as the setting
 * PUSH_KEY has it.
 */
export function newPushKey(): string {
  const {
    x = "",
    y = "",
    d,
  } = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    format: "jwk",
  });
  const point = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(x, "base64url"),
    Buffer.from(y, "base64url"),
  ]);
  return `${point.toString("base64url")}.${d}`;
}
