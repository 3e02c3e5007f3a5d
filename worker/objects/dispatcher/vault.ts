/**
 * Encrypts addresses of followers and followed words at rest with AES-GCM and a
 * nonce per row. A keyed hash finds the row of an id.
 */

import { bytesToHex } from "@noble/hashes/utils.js";
import { bytesIn } from "../../../shared/base64.ts";

/** The columns that a row stores for an id. */
export interface Sealed {
  /**
   * HMAC-SHA-256 of the id under each key, newest first, in hex. A row may
   * still be under an older key.
   */
  hashes: [newest: string, ...older: string[]];
  /** The id of the key that sealed it. */
  keyId: string;
  /** Nonce (12 bytes), then ciphertext and tag. */
  sealed: ArrayBuffer;
}

/** A row as it is stored: one hash, by the key that sealed it. */
export interface SealedRow {
  hash: string;
  key_id: string;
  sealed: ArrayBuffer;
}

interface Key {
  id: string;
  sealing: CryptoKey;
  hashing: CryptoKey;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/**
 * Chats' ids and words are padded with spaces to a multiple of this, so that
 * their length tells nothing. Longer than any address that Telegram gives.
 */
const ID_BYTES = 64;
const SPACE = 0x20;

const utf8 = new TextEncoder();

function padded(id: string, unit: number): Uint8Array<ArrayBuffer> {
  const bytes = utf8.encode(id);
  const whole = new Uint8Array(Math.ceil(bytes.length / unit) * unit).fill(
    SPACE,
  );
  whole.set(bytes);
  return whole;
}

/** By the runtime's own `toHex`, where it has one. */
const hex = (bytes: ArrayBuffer): string => bytesToHex(new Uint8Array(bytes));

async function keyFrom(secret: string): Promise<Key> {
  const root = await crypto.subtle.importKey(
    "raw",
    bytesIn(secret),
    "HKDF",
    false,
    ["deriveBits"],
  );
  const derive = (purpose: string) =>
    crypto.subtle.deriveBits(
      {
        name: "HKDF",
        hash: "SHA-256",
        salt: new Uint8Array(),
        info: utf8.encode(purpose),
      },
      root,
      256,
    );
  const [sealing, hashing, id] = await Promise.all([
    derive("seal"),
    derive("hash"),
    derive("id"),
  ]);
  return {
    id: hex(id).slice(0, 8),
    sealing: await crypto.subtle.importKey("raw", sealing, "AES-GCM", false, [
      "encrypt",
      "decrypt",
    ]),
    hashing: await crypto.subtle.importKey(
      "raw",
      hashing,
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    ),
  };
}

export class Vault {
  /** Newest first. */
  readonly #keys: [Key, ...Key[]];

  private constructor(keys: [Key, ...Key[]]) {
    this.#keys = keys;
  }

  /**
   * @param secret 32 bytes in base64, or several such keys separated by commas,
   * newest first; the settings have checked that
   */
  static async open(secret: string): Promise<Vault> {
    const [newest, ...older] = await Promise.all(
      secret.split(",").map((key) => keyFrom(key.trim())),
    );
    return new Vault([newest as Key, ...older]);
  }

  /** Newest first. */
  get keyIds(): [newest: string, ...older: string[]] {
    const [newest, ...older] = this.#keys;
    return [newest.id, ...older.map(({ id }) => id)];
  }

  /** True if the key that sealed a row is configured. */
  holds({ key_id }: Pick<SealedRow, "key_id">): boolean {
    return this.#keys.some(({ id }) => id === key_id);
  }

  async #hash(key: Key, id: string): Promise<string> {
    return hex(await crypto.subtle.sign("HMAC", key.hashing, utf8.encode(id)));
  }

  /** The hashes of an id under each key, newest first. */
  async hashes(id: string | number): Promise<Sealed["hashes"]> {
    const [newest, ...older] = await Promise.all(
      this.#keys.map((key) => this.#hash(key, String(id))),
    );
    return [newest as string, ...older];
  }

  /** @param unit the length of the sealed text is a multiple of this */
  async seal(id: string | number, unit = ID_BYTES): Promise<Sealed> {
    const hashes = await this.hashes(id);
    const [key] = this.#keys;
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    // The hash is authenticated too, so a sealed id that was moved to another
    // row can't be decrypted.
    const ciphertext = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv: nonce, additionalData: utf8.encode(hashes[0]) },
      key.sealing,
      padded(String(id), unit),
    );
    const sealed = new Uint8Array(NONCE_BYTES + ciphertext.byteLength);
    sealed.set(nonce);
    sealed.set(new Uint8Array(ciphertext), NONCE_BYTES);
    return { hashes, keyId: key.id, sealed: sealed.buffer };
  }

  /** Seals what a row holds with the newest key, in the same length. */
  reseal = async (row: SealedRow): Promise<Sealed> =>
    this.seal(
      await this.unseal(row),
      row.sealed.byteLength - NONCE_BYTES - TAG_BYTES,
    );

  /** @throws Error when the key is not configured or the row was changed */
  async unseal({ hash, key_id, sealed }: SealedRow): Promise<string> {
    const key = this.#keys.find(({ id }) => id === key_id);
    if (!key)
      throw new Error(
        "The id is sealed with a key that FOLLOWER_KEY doesn't contain.",
      );
    const plain = await crypto.subtle.decrypt(
      {
        name: "AES-GCM",
        iv: sealed.slice(0, NONCE_BYTES),
        additionalData: utf8.encode(hash),
      },
      key.sealing,
      sealed.slice(NONCE_BYTES),
    );
    return new TextDecoder().decode(plain).trimEnd();
  }
}
