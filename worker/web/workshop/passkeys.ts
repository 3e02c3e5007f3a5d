/** Passkeys: options for browsers, and the check of their answers. */
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { isoBase64URL } from "@simplewebauthn/server/helpers";
import type {
  StoredPasskey,
  VerifiedPasskey,
} from "../../objects/ledger/access.ts";

const TIMEOUT_MS = 120_000;

/**
 * A passkey works for one name only, so a look-alike site can't use it. After a
 * move that is the oldest address, whose list of related origins
 * (/.well-known/webauthn) lets browsers use it at the newer ones.
 * @param addresses newest first, with spaces between
 */
const place = (addresses: string) => {
  const urls = addresses.split(" ").map((address) => new URL(address));
  return {
    rpID: urls.at(-1)?.hostname as string,
    origins: urls.map(({ origin }) => origin),
  };
};

type Answer = Record<string, unknown>;

/**
 * No list of passkeys: the browser offers those that it has, and the answer
 * tells nothing about who is an editor.
 */
export const signInOptions = (addresses: string, challenge: string) =>
  generateAuthenticationOptions({
    rpID: place(addresses).rpID,
    challenge,
    userVerification: "required",
    timeout: TIMEOUT_MS,
  });

export const newPasskeyOptions = (
  addresses: string,
  newsroom: string,
  {
    name,
    handle,
    known,
    challenge,
  }: {
    name: string;
    handle: string;
    known: StoredPasskey[];
    challenge: string;
  },
) =>
  generateRegistrationOptions({
    rpName: newsroom,
    rpID: place(addresses).rpID,
    userName: name,
    userDisplayName: name,
    userID: isoBase64URL.toBuffer(handle),
    challenge,
    timeout: TIMEOUT_MS,
    attestationType: "none",
    excludeCredentials: known.map(({ id, transports }) => ({
      id,
      transports: transports as [],
    })),
    authenticatorSelection: {
      residentKey: "required",
      userVerification: "required",
    },
  });

/**
 * What a browser's answer must match. Its challenge is kept for the Ledger,
 * which alone knows which are its own and unused.
 */
const expected = (addresses: string, kept: { challenge: string }) => ({
  expectedChallenge(encoded: string) {
    kept.challenge = isoBase64URL.toUTF8String(encoded);
    return true;
  },
  expectedOrigin: place(addresses).origins,
  expectedRPID: place(addresses).rpID,
});

/** @returns null unless the answer is a new passkey for this address */
export async function verifyNewPasskey(
  addresses: string,
  answer: Answer,
): Promise<Omit<VerifiedPasskey, "label"> | null> {
  const kept = { challenge: "" };
  const checked = await verifyRegistrationResponse({
    response: answer as unknown as RegistrationResponseJSON,
    ...expected(addresses, kept),
  }).catch(() => null);
  if (!checked?.verified || !checked.registrationInfo) return null;
  const {
    id,
    publicKey,
    counter,
    transports = [],
  } = checked.registrationInfo.credential;
  return {
    id,
    publicKey: isoBase64URL.fromBuffer(publicKey),
    counter,
    transports,
    ...kept,
  };
}

/**
 * Checks the signature, the address and that a person was verified. The Ledger
 * compares the counter, in one transaction with the sign-in.
 * @returns null unless the answer is the passkey's, for this address
 */
export async function verifySignIn(
  addresses: string,
  answer: Answer,
  { id, publicKey }: Pick<StoredPasskey, "id" | "publicKey">,
): Promise<{ counter: number; challenge: string } | null> {
  const kept = { challenge: "" };
  const checked = await verifyAuthenticationResponse({
    response: answer as unknown as AuthenticationResponseJSON,
    ...expected(addresses, kept),
    credential: { id, publicKey: isoBase64URL.toBuffer(publicKey), counter: 0 },
  }).catch(() => null);
  return checked?.verified
    ? { counter: checked.authenticationInfo.newCounter, ...kept }
    : null;
}
