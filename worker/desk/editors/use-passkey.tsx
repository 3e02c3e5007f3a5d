/** An action of a button that may ask for a passkey, with its progress and its error as state. */
import { useState } from "preact/hooks";
import type { ApiError } from "../../editing/contract/client.ts";
import { refusalText } from "../publish/refusal.tsx";
import { useSession } from "../session.ts";
import { say } from "../words.ts";
import { NoPasskey, withPasskey } from "./passkey.ts";

export const textOf = (error: ApiError): string => refusalText(error) ?? error.message;

export function usePasskeyAction() {
  const session = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  /** @returns true if it succeeded */
  const run = async (action: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setProblem("");
    try {
      const refused = await withPasskey(session, action);
      if (refused) setProblem(textOf(refused));
      return refused === null;
    } catch (error) {
      if (!(error instanceof NoPasskey)) throw error;
      setProblem(say("passkey.failed"));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run };
}
