/** Erases something from a case, in three eraseSteps: what must go, what will be gone, and the confirmation. */
import { numberOf } from "../../../shared/profile/numbers.ts";
import { asksForNobody } from "../../editing/rules/erasable.ts";
import { useSession } from "../session.ts";
import { say } from "../words.ts";
import { ConfirmErasure } from "./confirm-erasure.tsx";
import { Dialog } from "./dialog.tsx";
import { ChooseErased, eraseWords } from "./erase-choice.tsx";
import { ErasePreview } from "./erase-preview.tsx";
import { RefusalNotice, useAnswer } from "./refusal.tsx";
import { type EraseProps, eraseSteps, useErasure } from "./use-erasure.ts";
import { Withdrawal } from "./withdraw.tsx";

export function EraseDialog(props: EraseProps) {
  const { id, record, onClose } = props;
  const { api, me } = useSession();
  const { revision, live } = record;
  const erasure = useErasure(props);
  const { step, erase, confirmed, preview, refused, show } = erasure;
  /** The case as readers see it, which an erasure is about. */
  const { answer: fields, refused: unread } = useAnswer(async () => {
    if (live === null || live === revision.number) return record.case;
    return (await api.readRevision({ id, number: live })).case;
  }, [api, id, live]);
  const name = numberOf(id, me.profile);

  if (step === "withdraw")
    return <Withdrawal {...props} name={name} onBack={() => (live === null ? onClose() : show("choose"))} />;
  const others = confirmed.drafts.length + confirmed.proposals.length;
  const works = (preview?.elsewhere ?? []).flatMap(({ place, id: of }) => (place === "consent" ? [] : place + of));
  const found = new Set(works).size;
  return (
    <Dialog
      title={say("erase.title", { id: name, step: eraseSteps.indexOf(step) + 1 })}
      class="wide danger-dialog"
      onClose={onClose}
    >
      <RefusalNotice error={unread} />
      {fields && step === "choose" && <ChooseErased erasure={erasure} fields={fields} onClose={onClose} />}
      {fields && preview && step === "preview" && (
        <ErasePreview erasure={erasure} preview={preview} fields={fields} newest={record.case ?? fields} />
      )}
      {fields && preview && step === "confirm" && (
        <ConfirmErasure
          caseId={id}
          lead={
            preview.would === "proposed"
              ? say("erase.lead.waits")
              : `${me.review === "two" ? `${say("erase.lead.once")} ` : ""}${say("erase.lead.now")}`
          }
          erased={[
            ...erase.flatMap((one) => (one.what === "earlier" ? [] : eraseWords(one, fields, me.profile))),
            say("erase.history", { number: revision.number }),
            ...(preview.drafts > 0 ? [`${say("erase.drafts")} (${preview.drafts})`] : []),
            ...(preview.proposals > 0 ? [`${say("erase.waiting")} (${preview.proposals})`] : []),
            say("erase.cards"),
            ...confirmed.cases.map((one) => say("erase.case", { id: numberOf(one.id, me.profile) })),
            ...(others > 0 ? [say("erase.others", { count: others })] : []),
          ]}
          remains={[
            say("erase.new", { number: record.next }),
            ...preview.pending.map(({ number }) => say("erase.again", { number })),
            ...[...confirmed.leave, ...preview.unreached].map(
              (one) => `${say("erase.found.left")}: ${numberOf(one, me.profile)}`,
            ),
            ...(asksForNobody(preview.case) ? [say("case.asks-for-nobody")] : []),
            ...(found > others ? [say("erase.others", { count: found - others })] : []),
            say("erase.hashes"),
            say("erase.pages"),
            say("erase.audit"),
            say("erase.copies"),
            say("erase.elsewhere"),
          ]}
          action={say(preview.would === "proposed" ? "erase.go.waits" : "erase.go", { seconds: me.lead })}
          busy={erasure.busy}
          onErase={() => void erasure.commit(preview)}
          onBack={() => show("preview")}
        >
          <RefusalNotice error={refused} />
        </ConfirmErasure>
      )}
    </Dialog>
  );
}
