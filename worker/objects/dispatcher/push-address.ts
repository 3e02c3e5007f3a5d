/** The address of a device: what its browser's push service gave it, and the keys that open its messages. */
import type { Vault } from "./vault.ts";

export interface PushAddress {
  endpoint: string;
  /** Both in base64url without padding. */
  p256dh: string;
  auth: string;
}

/** Every device's address is padded to this: the longest endpoint that the contract accepts, and its keys. */
export const DEVICE_BYTES = 1_024;

export const deviceText = ({ endpoint, p256dh, auth }: PushAddress): string => `${endpoint} ${p256dh} ${auth}`;

export function deviceOf(text: string): PushAddress {
  const [endpoint = "", p256dh = "", auth = ""] = text.split(" ");
  return { endpoint, p256dh, auth };
}

/**
 * Names a device's push service without saying which it is, by its domain: anyone can name any number of hosts and ports of their own, and
 * each would have to be found silent by itself. A subscription is bound to our key of then: with another key, the service
 * refuses us for that device, and must not stop what goes to newer ones.
 */
export const serviceOf = async ({ endpoint }: PushAddress, vault: Vault, publicKey: string): Promise<string> =>
  (await vault.hashes(`service ${new URL(endpoint).hostname.split(".").slice(-2).join(".")} ${publicKey}`))[0].slice(
    0,
    16,
  );
