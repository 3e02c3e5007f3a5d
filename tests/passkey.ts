/** An authenticator in software, for tests: makes passkeys and signs with them, as a browser would answer. */
import { type CBORType, encodeCBOR } from "@levischuck/tiny-cbor";

/** What an answer says other than it should. */
export interface Changes {
  flags?: number;
  client?: Record<string, unknown>;
  /** Bytes after the authenticator data. */
  tail?: Uint8Array;
  /** The format of a statement about the authenticator. "packed" is signed by the passkey itself. Default: "none" */
  statement?: string;
}

const utf8 = new TextEncoder();
export const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
export const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const concat = (...parts: (Uint8Array | ArrayBuffer)[]): Uint8Array<ArrayBuffer> => {
  const arrays = parts.map((part) => new Uint8Array(part as ArrayBuffer));
  const all = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of arrays) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};
const sha256 = (data: Uint8Array): Promise<ArrayBuffer> =>
  crypto.subtle.digest("SHA-256", data as Uint8Array<ArrayBuffer>);
const number32 = (value: number) =>
  new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value].map((byte) => byte & 255));
const clientData = (said: Record<string, unknown>) => utf8.encode(JSON.stringify(said));

/** ECDSA signatures in WebAuthn are DER: two integers without leading zeros, and with one where the first bit is set. */
function der(raw: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array) => {
    const begin = bytes.findIndex((byte) => byte !== 0);
    const short = bytes.slice(begin);
    const value = short[0]! >= 0x80 ? concat(new Uint8Array([0]), short) : short;
    return concat(new Uint8Array([0x02, value.length]), value);
  };
  const both = concat(integer(raw.slice(0, 32)), integer(raw.slice(32)));
  return concat(new Uint8Array([0x30, both.length]), both);
}

export const UP_UV = 0x05;
export const ATTESTED = 0x40;

const generation = {
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  RS256: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  EdDSA: { name: "Ed25519" },
};
export type Algorithm = keyof typeof generation;
export const algorithms = Object.keys(generation) as Algorithm[];

const coseAlgorithms = { ES256: -7, RS256: -257, EdDSA: -8 };

/** The public key in COSE (RFC 9053), with its numbers for kty, alg, crv and the rest. */
function coseOf(algorithm: Algorithm, jwk: JsonWebKey): Uint8Array {
  const { x, y, n, e } = Object.fromEntries(
    ["x", "y", "n", "e"].map((name) => [name, fromBase64url((jwk as Record<string, string>)[name] ?? "")]),
  ) as Record<string, Uint8Array<ArrayBuffer>>;
  const members = {
    ES256: [
      [1, 2],
      [3, coseAlgorithms.ES256],
      [-1, 1],
      [-2, x],
      [-3, y],
    ],
    RS256: [
      [1, 3],
      [3, coseAlgorithms.RS256],
      [-1, n],
      [-2, e],
    ],
    EdDSA: [
      [1, 1],
      [3, coseAlgorithms.EdDSA],
      [-1, 6],
      [-2, x],
    ],
  } as const;
  return encodeCBOR(new Map<number, number | Uint8Array>(members[algorithm] as never));
}

export class SoftPasskey {
  readonly id: string;
  readonly #algorithm: Algorithm;
  readonly #keys: CryptoKeyPair;
  readonly #rpId: string;
  /** 0 for a passkey that is synchronised, as most are: its counter never rises. */
  counter = 0;

  private constructor(id: string, algorithm: Algorithm, keys: CryptoKeyPair, rpId: string) {
    this.id = id;
    this.#algorithm = algorithm;
    this.#keys = keys;
    this.#rpId = rpId;
  }

  static async make(rpId: string, algorithm: Algorithm = "ES256"): Promise<SoftPasskey> {
    const keys = (await crypto.subtle.generateKey(generation[algorithm], true, ["sign", "verify"])) as CryptoKeyPair;
    return new SoftPasskey(base64url(crypto.getRandomValues(new Uint8Array(16))), algorithm, keys, rpId);
  }

  async #data(flags: number, ...more: Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
    return concat(await sha256(utf8.encode(this.#rpId)), new Uint8Array([flags]), number32(this.counter), ...more);
  }

  async #signature(data: Uint8Array, client: Uint8Array): Promise<Uint8Array> {
    const signed = concat(data, await sha256(client));
    const raw = await crypto.subtle.sign(generation[this.#algorithm], this.#keys.privateKey, signed);
    return this.#algorithm === "ES256" ? der(new Uint8Array(raw)) : new Uint8Array(raw);
  }

  /** The answer to options for a new passkey. */
  async register(
    origin: string,
    challenge: string,
    { flags = UP_UV | ATTESTED, client: said, tail = new Uint8Array(), statement = "none" }: Changes = {},
  ): Promise<Record<string, unknown>> {
    const jwk = (await crypto.subtle.exportKey("jwk", this.#keys.publicKey)) as JsonWebKey;
    const id = fromBase64url(this.id);
    const attested = concat(new Uint8Array(16), new Uint8Array([0, id.length]), id, coseOf(this.#algorithm, jwk));
    const authData = await this.#data(flags, attested, tail);
    const client = clientData({ type: "webauthn.create", challenge, origin, crossOrigin: false, ...said });
    const signed: [string, CBORType][] = [
      ["alg", coseAlgorithms[this.#algorithm]],
      ["sig", await this.#signature(authData, client)],
    ];
    const attestation = encodeCBOR(
      new Map<string, CBORType>([
        ["fmt", statement],
        ["attStmt", new Map(statement === "none" ? [] : signed)],
        ["authData", authData],
      ]),
    );
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(client),
        attestationObject: base64url(attestation),
        transports: ["internal"],
      },
    };
  }

  /** The answer to options for a sign-in. */
  async sign(
    origin: string,
    challenge: string,
    { flags = UP_UV, client: said, tail = new Uint8Array() }: Changes = {},
  ): Promise<Record<string, unknown>> {
    const data = await this.#data(flags, tail);
    const client = clientData({ type: "webauthn.get", challenge, origin, crossOrigin: false, ...said });
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(client),
        authenticatorData: base64url(data),
        signature: base64url(await this.#signature(data, client)),
      },
    };
  }
}
