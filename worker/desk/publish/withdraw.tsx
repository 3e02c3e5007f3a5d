/** Erases a whole case: asks for the reason, lists what is erased and what remains, and asks for the case's id. */
import { useState } from "preact/hooks";
import { type WithdrawalReason, withdrawalReasons } from "../../../shared/revision.ts";
import { Option } from "../inputs.tsx";
import { go } from "../route.ts";
import { useSession } from "../session.ts";
import { say } from "../words.ts";
import { ConfirmErasure } from "./confirm-erasure.tsx";
import { Dialog } from "./dialog.tsx";
import { rememberPublished } from "./published.ts";
import { RefusalNotice, useAction, useAnswer } from "./refusal.tsx";
import { TraceView } from "./trace-view.tsx";
import type { EraseProps } from "./use-erasure.ts";

interface WithdrawalProps extends EraseProps {
  /** The case's number. */
  name: string;
  onBack: () => void;
}

export function Withdrawal({ id, name, record, onClose, onBack }: WithdrawalProps) {
  const { api, me } = useSession();
  const [reason, setReason] = useState<WithdrawalReason | null>(null);
  const { busy, refused, run } = useAction();
  const { live, pending, revision } = record;
  /** A withdrawal and an erasure share one budget, so the preview of an erasure knows. */
  const { answer } = useAnswer(async () => {
    if (live === null || me.review !== "two") return null;
    return api.previewErasure({ id, basedOn: revision.number, body: { erase: [{ what: "earlier" as const }] } });
  }, [api, me, id, live]);
  const waits = answer?.would === "proposed";

  const withdraw = async () => {
    const error = await run(async () => {
      const done = await api.withdraw({
        id,
        reason: reason ?? "unstated",
        basedOn: revision.number,
        // What the button said.
        expect: waits ? "proposed" : "committed",
      });
      if ("proposal" in done) go({ at: "approvals", id: done.proposal });
      else if (done.revision) rememberPublished(id, done.revision, null);
    });
    // After a lost response, the case shows whether it was withdrawn.
    if (error === null || (error.status === 0 && (await isWithdrawn()))) onClose();
  };
  const lead = say(live === null ? "withdraw.lead.unseen" : waits ? "erase.lead.waits" : "withdraw.lead");
  const isWithdrawn = () =>
    api.readDeskCase({ id }).then(
      (now) => now.revision.kind === "withdrawal",
      () => false,
    );

  return (
    <Dialog title={say("withdraw.title", { id: name })} class="wide danger-dialog" onClose={onClose}>
      <fieldset>
        <legend>{say("withdraw.reason")}</legend>
        {withdrawalReasons.map((one) => (
          <Option
            key={one}
            name="reason"
            checked={reason === one}
            label={say(`withdraw.reason.${one}`)}
            onChoose={() => setReason(one)}
          />
        ))}
        <p class="hint">{say("withdraw.reason.hint")}</p>
      </fieldset>
      <ConfirmErasure
        caseId={id}
        lead={lead}
        erased={[
          say("erase.history", { number: revision.number }),
          ...(pending.length > 0 ? [say("erase.pending", { count: pending.length })] : []),
          say("erase.drafts"),
          say("erase.waiting"),
          ...(live === null ? [] : [say("erase.cards")]),
        ]}
        remains={[
          ...(live === null ? [] : [say("erase.trace"), say("erase.hashes")]),
          say(reason === "mistake" ? "erase.number.again" : "erase.number"),
          say("erase.audit"),
          say("erase.copies"),
          ...(live === null ? [] : [say("erase.elsewhere")]),
        ]}
        action={say(live === null ? "withdraw.go.unseen" : waits ? "withdraw.go.waits" : "withdraw.go", {
          id: name,
          seconds: me.lead,
        })}
        busy={busy || reason === null}
        onErase={() => void withdraw()}
        onBack={onBack}
      >
        {live !== null && <TraceView id={id} />}
        <RefusalNotice error={refused} />
      </ConfirmErasure>
    </Dialog>
  );
}
