import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../contract/client.ts";
import { refusalText } from "./publish/refusal.tsx";
import { type Session, signIn } from "./session.ts";
import { say } from "./words.ts";

/** The reason for the last sign-out, and the result of its save. */
export interface SignOut {
  why: "locked" | "signed-out";
  saved: "saving" | "saved" | ApiError;
}

interface SignInProps {
  signOut: SignOut | null;
  onSignedIn: (session: Session) => Promise<void>;
}

/** Asks for the token after each reload, because it is never stored in the browser. */
export function SignIn({ signOut, onSignedIn }: SignInProps) {
  const field = useRef<HTMLInputElement>(null);
  const name = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => field.current?.focus(), []);

  const submit = async (event: Event) => {
    event.preventDefault();
    const token = field.current?.value.trim() ?? "";
    if (!token || busy) return;
    setBusy(true);
    setProblem("");
    try {
      const session = await signIn(token);
      // A password manager saves the token under the editor's name.
      if (name.current) name.current.value = session.me.editor;
      await onSignedIn(session);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setBusy(false);
      setProblem(error.is("unauthorized") ? say("sign-in.refused") : (refusalText(error) ?? error.message));
      field.current?.select();
    }
  };
  return (
    <main class="sign-in">
      <form onSubmit={submit}>
        <h1>{say("sign-in.title")}</h1>
        {signOut && (
          <p role="status">
            {say(`sign-in.${signOut.why}`)}{" "}
            {signOut.saved === "saving"
              ? say("saved.saving")
              : signOut.saved === "saved"
                ? say("sign-in.saved")
                : `${say("saved.failed")} ${refusalText(signOut.saved) ?? signOut.saved.message}`}
          </p>
        )}
        <input
          ref={name}
          class="unseen"
          name="username"
          autoComplete="username"
          tabIndex={-1}
          aria-hidden="true"
          defaultValue={location.host}
        />
        <label for="token">{say("sign-in.token")}</label>
        <input
          id="token"
          ref={field}
          name="password"
          type="password"
          required
          autoComplete="current-password"
          spellcheck={false}
          aria-describedby="token-hint"
          aria-invalid={problem !== ""}
        />
        <p class="hint" id="token-hint">
          {say("sign-in.hint")}
        </p>
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" disabled={busy}>
          {say(busy ? "sign-in.busy" : "sign-in.go")}
        </button>
      </form>
    </main>
  );
}
