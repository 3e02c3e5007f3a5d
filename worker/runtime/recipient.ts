/** Reads a public key of age, a text in Bech32 (BIP 173). Apart from the encryption, because every start checks the setting. */

export const KEY_BYTES = 32;

const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const BECH32_GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const PREFIX = "age";

/** The checksum of Bech32 (BIP 173); 1 for a text without typing errors. */
function checksum(values: number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of BECH32_GENERATOR.entries()) if ((top >> bit) & 1) sum ^= generator;
  }
  return sum;
}

/** The public key in a recipient, `age1...`; null when it isn't one. */
export function publicKeyIn(recipient: string): Uint8Array<ArrayBuffer> | null {
  if (!recipient.startsWith(`${PREFIX}1`)) return null;
  const values = [...recipient.slice(PREFIX.length + 1)].map((letter) => BECH32.indexOf(letter));
  const prefix = [...PREFIX].map((letter) => letter.charCodeAt(0));
  const expanded = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31)];
  if (values.includes(-1) || checksum([...expanded, ...values]) !== 1) return null;
  const bytes: number[] = [];
  let bits = 0;
  let length = 0;
  for (const value of values.slice(0, -6)) {
    bits = (bits << 5) | value;
    length += 5;
    if (length < 8) continue;
    length -= 8;
    bytes.push((bits >> length) & 0xff);
    bits &= (1 << length) - 1;
  }
  return bytes.length === KEY_BYTES && bits === 0 ? Uint8Array.from(bytes) : null;
}

export const isRecipient = (text: string): boolean => publicKeyIn(text) !== null;
