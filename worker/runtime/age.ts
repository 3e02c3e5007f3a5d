/**
 * Encrypts a stream in the age format (https://age-encryption.org/v1) for one X25519 key, so that `age -d` opens it anywhere. The
 * library `age-encryption` does the same in 50 KB, most of it for kinds of keys that are not used here; the tests open every file with it.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { base64Of } from "../../shared/base64.ts";
import { KEY_BYTES, publicKeyIn } from "./recipient.ts";

const VERSION_LINE = "age-encryption.org/v1";
const FILE_KEY_BYTES = 16;
const NONCE_BYTES = 16;
/** The format's chunks of plaintext. */
const CHUNK_BYTES = 64 * 1024;

const utf8 = (text: string) => new TextEncoder().encode(text);
const base64 = (bytes: Uint8Array) => base64Of(bytes).replace(/=+$/, "");

async function derive(secret: Uint8Array<ArrayBuffer>, salt: Uint8Array<ArrayBuffer>, info: string) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt, info: utf8(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, KEY_BYTES * 8));
}

const joined = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** The header, which holds the file's key for the recipient. */
async function headerFor(fileKey: Uint8Array<ArrayBuffer>, recipient: Uint8Array<ArrayBuffer>): Promise<string> {
  const pair = (await crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"])) as CryptoKeyPair;
  const share = new Uint8Array((await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer);
  const other = await crypto.subtle.importKey("raw", recipient, { name: "X25519" }, false, []);
  // Workers' types name the parameter with a dollar sign; the runtime has the standard name.
  const agreement = { name: "X25519", public: other } as unknown as SubtleCryptoDeriveKeyAlgorithm;
  const shared = new Uint8Array(await crypto.subtle.deriveBits(agreement, pair.privateKey, KEY_BYTES * 8));
  const wrapping = await derive(shared, joined(share, recipient), `${VERSION_LINE}/X25519`);
  const wrapped = chacha20poly1305(wrapping, new Uint8Array(12)).encrypt(fileKey);
  const header = `${VERSION_LINE}\n-> X25519 ${base64(share)}\n${base64(wrapped)}\n---`;
  const signing = await derive(fileKey, new Uint8Array(), "header");
  const key = await crypto.subtle.importKey("raw", signing, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return `${header} ${base64(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(header))))}\n`;
}

/** The nonce of a chunk: its number in 11 bytes, and whether it is the last. */
function nonceOf(chunk: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, chunk);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** @param recipient a public key of age, `age1...` @throws Error when it isn't one */
export async function encryptionFor(recipient: string): Promise<TransformStream<Uint8Array, Uint8Array>> {
  const publicKey = publicKeyIn(recipient);
  if (!publicKey) throw new Error("BACKUP_RECIPIENT is not a public key of age");
  const fileKey = crypto.getRandomValues(new Uint8Array(FILE_KEY_BYTES));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const [header, key] = await Promise.all([headerFor(fileKey, publicKey), derive(fileKey, nonce, "payload")]);
  const seal = (chunk: Uint8Array, number: number, isLast: boolean) =>
    chacha20poly1305(key, nonceOf(number, isLast)).encrypt(chunk);
  let rest = new Uint8Array();
  let sealed = 0;
  return new TransformStream({
    start: (controller) => controller.enqueue(joined(utf8(header), nonce)),
    transform(bytes, controller) {
      rest = joined(rest, bytes);
      // The last chunk is marked, so a full one waits until more bytes come.
      while (rest.length > CHUNK_BYTES) {
        controller.enqueue(seal(rest.subarray(0, CHUNK_BYTES), sealed++, false));
        rest = rest.slice(CHUNK_BYTES);
      }
    },
    flush: (controller) => controller.enqueue(seal(rest, sealed, true)),
  });
}
