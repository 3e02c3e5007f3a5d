declare module "http_ece" {
  import type { ECDH } from "node:crypto";
  /**
   * Decrypts a body of RFC 8188.
   * @param keys of RFC 8291; `authSecret` in base64url
   */
  export function decrypt(
    body: Buffer,
    keys: { version: "aes128gcm"; privateKey: ECDH; authSecret: string },
  ): Buffer;
}
