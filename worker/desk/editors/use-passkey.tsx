/** Actions that may ask for a passkey, with their progress and a notice of what went wrong. */
import { TextInput } from "../inputs.tsx";
import { RefusalNotice, useAction } from "../publish/refusal.tsx";
import { useSession } from "../session.ts";
import { say } from "../words.ts";
import { withPasskey } from "./passkey.ts";

/** What a part of a screen needs to change what the screen lists. */
export interface ListChanges {
  busy: boolean;
  change: (action: () => Promise<unknown>) => Promise<unknown>;
}

/** @param read reads again what a change may have changed */
export function usePasskeyAction(read: () => Promise<void>) {
  const session = useSession();
  const { busy, refused, run: report } = useAction();
  const run = (action: () => Promise<unknown>) => report(() => withPasskey(session, action));
  const change: ListChanges["change"] = (action) => run(() => action().then(read));
  return { busy, notice: <RefusalNotice error={refused} />, run, change };
}

interface PasskeyLabelProps {
  value: string;
  onText: (label: string) => void;
}

/** Names a new passkey. */
export const PasskeyLabel = (props: PasskeyLabelProps) => (
  <TextInput id="passkey-label" label={say("passkey.label")} required maxLength={100} {...props} />
);
