/** Passkeys in the browser, and actions that may ask for one. */
import {
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import { ApiError, clientOf } from "../../editing/contract/client.ts";
import type { SignedIn } from "../../editing/rules/editor-access.ts";
import { TextInput } from "../inputs.tsx";
import { apiErrorOf, RefusalNotice, useAction } from "../publish/refusal.tsx";
import { type Session, signIn, useSession } from "../session.ts";
import { say } from "../words.ts";

type Answer = Record<string, unknown>;
type SignInOptions = Parameters<typeof startAuthentication>[0]["optionsJSON"];
type NewOptions = Parameters<typeof startRegistration>[0]["optionsJSON"];

/**
 * The browser made or used no passkey: the editor cancelled, or there is none
 * for this address.
 */
const noPasskey = (cause: unknown): never => {
  const type = "urn:casewire:problem:no-passkey";
  throw new ApiError({
    type,
    title: "No passkey",
    status: 0,
    detail: String(cause),
    remedy: "",
  });
};

export const makePasskey = async (options: object): Promise<Answer> =>
  (await startRegistration({ optionsJSON: options as NewOptions }).catch(
    noPasskey,
  )) as unknown as Answer;

/** @throws ApiError */
async function usePasskey(): Promise<SignedIn> {
  const api = clientOf();
  const { options } = await api.signInOptions();
  const response = await startAuthentication({
    optionsJSON: options as unknown as SignInOptions,
  }).catch(noPasskey);
  return api.signIn({ body: { response: response as unknown as Answer } });
}

export const signInWithPasskey = async (): Promise<Session> =>
  signIn((await usePasskey()).token);

/**
 * Runs an action that needs a passkey of the last minutes: if the last one is
 * older, asks for it and tries again.
 * @throws ApiError
 */
async function withPasskey(
  { api, me, renew }: Session,
  action: () => Promise<unknown>,
): Promise<unknown> {
  const refused = await apiErrorOf(action);
  if (!refused) return;
  if (!refused.is("passkey-needed")) throw refused;
  const signedIn = await usePasskey();
  // Another person's passkey must not continue this person's work.
  if (signedIn.editor !== me.editor) {
    await clientOf({ token: signedIn.token }).signOut();
    throw refused;
  }
  await api.signOut();
  renew(signedIn.token);
  return action();
}

/** What a part of a screen needs to change what the screen lists. */
export interface ListChanges {
  busy: boolean;
  change: (action: () => Promise<unknown>) => Promise<unknown>;
}

/** @param read reads again what a change may have changed */
export function usePasskeyAction(read: () => Promise<void>) {
  const session = useSession();
  const { busy, refused, run: report } = useAction();
  const run = (action: () => Promise<unknown>) =>
    report(() => withPasskey(session, action));
  const change: ListChanges["change"] = (action) =>
    run(() => action().then(read));
  return { busy, notice: <RefusalNotice error={refused} />, run, change };
}

/** Names a new passkey. */
export const PasskeyLabel = (props: {
  value: string;
  onText: (label: string) => void;
}) => (
  <TextInput
    id="passkey-label"
    label={say("passkey.label")}
    required
    maxLength={100}
    {...props}
  />
);
