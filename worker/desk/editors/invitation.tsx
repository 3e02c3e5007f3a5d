/**
 * The page that an invitation's link opens: the invited person makes a first
 * passkey and gets recovery codes.
 */
import { useState } from "preact/hooks";
import { clientOf } from "../../editing/contract/client.ts";
import { RefusalNotice, useAction, useAnswer } from "../publish/refusal.tsx";
import { type Session, signIn } from "../session.ts";
import { say } from "../words.ts";
import { makePasskey, PasskeyLabel } from "./passkey.tsx";
import { RecoveryCodeList } from "./shown-once.tsx";

export function InvitationScreen({
  secret,
  onEnrolled,
}: {
  secret: string;
  onEnrolled: (session: Session) => void;
}) {
  const [enrolled, setEnrolled] = useState<{
    session: Session;
    codes: string[];
  } | null>(null);
  const [label, setLabel] = useState(say("passkey.default"));
  const { busy, refused, run } = useAction();
  const api = clientOf();
  const { answer: invited, refused: unknown } = useAnswer(
    () => api.enrolmentOptions({ body: { invitation: secret } }),
    [],
  );
  const accept = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      // Asked again, because the challenge of the first answer may have run
      // out.
      const { options } = await api.enrolmentOptions({
        body: { invitation: secret },
      });
      const response = await makePasskey(options);
      const { token, codes } = await api.enrol({
        body: { invitation: secret, label, response },
      });
      setEnrolled({ session: await signIn(token), codes });
    });
  };
  if (enrolled)
    return (
      <main class="sign-in">
        <RecoveryCodeList
          codes={enrolled.codes}
          onDone={() => onEnrolled(enrolled.session)}
        />
      </main>
    );
  return (
    <main class="sign-in">
      <form onSubmit={accept}>
        <h1>{say("invitation.title")}</h1>
        {invited && (
          <>
            <p>
              {say("invitation.lead", {
                editor: invited.editor,
                role: say(`role.${invited.role}`),
              })}
            </p>
            <PasskeyLabel value={label} onText={setLabel} />
          </>
        )}
        <RefusalNotice error={refused ?? unknown} />
        {invited && (
          <button type="submit" disabled={busy}>
            {say("invitation.go")}
          </button>
        )}
      </form>
    </main>
  );
}
