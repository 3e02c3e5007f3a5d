/** Passkeys: options for browsers, and the check of their answers. Loaded at the first sign-in. */
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { isoBase64URL } from "@simplewebauthn/server/helpers";
import { Refusal } from "../../../shared/failure.ts";
import type { StoredPasskey, VerifiedPasskey } from "../../objects/ledger/access.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";

const TIMEOUT_MS = 120_000;

/** A passkey works for one address only, so a look-alike site can't use it. */
const place = ({ PUBLIC_URL }: Env) => ({ rpID: new URL(PUBLIC_URL).hostname, origin: new URL(PUBLIC_URL).origin });

type Answer = Record<string, unknown>;
const invalid = () => new Refusal({ tag: "passkey-refused", why: "invalid" });

/** No list of passkeys: the browser offers those that it has, and the answer tells nothing about who is an editor. */
export const signInOptions = (env: Env, challenge: string) =>
  generateAuthenticationOptions({
    rpID: place(env).rpID,
    challenge,
    userVerification: "required",
    timeout: TIMEOUT_MS,
  });

export const newPasskeyOptions = (
  env: Env,
  { name, handle, known, challenge }: { name: string; handle: string; known: StoredPasskey[]; challenge: string },
) =>
  generateRegistrationOptions({
    rpName: profileOf(env).newsroom.name,
    rpID: place(env).rpID,
    userName: name,
    userDisplayName: name,
    userID: isoBase64URL.toBuffer(handle),
    challenge,
    timeout: TIMEOUT_MS,
    attestationType: "none",
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: transports as [] })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });

/** What a browser's answer must match. Its challenge is kept for the Ledger, which alone knows which are its own and unused. */
const expected = (env: Env, kept: { challenge: string }) => ({
  expectedChallenge(encoded: string) {
    kept.challenge = isoBase64URL.toUTF8String(encoded);
    return true;
  },
  expectedOrigin: place(env).origin,
  expectedRPID: place(env).rpID,
});

/** @throws Refusal unless the answer is a new passkey for this address */
export async function verifyNewPasskey(env: Env, answer: Answer, label: string): Promise<VerifiedPasskey> {
  const kept = { challenge: "" };
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: answer as unknown as RegistrationResponseJSON,
    ...expected(env, kept),
  }).catch(() => {
    throw invalid();
  });
  if (!verified || !registrationInfo) throw invalid();
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
  return { id, publicKey: isoBase64URL.fromBuffer(publicKey), counter, transports, label, ...kept };
}

/**
 * Checks the signature, the address and that a person was verified. The Ledger compares the counter, in one transaction with the sign-in.
 * @throws Refusal
 */
export async function verifySignIn(
  env: Env,
  answer: Answer,
  { id, publicKey }: StoredPasskey,
): Promise<{ counter: number; challenge: string }> {
  const kept = { challenge: "" };
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: answer as unknown as AuthenticationResponseJSON,
    ...expected(env, kept),
    credential: { id, publicKey: isoBase64URL.toBuffer(publicKey), counter: 0 },
  }).catch(() => {
    throw invalid();
  });
  if (!verified) throw invalid();
  return { counter: authenticationInfo.newCounter, ...kept };
}
