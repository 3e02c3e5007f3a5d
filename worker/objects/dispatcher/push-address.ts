/**
 * The address of a device: what its browser's push service gave it, and the
 * keys that open its messages.
 */
import { shortDigest } from "../../runtime/digest.ts";
import type { Vault } from "./vault.ts";

export interface PushAddress {
  endpoint: string;
  /** Both in base64url without padding. */
  p256dh: string;
  auth: string;
}

/**
 * Every device's address is padded to this: the longest endpoint that the
 * contract accepts, and its keys.
 */
export const DEVICE_BYTES = 1_024;

export const deviceText = ({ endpoint, p256dh, auth }: PushAddress): string =>
  `${endpoint} ${p256dh} ${auth}`;

export function deviceOf(text: string): PushAddress {
  const [endpoint = "", p256dh = "", auth = ""] = text.split(" ");
  return { endpoint, p256dh, auth };
}

/**
 * Names the key to which a device's subscription is bound, and its push service
 * without saying which it is, by its domain: anyone can name any number of
 * hosts and ports of their own, and each would have to be found silent by
 * itself.
 */
export async function serviceOf(
  { endpoint }: PushAddress,
  vault: Vault,
  publicKey: string,
): Promise<string> {
  const domain = new URL(endpoint).hostname.split(".").slice(-2).join(".");
  const [hash] = await vault.hashes(`service ${domain}`);
  return `${shortDigest(publicKey)} ${hash.slice(0, 16)}`;
}

export const isBoundTo = (service: string, publicKey: string): boolean =>
  service.startsWith(`${shortDigest(publicKey)} `);
