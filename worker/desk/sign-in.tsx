import { useEffect, useRef, useState } from "preact/hooks";
import { type ApiError, clientOf } from "../editing/contract/client.ts";
import { makePasskey, signInWithPasskey } from "./editors/passkey.tsx";
import { Alert } from "./inputs.tsx";
import { RefusalNotice, refusalText, useAction } from "./publish/refusal.tsx";
import { type Session, signIn } from "./session.ts";
import { say, type WordKey } from "./words.ts";

/** The reason for the last sign-out, and the result of its save. */
export interface SignOut {
  why: "locked" | "signed-out" | "ended";
  saved: "saving" | "saved" | ApiError;
}

interface SignInProps {
  signOut: SignOut | null;
  onSignedIn: (session: Session) => Promise<void>;
}

/**
 * Asks for a passkey, a token or a recovery code after each reload, because
 * none of them is stored in the browser.
 */
export function SignIn({ signOut, onSignedIn }: SignInProps) {
  const passkey = useRef<HTMLButtonElement>(null);
  const { busy, refused, run: report } = useAction();
  /** What it means that the last way to sign in was refused. */
  const [unauthorized, setUnauthorized] = useState<WordKey | undefined>();
  /** Not rendered before, so that password managers see one form. */
  const [isLost, setLost] = useState(false);
  useEffect(() => passkey.current?.focus(), []);

  const run: FormProps["run"] = (action, meaning) => {
    setUnauthorized(meaning);
    return report(async () => onSignedIn(await action()));
  };
  return (
    <main class="sign-in">
      <div class="ways">
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
        {refused?.is("unauthorized") && unauthorized ? (
          <Alert>{say(unauthorized)}</Alert>
        ) : (
          <RefusalNotice error={refused} />
        )}
        <button
          ref={passkey}
          type="button"
          disabled={busy}
          onClick={() => void run(signInWithPasskey)}
        >
          {say(busy ? "sign-in.busy" : "sign-in.passkey")}
        </button>
        <p class="hint">{say("sign-in.passkey.hint")}</p>
        <TokenForm busy={busy} run={run} isWrong={refused !== null} />
        <details onToggle={({ currentTarget: { open } }) => setLost(open)}>
          <summary>{say("sign-in.lost")}</summary>
          {isLost && <RecoveryForm busy={busy} run={run} />}
        </details>
      </div>
    </main>
  );
}

interface FormProps {
  busy: boolean;
  run: (
    action: () => Promise<Session>,
    unauthorized?: WordKey,
  ) => Promise<unknown>;
}

function TokenForm({ busy, run, isWrong }: FormProps & { isWrong: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  const name = useRef<HTMLInputElement>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    const token = field.current?.value.trim() ?? "";
    if (!token) return;
    void run(async () => {
      const session = await signIn(token);
      // A password manager saves the token under the editor's name.
      if (name.current) name.current.value = session.me.editor;
      return session;
    }, "sign-in.refused");
  };
  return (
    <form onSubmit={submit}>
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
        aria-invalid={isWrong}
      />
      <p class="hint" id="token-hint">
        {say("sign-in.hint")}
      </p>
      <button type="submit" class="quiet" disabled={busy}>
        {say("sign-in.go")}
      </button>
    </form>
  );
}

/**
 * A recovery code opens nothing but the making of a new passkey, which then
 * signs in.
 */
function RecoveryForm({ busy, run }: FormProps) {
  const submit = (event: Event) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const [editor, code] = [
      String(data.get("editor")).trim(),
      String(data.get("code")),
    ];
    void run(async () => {
      const { token } = await clientOf().recover({ body: { editor, code } });
      const api = clientOf({ token });
      const { options } = await api.passkeyOptions();
      await api.addPasskey({
        body: {
          label: say("passkey.default"),
          response: await makePasskey(options),
        },
      });
      return signInWithPasskey();
    }, "sign-in.code.refused");
  };
  return (
    <form onSubmit={submit}>
      <label for="recovery-name">{say("sign-in.name")}</label>
      <input
        id="recovery-name"
        name="editor"
        required
        autoComplete="username"
        dir="auto"
      />
      <label for="recovery-code">{say("sign-in.code")}</label>
      <input
        id="recovery-code"
        name="code"
        required
        autoComplete="off"
        spellcheck={false}
        dir="ltr"
      />
      <button type="submit" class="quiet" disabled={busy}>
        {say("sign-in.code.go")}
      </button>
    </form>
  );
}
