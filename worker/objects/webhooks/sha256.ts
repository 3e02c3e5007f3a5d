/** Stands for `fast-sha256`, which signs webhooks: the Worker has SHA-256 already. */
import { hmac as hmacOf } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

export const hmac = (key: Uint8Array, message: Uint8Array): Uint8Array => hmacOf(sha256, key, message);
