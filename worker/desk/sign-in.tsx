import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../contract/client.ts";
import { refusalText } from "./publish/refusal.tsx";
import { type Session, signIn } from "./session.ts";
import { say } from "./words.ts";

/** Why the sign-in is shown again, and what became of the last words. */
export interface Left {
  why: "locked" | "signed-out";
  saved: "saving" | "saved" | ApiError;
}

/** The token is kept in no store of the browser, so it is asked for after each reload. */
export function SignIn({ left, onSignedIn }: { left: Left | null; onSignedIn: (session: Session) => Promise<void> }) {
  const field = useRef<HTMLInputElement>(null);
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
      await onSignedIn(await signIn(token));
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
        {left && (
          <p role="status">
            {say(`sign-in.${left.why}`)}{" "}
            {left.saved === "saving"
              ? say("saved.saving")
              : left.saved === "saved"
                ? say("sign-in.saved")
                : `${say("saved.failed")} ${refusalText(left.saved) ?? left.saved.message}`}
          </p>
        )}
        <label for="token">{say("sign-in.token")}</label>
        <input
          id="token"
          ref={field}
          type="password"
          required
          autoComplete="off"
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
