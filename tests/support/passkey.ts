/**
 * An authenticator in software, for tests: makes passkeys and signs with them,
 * as a browser would answer.
 */
import { Buffer } from "node:buffer";
import { type CBORType, encodeCBOR } from "@levischuck/tiny-cbor";

/** What an answer says other than it should. */
export interface Changes {
  flags?: number;
  client?: Record<string, unknown>;
  /**
   * The format of an empty statement about the authenticator. Default: "none"
   */
  statement?: string;
}

const utf8 = new TextEncoder();
export const base64url = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString("base64url");
const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text, "base64url"));
const concat = (
  ...parts: (Uint8Array | ArrayBuffer)[]
): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => new Uint8Array(part as ArrayBuffer))),
  );
const sha256 = (data: Uint8Array): Promise<ArrayBuffer> =>
  crypto.subtle.digest("SHA-256", data as Uint8Array<ArrayBuffer>);
const number32 = (value: number) =>
  new Uint8Array(
    [value >>> 24, value >>> 16, value >>> 8, value].map((byte) => byte & 255),
  );
const clientData = (said: Record<string, unknown>) =>
  utf8.encode(JSON.stringify(said));

/**
 * ECDSA signatures in WebAuthn are DER: two integers without leading zeros, and
 * with one where the first bit is set.
 */
function der(raw: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array) => {
    const begin = bytes.findIndex((byte) => byte !== 0);
    const short = bytes.slice(begin);
    const value =
      short[0]! >= 0x80 ? concat(new Uint8Array([0]), short) : short;
    return concat(new Uint8Array([0x02, value.length]), value);
  };
  const both = concat(integer(raw.slice(0, 32)), integer(raw.slice(32)));
  return concat(new Uint8Array([0x30, both.length]), both);
}

export const UP_UV = 0x05;
export const ATTESTED = 0x40;

const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * The public key in COSE (RFC 9053), with its numbers for kty, alg, crv, x and
 * y.
 */
const coseOf = ({ x = "", y = "" }: JsonWebKey): Uint8Array =>
  encodeCBOR(
    new Map<number, CBORType>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, fromBase64url(x)],
      [-3, fromBase64url(y)],
    ]),
  );

export class SoftPasskey {
  readonly id: string;
  readonly #keys: CryptoKeyPair;
  readonly #rpId: string;
  /**
   * 0 for a passkey that is synchronised, as most are: its counter never rises.
   */
  counter = 0;

  private constructor(id: string, keys: CryptoKeyPair, rpId: string) {
    this.id = id;
    this.#keys = keys;
    this.#rpId = rpId;
  }

  static async make(rpId: string): Promise<SoftPasskey> {
    const keys = (await crypto.subtle.generateKey(ES256, true, [
      "sign",
      "verify",
    ])) as CryptoKeyPair;
    return new SoftPasskey(
      base64url(crypto.getRandomValues(new Uint8Array(16))),
      keys,
      rpId,
    );
  }

  async #data(
    flags: number,
    ...more: Uint8Array[]
  ): Promise<Uint8Array<ArrayBuffer>> {
    return concat(
      await sha256(utf8.encode(this.#rpId)),
      new Uint8Array([flags]),
      number32(this.counter),
      ...more,
    );
  }

  #answer(client: Uint8Array, more: object): Record<string, unknown> {
    const response = { clientDataJSON: base64url(client), ...more };
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key",
      clientExtensionResults: {},
      response,
    };
  }

  /** The answer to options for a new passkey. */
  async register(
    origin: string,
    challenge: string,
    {
      flags = UP_UV | ATTESTED,
      client: said,
      statement = "none",
    }: Changes = {},
  ): Promise<Record<string, unknown>> {
    const jwk = (await crypto.subtle.exportKey(
      "jwk",
      this.#keys.publicKey,
    )) as JsonWebKey;
    const id = fromBase64url(this.id);
    const attested = concat(
      new Uint8Array(16),
      new Uint8Array([0, id.length]),
      id,
      coseOf(jwk),
    );
    const authData = await this.#data(flags, attested);
    const client = clientData({
      type: "webauthn.create",
      challenge,
      origin,
      crossOrigin: false,
      ...said,
    });
    const attestation = encodeCBOR(
      new Map<string, CBORType>([
        ["fmt", statement],
        ["attStmt", new Map()],
        ["authData", authData],
      ]),
    );
    return this.#answer(client, {
      attestationObject: base64url(attestation),
      transports: ["internal"],
    });
  }

  /** The answer to options for a sign-in. */
  async sign(
    origin: string,
    challenge: string,
    { flags = UP_UV, client: said }: Changes = {},
  ): Promise<Record<string, unknown>> {
    const data = await this.#data(flags);
    const client = clientData({
      type: "webauthn.get",
      challenge,
      origin,
      crossOrigin: false,
      ...said,
    });
    const signature = await crypto.subtle.sign(
      ES256,
      this.#keys.privateKey,
      concat(data, await sha256(client)),
    );
    const signed = base64url(der(new Uint8Array(signature)));
    return this.#answer(client, {
      authenticatorData: base64url(data),
      signature: signed,
    });
  }
}
