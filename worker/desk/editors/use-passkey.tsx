/** Actions that may ask for a passkey, with their progress and a notice of what went wrong. */
import { useState } from "preact/hooks";
import type { ApiError } from "../../editing/contract/client.ts";
import { refusalText } from "../publish/refusal.tsx";
import { useSession } from "../session.ts";
import { say, type WordKey } from "../words.ts";
import { NoPasskey, withPasskey } from "./passkey.ts";

/** What a part of a screen needs to change what the screen lists. */
export interface ListChanges {
  busy: boolean;
  /** @returns true if it succeeded */
  change: (action: () => Promise<unknown>) => Promise<boolean>;
}

export function usePasskeyErrors() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  /**
   * @param action resolves to the API's error, or null
   * @param refusals texts for some types of error
   * @returns true if it succeeded
   */
  const run = async (action: () => Promise<ApiError | null>, refusals: Record<string, WordKey> = {}) => {
    if (busy) return false;
    setBusy(true);
    setProblem("");
    try {
      const refused = await action();
      const own = refused && Object.keys(refusals).find((tag) => refused.is(tag));
      if (refused) setProblem(own ? say(refusals[own] as WordKey) : (refusalText(refused) ?? refused.message));
      return refused === null;
    } catch (error) {
      if (!(error instanceof NoPasskey)) throw error;
      setProblem(say("passkey.failed"));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const notice = problem && (
    <p class="problem" role="alert">
      {problem}
    </p>
  );
  return { busy, notice, run };
}

/** @param read reads again what a change may have changed */
export function usePasskeyAction(read: () => Promise<void>) {
  const session = useSession();
  const { busy, notice, run: report } = usePasskeyErrors();
  const run = (action: () => Promise<unknown>) => report(() => withPasskey(session, action));
  const change: ListChanges["change"] = (action) => run(() => action().then(read));
  return { busy, notice, run, change };
}

interface PasskeyLabelProps {
  id: string;
  value: string;
  onChange: (label: string) => void;
}

/** Names a new passkey. */
export const PasskeyLabel = ({ id, value, onChange }: PasskeyLabelProps) => (
  <>
    <label for={id}>{say("passkey.label")}</label>
    <input
      id={id}
      required
      maxLength={100}
      dir="auto"
      value={value}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  </>
);
