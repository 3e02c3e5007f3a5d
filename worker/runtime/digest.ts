/**
 * SHA-256 and salts. Synchronous, because a transaction must not await; the
 * platform's `crypto.subtle.digest` is asynchronous.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** SHA-256 of a text's UTF-8 bytes, in hex. */
export const digest = (text: string): string =>
  bytesToHex(sha256(utf8ToBytes(text)));

/**
 * The first 16 hex characters of it, which tell contents apart in ETags and
 * addresses.
 */
export const shortDigest = (text: string): string => digest(text).slice(0, 16);

/** SHA-256 of bytes, in hex. */
export const bytesDigest = (bytes: Uint8Array): string =>
  bytesToHex(sha256(bytes));

/**
 * 32 random bytes in hex. Hashed together with content, they keep the hash from
 * confirming a guess of the content.
 */
export const newSalt = (): string =>
  bytesToHex(crypto.getRandomValues(new Uint8Array(32)));

/** SHA-256 of a sequence of texts. */
export class RunningDigest {
  readonly #hash = sha256.create();

  add(text: string): void {
    this.#hash.update(utf8ToBytes(text));
  }

  /** The digest of everything added so far, in hex. */
  get value(): string {
    return bytesToHex(this.#hash.clone().digest());
  }
}
