/** Chat ids at rest: AES-GCM with a nonce per row, found again by a keyed hash. */

export interface SealedChat {
  /** HMAC-SHA-256 of the chat id, in hex: what rows are keyed by. */
  chat: string;
  /** Which key sealed it, so that keys can be changed without downtime. */
  keyId: string;
  /** Nonce (12 bytes), then ciphertext and tag. */
  sealed: ArrayBuffer;
}

const NONCE = 12;
const utf8 = new TextEncoder();
const hex = (bytes: ArrayBuffer) =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class Vault {
  readonly keyId: string;
  readonly #sealing: CryptoKey;
  readonly #hashing: CryptoKey;

  private constructor(keyId: string, sealing: CryptoKey, hashing: CryptoKey) {
    this.keyId = keyId;
    this.#sealing = sealing;
    this.#hashing = hashing;
  }

  /**
   * @param secret 32 bytes in base64
   * @throws when it is anything else
   */
  static async open(secret: string): Promise<Vault> {
    const bytes = Uint8Array.from(atob(secret), (letter) => letter.charCodeAt(0));
    if (bytes.length !== 32) throw new Error("FOLLOWER_KEY must be 32 bytes in base64");
    const root = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits"]);
    const derive = (purpose: string) =>
      crypto.subtle.deriveBits(
        { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8.encode(purpose) },
        root,
        256,
      );
    const [sealing, hashing, id] = await Promise.all([derive("seal"), derive("hash"), derive("id")]);
    return new Vault(
      hex(id).slice(0, 8),
      await crypto.subtle.importKey("raw", sealing, "AES-GCM", false, ["encrypt", "decrypt"]),
      await crypto.subtle.importKey("raw", hashing, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]),
    );
  }

  /** The key of a chat's rows. */
  async hash(chat: number): Promise<string> {
    return hex(await crypto.subtle.sign("HMAC", this.#hashing, utf8.encode(String(chat))));
  }

  async seal(chat: number): Promise<SealedChat> {
    const hash = await this.hash(chat);
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
    // The row's key is authenticated too: a sealed id moved to another row does not open.
    const ciphertext = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv: nonce, additionalData: utf8.encode(hash) },
      this.#sealing,
      utf8.encode(String(chat)),
    );
    const sealed = new Uint8Array(NONCE + ciphertext.byteLength);
    sealed.set(nonce);
    sealed.set(new Uint8Array(ciphertext), NONCE);
    return { chat: hash, keyId: this.keyId, sealed: sealed.buffer };
  }

  /** @throws when it was sealed with another key, or changed */
  async unseal({ chat, sealed }: Pick<SealedChat, "chat" | "sealed">): Promise<number> {
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: sealed.slice(0, NONCE), additionalData: utf8.encode(chat) },
      this.#sealing,
      sealed.slice(NONCE),
    );
    return Number(new TextDecoder().decode(plain));
  }
}
