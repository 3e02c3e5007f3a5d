/** Withdraws a case: asks for the reason, lists what is erased and what remains, and asks for the case's id. */
import { useEffect, useState } from "preact/hooks";
import { numberOf } from "../../../shared/profile/numbers.ts";
import { type WithdrawalReason, withdrawalReasons } from "../../../shared/revision.ts";
import type { ApiError } from "../../editing/contract/client.ts";
import type { DeskRecord } from "../../editing/rules/desk.ts";
import { withdrawnWithinHour } from "../../editing/rules/withdrawals.ts";
import { go } from "../route.ts";
import { useSession } from "../session.ts";
import { say } from "../words.ts";
import { Dialog } from "./dialog.tsx";
import { Erasure } from "./erasure.tsx";
import { rememberPublished } from "./published.ts";
import { apiErrorOf, RefusalNotice } from "./refusal.tsx";
import { TraceView } from "./trace-view.tsx";

interface WithdrawProps {
  id: string;
  record: DeskRecord;
  onWithdrawn: () => void;
  onClose: () => void;
}

const MAX_AUDIT_ENTRIES = "200";

export function WithdrawDialog({ id, record, onWithdrawn, onClose }: WithdrawProps) {
  const { api, me } = useSession();
  const [reason, setReason] = useState<WithdrawalReason | null>(null);
  const [erasing, setErasing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const { live, pending, revision } = record;
  const name = numberOf(id, me.profile);
  /** The other cases that this editor withdrew within the last hour. */
  const [others, setOthers] = useState<string[]>([]);
  // Only live cases count: readers miss nothing when another one is withdrawn.
  const counts = live !== null;
  useEffect(() => {
    if (counts)
      void apiErrorOf(async () => {
        const { audit } = await api.readAudit({ limit: MAX_AUDIT_ENTRIES });
        setOthers(withdrawnWithinHour(audit, me.editor, api.now(), id));
      });
  }, [api, me, id, counts]);
  const waits = me.review === "two" && others.length > 0;

  const withdraw = async () => {
    setBusy(true);
    const error = await apiErrorOf(async () => {
      const done = await api.withdraw({ id, reason: reason ?? "unstated", basedOn: revision.number });
      if ("proposal" in done) go({ at: "approvals", id: done.proposal });
      else if (done.revision) rememberPublished(id, done.revision, null);
    });
    // After a lost response, the case shows whether it was withdrawn.
    const done = error === null || (error.status === 0 && (await isWithdrawn()));
    setBusy(false);
    if (done) onWithdrawn();
    else setRefused(error);
  };
  const isWithdrawn = () =>
    api.readDeskCase({ id }).then(
      (now) => now.revision.kind === "withdrawal",
      () => false,
    );

  return (
    <Dialog title={say("withdraw.title", { id: name })} class="wide danger-dialog" onClose={onClose}>
      {!erasing || !reason ? (
        <>
          <p class="lead">
            {say(live === null ? "withdraw.lead.unseen" : waits ? "withdraw.lead.waits" : "withdraw.lead")}
          </p>
          {others.length > 0 && (
            <p class="warning" role="status">
              {say("withdraw.others", {
                count: others.length,
                cases: others.map((one) => numberOf(one, me.profile)).join(", "),
              })}
            </p>
          )}
          <fieldset>
            <legend>{say("withdraw.reason")}</legend>
            {withdrawalReasons.map((one) => (
              <label class="option" key={one}>
                <input type="radio" name="reason" checked={reason === one} onChange={() => setReason(one)} />
                <span>
                  <b>{say(`withdraw.reason.${one}`)}</b>
                </span>
              </label>
            ))}
            <p class="hint">{say("withdraw.reason.hint")}</p>
          </fieldset>
          <footer class="row">
            <button type="button" class="quiet" onClick={onClose}>
              {say("publish.not-yet")}
            </button>
            <button type="button" class="danger" disabled={reason === null} onClick={() => setErasing(true)}>
              {say("redact.next")}
            </button>
          </footer>
        </>
      ) : (
        <Erasure
          caseId={id}
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
          busy={busy}
          onErase={() => void withdraw()}
          onBack={() => setErasing(false)}
        >
          {live !== null && <TraceView id={id} />}
          <RefusalNotice error={refused} />
        </Erasure>
      )}
    </Dialog>
  );
}
