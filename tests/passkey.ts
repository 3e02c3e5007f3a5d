/** An authenticator in software, for tests: makes passkeys and signs with them, as a browser would answer. */

interface ClientData {
  origin: string;
  challenge: string;
  type?: string;
}

const utf8 = new TextEncoder();
const base64url = (bytes: ArrayBuffer | Uint8Array): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes as ArrayBuffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const bytesOf = (text: string): Uint8Array =>
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
const clientData = ({ origin, challenge, type = "webauthn.get" }: ClientData) =>
  utf8.encode(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

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

const UP_UV = 0x05;
const ATTESTED = 0x40;

export class SoftPasskey {
  readonly id: string;
  readonly #keys: CryptoKeyPair;
  readonly #rpId: string;
  /** 0 for a passkey that is synchronised, as most are: its counter never rises. */
  counter = 0;

  private constructor(id: string, keys: CryptoKeyPair, rpId: string) {
    this.id = id;
    this.#keys = keys;
    this.#rpId = rpId;
  }

  static async make(rpId: string): Promise<SoftPasskey> {
    const keys = (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
      "sign",
      "verify",
    ])) as CryptoKeyPair;
    return new SoftPasskey(base64url(crypto.getRandomValues(new Uint8Array(16))), keys, rpId);
  }

  async #data(flags: number, more = new Uint8Array()): Promise<Uint8Array<ArrayBuffer>> {
    return concat(await sha256(utf8.encode(this.#rpId)), new Uint8Array([flags]), number32(this.counter), more);
  }

  /** The answer to options for a new passkey. */
  async register(origin: string, challenge: string): Promise<Record<string, unknown>> {
    const raw = new Uint8Array((await crypto.subtle.exportKey("raw", this.#keys.publicKey)) as ArrayBuffer);
    // COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    const cose = concat(
      new Uint8Array([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32]),
      raw.slice(1, 33),
      new Uint8Array([0x22, 0x58, 32]),
      raw.slice(33),
    );
    const id = bytesOf(this.id);
    const attested = concat(new Uint8Array(16), new Uint8Array([0, id.length]), id, cose);
    const data = await this.#data(UP_UV | ATTESTED, attested);
    // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}
    const attestation = concat(
      new Uint8Array([0xa3, 0x63]),
      utf8.encode("fmt"),
      new Uint8Array([0x64]),
      utf8.encode("none"),
      new Uint8Array([0x67]),
      utf8.encode("attStmt"),
      new Uint8Array([0xa0, 0x68]),
      utf8.encode("authData"),
      new Uint8Array([0x58, data.length]),
      data,
    );
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(clientData({ origin, challenge, type: "webauthn.create" })),
        attestationObject: base64url(attestation),
        transports: ["internal"],
      },
    };
  }

  /** The answer to options for a sign-in. @param flags user present and verified, unless the test says otherwise */
  async sign(origin: string, challenge: string, flags = UP_UV): Promise<Record<string, unknown>> {
    const data = await this.#data(flags);
    const client = clientData({ origin, challenge });
    const signed = concat(data, await sha256(client));
    const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, this.#keys.privateKey, signed);
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(client),
        authenticatorData: base64url(data),
        signature: base64url(der(new Uint8Array(signature))),
      },
    };
  }
}
