/**
 * Checkpoints of the signed log: C2SP tlog-checkpoint and signed-note, with
 * Ed25519.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import {
  bytesToHex,
  concatBytes,
  hexToBytes,
  utf8ToBytes,
} from "@noble/hashes/utils.js";
import { base64Of, bytesIn } from "../../shared/base64.ts";

/** The head of a log: how many entries it has, and the root of their tree. */
export interface LogHead {
  size: number;
  root: Uint8Array;
}

/** A log's public key, as `NAME+HASH+KEY` writes it. */
export interface VerifierKey {
  name: string;
  key: Uint8Array<ArrayBuffer>;
}

export interface Checkpoint extends LogHead {
  /** The name of the log. */
  origin: string;
  /** The text that is signed. */
  text: string;
  signatures: {
    name: string;
    id: string;
    signature: Uint8Array<ArrayBuffer>;
  }[];
}

/** The type byte of Ed25519 signatures. */
const ED25519 = new Uint8Array([1]);
const KEY_BYTES = 32;
const ID_BYTES = 4;
/** A PKCS #8 private key of Ed25519, up to its 32 bytes of seed (RFC 8410). */
const PKCS8_PREFIX = hexToBytes("302e020100300506032b657004220420");

const ALGORITHM = "Ed25519";

/** The first bytes of a hash over name, type and key, in hex. */
const keyId = (name: string, key: Uint8Array): string =>
  bytesToHex(
    sha256(concatBytes(utf8ToBytes(`${name}\n`), ED25519, key)).slice(
      0,
      ID_BYTES,
    ),
  );

export const keyLine = ({ name, key }: VerifierKey): string =>
  `${name}+${keyId(name, key)}+${base64Of(concatBytes(ED25519, key))}`;

/** @returns null when the text is not the public key of a log */
export function keyIn(line: string): VerifierKey | null {
  const [, name = "", id, encoded = ""] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line.trim()) ?? [];
  if (name === "") return null;
  try {
    const bytes = bytesIn(encoded);
    const key = bytes.slice(1);
    return bytes[0] === ED25519[0] &&
      key.length === KEY_BYTES &&
      keyId(name, key) === id
      ? { name, key }
      : null;
  } catch {
    return null;
  }
}

/** The signer of a log. */
export interface Signer {
  public: VerifierKey;
  /** Signs a checkpoint. */
  sign(head: LogHead): Promise<string>;
  /**
   * Makes a signed note of a text, which must end with a line break and be no
   * checkpoint.
   */
  signText(text: string): Promise<string>;
}

/**
 * @param name of the log
 * @param seed 32 bytes in base64
 */
export async function signerOf(name: string, seed: string): Promise<Signer> {
  const pkcs8 = new Uint8Array(concatBytes(PKCS8_PREFIX, bytesIn(seed)));
  const secret = await crypto.subtle.importKey(
    "pkcs8",
    pkcs8,
    ALGORITHM,
    true,
    ["sign"],
  );
  const { x = "" } = (await crypto.subtle.exportKey(
    "jwk",
    secret,
  )) as JsonWebKey;
  const key = bytesIn(x.replaceAll("-", "+").replaceAll("_", "/"));
  const id = keyId(name, key);
  const signText = async (text: string) => {
    const signature = new Uint8Array(
      await crypto.subtle.sign(
        ALGORITHM,
        secret,
        new TextEncoder().encode(text),
      ),
    );
    return `${text}\n— ${name} ${base64Of(concatBytes(hexToBytes(id), signature))}\n`;
  };
  return {
    public: { name, key },
    sign: ({ size, root }) => signText(`${name}\n${size}\n${base64Of(root)}\n`),
    signText,
  };
}

/** @returns null when the note is not a checkpoint */
export function checkpointIn(note: string): Checkpoint | null {
  const end = note.lastIndexOf("\n\n");
  const text = note.slice(0, end + 1);
  const [origin = "", size = "", root = ""] = text.split("\n");
  if (end < 0 || origin === "" || !/^(0|[1-9]\d{0,14})$/.test(size))
    return null;
  try {
    const signatures = note
      .slice(end + 2)
      .trimEnd()
      .split("\n")
      .map((line) => {
        const [, name = "", encoded = ""] = /^— (\S+) (\S+)$/.exec(line) ?? [];
        if (name === "") throw new Error("A signature has another form.");
        const bytes = bytesIn(encoded);
        return {
          name,
          id: bytesToHex(bytes.slice(0, ID_BYTES)),
          signature: bytes.slice(ID_BYTES),
        };
      });
    return {
      origin,
      size: Number(size),
      root: bytesIn(root),
      text,
      signatures,
    };
  } catch {
    return null;
  }
}

/** True if the log's key signed the checkpoint. */
export async function isSigned(
  { origin, text, signatures }: Checkpoint,
  { name, key }: VerifierKey,
): Promise<boolean> {
  const own = signatures.find(
    (signature) => signature.name === name && signature.id === keyId(name, key),
  );
  if (!own || origin !== name) return false;
  const verifier = await crypto.subtle.importKey("raw", key, ALGORITHM, false, [
    "verify",
  ]);
  return crypto.subtle.verify(
    ALGORITHM,
    verifier,
    own.signature,
    new TextEncoder().encode(text),
  );
}
